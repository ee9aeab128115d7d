"""SiteTemplates: what does a site repeat on every page?

In sites with five pages or more, 79 % of the chrome lines stand on two pages or
more and only 0.1 to 0.7 % of the article lines do, so how many pages carry a
line is strong evidence. It is never more than that: reprints repeat whole
articles, so subtracting what repeats loses text. The stage decided here marks
lines; :class:`~textclean.StripBoilerplate` weighs the marks.
"""

from __future__ import annotations

import heapq
import json
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from textclean import text as spans_of
from textclean.document import Document, Edit

FEWEST_PAGES = 3
"""A line on fewer pages of a site proves nothing: two pages can be one article reprinted."""
SMALLEST_SHARE = 0.02
"""Of a big site, a line on less than this share of the pages is a column's or a reprint's."""
PROSE_FEWEST, PROSE_SHARE = 5, 0.2
"""A sentence must stand on this many pages and this share of them: reprints share sentences."""
ALIKE = 5
"""Pages of no known site belong together when they share this many lines with a neighbour."""
LONGEST = 200
"""Longer lines are paragraphs; no template repeats them."""

_NOISE = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[。！？][”』」）)]*$")


@dataclass(frozen=True)
class SiteEvidence:
    """Which lines one shard shows: for each site its pages, and on how many of them each line stands."""

    pages: Mapping[str, int]
    lines: Mapping[str, tuple[array[int], array[int]]]
    homeless: tuple[array[int], ...]


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
        homeless = []
        for doc in docs:
            keys = {key for _, _, key in _keys(doc.text)}
            site = site_of(doc)
            if not site:
                homeless.append(array("Q", sorted(keys)))
                continue
            pages[site] += 1
            lines.setdefault(site, Counter()).update(keys)
        packed = {
            site: (array("Q", sorted(count)), array("L", [count[key] for key in sorted(count)]))
            for site, count in lines.items()
        }
        return SiteEvidence(dict(pages), packed, tuple(homeless))

    def decide(self, shards: Iterable[SiteEvidence], /) -> SiteTable:
        """The table of all shards together; their order does not matter."""
        shards = list(shards)
        pages: Counter[str] = Counter()
        by_site: dict[str, list[tuple[array[int], array[int]]]] = {}
        for shard in shards:
            pages.update(shard.pages)
            for site, packed in shard.lines.items():
                by_site.setdefault(site, []).append(packed)
        sites = {site: Site(pages[site], dict(_frequent(by_site[site]))) for site in sorted(by_site)}
        groups = _grouped(sorted(page.tolist() for shard in shards for page in shard.homeless))
        return SiteTable({site: table for site, table in sites.items() if table.lines}, tuple(groups))


@dataclass(frozen=True)
class Site:
    """The pages seen of a site, and on how many of them each recurring line stands."""

    pages: int
    lines: Mapping[int, int]


@dataclass(frozen=True)
class SiteTable:
    """What :class:`SiteTemplates` decided: marks the lines a site repeats, changes none.

    A mark's reason is ``site_template`` and its note says ``"12 of 40 pages"``.
    """

    sites: Mapping[str, Site] = field(default_factory=dict)
    groups: tuple[Site, ...] = ()

    def __call__(self, doc: Document, /) -> Iterable[Edit]:
        """A mark on each line that enough pages of the site carry."""
        found = list(_keys(doc.text))
        site = self._site(doc, {key for _, _, key in found})
        if site is None:
            return
        for start, end, key in found:
            count = site.lines.get(key, 0)
            line = doc.text[start:end]
            if count >= _needed(line, site.pages):
                yield Edit(start, end, line, "site_template", f"{count} of {site.pages} pages")

    def _site(self, doc: Document, keys: set[int]) -> Site | None:
        name = site_of(doc)
        if name:
            return self.sites.get(name)
        shared = [sum(key in group.lines for key in keys) for group in self.groups]
        best = max(range(len(shared)), key=lambda number: (shared[number], -number), default=-1)
        return self.groups[best] if best >= 0 and shared[best] >= ALIKE else None

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
    folder = str(PurePosixPath(doc.id).parent)
    return "" if folder == "." else folder


def _keys(text: str) -> Iterator[tuple[int, int, int]]:
    """Each segment with a number that its letters give: digits, spaces and punctuation do not count."""
    for start, end in spans_of.segments(text):
        if end - start > LONGEST:
            continue
        letters = _NOISE.sub("", _DIGITS.sub("0", text[start:end]))
        if letters.strip("0"):
            yield start, end, int.from_bytes(blake2b(letters.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _needed(line: str, pages: int) -> float:
    if len(line) >= 25 and _SENTENCE_END.search(line):
        return max(PROSE_FEWEST, PROSE_SHARE * pages)
    return max(FEWEST_PAGES, SMALLEST_SHARE * pages)


def _frequent(packed: Iterable[tuple[array[int], array[int]]]) -> Iterator[tuple[int, int]]:
    """The lines on enough pages, summed over shards; merges sorted columns, so only what is kept is held."""
    rows = heapq.merge(*(zip(keys, counts, strict=True) for keys, counts in packed))
    last, total = -1, 0
    for key, count in rows:
        if key != last:
            if total >= FEWEST_PAGES:
                yield last, total
            last, total = key, 0
        total += count
    if total >= FEWEST_PAGES:
        yield last, total


def _grouped(pages: list[list[int]]) -> Iterator[Site]:
    """Pages of no known site, joined when neighbours among those that carry the same lines share enough of them."""
    carriers: dict[int, list[int]] = {}
    for page, keys in enumerate(pages):
        for key in keys:
            carriers.setdefault(key, []).append(page)
    shared: Counter[tuple[int, int]] = Counter()
    for carrying in carriers.values():
        shared.update(pairwise(carrying))
    head = list(range(len(pages)))

    def root(page: int) -> int:
        while head[page] != page:
            head[page] = head[head[page]]
            page = head[page]
        return page

    for (one, other), count in sorted(shared.items()):
        if count >= ALIKE:
            low, high = sorted((root(one), root(other)))
            head[high] = low
    groups: dict[int, list[int]] = {}
    for page in range(len(pages)):
        groups.setdefault(root(page), []).append(page)
    for members in groups.values():
        if len(members) >= FEWEST_PAGES:
            lines = Counter(key for page in members for key in pages[page])
            yield Site(len(members), {key: count for key, count in sorted(lines.items()) if count >= FEWEST_PAGES})


def _plain(site: Site) -> dict[str, object]:
    return {"pages": site.pages, "lines": {f"{key:016x}": count for key, count in site.lines.items()}}


def _from_plain(table: Mapping[str, object]) -> Site:
    pages, lines = table["pages"], table["lines"]
    if not isinstance(pages, int) or not isinstance(lines, Mapping):
        raise ValueError("a site has a number of pages and a table of lines")
    return Site(pages, {int(key, 16): int(count) for key, count in lines.items()})
