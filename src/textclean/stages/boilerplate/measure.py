"""What can be measured of each line of a page by itself: one pass of character classes, then arithmetic on columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from textclean.kernels.native import lines as native
from textclean.stages.boilerplate.items import ITEM_STARTS, numbered
from textclean.stages.boilerplate.letters import Letters
from textclean.stages.boilerplate.rules import USES, Rule

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

HASH_BITS: Final = 16
"""Pairs of characters are hashed into a table of this many bits: 65,536 weights in a byte each."""
_MIX_LEFT, _MIX_RIGHT = (
    np.uint32(0x9E3779B1),
    np.uint32(0x85EBCA6B),
)  # odd constants of MurmurHash and Fibonacci hashing
LONG_LINE = 25
"""From this many characters on, a line with a comma reads as prose: headlines in lists are shorter."""
_HALF, _HASHED = np.uint32(15), np.uint32(32 - HASH_BITS)
_HASH: Final = tuple(map(np.uint64, (_MIX_LEFT, _MIX_RIGHT, _HALF, _HASHED)))

_CLASSES: Final = {
    "digit": "0123456789０１２３４５６７８９",
    "latin": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "comma": "，、,",
    "period": "。",
    "end": "！？!?；;",
    "separator": "|｜>＞»›→┊│┃/／_-—－~",
    "quote": "“”\"‘’'「」『』《》〈〉",
    "colon": ":：︰∶",
    "bullet": "·•・▪■□◆◇●○★☆▲△▼*※◎",
    "dot": ".…",
    "close": ")]）】〕}",
    "open": "([（【〔「『{",
    "space": " \t\u00a0\u3000",
    "function": "的了在是和有与與为為对對将將着著也就都而但被把他她我你這这那不",
}
_NAMES = ["other", "han", *_CLASSES]
_CODE = {name: number for number, name in enumerate(_NAMES)}
_WIDTH = len(_NAMES)


def _class_table() -> NDArray[np.uint8]:
    table = np.zeros(0x10000, np.uint8)
    for low, high in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0xD800, 0xE000)):
        table[low:high] = _CODE["han"]  # surrogates stand for the planes beyond the first, which are ideographs
    for name, characters in _CLASSES.items():
        for character in characters:
            table[ord(character)] = _CODE[name]
    return table


def _among(*names: str) -> NDArray[np.bool_]:
    """For each class whether it is one of those named."""
    return np.isin(np.arange(_WIDTH), [_CODE[name] for name in names])


_TABLE: Final = _class_table()
_STOPS, _CLOSERS = _among("period", "end"), _among("quote", "close")
_SENTENCE_END: Final = (_STOPS | _CLOSERS & _STOPS[:, None]).ravel()
"""For each class of the last character but one, and each of the last: whether a sentence ends so."""
_ENDS: Final = np.array([_among("dot"), _among("colon"), _among("close")])
_BEGINS: Final = np.array(
    [_among("bullet"), _among("open"), _among("digit"), _among("comma", "period", "close", "colon")]
)
_EDGES: Final = np.concatenate((np.tile(_ENDS, _WIDTH), _BEGINS.repeat(_WIDTH, axis=1)))
"""For each class of the first character and each of the last what the line begins and ends with."""
CLASSES: Final = tuple(
    _CODE[name] for name in ("han", "digit", "period", "separator", "comma", "close", "space", "function", "colon")
)
"""The numbers of those classes that are columns by themselves, or the first or last of such."""
SHARES: Final = slice(_CODE["han"], _CODE["period"] + 1)
COUNTS: Final = slice(_CODE["comma"], _CODE["close"] + 1)


class Measured:
    """What is measured of a page's lines once, whatever the model."""

    def __init__(
        self, lines: Sequence[str], fold: NDArray[np.uint16] | None = None, letters: Letters | None = None
    ) -> None:
        """*fold* says which character stands for each in pairs; *letters* are those of the lines, if they are known."""
        self.lines, self.count = lines, len(lines)
        self.letters = letters = Letters(lines) if letters is None else letters
        self.length = letters.sizes.astype(np.float32)
        self.classes = np.zeros((_WIDTH, self.count), np.float32)
        """How many characters of each class each line has."""
        self.edges: Flags = np.zeros((len(_EDGES), self.count), np.bool_)
        """What each line begins and ends with."""
        self.sentence_end: Flags = np.zeros(self.count, np.bool_)
        self.alike: Flags = np.zeros(self.count, np.bool_)
        """Whether each line begins and ends as the one before: items of a list, lines of a table, verses do."""
        self.label = np.zeros(self.count, np.float32)
        """Where the first colon of each line is, counted from 1."""
        if (kernels := native.kernels(0)) is not None:
            tables = _TABLE, _EDGES, _SENTENCE_END, _CODE["colon"]
            into = self.classes, self.edges, self.sentence_end, self.alike, self.label
            kernels.measure(letters.codes, letters.feeds, *tables, *into)
        else:
            self._measure(letters)
        self.ends, self.begins = self.edges[:3], self.edges[3:]
        self.han: Floats = self.classes[_CODE["han"]]
        """How many ideographs each line has."""
        self.han += self.classes[_CODE["function"]]
        stops = self.named("period") + self.named("end")
        self.prose = (stops > 0) | ((self.named("comma") > 0) & (self.length >= LONG_LINE))
        self._fold = fold

    def _measure(self, letters: Letters) -> None:
        starts, ends, size = letters.starts, letters.ends, letters.sizes
        classes = _TABLE.take(letters.places, mode="clip")
        where = np.arange(0, self.count * _WIDTH, _WIDTH).repeat(size + 1)
        where += classes[1:]
        count = np.bincount(where, minlength=_WIDTH * self.count)
        self.classes[:] = count.reshape(self.count, _WIDTH).T
        # The character before a line of one or none is a line feed, which is of no class.
        first, last, before_last = classes.take(np.array((starts, ends - 1, ends - 2))).astype(np.int64)
        form = first * _WIDTH + last
        self.sentence_end[:] = _SENTENCE_END.take(before_last * _WIDTH + last)
        self.edges[:] = _EDGES.take(form, axis=1)
        np.equal(form[1:], form[:-1], out=self.alike[1:])
        if "" in self.lines:
            self.alike &= size > 0
        colons = (classes == _CODE["colon"]).nonzero()[0][::-1]
        of_colon = ends.searchsorted(colons)
        self.label[of_colon] = colons - letters.feeds[of_colon]

    @property
    def starts(self) -> Ints:
        """Where the :attr:`pairs` of each line begin."""
        starts: Ints = self.letters.feeds[:-1]
        return starts

    @cached_property
    def pairs(self) -> Ints:
        """A number for each character and the one before.

        The pair that ends with a line feed tells how a line ends; the one that
        begins with it, how the next begins.
        """
        if self._fold is not None and (kernels := native.kernels(0)) is not None:
            found: Ints = np.empty(len(self.letters.codes) - 1, np.int64)
            kernels.pairs(self.letters.codes, self._fold, *_HASH, found)
            return found
        folded = self.letters.codes if self._fold is None else self._fold.take(self.letters.places, mode="clip")
        pairs = folded[1:] * _MIX_RIGHT
        pairs ^= folded[:-1] * _MIX_LEFT
        pairs ^= pairs >> _HALF
        pairs *= _MIX_LEFT
        pairs >>= _HASHED
        return pairs.astype(np.int64)

    def shared(self, rows: Sequence[int], low: int, high: int) -> Floats:
        """For each line from *low* to before *high* the share of its pairs that some of *rows* have too."""
        if low >= high:
            return np.zeros(0, np.float32)
        known = np.zeros(1 << HASH_BITS, np.bool_)
        feeds = self.letters.feeds
        for row in rows:
            known[self.pairs[feeds[row] + 1 : feeds[row + 1] - 1]] = True
        begin, end = feeds[low], feeds[high]
        # Of the first pair and the last of a line one half is a line feed.
        count = np.add.reduceat(known.take(self.pairs[begin:end]), feeds[low:high] - begin, dtype=np.float32)
        shares: Floats = np.minimum(count / np.maximum(self.length[low:high] - 1, 1), 1)
        return shares

    @cached_property
    def items(self) -> Floats:
        """The lines as items of lists; see :func:`numbered`."""
        return numbered(self.lines, self.letters.rows_that_begin_with(ITEM_STARTS))

    @cached_property
    def _worth(self) -> tuple[Floats, Floats, Floats]:
        """What each line is worth, in characters, as prose, as something that ends as text does, and as neither."""
        length = self.length
        return np.minimum(length, 200), np.minimum(length, 60), -np.minimum(np.maximum(length * 0.6, 8), 30)

    def scores(self, closed: Flags) -> Floats:
        """How much each line reads like text, in characters; *closed* are those that end as text does."""
        prose, text, chrome = self._worth
        scores: Floats = np.where(self.prose, prose, np.where(closed, text, chrome))
        return scores

    def named(self, name: str) -> Floats:
        """How many characters of the class *name* each line has."""
        column: Floats = self.classes[_CODE[name]]
        return column


RULED: Final = np.array(
    [[use == name for use in ("", *USES)] * 2 for name in ("always", "edge", "head", "tail")]
    + [[False] * (len(USES) + 1) + [True] * (len(USES) + 1)]
)
"""For each use but "hint", and for the reason "metadata", which numbers of :attr:`Rule.number_of_use` have it."""
_AGAINST: Final = np.where(RULED[1], np.float32(-8), np.float32(-20))
"""What a rule of each use makes of a line's score."""


def uses(rules: Sequence[Rule | None]) -> Ints:
    """For each line the number of the use of its rule; 0 where it matches none."""
    numbers = np.zeros(len(rules), np.int64)
    for row, rule in enumerate(rules):
        if rule is not None:
            numbers[row] = rule.number_of_use
    return numbers


def text_scores(measured: Measured, said: Ints, teasers: Sequence[int]) -> Floats:
    """How much each line reads like text; rules (*said* are their uses) count against it, and that it is a teaser."""
    closed = measured.sentence_end | measured.ends[0] | measured.ends[1]
    # A telephone number in a notice must not end the notice.
    score: Floats = np.where(said > 0, _AGAINST.take(said), measured.scores(closed))
    if teasers:
        score[teasers] = -20
    return score


def densest(score: Floats) -> tuple[int, int] | None:
    """First and last row of the stretch with the greatest sum; None where nothing is above zero.

    As in Pasternack and Roth, "Extracting article text from the web with
    maximum subsequence segmentation" (2009).
    """
    total = np.zeros(len(score) + 1)
    total[1:] = score
    np.add.accumulate(total, out=total)
    lowest = np.minimum.accumulate(total[:-1])
    gains = total[1:] - lowest
    high = int(gains.argmax())
    if gains[high] <= 0:
        return None
    return int((total[: high + 1] == lowest[high]).nonzero()[0][-1]), high
