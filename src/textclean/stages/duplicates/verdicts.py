"""Why texts go: what a decision over a corpus leaves behind, in little memory.

A million removals as dictionaries of dictionaries take half a gigabyte, and
every worker has its own copy; as columns they take a third of that.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice
from typing import Any, NamedTuple


class Verdict(NamedTuple):
    """Why a text goes: *keeper* stays, and is this similar; None where the two are the same."""

    keeper: str
    number: int
    jaccard: float | None

    @property
    def reason(self) -> str:
        """The reason label."""
        return "exact_duplicate" if self.jaccard is None else "near_duplicate"

    @property
    def note(self) -> str:
        """For a person."""
        where = f"{self.keeper} ¶{self.number}" if self.number else self.keeper
        return f"same as {where}" if self.jaccard is None else f"jaccard {self.jaccard:.2f} with {where}"


class Verdicts(NamedTuple):
    """Of some texts the kept ones, with their similarity: NaN where the two are the same."""

    keepers: list[str]
    numbers: list[int]
    jaccard: list[float]


class Removed(Mapping[str, tuple[int, Mapping[int, Verdict]]]):
    """By document id: the length it had, and by paragraph (0: the whole document) why it goes.

    >>> removed = Removed()
    >>> removed.extend(["b"], [9], [1], [0], Verdicts(["a"], [0], [math.nan]))
    >>> removed["b"], "a" in removed, removed.texts
    ((9, {0: Verdict(keeper='a', number=0, jaccard=None)}), False, 1)
    """

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._lengths, self._starts = array("q"), array("q", [0])  # of each document; where its texts begin, and end
        self._numbers, self._kept, self._jaccard = array("q"), array("q"), array("d")  # of each text
        self._keepers: list[str] = []

    def extend(
        self, names: Sequence[str], lengths: Iterable[int], texts: Iterable[int], numbers: Iterable[int], said: Verdicts
    ) -> None:
        """Of each of the documents *names* so many *texts* go, of these *numbers*; the first may go on with the last."""
        first = len(self._lengths)
        new = self._places.get(names[0]) != first - 1 if names else False
        self._places.update(zip(names, range(first - (not new), first + len(names)), strict=False))
        self._lengths.extend(islice(lengths, not new, None))
        self._starts.extend(islice(accumulate(texts, initial=self._starts[-1]), 1, None))
        if names and not new:
            del self._starts[first]
        self._numbers.extend(numbers)
        self._keepers += said.keepers
        self._kept.extend(said.numbers)
        self._jaccard.extend(said.jaccard)

    @property
    def texts(self) -> int:
        """How many texts go."""
        return len(self._numbers)

    def get(self, name: str, default: Any = None) -> Any:
        """What is known of document *name*; most are asked for in vain, which must not cost an exception."""
        place = self._places.get(name)
        return default if place is None else self._at(place)

    def __getitem__(self, name: str) -> tuple[int, dict[int, Verdict]]:
        return self._at(self._places[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def _at(self, place: int) -> tuple[int, dict[int, Verdict]]:
        verdicts = {}
        for row in range(self._starts[place], self._starts[place + 1]):
            jaccard = self._jaccard[row]
            verdict = Verdict(self._keepers[row], self._kept[row], None if math.isnan(jaccard) else jaccard)
            verdicts[self._numbers[row]] = verdict
        return self._lengths[place], verdicts
