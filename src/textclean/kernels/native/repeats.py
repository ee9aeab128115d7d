"""Which lines of one text have much of themselves elsewhere in it, too? Without a branch that depends on the text."""

from __future__ import annotations

import numpy as np

HELPERS = ()
KERNELS = ("repeated_lines",)

MOST = 1 << 16
"""Codes of a text: their places are numbers of 16 bits, so that all there is fits the cache."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_S1, _S2, _S3 = np.uint64(1), np.uint64(2), np.uint64(3)
_LINE_FEED, _DROPPED = np.uint16(0x0A), np.uint16(0)


def repeated_lines(codes, few, shortest, share):
    """See :func:`textclean.kernels.repeats.repeated_lines`."""
    kept = np.empty(codes.shape[0] + 1, np.uint16)
    count = np.uint64(0)
    for code in codes:
        kept[count] = code
        count += np.uint64(code != _DROPPED)
    grams = np.int64(count) - 3
    if grams < few:
        return np.empty(0, np.int64)
    bits = np.uint64(6)
    while (np.int64(1) << bits) < 4 * grams:
        bits += np.uint64(1)
    shift = np.uint64(64) - bits
    # Each gram puts its place into a slot, and whoever came last stands there. Whoever finds an equal gram in his slot
    # is repeated, and so is that one; who finds another gram tries again in the next round, with his equals, by another
    # hash. So nothing is cleared, nothing is searched, and nothing has to be predicted.
    slots = np.empty(np.int64(1) << bits, np.uint16)
    quads = np.empty(grams, np.uint64)
    waiting = np.empty(grams, np.uint16)
    repeated = np.zeros(grams, np.uint8)
    for at in range(np.uint64(grams)):
        quad = np.uint64(kept[at]) | np.uint64(kept[at + _S1]) << np.uint64(16)
        quad |= np.uint64(kept[at + _S2]) << np.uint64(32) | np.uint64(kept[at + _S3]) << np.uint64(48)
        quads[at] = quad
        waiting[at] = np.uint16(at)
    factor = _GOLDEN
    left = np.uint64(grams)
    distinct = np.uint64(0)
    while left > np.uint64(0):
        for number in range(left):
            at = np.uint64(waiting[number])
            slots[(quads[at] * factor) >> shift] = np.uint16(at)
        still = np.uint64(0)
        for number in range(left):
            at = np.uint64(waiting[number])
            last = np.uint64(slots[(quads[at] * factor) >> shift])
            equal, itself = np.uint8(quads[last] == quads[at]), np.uint8(last == at)
            repeated[at] |= equal ^ itself
            repeated[last] |= equal ^ itself
            distinct += np.uint64(itself)
            waiting[still] = np.uint16(at)
            still += np.uint64(equal ^ np.uint8(1))
        left = still
        factor = factor * _GOLDEN
    found = np.empty(grams, np.int64)
    if grams - np.int64(distinct) < few:
        return found[:0]
    out = 0
    line = 0
    begun = 0
    seen = 0
    for at in range(grams + 1):
        if at == grams or kept[at] == _LINE_FEED:
            if seen >= share * (at - begun) and at - begun >= shortest:
                found[out] = line
                out += 1
            begun = at
            line += 1
            seen = 0
        if at < grams:
            seen += np.int64(repeated[at])
    return found[:out]
