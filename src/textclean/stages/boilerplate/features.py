"""The features of the lines of a page: each by itself, and amid the others.

Every column is computed for all lines of the page at once, and what can be is
computed for several columns at once: a page has a hundred lines, for which a
call of numpy costs as much as its arithmetic. The same code feeds the training
script, so a model and its features cannot drift apart.
"""

from __future__ import annotations

from math import log
from typing import Final

import numpy as np

from textclean.kernels.native import lines as native
from textclean.stages.boilerplate import markup as html
from textclean.stages.boilerplate.around import FAR, WIDTHS, among_chances, among_lines
from textclean.stages.boilerplate.markup import Markup
from textclean.stages.boilerplate.measure import (
    CLASSES,
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

_NEAR_STEPS: Final = (-3, -2, -1, 1, 2, 3)
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

    prose = score > 0
    low, high = densest(score) or (0, count - 1)
    spoken = np.where(prose, length, 0)
    among = prose, rules[2] | rules[3], rules[4], ruled
    if (kernels := native.kernels(0)) is not None:
        kernels.among(
            table, _READ_AND_WRITTEN, WIDTHS, FAR, low, high, measured.alike, measured.ends[1], spoken, *among
        )
    else:
        among_lines(table, _READ_AND_WRITTEN, low, high, measured.alike, measured.ends[1], spoken, *among)
    at = _AT["alike_above"]
    table[at + 4 : at + 8] = measured.items
    at = _AT["prose_before"]
    np.log(table[at : at + 2], out=table[at : at + 2])
    table[_AT["overlap"]] = _overlap(measured, low, high)

    at = _AT["page_lines"]
    size = np.maximum(length, 1)
    sizes = float(size.sum())
    table[at : at + 7] = np.array(
        [
            log(1 + count),
            np.count_nonzero(prose) / count,
            log(1 + spoken.sum()),
            np.count_nonzero(ruled) / count,
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


_READ_AND_WRITTEN: Final = tuple(
    _AT[name]
    for name in (
        "log_length",
        "score",
        "lex_mean",
        "sentence_end",
        "log_length-3",
        "alike_above",
        "score_above3",
        "inside",
    )
)


def context(first: Floats, table: Floats, lines: Ints | None = None) -> Floats:
    """*table* with what a first round said (*first*, probabilities) about each line and those around it.

    With *lines*, only the columns of these.
    """
    count = len(first)
    added = np.zeros((CONTEXT, count), np.float32)
    np.log((first + 1e-3) / (1 - first + 1e-3), out=added[0])
    if (kernels := native.kernels(0)) is not None:
        kernels.context(first, WIDTHS, FAR, added)
    else:
        among_chances(first, added)
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


def _line_columns(measured: Measured, table: Floats, weights: Floats) -> None:
    """The columns that need nothing but the line itself."""
    length = measured.length
    np.log(length + 1, out=table[1])
    if (kernels := native.kernels(0)) is not None:
        pairs, feeds = measured.pairs, measured.letters.feeds
        lexical: Floats = np.empty(len(pairs), np.float32)
        shown = measured.classes, measured.edges, measured.sentence_end, measured.label
        kernels.alone(table, *shown, weights, pairs, feeds, CLASSES, lexical)
    else:
        lexical = weights.take(measured.pairs, mode="clip")
        _alone(measured, table, lexical)
    total = np.add.reduceat(lexical, measured.starts)
    np.minimum(np.maximum(total, -20), 20, out=table[30])
    np.divide(total, length + 1, out=table[31])


def _alone(measured: Measured, table: Floats, lexical: Floats) -> None:
    length, classes = measured.length, measured.classes
    size = np.maximum(length, 1)
    han, function, digits = measured.han, measured.named("function"), measured.named("digit")
    np.minimum(length, 400, out=table[0])
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
    np.minimum.reduceat(lexical, measured.starts, out=table[32])
    np.maximum.reduceat(lexical, measured.starts, out=table[33])


def _prose_scores(measured: Measured, ruled: Flags) -> Floats:
    """How much each line reads like text, in characters; chrome and short lines count against."""
    score = measured.scores(measured.sentence_end)
    scores: Floats = np.where(ruled & (measured.length < 120), np.minimum(score - 30, -15), score)
    return scores


_ONE: Final = np.uint32(1)


def _overlap(measured: Measured, low: int, high: int) -> Floats:
    """The share of each line's pairs that the densest stretch has too, besides the line itself."""
    pairs, feeds = measured.pairs, measured.letters.feeds
    shares: Floats = np.empty(measured.count, np.float32)
    if (kernels := native.kernels(0)) is not None:
        kernels.overlap(pairs, feeds, low, high, np.zeros(1 << HASH_BITS, np.uint8), shares)
        return shares
    begin, end = feeds[low], feeds[high + 1]
    count = np.zeros(1 << HASH_BITS, np.uint32)  # half of what bincount makes: the cache is what this costs
    np.add.at(count, pairs[begin:end], _ONE)
    seen = count.take(pairs, mode="clip")
    seen[begin:end] -= _ONE
    shared = np.add.reduceat(seen > 0, measured.starts, dtype=np.float32)
    np.divide(shared, measured.length + 1, out=shares)
    return shares
