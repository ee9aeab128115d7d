"""How similar are these pairs of texts, exactly?

Candidates are read back, cut into shingles and compared a bounded number of
characters at a time, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.stages.duplicates import fold

Ranks = NDArray[np.int64]


class Texts(NamedTuple):
    """Texts in UTF-16, wherever they lie among *units*."""

    units: NDArray[np.uint16]
    lows: NDArray[np.int64]
    """Where each begins."""
    sizes: NDArray[np.int64]

    def text(self, number: int) -> str:
        """One of them."""
        return self.raw(number).tobytes().decode("utf-16-le")

    def raw(self, number: int) -> NDArray[np.uint16]:
        """The units of one of them."""
        low = int(self.lows[number])
        return self.units[low : low + int(self.sizes[number])]


SAME = 2.0
"""Stands for the similarity of texts that are the same: whose keys are equal."""

_PAIRS_AT_ONCE = 1 << 18
_CHARACTERS_AT_ONCE = 8_000_000  # 8 bytes each while they are compared, 10 where they lie in many files


@dataclass(frozen=True)
class Comparison:
    """Texts by rank, and when two of them are similar enough."""

    read: Callable[[Ranks], Texts]
    keys: NDArray[np.uint64]
    chars: NDArray[np.int32]
    ngram: int
    threshold: float
    release: Callable[[], None] = lambda: None
    """Called when the texts that were read are no longer needed."""

    def __call__(self, one: Ranks, other: Ranks) -> NDArray[np.float64]:
        """The Jaccard similarity of each pair of ranks; 0 below the threshold, SAME where the keys are equal.

        Quickest when *one* comes in runs.
        """
        out = np.zeros(len(one))
        at, step = 0, _PAIRS_AT_ONCE
        while at < len(one):
            left, right = one[at : at + step], other[at : at + step]
            members = distinct_ranks(left, right)
            if len(left) > 1 and int(self.chars[members].sum()) > _CHARACTERS_AT_ONCE:
                step = len(left) // 2
                continue
            out[at : at + len(left)] = self._similar(members, left, right)
            at, step = at + len(left), min(2 * step, _PAIRS_AT_ONCE)
        return out

    def _similar(self, members: Ranks, left: Ranks, right: Ranks) -> NDArray[np.float64]:
        # Where each rank stands among the members: one look each, where searching takes seventeen.
        place = np.empty(int(members[-1] - members[0]) + 1, np.int32)
        place[members - members[0]] = np.arange(len(members), dtype=np.int32)
        one, other = (place[side - members[0]].astype(np.int64) for side in (left, right))
        texts = self.read(members)
        twin = kernels.best(int(texts.sizes.sum()))
        jaccard: NDArray[np.float64] = twin.jaccard(
            twin.prepare(*texts, kernels.multipliers(self.ngram)), one, other, self.threshold
        )
        for pair in np.flatnonzero(self.keys[left] == self.keys[right]).tolist():
            # 64 bits are a hint; the texts decide.
            if fold.key(texts.text(one[pair])) == fold.key(texts.text(other[pair])):
                jaccard[pair] = SAME
        self.release()
        return jaccard


def distinct_ranks(*ranks: Ranks) -> Ranks:
    """All of *ranks*, sorted, each once; quicker than np.unique, which hashes."""
    every = np.concatenate(ranks)
    every.sort()
    return every[np.r_[True, every[1:] != every[:-1]]] if len(every) else every
