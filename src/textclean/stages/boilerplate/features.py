"""The features of the lines of a page: each by itself, and amid the others.

Every column is computed for all lines of the page at once, and what can be is
computed for several columns at once: a page has a hundred lines, for which a
call of numpy costs as much as its arithmetic. The same code feeds the training
script, so a model and its features cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import log
from typing import Final

import numpy as np

from textclean.stages.boilerplate import markup as html
from textclean.stages.boilerplate.markup import Markup
from textclean.stages.boilerplate.measure import (
    COUNTS,
    HASH_BITS,
    RULED,
    SHARES,
    Flags,
    Floats,
    Ints,
    Measured,
    densest,
)

_FAR: Final = 60
"""Distances are cut here: further away is simply far."""

_NEAR_STEPS: Final = (-3, -2, -1, 1, 2, 3)
_WIDTHS: Final = (3, 7, 15)
_LINE_NAMES: Final = [
    "length",
    "log_length",
    "han",
    "digit",
    "latin",
    "comma",
    "period",
    "separator",
    "comma_count",
    "period_count",
    "end_count",
    "separator_count",
    "quote_count",
    "colon_count",
    "bullet_count",
    "dot_count",
    "close_count",
    "tokens",
    "token_length",
    "function",
    "sentence_end",
    "dots_end",
    "colon_end",
    "close_end",
    "bullet_start",
    "open_start",
    "digit_start",
    "stop_start",
    "label",
    "stamped",
    "lex_sum",
    "lex_mean",
    "lex_low",
    "lex_high",
    "rule_always",
    "rule_edge",
    "rule_head",
    "rule_tail",
    "rule_metadata",
    "repeats",
    "score",
]
_PAGE_NAMES: Final = [
    "alike_above",
    "alike_below",
    "alike_run",
    "colon_above",
    "item",
    "item_above",
    "item_below",
    "amid_items",
    "score_above3",
    "score_below3",
    "score_above7",
    "score_below7",
    "score_above15",
    "score_below15",
    "lex_mean_above3",
    "lex_mean_below3",
    "lex_mean_above7",
    "lex_mean_below7",
    "lex_mean_above15",
    "lex_mean_below15",
    "inside",
    "from_first",
    "from_last",
    "window",
    "row",
    "row_from_end",
    "place",
    "prose_before",
    "prose_after",
    "since_prose",
    "until_prose",
    "since_head",
    "since_metadata",
    "until_metadata",
    "under_head",
    "marks_before",
    "marks_after",
    "overlap",
    "page_lines",
    "page_prose",
    "page_text",
    "page_marks",
    "page_lex",
    "page_length",
    "page_stops",
]
NAMES: Final = (
    *_LINE_NAMES,
    *(f"{name}{step:+d}" for name in ("log_length", "score", "lex_mean", "sentence_end") for step in _NEAR_STEPS),
    *_PAGE_NAMES,
    *html.NAMES,
)
"""The columns, in order."""
_AT: Final = {name: number for number, name in enumerate(NAMES)}


class Around:
    """For each row of a page its place, and which rows stand before and after it, as far as the widths reach."""

    def __init__(self, count: int) -> None:
        self.row = row = np.arange(count)
        self.place = np.stack((np.minimum(row, 50), np.minimum(row, 50)[::-1], row / max(count, 1))).astype(np.float32)
        before = [(np.maximum(row - width, 0), row) for width in _WIDTHS]
        after = [(row + 1, np.minimum(row + width + 1, count)) for width in _WIDTHS]
        reach = np.array([one for both in zip(before, after, strict=True) for one in both])
        self._low, self._high = np.ascontiguousarray(reach[:, 0]), np.ascontiguousarray(reach[:, 1])
        self._size = np.maximum(self._high - self._low, 1).astype(np.float64)
        self._first = count
        self._steps = np.minimum(np.maximum(np.arange(-count, count + 1), -_FAR), _FAR).astype(np.float32)

    def means(self, values: Floats, into: Floats) -> None:
        """The means of *values* over the rows before and after, for each width; *into* has two rows for each."""
        total = np.zeros((len(values), len(self.row) + 1))
        total[:, 1:] = values
        np.add.accumulate(total, axis=1, out=total)  # in place: cumsum would cast what it reads bit by bit
        means = total.take(self._high, axis=1, mode="clip")
        means -= total.take(self._low, axis=1, mode="clip")
        np.divide(means, self._size, out=into.reshape(means.shape), casting="unsafe")

    def from_row(self, row: int) -> Floats:
        """How far each row is from *row*, below it more than nothing."""
        return self._steps[self._first - row :][: len(self.row)]


_MANY_LINES: Final = 2000
_around = lru_cache(maxsize=256)(Around)


def around(count: int) -> Around:
    """The :class:`Around` of pages with *count* lines; kept, as most pages have as many as some other."""
    return _around(count) if count <= _MANY_LINES else Around(count)


def columns(
    measured: Measured,
    said: Ints,
    weights: Floats,
    markup: Markup | None = None,
    repeats: Floats | None = None,
) -> Floats:
    """The features of a page, a row for each of :data:`NAMES` and a column for each line.

    *said* are the uses of the rules the lines match, *weights* the model's for
    pairs of characters, *markup* what a page of HTML says of its lines (None for
    plain text), *repeats* how often each line stands on the page.
    """
    count, length = measured.count, measured.length
    table = np.zeros((len(NAMES), count), np.float32)
    _line_columns(measured, table, weights)
    at = _AT["rule_always"]
    ruled, rules = said > 0, RULED.take(said, axis=1)
    table[at : at + 5] = rules
    table[at + 5] = 1 if repeats is None else repeats
    at = _AT["score"]
    table[at] = score = _prose_scores(measured, ruled)
    lexical = table[_AT["lex_mean"]]

    at += 1
    _around_each((table[1], score, lexical, measured.sentence_end), -1, 3, table[at : at + 24])

    at = _AT["alike_above"]
    alike = measured.alike
    table[at] = alike
    table[at + 1, :-1] = table[at, 1:]
    run = np.add.accumulate(~alike, dtype=np.int64)
    np.minimum(np.bincount(run).take(run), 30, out=table[at + 2], casting="unsafe")
    table[at + 3, 1:] = measured.ends[1, :-1]
    table[at + 4 : at + 8] = measured.items

    near_by = around(count)
    at = _AT["score_above3"]
    near_by.means(np.array((score, lexical)), table[at : at + 12])

    at = _AT["inside"]
    prose = score > 0
    low, high = densest(score) or (0, count - 1)
    table[at, low : high + 1] = 1
    table[at + 1] = near_by.from_row(low)
    table[at + 2] = near_by.from_row(high)
    table[at + 3] = min(high - low + 1, 200)
    table[at + 4 : at + 7] = near_by.place
    spoken = np.where(prose, length, 0)
    text = spoken.cumsum()
    both = np.array((text, text))
    both += 1
    both[0] -= spoken
    np.subtract(both[1, -1], text, out=both[1])
    np.log(both, out=table[at + 7 : at + 9])
    head, facts = rules[2] | rules[3], rules[4]
    since = _since((prose, head, facts, prose[::-1], facts[::-1]), near_by.row)
    table[at + 14] = since[1] < since[0]
    np.minimum(since, _FAR, out=since)
    table[at + 9], table[at + 10] = since[0], since[3, ::-1]
    table[at + 11 : at + 13], table[at + 13] = since[1:3], since[4, ::-1]
    marks = ruled.cumsum()
    np.minimum(marks, 20, out=table[at + 15], casting="unsafe")
    np.minimum(marks[-1] - marks, 20, out=table[at + 16], casting="unsafe")
    table[at + 17] = _overlap(measured, low, high)

    at = _AT["page_lines"]
    size = np.maximum(length, 1)
    sizes = float(size.sum())
    table[at : at + 7] = np.array(
        [
            log(1 + count),
            np.count_nonzero(prose) / count,
            log(1 + text[-1]),
            marks[-1] / count,
            lexical.dot(size) / sizes,
            log(1 + sizes / count),
            np.count_nonzero(measured.sentence_end) / count,
        ]
    )[:, None]
    at += 7
    if markup is None:
        table[at:] = -1  # not known: plain text has no links to count
        return table
    table[at:] = markup.columns(spoken)
    return table


def context(first: Floats, table: Floats, lines: Ints | None = None) -> Floats:
    """*table* with what a first round said (*first*, probabilities) about each line and those around it.

    With *lines*, only the columns of these.
    """
    count = len(first)
    near_by = around(count)
    added = np.zeros((CONTEXT, count), np.float32)
    odds = np.log((first + 1e-3) / (1 - first + 1e-3))
    added[0] = odds
    _around_each((odds,), -8, 4, added[1:9])
    near_by.means(first[None], added[9:15])
    total = first.cumsum(dtype=np.float64)
    added[15, 1:] = total[:-1]
    np.subtract(total[-1], total, out=added[16], casting="unsafe")
    added[17], added[18] = total[-1] / count, total[-1]
    likely, sure, unlikely = first > 0.5, first > 0.9, first < 0.1
    since = _since((likely, sure, unlikely, likely[::-1], sure[::-1], unlikely[::-1]), near_by.row)
    np.minimum(since, _FAR, out=since)
    for number, one in enumerate((likely, sure)):
        found = one.nonzero()[0].tolist() or [int(first.argmax())]
        block = added[19 + 5 * number :]
        block[0], block[1] = near_by.from_row(found[0]), near_by.from_row(found[-1])
        block[2] = found[-1] - found[0] + 1 - len(found)
        block[3], block[4] = since[number], since[number + 3, ::-1]
    added[29], added[30] = since[2], since[5, ::-1]
    np.maximum.accumulate(first[:-1], out=added[31, 1:])
    np.maximum.accumulate(first[:0:-1], out=added[32, -2::-1])
    given = len(table)
    wide = np.empty((given + CONTEXT, count if lines is None else len(lines)), np.float32)
    if lines is None:
        wide[:given], wide[given:] = table, added
    else:
        table.take(lines, axis=1, out=wide[:given], mode="clip")
        added.take(lines, axis=1, out=wide[given:], mode="clip")
    return wide


CONTEXT: Final = 33
"""How many rows :func:`context` adds."""


def _around_each(values: Sequence[Floats | Flags], edge: float, reach: int, into: Floats) -> None:
    """For each of *values*, and each step up to *reach* before and after, what stands there; *edge* beyond the page."""
    count = len(values[0])
    padded = np.full((len(values), count + 2 * reach), edge, np.float32)
    padded[:, reach:-reach] = values
    width = padded.itemsize
    steps: Floats = np.ndarray(
        (len(values), 2 * reach + 1, count), np.float32, padded, 0, (padded.strides[0], width, width)
    )
    each = into.reshape(len(values), 2 * reach, count)
    each[:, :reach], each[:, reach:] = steps[:, :reach], steps[:, reach + 1 :]


def _line_columns(measured: Measured, table: Floats, weights: Floats) -> None:
    """The columns that need nothing but the line itself."""
    length, classes = measured.length, measured.classes
    size = np.maximum(length, 1)
    han, function, digits = measured.han, measured.named("function"), measured.named("digit")
    np.minimum(length, 400, out=table[0])
    np.log(length + 1, out=table[1])
    np.divide(classes[SHARES], size, out=table[2:7])
    np.divide(measured.named("separator"), size, out=table[7])
    np.minimum(classes[COUNTS], 30, out=table[8:17])
    tokens = measured.named("space") + 1
    np.minimum(tokens, 60, out=table[17])
    np.minimum(length / tokens, 100, out=table[18])
    np.divide(function, np.maximum(han, 1), out=table[19])
    table[20] = measured.sentence_end
    table[21:28] = measured.edges
    np.minimum(measured.label, 20, out=table[28])
    table[29] = measured.begins[2] & (digits >= 12) & (measured.named("colon") >= 1)
    lexical = weights.take(measured.pairs, mode="clip")
    total = np.add.reduceat(lexical, measured.starts)
    np.minimum(np.maximum(total, -20), 20, out=table[30])
    np.divide(total, length + 1, out=table[31])
    np.minimum.reduceat(lexical, measured.starts, out=table[32])
    np.maximum.reduceat(lexical, measured.starts, out=table[33])


def _prose_scores(measured: Measured, ruled: Flags) -> Floats:
    """How much each line reads like text, in characters; chrome and short lines count against."""
    score = measured.scores(measured.sentence_end)
    scores: Floats = np.where(ruled & (measured.length < 120), np.minimum(score - 30, -15), score)
    return scores


def _since(flags: Sequence[Flags], row: Ints) -> Ints:
    """For each of *flags* and each *row* how many rows ago the last flag stood, this one included.

    Where there was none it is as if one had stood far above the page.
    """
    last = np.where(np.array(flags), row, -_FAR)
    np.maximum.accumulate(last, axis=1, out=last)
    return np.subtract(row, last, out=last)


_ONE: Final = np.uint32(1)


def _overlap(measured: Measured, low: int, high: int) -> Floats:
    """The share of each line's pairs that the densest stretch has too, besides the line itself."""
    pairs, feeds = measured.pairs, measured.letters.feeds
    begin, end = feeds[low], feeds[high + 1]
    count = np.zeros(1 << HASH_BITS, np.uint32)  # half of what bincount makes: the cache is what this costs
    np.add.at(count, pairs[begin:end], _ONE)
    seen = count.take(pairs, mode="clip")
    seen[begin:end] -= _ONE
    shared = np.add.reduceat(seen > 0, measured.starts, dtype=np.float32)
    result: Floats = (shared / (measured.length + 1)).astype(np.float32, copy=False)
    return result
