"""All shards together, their texts numbered in the order in which they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.stages.duplicates import join
from textclean.stages.duplicates.evidence import Evidence


class Corpus:
    """Texts by rank, whatever shard they are in.

    Raises ValueError where two documents have one id, or where shards were made
    with different settings.
    """

    def __init__(self, shards: Iterable[Evidence], keep: str) -> None:
        self.shards = [shard for shard in shards if len(shard.ids)]
        if len({shard.settings for shard in self.shards}) > 1:
            made = sorted({repr(shard.settings) for shard in self.shards})
            raise ValueError(f"shards made with different settings cannot be compared: {' and '.join(made)}")
        self.ids: list[str] = [name for shard in self.shards for name in shard.ids]
        by_id: Sequence[int] = range(len(self.ids))
        if self.ids != sorted(self.ids):
            by_id = sorted(by_id, key=self.ids.__getitem__)
        if len(set(self.ids)) < len(self.ids):
            twice = next(self.ids[one] for one, other in pairwise(by_id) if self.ids[one] == self.ids[other])
            raise ValueError(
                f"two documents are called {twice!r}: what is removed is named by its id, "
                "so give each document of the corpus an id of its own"
            )
        place = np.empty(len(self.ids), np.int64)
        place[by_id] = np.arange(len(self.ids))
        firsts = np.cumsum([0, *(len(shard.ids) for shard in self.shards)])
        lengths, chars, numbers, owners, keys = (
            np.concatenate([np.asarray(column, np.int64), *columns])
            for column, *columns in (
                ([], *(shard.lengths for shard in self.shards)),
                ([], *(shard.chars for shard in self.shards)),
                ([], *(shard.numbers for shard in self.shards)),
                ([], *(shard.owners + first for shard, first in zip(self.shards, firsts, strict=False))),
                (np.empty(0, np.uint64), *(shard.keys.view(np.int64) for shard in self.shards)),
            )
        )
        order = _order(keep, place[owners], numbers, chars, [day for shard in self.shards for day in shard.published])
        self.lengths: NDArray[np.int64] = lengths
        """Of each document."""
        self.owners, self.numbers, self.chars = owners[order], numbers[order], chars[order]
        """Of each text, by rank: its document, its paragraph, its characters."""
        self.keys: NDArray[np.uint64] = keys[order].view(np.uint64)
        counts = [len(shard.keys) for shard in self.shards]
        self._order = order
        self._first = np.cumsum([0, *counts])
        self._starts = [np.concatenate([[0], np.cumsum(shard.sizes)]) for shard in self.shards]
        self._units = [shard.units.array() for shard in self.shards]

    def __len__(self) -> int:
        return len(self._order)

    @property
    def characters(self) -> int:
        """Of all texts together."""
        return int(self.chars.sum())

    def read(self, ranks: join.Ranks) -> tuple[kernels.Codes, kernels.Offsets]:
        """The folded texts of *ranks*, from wherever they lie."""
        offsets = np.zeros(len(ranks) + 1, np.int64)
        np.cumsum(self.chars[ranks], out=offsets[1:])
        if len(self.shards) == 1:
            lows, highs = self._starts[0][self._order[ranks]], self._starts[0][self._order[ranks] + 1]
            return kernels.best(self.characters).gather(self._units[0], lows, highs - lows), offsets
        return kernels.vector.utf16_codes(b"".join(self.texts(ranks))), offsets

    def texts(self, ranks: join.Ranks) -> Iterator[memoryview]:
        """The folded texts of *ranks* in UTF-16."""
        places = self._order[ranks]
        shards = np.searchsorted(self._first, places, side="right") - 1
        lows, highs = np.empty(len(ranks), np.int64), np.empty(len(ranks), np.int64)
        for number in range(len(self.shards)):
            here = shards == number
            local = places[here] - self._first[number]
            lows[here], highs[here] = self._starts[number][local], self._starts[number][local + 1]
        units = [memoryview(column.view(np.uint8).data) for column in self._units]
        for shard, low, high in zip(shards.tolist(), (2 * lows).tolist(), (2 * highs).tolist(), strict=True):
            yield units[shard][low:high]

    def bands(self) -> Iterator[NDArray[np.uint64]]:
        """The keys of each band, by rank."""
        for number in range(self.shards[0].settings.bands if self.shards else 0):
            yield np.concatenate([shard.band(number) for shard in self.shards])[self._order]


def _order(
    keep: str,
    place: NDArray[np.int64],
    numbers: NDArray[np.int64],
    chars: NDArray[np.int64],
    published: list[str],
) -> NDArray[np.int64]:
    """Which text has which rank under the *keep* rule; ties by document, then by paragraph."""
    if keep == "longest":
        return np.lexsort((numbers, place, -chars))
    if keep == "earliest published":
        # An undated text may be a copy of anything, so it comes after all that have a date.
        dates = np.array([day or "\uffff" for day in published])
        _, day = np.unique(dates, return_inverse=True) if len(dates) else (None, np.empty(0, np.int64))
        return np.lexsort((numbers, place, day))
    if np.all(place[1:] >= place[:-1]):  # paragraphs come in order within a document
        return np.arange(len(place))
    return np.lexsort((numbers, place))
