"""What stands around each line of a page, in numpy; compiled it is :mod:`textclean.kernels.native.lines`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from textclean.stages.boilerplate.measure import Flags, Floats, Ints

FAR: Final = 60
"""Distances are cut here: further away is simply far."""
WIDTHS: Final = (3, 7, 15)
"""How many lines above and below a mean is of."""


class Around:
    """For each row of a page its place, and which rows stand before and after it, as far as the widths reach."""

    def __init__(self, count: int) -> None:
        self.row = row = np.arange(count)
        self.place = np.stack((np.minimum(row, 50), np.minimum(row, 50)[::-1], row / max(count, 1))).astype(np.float32)
        before = [(np.maximum(row - width, 0), row) for width in WIDTHS]
        after = [(row + 1, np.minimum(row + width + 1, count)) for width in WIDTHS]
        reach = np.array([one for both in zip(before, after, strict=True) for one in both])
        self._low, self._high = np.ascontiguousarray(reach[:, 0]), np.ascontiguousarray(reach[:, 1])
        self._size = np.maximum(self._high - self._low, 1).astype(np.float64)
        self._first = count
        self._steps = np.minimum(np.maximum(np.arange(-count, count + 1), -FAR), FAR).astype(np.float32)

    def means(self, values: Floats, into: Floats) -> None:
        """The means of *values* over the rows before and after, for each width; *into* has two rows for each."""
        total = np.zeros((len(values), len(self.row) + 1))
        total[:, 1:] = values
        np.add.accumulate(total, axis=1, out=total)  # in place: cumsum would cast what it reads bit by bit
        means = total.take(self._high, axis=1, mode="clip")
        means -= total.take(self._low, axis=1, mode="clip")
        np.divide(means, self._size, out=into.reshape(means.shape), casting="unsafe")

    def from_row(self, row: int) -> Floats:
        """How far each row is from *row*, below it more than nothing."""
        return self._steps[self._first - row :][: len(self.row)]


_MANY_LINES: Final = 2000
_around = lru_cache(maxsize=256)(Around)


def around(count: int) -> Around:
    """The :class:`Around` of pages with *count* lines; kept, as most pages have as many as some other."""
    return _around(count) if count <= _MANY_LINES else Around(count)


def around_each(values: Sequence[Floats | Flags], edge: float, reach: int, into: Floats) -> None:
    """For each of *values*, and each step up to *reach* before and after, what stands there; *edge* beyond the page."""
    count = len(values[0])
    padded = np.full((len(values), count + 2 * reach), edge, np.float32)
    padded[:, reach:-reach] = values
    width = padded.itemsize
    steps: Floats = np.ndarray(
        (len(values), 2 * reach + 1, count), np.float32, padded, 0, (padded.strides[0], width, width)
    )
    each = into.reshape(len(values), 2 * reach, count)
    each[:, :reach], each[:, reach:] = steps[:, :reach], steps[:, reach + 1 :]


def since_each(flags: Sequence[Flags], row: Ints) -> Ints:
    """For each of *flags* and each *row* how many rows ago the last flag stood, this one included.

    Where there was none it is as if one had stood far above the page.
    """
    last = np.where(np.array(flags), row, -FAR)
    np.maximum.accumulate(last, axis=1, out=last)
    return np.subtract(row, last, out=last)


def among_lines(
    table: Floats,
    places: Sequence[int],
    low: int,
    high: int,
    alike: Flags,
    colon_end: Flags,
    spoken: Floats,
    prose: Flags,
    head: Flags,
    facts: Flags,
    ruled: Flags,
) -> None:
    """Write into *table* what stands around each line.

    *places* are the rows to read, four, and to write, four blocks.
    *low* and *high* are the first and the last line of the densest stretch,
    *spoken* is how many characters of each line read as text. Of these the two
    columns that count them wait for their logarithm.
    """
    log_length, score, lexical, sentence_end, near, at, means, inside = places
    near_by = around(len(spoken))
    values = table[log_length], table[score], table[lexical], table[sentence_end]
    around_each(values, -1, 3, table[near : near + 24])

    table[at] = alike
    table[at + 1, :-1] = table[at, 1:]
    run = np.add.accumulate(~alike, dtype=np.int64)
    np.minimum(np.bincount(run).take(run), 30, out=table[at + 2], casting="unsafe")
    table[at + 3, 1:] = colon_end[:-1]
    near_by.means(np.array((table[score], table[lexical])), table[means : means + 12])

    at = inside
    table[at, low : high + 1] = 1
    table[at + 1] = near_by.from_row(low)
    table[at + 2] = near_by.from_row(high)
    table[at + 3] = min(high - low + 1, 200)
    table[at + 4 : at + 7] = near_by.place
    text = spoken.cumsum()
    table[at + 7 : at + 9] = text
    table[at + 7 : at + 9] += 1
    table[at + 7] -= spoken
    np.subtract(table[at + 8, -1], text, out=table[at + 8])
    since = since_each((prose, head, facts, prose[::-1], facts[::-1]), near_by.row)
    table[at + 14] = since[1] < since[0]
    np.minimum(since, FAR, out=since)
    table[at + 9], table[at + 10] = since[0], since[3, ::-1]
    table[at + 11 : at + 13], table[at + 13] = since[1:3], since[4, ::-1]
    marks = ruled.cumsum()
    np.minimum(marks, 20, out=table[at + 15], casting="unsafe")
    np.minimum(marks[-1] - marks, 20, out=table[at + 16], casting="unsafe")


def among_chances(first: Floats, added: Floats) -> None:
    """Write into *added*, whose first row has the odds, what a first round said about the lines around each."""
    count = len(first)
    near_by = around(count)
    around_each((added[0],), -8, 4, added[1:9])
    near_by.means(first[None], added[9:15])
    total = first.cumsum(dtype=np.float64)
    added[15, 1:] = total[:-1]
    np.subtract(total[-1], total, out=added[16], casting="unsafe")
    added[17], added[18] = total[-1] / count, total[-1]
    likely, sure, unlikely = first > 0.5, first > 0.9, first < 0.1
    since = since_each((likely, sure, unlikely, likely[::-1], sure[::-1], unlikely[::-1]), near_by.row)
    np.minimum(since, FAR, out=since)
    for number, one in enumerate((likely, sure)):
        found = one.nonzero()[0].tolist() or [int(first.argmax())]
        block = added[19 + 5 * number :]
        block[0], block[1] = near_by.from_row(found[0]), near_by.from_row(found[-1])
        block[2] = found[-1] - found[0] + 1 - len(found)
        block[3], block[4] = since[number], since[number + 3, ::-1]
    added[29], added[30] = since[2], since[5, ::-1]
    np.maximum.accumulate(first[:-1], out=added[31, 1:])
    np.maximum.accumulate(first[:0:-1], out=added[32, -2::-1])
