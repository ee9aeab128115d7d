"""All shards together, their texts numbered in the order in which they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import lt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.stages.duplicates.compare import Ranks, Texts
from textclean.stages.duplicates.evidence import Bands, Column, Evidence, Settings
from textclean.stages.duplicates.names import Names, extended

_TEXTS_AT_ONCE = 1 << 14


class Corpus:
    """Texts by rank, whatever shard they are in.

    Of each text 28 bytes and its document's id are held; all else stays where
    the evidence put it. Raises ValueError where two documents have one id, or
    where shards were made with different settings.
    """

    def __init__(self, shards: Iterable[Evidence], keep: str) -> None:
        self.settings: Settings | None = None
        ids: list[str] | Names = []
        days: list[str] = []
        ordered = True
        columns: list[list[NDArray[Any]]] = [[np.empty(0, np.int32)] for _ in range(4)]
        keys = [np.empty(0, np.uint64)]
        self._stores: list[_Store] = []
        for shard in shards:
            if not len(shard.ids):
                continue
            if self.settings not in {None, shard.settings}:
                made = sorted({repr(self.settings), repr(shard.settings)})
                raise ValueError(f"shards made with different settings cannot be compared: {' and '.join(made)}")
            self.settings = shard.settings
            owners = shard.owners + np.int32(len(ids))
            for column, values in zip(columns, (owners, shard.numbers, shard.chars, shard.lengths), strict=True):
                column.append(values)
            keys.append(shard.keys)
            ordered = ordered and (not ids or ids[-1] < shard.ids[0])
            ordered = ordered and all(map(lt, shard.ids, islice(shard.ids, 1, None)))
            ids = extended(ids, shard.ids)
            days += shard.published
            self._stores.append(_Store.of(shard))
        self.ids: Sequence[str] = ids
        owners, numbers, chars, self.lengths = map(_together, columns)
        """Of each document."""
        self.keys = _together(keys)
        place = owners if ordered else _places(ids)[owners]
        order = _order(keep, owners, place, numbers, chars, days)
        del place
        self.owners, self.numbers, self.chars = owners[order], numbers[order], chars[order]
        """Of each text, by rank: its document, its paragraph, the characters of its key."""
        del owners, numbers, chars
        self.keys = self.keys[order]
        self._order = order
        self._in_order = bool(np.all(order[1:] > order[:-1]))
        self._opened = self._stores[0].units.open() if len(self._stores) == 1 else None
        self._first = np.cumsum([0, *(store.texts for store in self._stores)])

    def __len__(self) -> int:
        return len(self._order)

    def read(self, ranks: Ranks) -> Texts:
        """The plain texts of *ranks*: where they lie, if that is one place; else copied, one shard's after another's."""
        places = self._order[ranks]
        if self._opened is not None:
            return Texts(self._opened.array, *self._stores[0].spans(places))
        shards = np.searchsorted(self._first, places, side="right") - 1
        turns = np.argsort(shards, kind="stable")
        ends = np.cumsum(np.bincount(shards, minlength=len(self._stores)))
        lows, sizes = np.empty(len(ranks), np.int64), np.empty(len(ranks), np.int64)
        parts = [np.empty(0, np.uint16)]
        copied = 0
        for number in distinct_numbers(shards):
            store, here = self._stores[number], turns[ends[number - 1] if number else 0 : ends[number]]
            there, size = store.spans(places[here] - self._first[number])
            begins = np.cumsum(size) - size
            lows[here], sizes[here] = copied + begins, size
            part = np.empty(int(begins[-1] + size[-1]), np.uint16)
            # The file is mapped no longer than this takes: a large corpus has thousands.
            kernels.best(len(part)).gather(store.units.open().array, there, size, part)
            parts.append(part)
            copied += len(part)
        return Texts(np.concatenate(parts), lows, sizes)

    def release(self) -> None:
        """Give back the memory of texts that were read from files."""
        if self._opened is not None:
            self._opened.release()

    def texts(self, ranks: Ranks) -> Iterator[memoryview]:
        """The plain texts of *ranks* in UTF-16."""
        for at in range(0, len(ranks), _TEXTS_AT_ONCE):
            places = self._order[ranks[at : at + _TEXTS_AT_ONCE]]
            shards = np.searchsorted(self._first, places, side="right") - 1
            found: list[memoryview] = [memoryview(b"")] * len(places)
            for number in distinct_numbers(shards):
                here = np.flatnonzero(shards == number)
                store = self._stores[number]
                lows, sizes = store.spans(places[here] - self._first[number])
                pieces = store.units.pieces(lows, lows + sizes)
                for place, piece in zip(here.tolist(), pieces, strict=True):
                    found[place] = piece
            yield from found

    def bands(self) -> Iterator[NDArray[np.uint64]]:
        """The keys of each band, by rank, to be written over by whoever takes them."""
        for number in range(self.settings.bands if self.settings else 0):
            yield self._band(number)  # which is held by nobody here while it is worked on

    def _band(self, number: int) -> NDArray[np.uint64]:
        found = np.empty(len(self), np.uint64)
        for first, store in zip(self._first, self._stores, strict=False):
            store.bands.read(number, found[first : first + store.texts])
        return found if self._in_order else found[self._order]


class _Store(NamedTuple):
    """What is left of a shard: where its texts and bands lie."""

    texts: int
    units: Column
    bands: Bands
    starts: NDArray[np.uint32] | NDArray[np.int64]

    @classmethod
    def of(cls, shard: Evidence) -> _Store:
        starts = np.zeros(len(shard.sizes) + 1, np.int64)
        np.cumsum(shard.sizes, out=starts[1:])
        small = starts.astype(np.uint32) if starts[-1] < 1 << 32 else starts
        return cls(len(shard.keys), shard.units, shard.banded(), small)

    def spans(self, places: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the texts at *places* begin among the units, and how many units each has."""
        lows = self.starts[places].astype(np.int64)
        return lows, self.starts[places + 1] - lows


def runs(owners: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Each of *owners*, of which equal ones stand together, and how often it stands there."""
    first = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]]) if len(owners) else np.empty(0, np.int64)
    return owners[first], np.diff(first, append=len(owners))


def distinct_numbers(numbers: NDArray[np.int64]) -> list[int]:
    """Which *numbers* there are, of small ones."""
    return np.flatnonzero(np.bincount(numbers)).tolist()


def _together(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """*parts* in one array; the list is empty afterwards."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole


def _places(ids: list[str] | Names) -> NDArray[np.int32]:
    """The place of each id among all."""
    by_id, equal = (ids if isinstance(ids, Names) else Names(ids)).order()
    if equal.any():
        raise ValueError(
            f"two documents are called {ids[by_id[equal.argmax()]]!r}: what is removed is named by its id, "
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
