"""The arithmetic of the line model, compiled: the same numbers, in the same order, to the last bit.

A page has a hundred lines, so that numpy spends its time in being called: two
hundred calls a page in the room :mod:`textclean.stages.boilerplate` are eight
here, and a page of news takes 1.47 ms instead of 1.95. Logarithms and sums of
many numbers stay with numpy, which has its own ways of both.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np

from textclean.kernels import native

WORTH_LOADING = 120_000
"""Lines, of a thousand pages, on which numpy spends the half second that loading takes; compiling once takes five."""
HELPERS = ("means",)
KERNELS = ("measure", "pairs", "alone", "overlap", "among", "context", "sums")
_done = [0]
_kernels: list[SimpleNamespace | None] = []
"""The compiled :data:`KERNELS`, or None where there is no numba; empty as long as nobody has asked."""

_32_BITS = np.uint64(0xFFFFFFFF)
_ONE, _LIKELY, _SURE, _UNLIKELY = np.float32(1), np.float32(0.5), np.float32(0.9), np.float32(0.1)


def kernels(lines: int) -> SimpleNamespace | None:
    """:data:`KERNELS` for a page of *lines*, by name; None where numba is not installed, or has not paid yet."""
    if not _kernels:
        _done[0] += lines
        if _done[0] < WORTH_LOADING:
            return None
        _kernels.append(native.compiled(sys.modules[__name__]))
    return _kernels[0]


def measure(codes, feeds, class_of, edges_of, ends_of, colon, counts, edges, sentence_end, alike, label):
    """See :class:`textclean.stages.boilerplate.measure.Measured`: write into *counts* and what follows it."""
    width, before = len(counts), -1
    of_line = np.zeros(width, np.float32)
    for line in range(len(feeds) - 1):
        start, end = feeds[line] + 1, feeds[line + 1]
        for kind in range(width):
            of_line[kind] = 0
        of_line[0] += _ONE  # the line feed
        for at in range(start, end):
            kind = class_of[codes[at]]
            of_line[kind] += _ONE
            if kind == colon and not label[line]:
                label[line] = at - start + 1
        for kind in range(width):
            counts[kind, line] = of_line[kind]
        first, last, before_last = class_of[codes[start]], class_of[codes[end - 1]], class_of[codes[end - 2]]
        form = np.int64(first) * width + last
        for edge in range(len(edges)):
            edges[edge, line] = edges_of[edge, form]
        sentence_end[line] = ends_of[np.int64(before_last) * width + last]
        alike[line] = form == before and end > start
        before = form


def pairs(codes, fold, left, right, half, hashed, out):
    """See :attr:`textclean.stages.boilerplate.measure.Measured.pairs`."""
    before = np.uint64(fold[codes[0]])
    for at in range(len(out)):
        code = np.uint64(fold[codes[at + 1]])
        pair = (code * right ^ before * left) & _32_BITS
        pair ^= pair >> half
        out[at] = (pair * left & _32_BITS) >> hashed
        before = code


def alone(table, counts, edges, sentence_end, label, weights, pairs, feeds, at, lexical):
    """The columns of each line by itself, but for the logarithm and the sum of *lexical*, which is written.

    *at* are the classes han, digit, period, separator, comma, close, space, function and colon.
    """
    han, digit, period, separator, comma, close, space, function, colon = at
    for line in range(table.shape[1]):
        low, high = feeds[line], feeds[line + 1]
        length = np.float32(high - low - 1)
        size = max(length, _ONE)
        table[0, line] = min(length, np.float32(400))
        for kind in range(han, period + 1):
            table[2 + kind - han, line] = counts[kind, line] / size
        table[7, line] = counts[separator, line] / size
        for kind in range(comma, close + 1):
            table[8 + kind - comma, line] = min(counts[kind, line], np.float32(30))
        tokens = counts[space, line] + _ONE
        table[17, line] = min(tokens, np.float32(60))
        table[18, line] = min(length / tokens, np.float32(100))
        table[19, line] = counts[function, line] / max(counts[han, line], _ONE)
        table[20, line] = sentence_end[line]
        for edge in range(7):
            table[21 + edge, line] = edges[edge, line]
        table[28, line] = min(label[line], np.float32(20))
        table[29, line] = edges[5, line] and counts[digit, line] >= 12 and counts[colon, line] >= 1
        least = most = weights[pairs[low]]
        for place in range(low, high):
            weight = weights[pairs[place]]
            lexical[place] = weight
            least, most = min(least, weight), max(most, weight)
        table[32, line], table[33, line] = least, most


def overlap(pairs, feeds, low, high, seen, into):
    """See :func:`textclean.stages.boilerplate.features.columns`: of *seen*, all zero, one is wanted for each pair."""
    for place in range(feeds[low], feeds[high + 1]):
        seen[pairs[place]] = min(seen[pairs[place]] + 1, 2)
    for line in range(len(feeds) - 1):
        need = 2 if low <= line <= high else 1
        shared = 0
        for place in range(feeds[line], feeds[line + 1]):
            shared += seen[pairs[place]] >= need
        into[line] = np.float32(shared) / np.float32(feeds[line + 1] - feeds[line])


def sums(table, column, threshold, values, base, place, total):
    """Add to *total* the leaf of each tree that each column of *table* falls into; *place* is room for an outcome a line.

    *column* and *threshold* have a row for each test of a tree, *values* a leaf for each outcome of the tests.
    """
    lines = table.shape[1]
    for tree in range(column.shape[1]):
        for line in range(lines):
            place[line] = tree
        for test in range(column.shape[0]):
            row, limit = table[column[test, tree]], threshold[test, tree]
            for line in range(lines):
                place[line] = 2 * place[line] + (row[line] > limit)
        for line in range(lines):
            total[line] += values[place[line]]
    for line in range(lines):
        total[line] += base


def among(table, at, widths, far, low, high, alike, colon_end, spoken, prose, head, facts, ruled):
    """See :func:`textclean.stages.boilerplate.features.columns`: what stands around each line, but for the logarithms.

    *at* are the rows of *table* to read (four) and to write (from near, alike, means and inside on).
    """
    lines = table.shape[1]
    total = np.empty(lines + 1, np.float64)
    for number in range(4):
        values = table[at[number]]
        for step in range(6):
            off = step - 3 if step < 3 else step - 2
            row = table[at[4] + 6 * number + step]
            for line in range(lines):
                row[line] = values[line + off] if 0 <= line + off < lines else -1
    start, first = 0, at[5]
    for line in range(lines + 1):
        if line == lines or (line > 0 and not alike[line]):
            for other in range(start, line):
                table[first + 2, other] = min(line - start, 30)
            start = line
    for line in range(lines):
        table[first, line] = alike[line]
        table[first + 1, line] = line + 1 < lines and alike[line + 1]
        table[first + 3, line] = line > 0 and colon_end[line - 1]
    for number in range(2):
        means(table[at[1 + number]], total, widths, table[at[6] + 6 * number :])
    first = at[7]
    said = np.float32(0)
    for line in range(lines):
        table[first, line] = low <= line <= high
        table[first + 1, line] = min(max(line - low, -far), far)
        table[first + 2, line] = min(max(line - high, -far), far)
        table[first + 3, line] = min(high - low + 1, 200)
        table[first + 4, line] = min(line, 50)
        table[first + 5, line] = min(lines - 1 - line, 50)
        table[first + 6, line] = line / lines
        said += spoken[line]
        table[first + 7, line] = said + _ONE - spoken[line]
        table[first + 8, line] = said
    said += _ONE
    for line in range(lines):
        table[first + 8, line] = said - table[first + 8, line]
    last_prose, last_head, last_facts, marks = -far, -far, -far, 0
    for line in range(lines):
        last_prose = line if prose[line] else last_prose
        last_head = line if head[line] else last_head
        last_facts = line if facts[line] else last_facts
        table[first + 9, line] = min(line - last_prose, far)
        table[first + 11, line] = min(line - last_head, far)
        table[first + 12, line] = min(line - last_facts, far)
        table[first + 14, line] = last_head > last_prose
        marks += ruled[line]
        table[first + 15, line] = min(marks, 20)
    next_prose, next_facts, below = lines - 1 + far, lines - 1 + far, 0
    for line in range(lines - 1, -1, -1):
        next_prose = line if prose[line] else next_prose
        next_facts = line if facts[line] else next_facts
        table[first + 10, line] = min(next_prose - line, far)
        table[first + 13, line] = min(next_facts - line, far)
        table[first + 16, line] = min(below, 20)
        below += ruled[line]


def means(values, total, widths, into):
    """The means of *values* over the rows before and after each, for each of *widths*."""
    lines = len(values)
    total[0] = 0
    for line in range(lines):
        total[line + 1] = total[line] + values[line]
    for number in range(len(widths)):
        width = widths[number]
        for line in range(lines):
            low, high = max(line - width, 0), min(line + width + 1, lines)
            into[2 * number, line] = (total[line] - total[low]) / max(line - low, 1)
            into[2 * number + 1, line] = (total[high] - total[line + 1]) / max(high - line - 1, 1)


def context(chances, widths, far, added):
    """See :func:`textclean.stages.boilerplate.features.context`; the first row of *added* has the odds."""
    lines = len(chances)
    total = np.empty(lines + 1, np.float64)
    for step in range(8):
        off = step - 4 if step < 4 else step - 3
        for line in range(lines):
            added[1 + step, line] = added[0, line + off] if 0 <= line + off < lines else -8
    means(chances, total, widths, added[9:])
    best, above = 0, np.float32(0)
    for line in range(lines):
        best = line if chances[line] > chances[best] else best
        added[15, line] = total[line] if line else 0
        added[16, line] = total[lines] - total[line + 1]
        added[17, line] = total[lines] / lines
        added[18, line] = total[lines]
        added[31, line] = above
        above = max(above, chances[line])
    above = np.float32(0)
    for line in range(lines - 1, -1, -1):
        added[32, line] = above
        above = max(above, chances[line])
    for number in range(3):
        limit = _LIKELY if number == 0 else _SURE if number == 1 else _UNLIKELY
        since, until = (29, 30) if number == 2 else (22 + 5 * number, 23 + 5 * number)
        first, last, count, near = -1, -1, 0, -far
        for line in range(lines):
            if chances[line] < limit if number == 2 else chances[line] > limit:
                first = line if first < 0 else first
                last = near = line
                count += 1
            added[since, line] = min(line - near, far)
        near = lines - 1 + far
        for line in range(lines - 1, -1, -1):
            if chances[line] < limit if number == 2 else chances[line] > limit:
                near = line
            added[until, line] = min(near - line, far)
        if number < 2:
            first, last, count = (first, last, count) if count else (best, best, 1)
            for line in range(lines):
                added[19 + 5 * number, line] = min(max(line - first, -far), far)
                added[20 + 5 * number, line] = min(max(line - last, -far), far)
                added[21 + 5 * number, line] = last - first + 1 - count
