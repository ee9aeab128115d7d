"""Which lines recur, and which pages of no known site belong together?

Counted on sorted columns: as Python objects the lines of ten gigabytes of news
would fill four of memory, as columns they take a third of one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # importing numpy takes 0.1 s
    import numpy as np
    from numpy.typing import NDArray

FEWEST_PAGES = 3
"""A line on fewer pages of a site proves nothing: two pages can be one article reprinted."""
ALIKE = 5
"""Pages of no known site belong together when they share this many lines with a neighbour."""
_AT_ONCE = 1 << 20


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
    starts = _runs(keys)
    sums = np.add.reduceat(counts[order], starts) if len(keys) else counts
    kept = sums >= FEWEST_PAGES
    return dict(zip(keys[starts][kept].tolist(), sums[kept].tolist(), strict=True))


def grouped(homeless: Sequence[tuple[array[int], array[int]]]) -> Iterator[Site]:
    """Pages joined when neighbours among those that carry the same lines share enough of them.

    *homeless* are columns: the lines of one page after the other, and how many
    each page has. The order of the pages does not matter.
    """
    import numpy as np  # noqa: PLC0415

    keys, ends = _alike_at_all(homeless)
    lengths = np.diff(ends, prepend=0)
    head = list(range(len(ends)))

    def root(page: int) -> int:
        while head[page] != page:
            head[page] = head[head[page]]
            page = head[page]
        return page

    for one, other in _neighbours(keys, np.repeat(np.arange(len(ends)), lengths)):
        low, high = sorted((root(one), root(other)))
        head[high] = low
    groups: dict[int, list[int]] = {}
    for page in range(len(ends)):
        groups.setdefault(root(page), []).append(page)
    for members in groups.values():
        if len(members) >= FEWEST_PAGES:
            lines = np.concatenate([keys[ends[page] - lengths[page] : ends[page]] for page in members])
            yield Site(len(members), frequent([(array("Q", lines.tobytes()), array("L", [1] * len(lines)))]))


def _neighbours(keys: NDArray[np.uint64], pages: NDArray[np.int64]) -> list[tuple[int, int]]:
    """The pairs of pages, in order, that follow each other among those that carry a line, for enough lines."""
    import numpy as np  # noqa: PLC0415

    order = np.argsort(keys, kind="stable")  # the pages of a line stay in order
    keys, pages = keys[order], pages[order]
    del order
    shared = keys[1:] == keys[:-1]
    pairs = pages[:-1][shared] << 32 | pages[1:][shared]
    pairs.sort()
    starts = _runs(pairs)
    enough = pairs[starts[np.diff(starts, append=len(pairs)) >= ALIKE]]
    return list(zip((enough >> 32).tolist(), (enough & 0xFFFFFFFF).tolist(), strict=True))


def _alike_at_all(
    homeless: Sequence[tuple[array[int], array[int]]],
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Of each page that has enough lines on other pages too, those lines, and where each page ends; in an order of their own."""
    import numpy as np  # noqa: PLC0415

    keys = np.concatenate([np.empty(0, "u8"), *(_column(keys) for keys, _ in homeless)])
    lengths = np.concatenate([np.empty(0, "u8"), *(_column(lengths) for _, lengths in homeless)])
    ends = np.cumsum(lengths, dtype=np.int64)
    again = np.sort(keys)
    again = again[1:][again[1:] == again[:-1]]
    again = again[_runs(again)]
    recurs = np.zeros(len(keys), np.bool_)
    for at in range(0, len(keys) if len(again) else 0, _AT_ONCE):
        some = keys[at : at + _AT_ONCE]
        recurs[at : at + _AT_ONCE] = again[np.minimum(np.searchsorted(again, some), len(again) - 1)] == some
    del again
    starts = np.concatenate(([0], ends[:-1]))[: len(ends)]
    before = np.concatenate(([0], np.cumsum(recurs)))
    found = np.flatnonzero(before[ends] - before[starts] >= ALIKE).tolist()
    # The lines of a page as bytes, the highest first, so that comparing pages is comparing lists of numbers.
    pages = sorted(
        np.sort(keys[starts[n] : ends[n]][recurs[starts[n] : ends[n]]]).astype(">u8").tobytes() for n in found
    )
    sizes = np.fromiter(map(len, pages), np.int64, len(pages)) // 8
    return np.frombuffer(b"".join(pages), ">u8").astype(np.uint64), np.cumsum(sizes)


def _runs(ordered: NDArray[Any]) -> NDArray[np.int64]:
    """Where each run of equal numbers begins."""
    import numpy as np  # noqa: PLC0415

    begins = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def _column(values: array[int]) -> NDArray[np.uint64]:
    import numpy as np  # noqa: PLC0415

    column: NDArray[Any] = np.frombuffer(values, dtype=f"u{values.itemsize}") if len(values) else np.empty(0, "u8")
    return column
