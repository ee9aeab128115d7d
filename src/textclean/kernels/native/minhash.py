"""From code points to keys and bands, text by text, each while it is in the first level cache."""

from __future__ import annotations

import numpy as np

HELPERS = ("mix64", "windows", "minima", "sketch", "surrogates")
KERNELS = ("scan", "signatures", "gather")

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_S1, _S29, _S32 = np.uint64(1), np.uint64(29), np.uint64(32)
_NOTHING, _FULL = np.uint32(0), np.uint32(0xFFFFFFFF)

BLOCK = 1024
"""Shingles at a time: 12 bytes each."""


def minima_of_32(hashes, count, a, b, row, at):
    """Stands for :func:`textclean.kernels.native.lanes.minima` of two vectors until it is compiled."""
    raise NotImplementedError


def minima_of_16(hashes, count, a, b, row, at):
    """Stands for :func:`textclean.kernels.native.lanes.minima` of one vector until it is compiled."""
    raise NotImplementedError


def mix64(value):
    """A 64-bit finaliser (Mulvey's xor-shift-multiply)."""
    value ^= value >> _S32
    value *= _MIX
    value ^= value >> _S32
    value *= _MIX
    value ^= value >> _S32
    return value


def windows(text, count, factors, sums):
    """The multilinear sums of the shingles of text[:count]; how many there are."""
    ngram = factors.shape[0]
    if count == 0:
        return 0
    if count < ngram:
        total = np.uint64(0)
        for place in range(count):
            total += np.uint64(text[place]) * factors[place]
        sums[0] = total
        return 1
    found = count - ngram + 1
    if ngram == 5:  # the default, in one pass instead of five
        one, two, three, four, five = factors[0], factors[1], factors[2], factors[3], factors[4]
        for at in range(found):
            total = np.uint64(text[at]) * one
            total += np.uint64(text[at + 1]) * two
            total += np.uint64(text[at + 2]) * three
            total += np.uint64(text[at + 3]) * four
            sums[at] = total + np.uint64(text[at + 4]) * five
        return found
    factor = factors[0]
    for at in range(found):
        sums[at] = np.uint64(text[at]) * factor
    for place in range(1, ngram):
        factor = factors[place]
        for at in range(found):
            sums[at] += np.uint64(text[at + place]) * factor
    return found


def minima(sums, found, a, b, hashes, row):
    """*row* with the minima over *found* more shingles; as many permutations as make whole vectors."""
    for at in range(found):
        value = np.uint32(sums[at] >> _S32)
        value ^= value >> np.uint32(16)
        value = np.uint32(value * np.uint32(0x85EBCA6B))
        value ^= value >> np.uint32(13)
        value = np.uint32(value * np.uint32(0xC2B2AE35))
        value ^= value >> np.uint32(16)
        hashes[at] = value
    # Two vectors at a time: what they need fits sixteen registers of 256 bits too.
    pairs = a.shape[0] & ~31
    for at in range(0, pairs, 32):
        minima_of_32(hashes, found, a, b, row, at)
    if pairs < a.shape[0]:
        minima_of_16(hashes, found, a, b, row, pairs)


def sketch(text, count, factors, a, b, sums, hashes, row):
    """The MinHash row of text[:count], a block that fits the first level cache at a time."""
    for k in range(a.shape[0]):
        row[k] = _FULL
    if count <= BLOCK:  # nearly all; the loop below costs them a tenth
        minima(sums, windows(text, count, factors, sums), a, b, hashes, row)
        return
    for at in range(0, count - factors.shape[0] + 1, BLOCK):
        found = windows(text[at:], min(count - at, BLOCK + factors.shape[0] - 1), factors, sums)
        minima(sums, found, a, b, hashes, row)


def surrogates(codes, low, high, plain, units, written):
    """A folded text with characters beyond 16 bits, as UTF-16; where it ends."""
    for at in range(low, high):
        code = plain[codes[at]]
        if code >= np.uint32(0x10000):
            code -= np.uint32(0x10000)
            units[written] = np.uint16(np.uint32(0xD800) + (code >> np.uint32(10)))
            units[written + _S1] = np.uint16(np.uint32(0xDC00) + (code & np.uint32(0x3FF)))
            written += np.uint64(2)
        elif code != _NOTHING:
            units[written] = np.uint16(code)
            written += _S1
    return written


def scan(codes, offsets, longest, plain, bare, factors, a, b, width, keys, bands, chars, sizes, units):
    """See :func:`textclean.kernels.vector.scan`."""
    text = np.empty(longest + 1, np.uint32)
    sums = np.empty(BLOCK, np.uint64)
    hashes = np.empty(BLOCK, np.uint32)
    row = np.empty(a.shape[0], np.uint32)
    states = np.empty(bands.shape[0], np.uint64)
    written = np.uint64(0)
    for i in range(offsets.shape[0] - 1):
        count = np.uint64(0)
        wide = np.uint32(0)
        key = np.uint64(0)
        begun = written
        for at in range(offsets[i], offsets[i + 1]):
            code = codes[at]
            stripped = bare[code]
            text[count] = stripped
            code = plain[code]
            units[written] = np.uint16(code)
            # No branches: a mispredicted one costs more than the stores.
            count += np.uint64(stripped != _NOTHING)
            written += np.uint64(code != _NOTHING)
            wide |= code
        if wide >= np.uint32(0x10000):
            written = surrogates(codes, offsets[i], offsets[i + 1], plain, units, begun)
        for at in range(np.int64(count)):
            value = np.uint64(at + 1) * _GOLDEN
            value ^= np.uint64(text[at])
            value *= _MIX
            value ^= value >> _S32
            value *= _GOLDEN
            value ^= value >> _S29
            key += value
        keys[i] = key
        chars[i] = np.int64(count)
        sizes[i] = np.int64(written - begun)
        if bands.shape[0] == 0:
            continue
        sketch(text, np.int64(count), factors, a, b, sums, hashes, row)
        # The permutations come as the first of each band, the second of each, …: so all bands are mixed side by side.
        for band in range(states.shape[0]):
            states[band] = np.uint64(band + 1)
        for k in range(width):
            first = k * states.shape[0]
            for band in range(states.shape[0]):
                state = states[band] ^ np.uint64(row[first + band])
                state *= _GOLDEN
                states[band] = state ^ (state >> _S29)
        for band in range(states.shape[0]):
            bands[band, i] = mix64(states[band])
    return written


def signatures(codes, offsets, factors, a, b, out):
    """See :func:`textclean.kernels.vector.signatures`."""
    sums = np.empty(BLOCK, np.uint64)
    hashes = np.empty(BLOCK, np.uint32)
    for i in range(offsets.shape[0] - 1):
        low = offsets[i]
        sketch(codes[low:], offsets[i + 1] - low, factors, a, b, sums, hashes, out[i])


def gather(units, lows, sizes, codes, offsets):
    """See :func:`textclean.kernels.vector.gather`."""
    written = np.uint64(0)
    for i in range(lows.shape[0]):
        at = np.uint64(lows[i])
        end = at + np.uint64(sizes[i])
        while at < end:
            code = np.uint32(units[at])
            at += _S1
            if code >= np.uint32(0xD800) and code < np.uint32(0xDC00):
                code = ((code - np.uint32(0xD7C0)) << np.uint32(10)) | (np.uint32(units[at]) & np.uint32(0x3FF))
                at += _S1
            codes[written] = code
            written += _S1
        offsets[i + 1] = np.int64(written)
    return written
