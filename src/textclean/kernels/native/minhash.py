"""From code points to keys and bands, text by text, each while it is in the first level cache."""

from __future__ import annotations

import numpy as np

HELPERS = ("mix64", "short", "minima", "sketch", "fold_wide")
KERNELS = ("scan", "signatures")

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_S1, _S16, _S29, _S32 = np.uint64(1), np.uint64(16), np.uint64(29), np.uint64(32)
_LOW16 = np.uint32(0xFFFF)
_NOTHING, _FULL = np.uint32(0), np.uint32(0xFFFFFFFF)

BLOCK = 1024
"""Shingles at a time: 4 bytes each."""

MARGIN = 80
"""Codes behind a text that can be read: a longest shingle and a register of them."""


def minima_of_32(hashes, count, a, b, row, at):
    """Stands for :func:`textclean.kernels.native.lanes.minima` of two vectors until it is compiled."""
    raise NotImplementedError


def minima_of_16(hashes, count, a, b, row, at):
    """Stands for :func:`textclean.kernels.native.lanes.minima` of one vector until it is compiled."""
    raise NotImplementedError


def minima_of_4(hashes, count, a, b, row, at):
    """Stands for :func:`textclean.kernels.native.lanes.minima_of_4` until it is compiled."""
    raise NotImplementedError


def mixed_shingles(text, at, count, low, high, hashes):
    """Stands for :func:`textclean.kernels.native.lanes.shingles` until it is compiled."""
    raise NotImplementedError


def fold_lanes(codes, at, both, text, count, units, written):
    """Stands for :func:`textclean.kernels.native.lanes.both_foldings` until it is compiled."""
    raise NotImplementedError


def mix64(value):
    """A 64-bit finaliser (Mulvey's xor-shift-multiply)."""
    value ^= value >> _S32
    value *= _MIX
    value ^= value >> _S32
    value *= _MIX
    value ^= value >> _S32
    return value


def short(text, count, low, high):
    """The mixed hash of a text that is shorter than a shingle."""
    total = np.uint64(0)
    for place in range(count):
        total += np.uint64(text[place]) * (np.uint64(low[place]) | np.uint64(high[place]) << _S32)
    value = np.uint32(total >> _S32)
    value ^= value >> np.uint32(16)
    value = np.uint32(value * np.uint32(0x85EBCA6B))
    value ^= value >> np.uint32(13)
    value = np.uint32(value * np.uint32(0xC2B2AE35))
    return value ^ (value >> np.uint32(16))


def minima(found, a, b, hashes, row):
    """*row* with the minima over *found* more shingles; as many permutations as make whole fours."""
    # Two vectors at a time: what they need fits sixteen registers of 256 bits too.
    pairs = a.shape[0] & ~31
    for at in range(0, pairs, 32):
        minima_of_32(hashes, found, a, b, row, at)
    whole = a.shape[0] & ~15
    if pairs < whole:
        minima_of_16(hashes, found, a, b, row, pairs)
    if whole < a.shape[0]:
        for more in range(3):
            hashes[found + more] = hashes[found - 1]
        for at in range(whole, a.shape[0], 4):
            minima_of_4(hashes, found, a, b, row, at)


def sketch(text, count, low, high, a, b, hashes, row):
    """The MinHash row of text[:count], behind which there is a margin; a block of the first level cache at a time."""
    for k in range(a.shape[0]):
        row[k] = _FULL
    found = count - low.shape[0] + 1
    if count > 0 and found < 1:
        hashes[0] = short(text, count, low, high)
        minima(1, a, b, hashes, row)
    elif found <= BLOCK:  # nearly all; the loop below costs them a tenth
        if found > 0:
            mixed_shingles(text, 0, found, low, high, hashes)
            minima(found, a, b, hashes, row)
    else:
        for at in range(0, found, BLOCK):
            some = min(found - at, BLOCK)
            mixed_shingles(text, at, some, low, high, hashes)
            minima(some, a, b, hashes, row)


def fold_wide(codes, low, high, plain, bare, text, units, written):
    """A text with characters beyond 16 bits: how many remain in *text*, and where it ends in *units*, in UTF-16."""
    count = np.uint64(0)
    for at in range(low, high):
        stripped = bare[codes[at]]
        text[count] = stripped
        count += np.uint64(stripped != _NOTHING)
        code = plain[codes[at]]
        if code >= np.uint32(0x10000):
            code -= np.uint32(0x10000)
            units[written] = np.uint16(np.uint32(0xD800) + (code >> np.uint32(10)))
            units[written + _S1] = np.uint16(np.uint32(0xDC00) + (code & np.uint32(0x3FF)))
            written += np.uint64(2)
        elif code != _NOTHING:
            units[written] = np.uint16(code)
            written += _S1
    return count, written


def scan(codes, offsets, longest, plain, bare, both, factors, a, b, width, keys, bands, chars, sizes, units):
    """See :func:`textclean.kernels.vector.scan`; *both* is that of :func:`textclean.kernels.native.both_foldings`."""
    text = np.empty(longest + MARGIN, np.uint32)
    low, high = factors.astype(np.uint32), (factors >> _S32).astype(np.uint32)
    hashes = np.empty(BLOCK + 16, np.uint32)
    row = np.empty(a.shape[0], np.uint32)
    states = np.empty(bands.shape[0], np.uint64)
    written = np.uint64(0)
    for i in range(offsets.shape[0] - 1):
        count = np.uint64(0)
        wide = np.uint32(0)
        begun = written
        at, end = np.uint64(offsets[i]), np.uint64(offsets[i + 1])
        while at < end:
            if at + _S16 <= end and fold_lanes(codes, at, both, text, count, units, written):
                at, count, written = at + _S16, count + _S16, written + _S16
                continue
            stop = min(at + _S16, end)
            while at < stop:
                code = codes[at]
                pair = both[code & _LOW16]
                wide |= (code >> np.uint32(16)) | np.uint32(pair == _FULL)
                stripped, code = pair >> np.uint32(16), pair & _LOW16
                text[count] = stripped
                units[written] = np.uint16(code)
                # No branches: a mispredicted one costs more than the stores.
                count += np.uint64(stripped != _NOTHING)
                written += np.uint64(code != _NOTHING)
                at += _S1
        if wide != _NOTHING:
            count, written = fold_wide(codes, offsets[i], offsets[i + 1], plain, bare, text, units, begun)
        key = np.uint64(0)
        place = np.uint64(0)
        for at in range(count):
            place += _GOLDEN
            value = place ^ np.uint64(text[at])
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
        sketch(text, np.int64(count), low, high, a, b, hashes, row)
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


def signatures(codes, offsets, longest, factors, a, b, out):
    """See :func:`textclean.kernels.vector.signatures`."""
    text = np.empty(longest + MARGIN, np.uint32)
    low, high = factors.astype(np.uint32), (factors >> _S32).astype(np.uint32)
    hashes = np.empty(BLOCK + 16, np.uint32)
    for i in range(offsets.shape[0] - 1):
        first = offsets[i]
        count = offsets[i + 1] - first
        for at in range(count):
            text[at] = codes[first + at]
        sketch(text, count, low, high, a, b, hashes, out[i])
