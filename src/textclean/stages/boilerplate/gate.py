"""Which rules may match which lines?

A rule names anchors, words without which it cannot match. A line is shown to a
rule only if it has the two characters in the middle of one of them, or the one
character it is, and a length the rule allows: trying one regular expression
costs up to a thousand nanoseconds. On a page all pairs of characters are looked
up at once, at four nanoseconds each, and some calls of numpy before the first;
a paragraph or two are searched line by line, at ten, for what a line of its
length may have: of long lines few rules know anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from textclean.stages.boilerplate.letters import Letters
from textclean.stages.boilerplate.rules import Rule, chrome_rules

Called = Iterator[tuple[int, tuple[int, ...]]]

MOST_RULES: Final = 64
"""A set of rules is the bits of one number."""
_LENGTHS: Final = (60, 120, 200)
"""Lines up to each of these lengths are searched for the same anchors, and so are those up to the longest of a rule."""
_NONE: Final = np.uint64(0)
_LEFT, _RIGHT = np.uint16(0x9E37), np.uint16(0x86CB)
"""Odd factors: 1 in 150 pairs that no rule asked for is let through; with 17 bits 1 in 300, in twice the time."""


class Gate:
    """Tells for each line which of *rules* may match it."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        if len(rules) > MOST_RULES:
            raise ValueError(f"{len(rules)} rules do not fit into {MOST_RULES} bits")
        self.rules = rules
        self.longest = max(rule.longest for rule in rules)
        self._of_length = [
            sum(1 << number for number, rule in enumerate(rules) if rule.shortest <= size <= rule.longest)
            for size in range(self.longest + 1)
        ]
        self._search: dict[int, tuple[_Search, dict[tuple[str, str], int]]] = {}

    def __call__(self, lines: Sequence[str]) -> Called:
        """The lines some rule may match, in order, each with the numbers of those rules, lowest first."""
        for row, line in enumerate(lines):
            size = len(line)
            if size > self.longest:
                continue
            search, called = self._search.get(size) or self._searching(size)
            bits = 0
            for found in search(line):
                bits |= called.get(found, 0)
            if bits and (bits := bits & self._of_length[size]):
                yield row, _numbers(bits)

    def of_page(self, letters: Letters) -> Called:
        """The same, with all lines looked at together."""
        codes, pairs = letters.codes, _pairs(letters.codes)
        of_pair, of_character, of_length, calls_pair, calls_character = self._tables
        calls = calls_pair.take(pairs)
        calls |= calls_character.take(letters.places[:-1])
        hits = calls.nonzero()[0]
        called = of_pair.take(pairs.take(hits)) | of_character.take(codes.take(hits))
        # What is called in each line together; where nothing is, reduceat gives what the next line calls.
        first = hits.searchsorted(letters.feeds)
        called = np.bitwise_or.reduceat(np.append(called, _NONE), first[:-1])
        called &= of_length.take(letters.lengths, mode="clip")
        rows = (called.astype(np.bool_) & (first[1:] > first[:-1])).nonzero()[0]
        yield from zip(rows.tolist(), map(_numbers, called.take(rows).tolist()), strict=True)

    def _searching(self, size: int) -> tuple[_Search, dict[tuple[str, str], int]]:
        """How to look for the anchors that lines of about this *size* may have, and whom each of them calls."""
        below = max((length for length in _LENGTHS if length < size), default=-1)
        upto = min((length for length in _LENGTHS if length >= size), default=self.longest)
        called: dict[tuple[str, str], int] = {}
        for number, rule in enumerate(self.rules):
            if rule.shortest <= upto and below < rule.longest:
                for anchor in rule.anchors:
                    key = _middle(anchor)
                    called[key] = called.get(key, 0) | 1 << number
        single = {left for left, right in called if not right}
        for (left, right), bits in called.items():
            if right and left in single:  # it is found as the single character it begins with
                called[left, ""] |= bits
        first = "".join({re.escape(left) for left, _ in called})
        alone = "".join(map(re.escape, single)) or "^\\W\\w"
        second = "".join({re.escape(right) for _, right in called if right}) or "^\\W\\w"
        search = re.compile(f"([{first}])(?:(?<=[{alone}])|(?=([{second}])))").findall
        for length in range(below + 1, upto + 1):
            self._search[length] = search, called
        return search, called

    @cached_property
    def _tables(self) -> tuple[Sets, Sets, Sets, Flags, Flags]:
        """The rules each pair, each character and each length calls, and whether any."""
        of_pair, of_character = np.zeros(0x10000, np.uint64), np.zeros(0x10000, np.uint64)
        called = [
            ("".join(_middle(anchor)), 1 << number) for number, rule in enumerate(self.rules) for anchor in rule.anchors
        ]
        for table, size in ((of_pair, 2), (of_character, 1)):
            codes = np.array([ord(letter) for key, _ in called if len(key) == size for letter in key], np.uint16)
            keys = _pairs(codes)[::2] if size == 2 else codes
            np.bitwise_or.at(table, keys, np.array([bits for key, bits in called if len(key) == size], np.uint64))
        of_length = np.array([*self._of_length, 0], np.uint64)
        return of_pair, of_character, of_length, of_pair != 0, of_character != 0


_Search = Callable[[str], list[tuple[str, str]]]
Sets = NDArray[np.uint64]
Flags = NDArray[np.bool_]


@cache
def gate() -> Gate:
    """The gate of the rules for site chrome."""
    return Gate(chrome_rules())


@lru_cache(maxsize=4096)
def _numbers(bits: int) -> tuple[int, ...]:
    """The places of the ones in *bits*.

    >>> _numbers(0b1101)
    (0, 2, 3)
    """
    return tuple(place for place in range(bits.bit_length()) if bits >> place & 1)


def _middle(anchor: str) -> tuple[str, str]:
    """The two characters in the middle of *anchor*, or the one it is: those in 关于我们 are rarer than either of its words.

    >>> _middle("关于我们"), _middle("|")
    (('于', '我'), ('|', ''))
    """
    if len(anchor) == 1:
        return anchor, ""
    at = (len(anchor) - 2) // 2
    return anchor[at], anchor[at + 1]


def _pairs(codes: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """A number for each character and the next."""
    pairs = codes[:-1] * _LEFT
    pairs ^= codes[1:] * _RIGHT
    return pairs
