"""Millions of names in little memory: a string takes 50 bytes more than its characters."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FIRST_BYTES = [((1 << 8 * count) - 1) << (64 - 8 * count) for count in range(9)]
"""Masks of the first none to eight bytes of a number."""
_AT_ONCE = 1 << 16

MANY = 1 << 18
"""Fewer than this, and a list is quicker and small enough."""


class Names(Sequence[str]):
    """Strings behind each other in one buffer.

    >>> names = Names(["a", "乙", ""])
    >>> names[1], names[-1], names[:2], len(names)
    ('乙', '', ['a', '乙'], 3)
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._bytes, self._ends = bytearray(), array("q", [0])
        self.extend(names)

    def extend(self, names: Iterable[str]) -> None:
        """Add *names* at the end."""
        for name in names:
            self._bytes += name.encode("utf-8", "surrogatepass")
            self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        """One name, or a list of some."""
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        at = at if at >= 0 else len(self) + at
        if not 0 <= at < len(self):
            raise IndexError(f"name {at} of {len(self)}")
        return self._bytes[self._ends[at] : self._ends[at + 1]].decode("utf-8", "surrogatepass")

    def order(self) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """The places of the names in their order, and which of these names equal the one before.

        Eight bytes at a time, and only of those not told apart before: a list of strings to be sorted would take
        more than all else that a decision over millions of documents holds. UTF-8 sorts as code points do.
        """
        import numpy as np  # noqa: PLC0415  it waits until it is needed

        order, equal = np.arange(len(self), dtype=np.int32), np.zeros(len(self), np.bool_)
        tied, group, depth = order.copy(), np.zeros(len(self), np.int32), 0
        while len(tied):
            who = order[tied]
            word, left = self._eight(who, depth)
            turn = np.lexsort((left, word, group))
            group, word, left = group[turn], word[turn], left[turn]
            order[tied] = who[turn]
            same = (group[1:] == group[:-1]) & (word[1:] == word[:-1]) & (left[1:] == left[:-1])
            group = np.concatenate(([0], np.cumsum(~same, dtype=np.int32)))
            equal[tied[1:]] |= same & (left[1:] < 8)
            same &= left[1:] == 8
            more = np.append(same, False)
            more[1:] |= same
            tied, group, depth = tied[more], group[more], depth + 8
        return order, equal

    def _eight(self, who: NDArray[np.int32], depth: int) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
        """Eight bytes of each of the names *who* as a number, and how many of them it has."""
        import numpy as np  # noqa: PLC0415  it waits until it is needed

        ends = np.frombuffer(self._ends, np.int64)
        held = self._bytes if len(self._bytes) >= 8 else bytes(self._bytes) + bytes(8)
        words = np.ndarray((len(held) - 7,), ">u8", held, 0, (1,))
        word, left = np.empty(len(who), np.uint64), np.empty(len(who), np.uint8)
        for low in range(0, len(who), _AT_ONCE):
            some = who[low : low + _AT_ONCE]
            at = np.minimum(ends[some] + depth, ends[some + 1])
            left[low : low + _AT_ONCE] = rest = np.minimum(ends[some + 1] - at, 8)
            last = np.minimum(at, len(words) - 1)
            begun = words[last].astype(np.uint64) << (8 * (at - last)).astype(np.uint64)
            word[low : low + _AT_ONCE] = begun & np.array(_FIRST_BYTES, np.uint64)[rest]
        return word, left


def extended(names: list[str] | Names, more: Iterable[str]) -> list[str] | Names:
    """*names* with *more* at the end, in the form that suits their number; *names* itself is used up."""
    names.extend(more)
    return Names(names) if isinstance(names, list) and len(names) >= MANY else names
