"""What can be measured of each line of a page: one pass of character classes, then arithmetic on columns.

Every column is computed for all lines of the page at once. The same code feeds
the training script, so a model and its features cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from textclean.stages.boilerplate.rules import Rule

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

HASH_BITS: Final = 16
"""Pairs of characters are hashed into a table of this many bits: 65,536 weights in a byte each."""
_MIX_LEFT, _MIX_RIGHT = 0x9E3779B1, 0x85EBCA6B  # odd constants of MurmurHash and Fibonacci hashing
LONG_LINE = 25
"""From this many characters on, a line with a comma reads as prose: headlines in lists are shorter."""
_FAR = 60
"""Distances are cut here: further away is simply far."""

_CLASSES: Final = {
    "digit": "0123456789０１２３４５６７８９",
    "latin": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "comma": "，、,",
    "period": "。",
    "end": "！？!?；;",
    "separator": "|｜>＞»›→┊│┃/／_-—－~",
    "space": " \t\u00a0\u3000",
    "quote": "“”\"‘’'「」『』《》〈〉",
    "colon": ":：︰∶",
    "bullet": "·•・▪■□◆◇●○★☆▲△▼*※◎",
    "open": "([（【〔「『{",
    "close": ")]）】〕}",
    "function": "的了在是和有与與为為对對将將着著也就都而但被把他她我你這这那不",
    "dot": ".…",
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
_STOPS: Final = _among("period", "end")
_CLOSERS: Final = _among("quote", "close")
_MIDDLES: Final = _among("comma", "period", "close", "colon")


class Measured:
    """The columns of a page's lines that are measured once, whatever the model."""

    def __init__(self, lines: Sequence[str], fold: NDArray[np.uint16] | None = None) -> None:
        self.count = len(lines)
        joined = "\n".join(lines) + "\n"
        codes = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), np.uint16)
        ends = np.flatnonzero(codes == 10)
        starts = np.concatenate(([0], ends[:-1] + 1))
        self.length = (ends - starts).astype(np.float32)
        of_line = np.repeat(np.arange(self.count), ends - starts + 1)
        classes = _TABLE[codes]
        self.classes = (
            np.bincount(of_line * _WIDTH + classes, minlength=self.count * _WIDTH)
            .reshape(self.count, _WIDTH)
            .astype(np.float32)
        )
        first, last = classes[starts], classes[np.maximum(ends - 1, starts)]
        before_last = np.where(self.length > 1, classes[np.maximum(ends - 2, starts)], 0)
        self.sentence_end = _STOPS[last] | (_CLOSERS[last] & _STOPS[before_last])
        self.dots_end = last == _CODE["dot"]
        self.colon_end = last == _CODE["colon"]
        self.close_end = last == _CODE["close"]
        self.bullet_start = first == _CODE["bullet"]
        self.open_start = first == _CODE["open"]
        self.digit_start = first == _CODE["digit"]
        self.stop_start = _MIDDLES[first]
        folded = codes if fold is None else fold[codes]
        # The pair that ends with a line feed tells how a line ends; the one that begins with it, how the next begins.
        pairs = np.empty(len(codes), np.uint32)
        pairs[1:] = folded[1:]
        pairs[0] = folded[0]
        pairs *= np.uint32(_MIX_RIGHT)
        left = np.empty(len(codes), np.uint32)
        left[1:] = folded[:-1]
        left[0] = 10
        pairs ^= left * np.uint32(_MIX_LEFT)
        pairs ^= pairs >> np.uint32(15)
        pairs *= np.uint32(_MIX_LEFT)
        self.pairs = (pairs >> np.uint32(32 - HASH_BITS)).astype(np.int64)
        self.starts = starts
        stops = self.named("period") + self.named("end")
        self.prose = (stops > 0) | ((self.named("comma") > 0) & (self.length >= LONG_LINE))

    def named(self, name: str) -> Floats:
        """How many characters of the class *name* each line has."""
        column: Floats = self.classes[:, _CODE[name]]
        return column


def columns(
    measured: Measured,
    rules: Sequence[Rule | None],
    weights: Floats,
    links: Floats | None = None,
    repeats: Floats | None = None,
) -> tuple[Floats, list[str]]:
    """The matrix of features, a row a line, and the names of its columns.

    *weights* are the model's for pairs of characters, *links* the share of each
    line in links (None for plain text), *repeats* how often each line stands on
    the page.
    """
    table: dict[str, Any] = {}
    count, length = measured.count, measured.length
    size = np.maximum(length, 1)
    line_columns(measured, table, weights)
    uses = [rule.use if rule is not None else "" for rule in rules]
    for use in ("always", "edge", "head", "tail"):
        table[f"rule_{use}"] = np.array([found == use for found in uses], np.float32)
    table["rule_metadata"] = np.array([rule is not None and rule.reason == "metadata" for rule in rules], np.float32)
    table["repeats"] = repeats if repeats is not None else np.ones(count, np.float32)
    ruled = np.array([bool(use) for use in uses])
    score = _prose_scores(measured, ruled)
    table["score"] = score
    _neighbours(table, ("log_length", "score", "lex_mean", "sentence_end"))
    _windows(table, ("score", "lex_mean"))
    prose = score > 0
    low, high = densest(score) or (0, count - 1)
    row = np.arange(count)
    table["inside"] = (row >= low) & (row <= high)
    table["from_first"] = _near(row - low)
    table["from_last"] = _near(row - high)
    table["window"] = min(high - low + 1, 200)
    table["row"] = np.minimum(row, 50)
    table["row_from_end"] = np.minimum(count - 1 - row, 50)
    table["place"] = row / count
    text = np.cumsum(np.where(prose, length, 0))
    table["prose_before"] = np.log1p(text - np.where(prose, length, 0))
    table["prose_after"] = np.log1p(text[-1] - text)
    table["since_prose"] = _since(prose)
    table["until_prose"] = _since(prose[::-1])[::-1]
    head = np.array([use in {"head", "tail"} for use in uses])
    table["since_head"] = _since(head)
    table["since_metadata"] = _since(table["rule_metadata"] > 0)
    table["until_metadata"] = _since((table["rule_metadata"] > 0)[::-1])[::-1]
    opened = np.maximum.accumulate(np.where(head, row, -1))
    spoken = np.maximum.accumulate(np.where(prose, row, -1))
    table["under_head"] = opened > spoken
    marks = np.cumsum(ruled)
    table["marks_before"] = np.minimum(marks, 20)
    table["marks_after"] = np.minimum(marks[-1] - marks, 20)
    table["overlap"] = _overlap(measured, low, high)
    table |= {
        "page_lines": np.log1p(count),
        "page_prose": prose.mean(),
        "page_text": np.log1p(text[-1]),
        "page_marks": ruled.mean(),
        "page_lex": (table["lex_mean"] * size).sum() / size.sum(),
        "page_length": np.log1p(length.mean()),
        "page_stops": measured.sentence_end.mean(),
    }
    # Below zero stands for "not known": plain text has no links to count.
    share = np.full(count, -1, np.float32) if links is None else links
    table["links"] = share
    total = np.concatenate(([0.0], np.cumsum(share, dtype=np.float64)))
    low_row, high_row = np.maximum(row - 3, 0), np.minimum(row + 4, count)
    table["links_near"] = (total[high_row] - total[low_row]) / (high_row - low_row)
    table["links_above"] = np.concatenate((share[:1], share[:-1]))
    table["links_below"] = np.concatenate((share[1:], share[-1:]))
    matrix = np.empty((len(table), count), np.float32)
    for number, column in enumerate(table.values()):
        matrix[number] = column
    return matrix.T, list(table)


def context(first: Floats, rows: Floats) -> Floats:
    """*rows* with what a first round said (*first*, probabilities) about each line and those around it."""
    count = len(first)
    row = np.arange(count)
    odds = np.log((first + 1e-3) / (1 - first + 1e-3))
    padded = np.concatenate((np.full(4, -8.0), odds, np.full(4, -8.0)))
    added = [odds, *(padded[4 + step : 4 + step + count] for step in (-4, -3, -2, -1, 1, 2, 3, 4))]
    total = np.concatenate(([0.0], np.cumsum(first, dtype=np.float64)))
    here, after = total[:-1], total[1:]
    for width in (3, 7, 15):
        low, high = np.maximum(row - width, 0), np.minimum(row + width + 1, count)
        added.append((here - total[low]) / np.maximum(row - low, 1))
        added.append((total[high] - after) / np.maximum(high - row - 1, 1))
    added += [here, total[-1] - after, total[-1] / count, total[-1]]
    for sure in (0.5, 0.9):
        yes = first > sure
        found = np.flatnonzero(yes) if yes.any() else np.array([int(first.argmax())])
        added += [_near(row - found[0]), _near(row - found[-1])]
        added += [found[-1] - found[0] + 1 - len(found), _since(yes), _since(yes[::-1])[::-1]]
    no = first < 0.1
    added += [_since(no), _since(no[::-1])[::-1]]
    added.append(np.concatenate(([0.0], np.maximum.accumulate(first)[:-1])))
    added.append(np.concatenate((np.maximum.accumulate(first[::-1])[::-1][1:], [0.0])))
    matrix = np.empty((rows.shape[1] + len(added), count), np.float32)
    matrix[: rows.shape[1]] = rows.T
    for number, column in enumerate(added, rows.shape[1]):
        matrix[number] = column
    return matrix.T


def _near(distance: Ints) -> Ints:
    return np.minimum(np.maximum(distance, -_FAR), _FAR)


def line_columns(measured: Measured, table: dict[str, Any], weights: Floats) -> None:
    """The columns that need nothing but the line itself."""
    length = measured.length
    size = np.maximum(length, 1)
    table["length"] = np.minimum(length, 400)
    table["log_length"] = np.log1p(length)
    han = measured.named("han") + measured.named("function")
    table["han"] = han / size
    for name in ("digit", "latin", "comma", "period", "separator"):
        table[name] = measured.named(name) / size
    for name in ("comma", "period", "end", "separator", "quote", "colon", "bullet", "dot", "close"):
        table[f"{name}_count"] = np.minimum(measured.named(name), 30)
    tokens = measured.named("space") + 1
    table["tokens"] = np.minimum(tokens, 60)
    table["token_length"] = np.minimum(length / tokens, 100)
    table["function"] = measured.named("function") / np.maximum(han, 1)
    for name in ("sentence_end", "dots_end", "colon_end", "close_end"):
        table[name] = getattr(measured, name)
    for name in ("bullet_start", "open_start", "digit_start", "stop_start"):
        table[name] = getattr(measured, name)
    table["stamped"] = measured.digit_start & (measured.named("digit") >= 12) & (measured.named("colon") >= 1)
    lexical = weights[measured.pairs]
    total = np.add.reduceat(lexical, measured.starts)
    table["lex_sum"] = np.minimum(np.maximum(total, -20), 20)
    table["lex_mean"] = total / (length + 1)
    table["lex_low"] = np.minimum.reduceat(lexical, measured.starts)
    table["lex_high"] = np.maximum.reduceat(lexical, measured.starts)


def _prose_scores(measured: Measured, ruled: NDArray[np.bool_]) -> Floats:
    """How much each line reads like text, in characters; chrome and short lines count against."""
    length = measured.length
    score = np.where(
        measured.prose,
        np.minimum(length, 200),
        np.where(measured.sentence_end, np.minimum(length, 60), -np.minimum(np.maximum(length * 0.6, 8), 30)),
    )
    return np.where(ruled & (length < 120), np.minimum(score - 30, -15), score).astype(np.float32)


def text_scores(measured: Measured, against: Sequence[bool], slight: Sequence[bool]) -> Floats:
    """As the scores the model sees, but lines in *against* and *slight* count against, and half sentences for."""
    length = measured.length
    closed = measured.sentence_end | measured.dots_end | measured.colon_end
    score = np.where(
        measured.prose,
        np.minimum(length, 200),
        np.where(closed, np.minimum(length, 60), -np.minimum(np.maximum(length * 0.6, 8), 30)),
    )
    # A telephone number in a notice must not end the notice.
    score = np.where(np.array(slight), -8.0, score)
    return np.where(np.array(against), -20.0, score).astype(np.float32)


def densest(score: Floats) -> tuple[int, int] | None:
    """First and last row of the stretch with the greatest sum; None where nothing is above zero.

    As in Pasternack and Roth, "Extracting article text from the web with
    maximum subsequence segmentation" (2009).
    """
    total = np.concatenate(([0.0], np.cumsum(score, dtype=np.float64)))
    lowest = np.minimum.accumulate(total[:-1])
    gains = total[1:] - lowest
    high = int(gains.argmax())
    if gains[high] <= 0:
        return None
    return int(np.flatnonzero(total[: high + 1] == lowest[high])[-1]), high


def _neighbours(table: dict[str, Any], names: Sequence[str]) -> None:
    for name in names:
        padded = np.full(len(table[name]) + 6, -1, np.float32)
        padded[3:-3] = table[name]
        table |= {f"{name}{step:+d}": padded[3 + step : len(padded) - 3 + step] for step in (-3, -2, -1, 1, 2, 3)}


def _windows(table: dict[str, Any], names: Sequence[str]) -> None:
    count = len(table[names[0]])
    row = np.arange(count)
    ranges = []
    for width in (3, 7, 15):
        low, high = np.maximum(row - width, 0), np.minimum(row + width + 1, count)
        ranges.append((width, low, high, np.maximum(row - low, 1), np.maximum(high - row - 1, 1)))
    for name in names:
        total = np.concatenate(([0.0], np.cumsum(table[name], dtype=np.float64)))
        for width, low, high, above, below in ranges:
            table[f"{name}_above{width}"] = (total[:-1] - total[low]) / above
            table[f"{name}_below{width}"] = (total[high] - total[1:]) / below


def _since(flags: NDArray[np.bool_]) -> Ints:
    """How many rows ago the last flag stood, this row included; far where there was none."""
    row = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, row, -_FAR))
    return np.minimum(row - last, _FAR)


def _overlap(measured: Measured, low: int, high: int) -> Floats:
    """The share of each line's pairs that the densest stretch has too, besides the line itself."""
    begin = measured.starts[low]
    end = measured.starts[high + 1] if high + 1 < measured.count else len(measured.pairs)
    known = np.bincount(measured.pairs[begin:end], minlength=1 << HASH_BITS)
    seen = known[measured.pairs]
    seen[begin:end] -= 1
    shared = np.add.reduceat((seen > 0).astype(np.float32), measured.starts)
    result: Floats = (shared / (measured.length + 1)).astype(np.float32)
    return result
