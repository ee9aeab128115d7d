"""Which lines of one text have much of themselves elsewhere in it, too? The numpy twin, by one sort."""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

FEW = 16
"""Fewer repeated 4-grams than this in a whole text, and no line is told."""

LINE_FEED = np.uint16(0x0A)

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_PLACES = np.arange(1 << 16, dtype=np.uint16)
_LOWEST = 0 if sys.byteorder == "little" else 3  # of the four 16-bit parts of a number
_PARAGRAPH = 512
_NONE = np.empty(0, np.int64)


def repeated_lines(codes: NDArray[np.uint16], shortest: int, share: float) -> NDArray[np.int64]:
    """The lines of *shortest* or more *codes*, counted from 0, of whose 4-grams at least *share* stand elsewhere too.

    Codes that are 0 are passed over. None at all where fewer than 16 4-grams of
    the whole text come again.
    """
    if np.count_nonzero(codes) < len(codes):
        codes = codes[codes != 0]
    grams = len(codes) - 3
    if grams < FEW:
        return _NONE
    # Four characters of 16 bits are one number of 64.
    quads = np.ndarray((grams,), np.uint64, codes, 0, (2,))
    if grams <= _PARAGRAPH:  # mostly nothing in it comes again, which is seen without knowing where it stands
        ordered = np.sort(quads)
        if np.count_nonzero(ordered[1:] == ordered[:-1]) < FEW:
            return _NONE
    # Its hash above its place: one sort, half the cost of an argsort, brings equal ones together, and a hash of 40 bits
    # or more hardly ever errs (if it does, a line is looked at).
    low = np.uint64((1 << max(16, grams.bit_length())) - 1)
    packed = quads * _GOLDEN
    if grams <= len(_PLACES):
        packed.view(np.uint16)[_LOWEST::4] = _PLACES[:grams]
    else:
        packed &= ~low
        packed |= np.arange(grams, dtype=np.uint64)
    packed.sort()
    same = (packed[1:] ^ packed[:-1]) <= low
    if np.count_nonzero(same) < FEW:
        return _NONE
    alike = np.zeros(grams, np.bool_)
    alike[1:] = same
    alike[:-1] |= same
    packed &= low
    repeated = np.empty(grams, np.bool_)
    repeated[packed.view(np.int64)] = alike
    feeds = (codes[:grams] == LINE_FEED).nonzero()[0]
    bounds = np.zeros(len(feeds) + 2, np.int64)
    bounds[1:-1], bounds[-1] = feeds, grams
    lengths = bounds[1:] - bounds[:-1]
    # reduceat takes the element itself where a span is empty, which only the first can be.
    counts = np.add.reduceat(repeated, bounds[:-1], dtype=np.int64)
    found: NDArray[np.int64] = ((counts >= share * lengths) & (lengths >= shortest)).nonzero()[0]
    return found
