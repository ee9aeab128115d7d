"""The arithmetic of the line model, compiled: the same numbers, in the same order, to the last bit.

A page has a hundred lines, so that numpy spends its time in being called: some
hundred and fifty calls a page in :mod:`textclean.stages.boilerplate.features`
and :mod:`~textclean.stages.boilerplate.model`, which are three here. Logarithms
and sums of many numbers stay with numpy, which has its own ways of both.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np

from textclean.kernels import native

WORTH_LOADING = 400_000
"""Lines after which numpy has spent the half second that loading takes; compiling, once a machine, takes some seconds."""
HELPERS = ("means",)
KERNELS = ("sums", "among", "context")
_done = [0]
_kernels: list[SimpleNamespace | None] = []
"""The compiled :data:`KERNELS`, or None where there is no numba; empty as long as nobody has asked."""

_ONE, _LIKELY, _SURE, _UNLIKELY = np.float32(1), np.float32(0.5), np.float32(0.9), np.float32(0.1)


def kernels(lines: int) -> SimpleNamespace | None:
    """:data:`KERNELS` for a page of *lines*, by name; None where numba is not installed, or has not paid yet."""
    if not _kernels:
        _done[0] += lines
        if _done[0] < WORTH_LOADING:
            return None
        _kernels.append(native.compiled(sys.modules[__name__]))
    return _kernels[0]


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
