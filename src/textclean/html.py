"""Which lines does this page show?

HTML → text with one block a line, and for each line that has links the share
of its characters that stand in links. Nothing is judged here: navigation comes
out like everything else, and what it is shows in its links.

No tree is built: the parser tells of tags and text as they come, and what is
hidden (scripts, styles, comments, forms' options, ``display: none``) is passed
over. Time grows with the size of the page, memory with that of its text, and
neither with the depth of its nesting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

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
LARGEST_STEP = 1 << 20
"""Characters fed to the parser at once."""
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

    The edits are marks for :meth:`textclean.Document.edit`: for each line that
    has links one with the reason ``link_share`` and the share as note, and, if
    the head of the page states facts, one with the reason ``html_head`` that
    puts them into ``meta["html"]``.

    Markup of any kind gives a text; the worst gives an empty one.

    >>> render('<div><a href="/">首页</a> | 新闻</div><p>江水<b>涨</b>了。</p>')
    ('首页 | 新闻\\n江水涨了。', [Edit(start=0, end=7, text='首页 | 新闻', reason='link_share', note='0.40', meta={})])
    """
    page = _read(markup)
    lines: list[str] = []
    marks: list[Edit] = []
    at = 0
    for line, share in page.lines:
        if share > 0:
            marks.append(Edit(at, at + len(line), line, "link_share", f"{share:.2f}"))
        lines.append(line)
        at += len(line) + 1
    if page.facts:
        marks.insert(0, Edit(0, 0, "", "html_head", "", {"html": page.facts}))
    return "\n".join(lines), marks


class _Lines:
    """A parser target: is told of tags and text as they come, and keeps only lines.

    A tree would do as well but for one thing: libxml2 stops building one below
    a depth of 2,048, and what comes after is lost without an error.
    """

    def __init__(self) -> None:
        self.lines: list[tuple[str, float]] = []
        self.facts: dict[str, Any] = {}
        self._pieces: list[str] = []
        self._total = self._linked = 0
        self._links = self._preformatted = self._hidden = 0
        self._collecting: str = ""
        self._collected: list[str] = []

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

    def end(self, tag: str) -> None:
        """A tag closes; the parser closes every tag it opened, in order."""
        if tag == self._collecting:
            self._fact(_HEADS[tag], "".join(self._collected))
            self._collecting = ""
        if self._hidden:
            self._hidden -= 1
        elif tag == "a":
            self._links -= 1
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
            self.lines.append((line, self._linked / self._total if self._total else 0.0))
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
