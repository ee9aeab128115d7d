"""All shards together, their texts numbered in the order in which they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from operator import lt

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.stages.duplicates.compare import Ranks
from textclean.stages.duplicates.evidence import Evidence


class Corpus:
    """Texts by rank, whatever shard they are in.

    Of each text 40 bytes and its document's id are held; all else stays where
    the evidence put it. Raises ValueError where two documents have one id, or
    where shards were made with different settings.
    """

    def __init__(self, shards: Iterable[Evidence], keep: str) -> None:
        self.shards = [shard for shard in shards if len(shard.ids)]
        if len({shard.settings for shard in self.shards}) > 1:
            made = sorted({repr(shard.settings) for shard in self.shards})
            raise ValueError(f"shards made with different settings cannot be compared: {' and '.join(made)}")
        self.ids: list[str] = [name for shard in self.shards for name in shard.ids]
        place = _places(self.ids)
        firsts = np.cumsum([0, *(len(shard.ids) for shard in self.shards)], dtype=np.int32)
        ints = np.empty(0, np.int32)
        owners = np.concatenate(
            [ints, *(shard.owners + first for shard, first in zip(self.shards, firsts, strict=False))]
        )
        numbers = np.concatenate([ints, *(shard.numbers for shard in self.shards)])
        chars = np.concatenate([ints, *(shard.chars for shard in self.shards)])
        days = [day for shard in self.shards for day in shard.published]
        order = _order(keep, owners, owners if place is None else place[owners], numbers, chars, days)
        self.lengths: NDArray[np.int32] = np.concatenate([ints, *(shard.lengths for shard in self.shards)])
        """Of each document."""
        self.owners, self.numbers, self.chars = owners[order], numbers[order], chars[order]
        """Of each text, by rank: its document, its paragraph, the characters of its key."""
        self.keys: NDArray[np.uint64] = np.concatenate([np.empty(0, np.uint64), *(one.keys for one in self.shards)])[
            order
        ]
        self._order = order
        self._first = np.cumsum([0, *(len(shard.keys) for shard in self.shards)])
        self._starts = [np.concatenate([[0], np.cumsum(shard.sizes, dtype=np.int64)]) for shard in self.shards]
        self._units = [shard.units.open() for shard in self.shards]

    def __len__(self) -> int:
        return len(self._order)

    def read(self, ranks: Ranks) -> tuple[kernels.Codes, kernels.Offsets]:
        """The plain texts of *ranks*, from wherever they lie."""
        if len(self.shards) == 1:
            places = self._order[ranks]
            lows, highs = self._starts[0][places], self._starts[0][places + 1]
            twin = kernels.best(int((highs - lows).sum()))
            gathered: tuple[kernels.Codes, kernels.Offsets] = twin.gather(self._units[0].array, lows, highs - lows)
            return gathered
        texts = list(self.texts(ranks))
        return kernels.vector.utf16_codes(b"".join(texts), np.array([len(text) // 2 for text in texts], np.int64))

    def release(self) -> None:
        """Give back the memory of texts that were read from files."""
        for column in self._units:
            column.release()

    def texts(self, ranks: Ranks) -> Iterator[memoryview]:
        """The plain texts of *ranks* in UTF-16."""
        units = [memoryview(column.array.view(np.uint8).data) for column in self._units]
        for at in range(0, len(ranks), kernels.CHUNK):
            places = self._order[ranks[at : at + kernels.CHUNK]]
            shards = np.searchsorted(self._first, places, side="right") - 1
            lows, highs = np.empty(len(places), np.int64), np.empty(len(places), np.int64)
            for number in distinct_numbers(shards):
                here = shards == number
                local = places[here] - self._first[number]
                lows[here], highs[here] = self._starts[number][local], self._starts[number][local + 1]
            for shard, low, high in zip(shards.tolist(), (2 * lows).tolist(), (2 * highs).tolist(), strict=True):
                yield units[shard][low:high]

    def bands(self) -> Iterator[NDArray[np.uint64]]:
        """The keys of each band, by rank."""
        columns = [shard.bands.open() for shard in self.shards]
        for number in range(self.shards[0].settings.bands if self.shards else 0):
            parts = [shard.band(number, column) for shard, column in zip(self.shards, columns, strict=True)]
            yield np.concatenate(parts)[self._order] if len(parts) > 1 else parts[0][self._order]


def distinct_numbers(numbers: NDArray[np.int64]) -> list[int]:
    """Which *numbers* there are, of small ones."""
    return np.flatnonzero(np.bincount(numbers)).tolist()


def _places(ids: Sequence[str]) -> NDArray[np.int32] | None:
    """The place of each id among all; None where they come in order already."""
    if all(map(lt, ids, islice(ids, 1, None))):
        return None
    by_id = sorted(range(len(ids)), key=ids.__getitem__)
    for one, other in pairwise(by_id):
        if ids[one] == ids[other]:
            raise ValueError(
                f"two documents are called {ids[one]!r}: what is removed is named by its id, "
                "so give each document of the corpus an id of its own"
            )
    place = np.empty(len(ids), np.int32)
    place[by_id] = np.arange(len(ids), dtype=np.int32)
    return place


def _order(
    keep: str,
    owners: NDArray[np.int32],
    place: NDArray[np.int32],
    numbers: NDArray[np.int32],
    chars: NDArray[np.int32],
    published: list[str],
) -> NDArray[np.int32]:
    """Which text has which rank under the *keep* rule; ties by document, then by paragraph."""
    if keep == "longest":
        return np.lexsort((numbers, place, -chars)).astype(np.int32)
    if keep == "earliest published":
        # An undated text may be a copy of anything, so it comes after all that have a date.
        days = {day: at for at, day in enumerate(sorted(set(published) - {""}))}
        day = np.array([days.get(day, len(days)) for day in published], np.int32)
        return np.lexsort((numbers, place, day[owners])).astype(np.int32)
    if np.all(place[1:] >= place[:-1]):  # paragraphs come in order within a document
        return np.arange(len(place), dtype=np.int32)
    return np.lexsort((numbers, place)).astype(np.int32)
