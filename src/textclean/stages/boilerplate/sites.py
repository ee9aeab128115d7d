"""SiteTemplates: what does a site repeat on every page?

In sites with five pages or more, 79 % of the chrome lines stand on two pages or
more and only 0.1 to 0.7 % of the article lines do, so how many pages carry a
line is strong evidence. It is never more than that: reprints repeat whole
articles, so subtracting what repeats loses text. The stage decided here marks
lines; :class:`~textclean.StripBoilerplate` weighs the marks.
"""

from __future__ import annotations

import json
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from textclean import text as spans_of
from textclean.document import Document, Edit
from textclean.stages.boilerplate.groups import ALIKE, FEWEST_PAGES, Site, frequent, grouped

SMALLEST_SHARE = 0.02
"""Of a big site, a line on less than this share of the pages is a column's or a reprint's."""
PROSE_FEWEST, PROSE_SHARE = 5, 0.2
"""A sentence must stand on this many pages and this share of them: reprints share sentences."""
LONGEST = 200
"""Longer lines are paragraphs; no template repeats them."""
VARIED = 80
"""Longer lines are compared as they stand: what repeats at this length (a disclaimer) repeats to the letter, and
the others, most of the text of a page of news, need no rewriting to be found unique."""

# Spaces, punctuation, symbols. Spelled out, because [\W_] asks for the category of every character: half the speed.
_MARKS = (
    "\x00-/:-@\\[-`{-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7\u2000-\u206f\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004"
    "\u3008-\u3020\u3030\ue000-\uf8ff\ufe10-\ufe6f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufff0-\uffff"
)
_NOISE = re.compile(f"[{_MARKS}][{_MARKS}]*")
_DIGITS = re.compile("[0-9０-９][0-9０-９]*")
_SENTENCE_END = re.compile(r"[。！？][”』」）)]*$")


@dataclass(frozen=True)
class SiteEvidence:
    """Which lines one shard shows: for each site its pages, and on how many of them each line stands."""

    pages: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[str, tuple[array[int], array[int]]] = field(default_factory=dict)
    homeless: tuple[array[int], array[int]] = field(default_factory=lambda: (array("Q"), array("L")))
    """Of the pages without a site that have lines enough to be alike: these one page after the other, and how many each has."""


@dataclass(frozen=True)
class SiteTemplates:
    """A learner: counts on how many pages of its site each line stands.

    A page's site is ``meta["site"]`` or ``meta["host"]``, else the host of an
    id that is a URL, else the directory part of the id; pages that have none of
    these are put together by the lines they share.

    >>> pages = [Document(f"river/{n}", f"清江新闻网 投稿信箱\\n第{n}篇文章，各不相同。") for n in "一二三"]
    >>> learner = SiteTemplates()
    >>> table = learner.decide([learner.observe(pages)])
    >>> [edit.note for edit in table(pages[0])]
    ['3 of 3 pages']
    """

    def observe(self, docs: Iterable[Document], /) -> SiteEvidence:
        """What one shard shows."""
        pages: Counter[str] = Counter()
        lines: dict[str, Counter[int]] = {}
        strangers, lengths = array("Q"), array("L")
        for doc in docs:
            site, shown = site_of(doc), _lines(doc.text)
            if not site and len(shown) < ALIKE:
                continue
            keys = {key for _, _, key in _keyed(shown)}
            if site:
                pages[site] += 1
                lines.setdefault(site, Counter()).update(keys)
            elif len(keys) >= ALIKE:
                strangers.extend(keys)
                lengths.append(len(keys))
        packed = {site: (array("Q", count), array("L", count.values())) for site, count in lines.items()}
        return SiteEvidence(dict(pages), packed, (strangers, lengths))

    def decide(self, shards: Iterable[SiteEvidence], /) -> SiteTable:
        """The table of all shards together; their order does not matter."""
        pages: Counter[str] = Counter()
        by_site: dict[str, list[tuple[array[int], array[int]]]] = {}
        homeless = []
        for shard in shards:
            pages.update(shard.pages)
            homeless.append(shard.homeless)
            for site, packed in shard.lines.items():
                by_site.setdefault(site, []).append(packed)
        sites = {site: Site(pages[site], frequent(by_site[site])) for site in sorted(by_site)}
        return SiteTable({site: table for site, table in sites.items() if table.lines}, tuple(grouped(homeless)))


@dataclass(frozen=True)
class SiteTable:
    """What :class:`SiteTemplates` decided: marks the lines a site repeats, changes none.

    A mark's reason is ``site_template`` and its note says ``"12 of 40 pages"``.
    """

    sites: Mapping[str, Site] = field(default_factory=dict)
    groups: tuple[Site, ...] = ()

    def __call__(self, doc: Document, /) -> Iterable[Edit]:
        """A mark on each line that enough pages of the site carry."""
        name = site_of(doc)
        if name not in self.sites if name else not self.groups:
            return
        shown = _lines(doc.text)
        site = self.sites[name] if name else self._group(shown)
        if site is None:
            return
        for start, line, key in _keyed(shown):
            count = site.lines.get(key, 0)
            if count >= _needed(line, site.pages):
                yield Edit(start, start + len(line), line, "site_template", f"{count} of {site.pages} pages")

    def _group(self, shown: Sequence[tuple[int, str]]) -> Site | None:
        """The group that shares most lines with a page, if it is enough of them."""
        # The last lines alone are not enough: where no other is known, as on most pages, these need no keys.
        first = shown[: 1 - ALIKE]
        if not any(key in self._carriers for _, _, key in _keyed(first)):
            return None
        keys = {key for _, _, key in _keyed(shown)}
        shared = Counter(number for key in keys for number in self._carriers.get(key, ()))
        best = max(shared, key=lambda number: (shared[number], -number), default=-1)
        return self.groups[best] if best >= 0 and shared[best] >= ALIKE else None

    @cached_property
    def _carriers(self) -> dict[int, list[int]]:
        """Which groups carry a line."""
        carriers: dict[int, list[int]] = {}
        for number, group in enumerate(self.groups):
            for key in group.lines:
                carriers.setdefault(key, []).append(number)
        return carriers

    def save(self, path: str | Path) -> None:
        """Write the table as JSON, for tomorrow's pages of the same sites."""
        table = {
            "sites": {name: _plain(site) for name, site in self.sites.items()},
            "groups": [_plain(site) for site in self.groups],
        }
        Path(path).write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> SiteTable:
        """The table :meth:`save` wrote.

        Raises ValueError when the file holds anything else.
        """
        try:
            table = json.loads(Path(path).read_text(encoding="utf-8"))
            return cls(
                {name: _from_plain(site) for name, site in table["sites"].items()},
                tuple(_from_plain(site) for site in table["groups"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path} is no table that SiteTable.save wrote: {error}") from error


def site_of(doc: Document) -> str:
    """The site of *doc*; ``""`` where nothing says it.

    >>> site_of(Document("https://news.example.cn/a.html", "")), site_of(Document("river/a.txt", ""))
    ('news.example.cn', 'river')
    """
    named = doc.meta.get("site") or doc.meta.get("host")
    if named:
        return str(named)
    if "://" in doc.id:
        return urlsplit(doc.id).hostname or ""
    folder, slash, name = doc.id.rpartition("/")
    if not slash:
        return ""
    return _named(folder) if folder.strip("/") and name not in {"", "."} else _named(str(PurePosixPath(doc.id).parent))


@lru_cache(maxsize=1024)
def _named(folder: str) -> str:
    plain = str(PurePosixPath(folder))
    return "" if plain == "." else plain


def _lines(text: str) -> list[tuple[int, str]]:
    """The segments that a template may repeat: where each begins, and what it holds.

    >>> _lines(f"首页\\n  {'江' * 201}\\n 清江网 ")
    [(0, '首页'), (208, '清江网')]
    """
    if "\n" not in text:
        return [(start, text[start:end]) for start, end in spans_of.pieces(text)[0] if end - start <= LONGEST]
    found = []
    start = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare and len(bare) <= LONGEST:
            found.append((start if bare == line else start + line.index(bare), bare))
        start += len(line) + 1
    return found


def _keyed(shown: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, int]]:
    """Each of the lines with a number that its letters give: digits, spaces and punctuation do not count."""
    for start, line in shown:
        letters = line
        if len(line) <= VARIED:
            letters = _NOISE.sub("", _DIGITS.sub("0", line))
            if not letters.strip("0"):
                continue
        yield start, line, int.from_bytes(blake2b(letters.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _needed(line: str, pages: int) -> float:
    if len(line) >= 25 and _SENTENCE_END.search(line):
        return max(PROSE_FEWEST, PROSE_SHARE * pages)
    return max(FEWEST_PAGES, SMALLEST_SHARE * pages)


def _plain(site: Site) -> dict[str, object]:
    return {"pages": site.pages, "lines": {f"{key:016x}": count for key, count in site.lines.items()}}


def _from_plain(table: Mapping[str, object]) -> Site:
    pages, lines = table["pages"], table["lines"]
    if not isinstance(pages, int) or not isinstance(lines, Mapping):
        raise ValueError("a site has a number of pages and a table of lines")
    return Site(pages, {int(key, 16): int(count) for key, count in lines.items()})
