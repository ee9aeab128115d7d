"""Which neighbours repeat together, and do they repeat enough to be no refrain?

A page of one menu asks this of each of its thousands of pieces, each time with
all that follow, so every question is answered from tables in a few steps.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cached_property
from itertools import accumulate

from textclean.stages.duplicates import wording
from textclean.stages.duplicates.agreement import Agreement

_FEW = 50  # that are counted at once; nearly all blocks have fewer


class Blocks:
    """The blocks that come twice in a text, whose paragraphs (or pieces, where it is *flattened*) have these *keys*.

    *anchors* are those that are a copy by themselves when they are seen twice.
    """

    def __init__(self, keys: Sequence[str], anchors: Sequence[bool], min_chars: int, *, flattened: bool) -> None:
        self._keys, self._anchors, self._min_chars, self._flattened = keys, anchors, min_chars, flattened
        self._agreement = Agreement(keys)
        self._after: dict[int, int] = {}
        self._before: dict[int, int] = {}

    def end(self, at: int, index: int) -> int:
        """Where what repeats from *index* on, as it stood from *at* on, ends; a copy does not reach into itself."""
        return index + self._agreement.length(at, index, most=index - at)

    def around(self, at: int, index: int, copies: Container[int]) -> range | None:
        """The neighbours of *index* that repeat those of *at*; None where they may be a refrain, or a numbered section."""
        keys = self._keys
        low, step = index, at
        while step > 0 and low - 1 > at and low - 1 not in copies:
            if keys[step - 1] != keys[low - 1] or step - 1 in copies:
                break
            low, step = low - 1, step - 1
        # At its edges a heading or a byline may belong to what stands around the block, so only prose goes there.
        low = self._prose(low, index, 1, self._after)
        high = self._prose(self.end(at, index) - 1, index, -1, self._before) + 1
        few = high - low < _FEW
        anchored = sum(self._anchors[low:high]) if few else self._in(self._anchored, low, high)
        if not anchored:
            # Flattened text is also cut at its spaces, so that a repeated body may come in pieces.
            long = self._in(self._lengths, low, high) >= 3 * self._min_chars
            if not (self._flattened and long and self._in(self._counts, low, high) >= 2):
                return None
        if anchored == 1 and not self._flattened and self._is_formula(index):
            return None
        return range(low, high)

    def _is_formula(self, index: int) -> bool:
        """Whether a paragraph that comes again by itself belongs to a numbered section: contracts and exams repeat theirs."""
        around = [self._keys[place] for place in (index - 1, index + 1) if 0 <= place < len(self._keys)]
        return len(self._keys[index]) < 2 * self._min_chars and any(map(wording.is_numbered, around))

    @staticmethod
    def _in(sums: Sequence[int], low: int, high: int) -> int:
        return sums[high] - sums[low]

    def _prose(self, place: int, bound: int, step: int, known: dict[int, int]) -> int:
        """The first place from *place* on in which a sentence ends; *bound* if there is none before it.

        *known* are places up to which no sentence ends.
        """
        if place == bound:
            return bound
        passed = []
        while step * (bound - place) > 0 and not wording.ends_sentence(self._keys[place]):
            passed.append(place)
            place = known.get(place, place + step)
        known.update(dict.fromkeys(passed, place))
        return min(place * step, bound * step) * step

    @cached_property
    def _counts(self) -> list[int]:
        return list(accumulate(map(wording.ends_sentence, self._keys), initial=0))

    @cached_property
    def _anchored(self) -> list[int]:
        return list(accumulate(self._anchors, initial=0))

    @cached_property
    def _lengths(self) -> list[int]:
        return list(accumulate(map(len, self._keys), initial=0))
