"""Which lines recur, and which pages of no known site belong together?

Counted on sorted columns: as Python objects the lines of ten gigabytes of news
would fill four of memory, as columns they take a third of one.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # importing numpy takes 0.1 s
    import numpy as np
    from numpy.typing import NDArray

FEWEST_PAGES = 3
"""A line on fewer pages of a site proves nothing: two pages can be one article reprinted."""
ALIKE = 5
"""Pages of no known site belong together when they share this many lines with a neighbour."""


@dataclass(frozen=True)
class Site:
    """The pages seen of a site, and on how many of them each recurring line stands."""

    pages: int
    lines: Mapping[int, int]


def frequent(packed: Sequence[tuple[array[int], array[int]]]) -> dict[int, int]:
    """The lines on enough pages, and on how many, summed over columns of (lines, pages)."""
    import numpy as np  # noqa: PLC0415

    keys = np.concatenate([_column(keys) for keys, _ in packed])
    counts = np.concatenate([_column(counts) for _, counts in packed])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else order
    sums = np.add.reduceat(counts[order], starts) if len(keys) else counts
    kept = sums >= FEWEST_PAGES
    return dict(zip(keys[starts][kept].tolist(), sums[kept].tolist(), strict=True))


def grouped(homeless: Sequence[tuple[array[int], array[int]]]) -> Iterator[Site]:
    """Pages joined when neighbours among those that carry the same lines share enough of them.

    *homeless* are columns: the lines of one page after the other, and how many
    each page has. The order of the pages does not matter.
    """
    pages = _alike_at_all(homeless)
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


def _alike_at_all(homeless: Sequence[tuple[array[int], array[int]]]) -> list[list[int]]:
    """Of each page that has enough lines on other pages too, those lines; in an order of their own."""
    import numpy as np  # noqa: PLC0415

    if not any(len(lengths) for _, lengths in homeless):
        return []
    keys = np.concatenate([_column(keys) for keys, _ in homeless])
    ends = np.cumsum(np.concatenate([_column(lengths) for _, lengths in homeless]), dtype=np.int64)
    ordered = np.sort(keys)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    del ordered
    recurs = np.isin(keys, again)
    before = np.concatenate(([0], np.cumsum(recurs)))
    count = before[ends] - before[np.concatenate(([0], ends[:-1]))]
    starts = np.concatenate(([0], ends[:-1]))
    found = np.flatnonzero(count >= ALIKE).tolist()
    return sorted(np.sort(keys[starts[n] : ends[n]][recurs[starts[n] : ends[n]]]).tolist() for n in found)


def _column(values: array[int]) -> NDArray[np.uint64]:
    import numpy as np  # noqa: PLC0415

    column: NDArray[Any] = np.frombuffer(values, dtype=f"u{values.itemsize}") if len(values) else np.empty(0, "u8")
    return column
