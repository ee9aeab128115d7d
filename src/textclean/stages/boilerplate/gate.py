"""Which rules may match which lines? All pairs of characters of a page are looked up at once.

A rule names anchors, words without which it cannot match. A line is shown to a
rule only if it has the two characters in the middle of one of them, or the one
character it is, and a length the rule allows. Looking up a pair in a table
costs two nanoseconds; trying one regular expression costs a thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from textclean.stages.boilerplate.rules import Rule, chrome_rules

MOST_RULES: Final = 64
"""A set of rules is the bits of one number."""
_BITS: Final = 17
"""Pairs are hashed into a table of this many bits: 1 in 300 pairs that no rule asked for is let through."""
_LINE_FEED: Final = 10
_LEFT, _RIGHT = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)  # odd constants of Fibonacci hashing and MurmurHash


class Gate:
    """Tells for each line which of *rules* may match it."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        if len(rules) > MOST_RULES:
            raise ValueError(f"{len(rules)} rules do not fit into {MOST_RULES} bits")
        self._of_pair = np.zeros(1 << _BITS, np.uint64)
        self._of_character = np.zeros(0x10000, np.uint64)
        self._of_length = np.zeros(max(rule.longest for rule in rules) + 2, np.uint64)
        for number, rule in enumerate(rules):
            bit = np.uint64(1 << number)
            self._of_length[rule.shortest : rule.longest + 1] |= bit
            for anchor in rule.anchors:
                codes = _codes(anchor)
                if len(codes) == 1:
                    self._of_character[codes] |= bit
                else:
                    # Two characters that meet in the middle of 关于我们 are rarer than either of its words.
                    self._of_pair[_pairs(codes)[(len(codes) - 2) // 2]] |= bit
        self._pair_counts = self._of_pair != 0
        self._character_counts = self._of_character != 0

    def __call__(self, lines: Sequence[str]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """The lines some rule may match, in any order, each with the numbers of those rules, lowest first."""
        if not lines:
            return
        codes = _codes("\n".join(lines) + "\n")
        pairs = _pairs(codes)
        double = self._pair_counts.take(pairs).nonzero()[0]
        single = self._character_counts.take(codes).nonzero()[0]
        called = np.concatenate((self._of_pair.take(pairs[double]), self._of_character.take(codes[single])))
        if not len(called):
            return
        row = (codes == _LINE_FEED).nonzero()[0].searchsorted(np.concatenate((double, single)))
        # Most of what is called for in a paragraph are rules for shorter lines.
        size = np.fromiter(map(len, lines), np.int64, len(lines))
        called &= self._of_length.take(size, mode="clip").take(row)
        some = called.nonzero()[0]
        admitted: dict[int, int] = {}
        for number, rules in zip(row[some].tolist(), called[some].tolist(), strict=True):
            admitted[number] = admitted.get(number, 0) | rules
        yield from zip(admitted, map(_numbers, admitted.values()), strict=True)


@cache
def gate() -> Gate:
    """The gate of the rules for site chrome."""
    return Gate(chrome_rules())


@cache
def _numbers(bits: int) -> tuple[int, ...]:
    """The places of the ones in *bits*.

    >>> _numbers(0b1101)
    (0, 2, 3)
    """
    return tuple(place for place in range(bits.bit_length()) if bits >> place & 1)


def _codes(text: str) -> NDArray[np.uint16]:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def _pairs(codes: NDArray[np.uint16]) -> NDArray[np.uint32]:
    """A number for each character and the next."""
    pairs = codes[:-1] * _LEFT
    pairs ^= codes[1:] * _RIGHT
    pairs *= _RIGHT
    pairs >>= np.uint32(32 - _BITS)
    return pairs
