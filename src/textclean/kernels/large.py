"""How similar are texts of a million characters and more? By sorting, in place: a table of such a set would not fit the memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

LARGE = 1 << 20
"""Shingles. From here on sorting is quicker too, as every look into such a table misses the caches."""

_AT_ONCE = 1 << 20


def compare(
    hashes: NDArray[np.uint64],
    starts: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    threshold: float,
    out: NDArray[np.float64],
) -> None:
    """Put into *out* the similarity of each pair with a large side, 0 below *threshold*, and sort the shingles of both.

    The others are left as they are. See :func:`textclean.kernels.vector.jaccard`.
    """
    counts = np.diff(starts)
    if not len(counts) or counts.max() <= LARGE:
        return
    pairs = np.flatnonzero(np.maximum(counts[left], counts[right]) > LARGE)
    for text in np.unique(np.concatenate((left[pairs], right[pairs]))).tolist():
        hashes[starts[text] : starts[text + 1]].sort()
    for pair in pairs.tolist():
        one, other = left[pair], right[pair]
        similarity = _similarity(hashes[starts[one] : starts[one + 1]], hashes[starts[other] : starts[other + 1]])
        out[pair] = similarity if similarity >= threshold else 0


def _similarity(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """That of two sorted lists, in each of which a number may stand more than once."""
    if not len(one) or not len(other):
        return 0.0
    shared = 0
    for some in _distinct(one):
        there = (
            other[np.searchsorted(other, some[0]) : np.searchsorted(other, some[-1], side="right")]
            if len(some)
            else some
        )
        if len(there):
            places = np.minimum(np.searchsorted(there, some), len(there) - 1)
            shared += int(np.count_nonzero(there[places] == some))
    return shared / (sum(map(len, _distinct(one))) + sum(map(len, _distinct(other))) - shared)


def _distinct(ordered: NDArray[np.uint64]) -> Iterator[NDArray[np.uint64]]:
    """Each number once, a part of them at a time."""
    for at in range(0, len(ordered), _AT_ONCE):
        some = ordered[at : at + _AT_ONCE]
        fresh = np.ones(len(some), np.bool_)
        fresh[1:] = some[1:] != some[:-1]
        fresh[0] = at == 0 or ordered[at - 1] != some[0]
        yield some[fresh]
