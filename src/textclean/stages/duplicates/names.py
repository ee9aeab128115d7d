"""Millions of names in little memory: a string takes 50 bytes more than its characters."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import overload

MANY = 1 << 18
"""Fewer than this, and a list is quicker and small enough."""


class Names(Sequence[str]):
    """Strings that cannot be changed, behind each other in one buffer.

    >>> names = Names(["a", "乙", ""])
    >>> names[1], names[-1], names[:2], len(names)
    ('乙', '', ['a', '乙'], 3)
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._bytes, self._ends = bytearray(), array("q", [0])
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


def packed(names: list[str]) -> Sequence[str]:
    """*names*, which may be many."""
    return Names(names) if len(names) >= MANY else names
