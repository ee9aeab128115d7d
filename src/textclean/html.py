"""Which lines does this page show?

HTML → text with one block a line, and for each line what the markup says of it:
the share of its characters that stand in links, the element it fills, the box
it stands in, and what the names of the boxes around promise. Nothing is judged
here: navigation comes out like everything else.

No tree is built: the parser tells of tags and text as they come, and what is
hidden (scripts, styles, comments, forms' options, ``display: none``) is passed
over. Time grows with the size of the page, memory with that of its text, and
neither with the depth of its nesting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from textclean.document import Edit

_BLOCK_TAGS = """
address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure
footer form frame frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main marquee menu nav noframes
ol optgroup p pre search section summary table tbody td tfoot th thead tr ul xmp
"""
_HIDDEN_TAGS = """
applet audio canvas datalist embed head iframe map math noembed noscript object param script select source style svg
template textarea title track video
"""
BLOCKS = frozenset(_BLOCK_TAGS.split())
HIDDEN = frozenset(_HIDDEN_TAGS.split())
PREFORMATTED = frozenset({"pre", "xmp", "listing"})
BOXES = BLOCKS - frozenset(
    [
        "address",
        "br",
        "caption",
        "dd",
        "dt",
        "figcaption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "legend",
        "li",
        "p",
        "tbody",
        "tr",
    ]
)
"""Elements that hold several lines: the paragraphs of an article have theirs in common."""
NAMED: dict[str, str] = {
    "nav": r"nav|menu|crumb|channel|topbar|header|^top|location|position|weizhi",
    "foot": r"foot|copyright|bottom|friend|flink|^link",
    "side": r"side|aside|right|column|widget|rank|hot|popular|top\d|paihang",
    "list": r"list|^ul|items?$|pages?$|pagination|gallery|slide|scroll|photo|pic",
    "related": r"relat|relev|recommend|tuijian|xiangguan|guess|more|prev|next|latest|extend",
    "social": r"share|social|tool|bds|weibo|weixin|wechat|qrcode|follow|login|regist|search|vote|font",
    "comment": r"comment|reply|pinglun|cmnt|discuss|message|feedback",
    "ad": r"^ads?\d*$|^ad[-_]|[-_]ad$|advert|banner|sponsor|guanggao|promo",
    "info": r"title|info|meta|date|time|source|author|editor|byline|keyword|^tags?|summary",
    "text": r"content|article|text|body|detail|main|entry|post|story|zoom|editor|rich_media|para",
}
"""What authors of sites call the boxes of a page, in their ``class`` and ``id``."""
_OWN_TAGS = {"nav": "nav", "menu": "nav", "header": "nav", "footer": "foot", "aside": "side", "form": "social"}
_OWN_TAGS |= {"article": "text", "main": "text", "ul": "list", "ol": "list", "dl": "list", "h1": "info"}
LARGEST_STEP = 1 << 20
"""Characters fed to the parser at once."""
LONGEST_NAMES = 200
"""Characters read of the names of a box: what is remembered of them must not grow with the page."""
LONGEST_FACT = 300
"""Characters kept of a title or name: longer ones are lists of keywords."""

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_INVISIBLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff]")
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_HEADS = {"title": "page_title", "h1": "h1"}
_META_NAMES = {
    "og:title": "title",
    "article:published_time": "published",
    "publishdate": "published",
    "pubdate": "published",
    "publish_time": "published",
    "og:release_date": "published",
    "weibo: article:create_at": "published",
    "author": "author",
    "og:site_name": "site",
    "contentsource": "source",
    "source": "source",
}


def render(markup: str) -> tuple[str, list[Edit]]:
    """The text *markup* shows, one block a line, and what the markup knows beyond it.

    The edits are marks for :meth:`textclean.Document.edit`: for each line one
    with the reason ``html_line``, and, if the head of the page states facts, one
    with the reason ``html_head`` that puts them into ``meta["html"]``.

    The note of a line says: the share of it in links, the element it fills, the
    number of the box it stands in and of the box around that one, and the kinds
    of box (keys of :data:`NAMED`) that the names of the boxes around promise.

    Markup of any kind gives a text; the worst gives an empty one.

    >>> text, marks = render('<div class="menu"><a href="/">首页</a> | 新闻</div><p>江水<b>涨</b>了。</p>')
    >>> text
    '首页 | 新闻\\n江水涨了。'
    >>> [mark.note for mark in marks]
    ['0.40 div 3 2 nav', '0.00 p 2 1']
    """
    page = _read(markup)
    lines: list[str] = []
    marks: list[Edit] = []
    at = 0
    for line, share, place in page.lines:
        marks.append(Edit(at, at + len(line), line, "html_line", f"{share:.2f} {place}"))
        lines.append(line)
        at += len(line) + 1
    if page.facts:
        marks.insert(0, Edit(0, 0, "", "html_head", "", {"html": page.facts}))
    return "\n".join(lines), marks


class _Place(NamedTuple):
    """The element a line fills, the box it stands in and the one around, and what these are called."""

    tag: str
    box: int
    outer: int
    kinds: int

    def __str__(self) -> str:
        names = [name for number, name in enumerate(NAMED) if self.kinds >> number & 1]
        return " ".join([self.tag or "-", str(self.box), str(self.outer), *names])


_BITS = {name: 1 << number for number, name in enumerate(NAMED)}
_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in NAMED.items()}


@lru_cache(maxsize=1 << 14)
def _kinds(around: int, tag: str, names: str) -> int:
    """The kinds of box that an element of these *names* is, inside one of the kinds *around*."""
    found = _BITS.get(_OWN_TAGS.get(tag, ""), 0)
    for word in names.split():
        for name, pattern in _PATTERNS.items():
            if pattern.search(word):
                found |= _BITS[name]
    text = _BITS["text"]
    # A bar for sharing inside the article is a bar for sharing.
    return found | (around if found in {0, text} else around & ~text)


class _Lines:
    """A parser target: is told of tags and text as they come, and keeps only lines.

    A tree would do as well but for one thing: libxml2 stops building one below
    a depth of 2,048, and what comes after is lost without an error.
    """

    def __init__(self) -> None:
        self.lines: list[tuple[str, float, str]] = []
        self.facts: dict[str, Any] = {}
        self._pieces: list[str] = []
        self._total = self._linked = 0
        self._links = self._preformatted = self._hidden = 0
        self._collecting: str = ""
        self._collected: list[str] = []
        self._boxes = 0
        self._places = [_Place("", 0, 0, 0)]
        self._place = self._places[0]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag opens."""
        if tag in {"title", "h1"} and not self._collecting and tag not in self.facts:
            self._collecting, self._collected = tag, []
        if self._hidden or tag in HIDDEN or _INVISIBLE.search(attributes.get("style") or ""):
            self._hidden += 1
            if tag == "meta":
                self._meta(attributes)
            if tag in BLOCKS:
                self._flush()
            return
        if tag in BLOCKS:
            self._flush()
        elif tag == "a":
            self._links += 1
        elif tag == "meta":
            self._meta(attributes)
        self._preformatted += tag in PREFORMATTED
        self._places.append(self._inside(tag, attributes))

    def _inside(self, tag: str, attributes: Mapping[str, str]) -> _Place:
        """Where a line stands that begins inside the element."""
        around = self._places[-1]
        if tag not in BLOCKS:
            return around
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        kinds = _kinds(around.kinds, tag, names[:LONGEST_NAMES])
        if tag not in BOXES:
            return _Place(around.tag if tag == "br" else tag, around.box, around.outer, kinds)
        self._boxes += 1
        return _Place(tag, self._boxes, around.box, kinds)

    def end(self, tag: str) -> None:
        """A tag closes; the parser closes every tag it opened, in order."""
        if tag == self._collecting:
            self._fact(_HEADS[tag], "".join(self._collected))
            self._collecting = ""
        if self._hidden:
            self._hidden -= 1
        else:
            self._places.pop()
            self._links -= tag == "a"
        if tag in BLOCKS:
            self._flush()
        if tag in PREFORMATTED and not self._hidden:
            self._preformatted -= 1

    def data(self, data: str) -> None:
        """Text, in pieces of any size."""
        if self._collecting:
            self._collected.append(data)
        if self._hidden:
            return
        if not self._preformatted:
            self._add(data)
            return
        for number, line in enumerate(data.split("\n")):
            if number:
                self._flush()
            self._add(line)

    def close(self) -> _Lines:
        """The page is over."""
        self._flush()
        return self

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        size = len(_SPACE.sub("", text))
        if size and not self._total:
            self._place = self._places[-1]
        self._total += size
        if self._links:
            self._linked += size

    def _flush(self) -> None:
        if not self._pieces:
            return
        line = "".join(self._pieces)
        # The indent of a line of code belongs to it.
        line = line.rstrip() if self._preformatted else _SPACE.sub(" ", line).strip()
        if line:
            self.lines.append((line, self._linked / self._total if self._total else 0.0, str(self._place)))
        self._pieces.clear()
        self._total = self._linked = 0

    def _meta(self, attributes: Mapping[str, str]) -> None:
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        self._fact(_META_NAMES.get(name.lower(), ""), attributes.get("content") or "")

    def _fact(self, key: str, value: str) -> None:
        value = _SPACE.sub(" ", value).strip()
        if key and value:
            self.facts.setdefault(key, value[:LONGEST_FACT])


def _read(markup: str) -> _Lines:
    from lxml import etree  # noqa: PLC0415  heavy, and only pages in HTML need it

    target = _Lines()
    untyped: Any = target  # the stubs of lxml ask for bytes and comments too, which never come
    # huge_tree lifts the limit on the size of one text.
    parser = etree.HTMLParser(target=untyped, huge_tree=True, encoding="utf-8")
    clean = _CONTROL.sub("", _XML_HEAD.sub("", markup))
    if clean.strip():
        try:
            for at in range(0, len(clean), LARGEST_STEP):
                parser.feed(clean[at : at + LARGEST_STEP].encode())
            parser.close()
        except etree.XMLSyntaxError:
            target.close()  # markup without a single tag or text: there are no lines
    return target
