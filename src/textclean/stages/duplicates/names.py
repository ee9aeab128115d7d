"""Millions of names in little memory: a string takes 50 bytes more than its characters."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import overload

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


def extended(names: list[str] | Names, more: Iterable[str]) -> list[str] | Names:
    """*names* with *more* at the end, in the form that suits their number; *names* itself is used up."""
    names.extend(more)
    return Names(names) if isinstance(names, list) and len(names) >= MANY else names
