"""How is a text scanned for many kinds of signs at once, quickly?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np

from textclean.stages.encoding.alphabet import alphabet

Kind = tuple[str, str]
"""The inside of a character class, and as a pattern what must be around such a character, seen from behind it.

Both in the letters of :mod:`textclean.stages.encoding.alphabet`.
"""


class Signs:
    """Where a text shows any of *kinds*.

    For a pattern all classes stand in front as one, which is three times as fast
    to scan for as alternatives. Twice as fast is to find these characters by a
    table, and to look one by one at what is around the few there are.

    >>> signs = Signs(("?", "(?=[a-z])"), ("&", "#"))
    >>> signs.search("a? ?b & &"), list(signs.spans("a? ?b & &#"))
    (True, [(3, 4), (8, 10)])
    """

    _OFTEN = 16
    """Where more than one of so many characters is one that a kind begins with, the pattern is quicker."""

    def __init__(self, *kinds: Kind) -> None:
        self.kinds = kinds

    def search(self, text: str) -> bool:
        """Whether *text* has one of the signs."""
        letters = self._spell(text)
        begins = letters.translate(self._begins)
        if b"\1" not in begins:
            return False
        found = np.frombuffer(begins, np.bool_).nonzero()[0].tolist()
        if len(found) * self._OFTEN > len(letters):
            return self._pattern.search(letters) is not None
        around = self._around
        for at in found:  # noqa: SIM110  a generator takes a third more
            if around[letters[at]](letters, at + 1):
                return True
        return False

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where *text* has one of the signs: from the character a kind begins with to what must follow it."""
        for match in self._pattern.finditer(self._spell(text)):
            yield match.span()

    @cached_property
    def _spell(self) -> Callable[[str], bytes]:
        return alphabet().spell

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        begins = "".join(dict.fromkeys(first for first, _ in self.kinds))
        return alphabet().pattern(f"[{begins}](?:{'|'.join(f'(?<=[{first}]){rest}' for first, rest in self.kinds)})")

    @cached_property
    def _begins(self) -> bytes:
        """Of each letter whether a kind begins with it."""
        return bytes(letter in self._kinds_of for letter in range(256))

    @cached_property
    def _kinds_of(self) -> dict[int, list[str]]:
        """What must be around each letter that a kind begins with: one of these."""
        found: dict[int, list[str]] = {}
        for first, rest in self.kinds:
            for begins in alphabet().pattern(f"[{first}]").findall(bytes(range(256))):
                found.setdefault(begins[0], []).append(rest)
        return found

    @cached_property
    def _around(self) -> _Around:
        return _Around(self._kinds_of)


class _Around(dict[int, Callable[[bytes, int], object]]):
    """For each letter a kind begins with: what finds, from behind it, what one of its kinds asks for."""

    def __init__(self, kinds_of: dict[int, list[str]]) -> None:
        self._kinds_of = kinds_of

    def __missing__(self, letter: int) -> Callable[[bytes, int], object]:
        self[letter] = found = alphabet().pattern("|".join(self._kinds_of[letter])).match
        return found
