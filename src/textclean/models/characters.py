"""How likely is this character after that one?

A bigram model of written Chinese, simplified and traditional, in a file of
about a megabyte: enough to tell text from wreckage. It is read once, when
somebody first asks.

The probability of a pair that was never counted is that of leaving the first
character's word times that of the second opening one, so the table holds only
pairs that differ from that. Sources and licences: ``README.md`` beside this
file; ``build_characters.py`` makes it.
"""

from __future__ import annotations

import json
import zlib
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # importing numpy takes 0.1 s, which a program that only imports us should not pay
    import numpy as np
    from numpy.typing import NDArray

_FILE = Path(__file__).with_name("characters.bin")

# Log probabilities of what no count exists for. They order kinds of characters, and that is all they must do.
_RARE_HAN = -16.0  # and whatever is beyond the BMP
_OTHER_LETTER = -13.0
_OTHER_SYMBOL = -12.0
_ASCII = -7.0
_WRECK = -20.0

_NEVER_COUNTED = {"": 0.0}
"""The row of all characters that were never counted: damaged text has any number of them, so none has one of its own."""


class _Pairs(NamedTuple):
    """The pairs that were counted, one after the other by their first character."""

    keys: NDArray[np.int32]
    """Of each pair one number: the first character's times all characters, plus the second's."""
    ends: NDArray[np.int64]
    """Of each first character, where its pairs end."""
    values: NDArray[np.uint8]
    letters: list[str]
    worth: list[float]
    """One object for each character and each value, however many rows have it: 887,000 pairs of their own take 117 MB."""


class CharacterModel:
    """Log probabilities (nats) of characters and of pairs of characters.

    Use :func:`load`; building one costs some 5 ms, and 20 when somebody first asks for a pair.
    """

    def __init__(self, packed: bytes) -> None:
        import numpy as np  # noqa: PLC0415

        head, _, self._body = packed.partition(b"\n")
        facts = json.loads(head)
        count, self._pairs, self._step = facts["characters"], facts["pairs"], facts["step"]
        data = np.frombuffer(zlib.decompressobj().decompress(self._body, 4 * count), np.uint8)
        characters = data[: 2 * count].view("<u2").astype(np.int32)
        alone, leaves = data[2 * count : 3 * count], data[3 * count : 4 * count]
        self._count = count
        self.vocabulary = data[: 2 * count].tobytes().decode("utf-16-le")
        """All characters that were counted, the most frequent first."""

        self.alone = _floors()
        """Log probability of each code point of the BMP after a word's end."""
        self.alone[characters] = -self._step * alone
        self._leaves = np.zeros(0x10000, np.float32)
        self._leaves[characters] = -self._step * leaves
        self._number = np.full(0x10000, -1, np.int32)
        self._number[characters] = np.arange(count)
        for shared, like in (("123456789", "0"), ("bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "a")):
            for character in shared:
                for table in (self.alone, self._leaves, self._number):
                    table[ord(character)] = table[ord(like)]
        self._used = self.alone > _RARE_HAN + 1
        self._used[:32] = False
        self._used[[9, 10, 13]] = True
        self._rows: dict[str, dict[str, float]] = {}

    @cached_property
    def _table(self) -> _Pairs:
        """All pairs, unpacked when somebody first asks for one: clean text asks for single characters at most."""
        import numpy as np  # noqa: PLC0415

        count, pairs = self._count, self._pairs
        data = np.frombuffer(zlib.decompress(self._body), np.uint8)
        at = 4 * count
        lengths = data[at : at + 2 * count].view("<u2").astype(np.int64)
        at += 2 * count
        gaps = data[at : at + pairs] | data[at + pairs : at + 2 * pairs].astype(np.int32) << 8
        values = data[at + 2 * pairs : at + 3 * pairs]
        ends = np.cumsum(lengths)
        # Gaps count from 0 in each row; made to count from the last key of the row before, they add up to the keys.
        rows = lengths.nonzero()[0]
        firsts = (ends - lengths)[rows]
        lasts = rows * count + np.add.reduceat(gaps, firsts)
        gaps[firsts] += rows * count
        gaps[firsts[1:]] -= lasts[:-1]
        keys = np.cumsum(gaps, dtype=np.int32)
        worth = [-self._step * value for value in range(256)]
        return _Pairs(keys, ends, values, list(self.vocabulary), worth)

    def pair(self, left: str, right: str) -> float:
        """The log probability of *right* after *left*.

        >>> load().pair("中", "国") > load().pair("中", "囯")
        True
        """
        row = self._rows.get(left)
        if row is None:
            row = self._row(left)
        value = row.get(right)
        if value is None:
            code = ord(right)
            # Not remembered: damaged text asks for new pairs without end (700 MB after 56,000 damaged documents).
            value = row[""] + (float(self.alone[code]) if code < 0x10000 else _RARE_HAN)
        return value

    def _row(self, left: str) -> dict[str, float]:
        code = ord(left)
        number = int(self._number[code]) if code < 0x10000 else -1
        if number < 0:
            return _NEVER_COUNTED
        pairs = self._table
        end = int(pairs.ends[number])
        start = int(pairs.ends[number - 1]) if number else 0
        seconds = (pairs.keys[start:end] - number * self._count).tolist()
        row = {
            pairs.letters[second]: pairs.worth[value]
            for second, value in zip(seconds, pairs.values[start:end].tolist(), strict=True)
        }
        for shared, like in (("123456789", "0"), ("bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "a")):
            if like in row:
                row.update(dict.fromkeys(shared, row[like]))
        row[""] = float(self._leaves[code])
        self._rows[left] = row
        return row

    def score(self, text: str, before: str = "。") -> float:
        """The log probability of *text* after the character *before*: nats, over all of it.

        >>> model = load()
        >>> model.score("今天天气很好") > model.score("天今好很气天")
        True
        """
        return float(self.scores(text, before).sum())

    def quality(self, text: str) -> float:
        """How much like Chinese the characters of *text* are, one by one: nats, over all of it.

        Cheaper than :meth:`score` (20 ns a character), and enough to tell a
        right encoding from a wrong one. U+FFFD, controls and private use cost 20 each.
        """
        return float(self.alone[_units(text)].sum(dtype="float64"))

    def known_share(self, text: str) -> float:
        """The share of the characters of *text* that written text uses, be it Chinese or not."""
        return float(self._used[_units(text)].mean()) if text else 1.0

    def scores(self, text: str, before: str = "。") -> NDArray[np.float32]:
        """The log probability of each code unit of *text* after the one before it.

        A character beyond the BMP counts as two: both are rare, whatever they are.
        """
        import numpy as np  # noqa: PLC0415

        units = _units(before + text)
        left, right = units[:-1], units[1:]
        result: NDArray[np.float32] = self.alone[right] + self._leaves[left]
        first, second = self._number[left], self._number[right]
        keys = first * self._count + second
        pairs = self._table
        places = np.minimum(np.searchsorted(pairs.keys, keys), len(pairs.keys) - 1)
        known = (first >= 0) & (second >= 0) & (pairs.keys[places] == keys)
        result[known] = -self._step * pairs.values[places[known]]
        return result


def _units(text: str) -> NDArray[np.uint16]:
    import numpy as np  # noqa: PLC0415

    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")


def _floors() -> NDArray[np.float32]:
    """What each code point of the BMP is worth that was never counted."""
    import numpy as np  # noqa: PLC0415

    floors = np.full(0x10000, _WRECK, np.float32)  # controls, surrogates, private use, specials
    floors[0x20:0x80] = floors[[9, 10]] = _ASCII
    floors[0x3400:0xA000] = _RARE_HAN
    for low, high in ((0xA0, 0x3400), (0xA000, 0xD800), (0xF900, 0xFFF0)):
        letters = np.fromiter(map(str.isalpha, map(chr, range(low, high))), np.bool_, high - low)
        floors[low:high] = np.where(letters, _OTHER_LETTER, _OTHER_SYMBOL)
    return floors


@cache
def load() -> CharacterModel:
    """The model of this package, read once."""
    return CharacterModel(_FILE.read_bytes())
