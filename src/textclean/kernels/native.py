"""The numba twin: the same bits, compiled for the machine it runs on.

The functions are written as plain Python on arrays and compiled when
:func:`load` is called, so that importing this costs nothing and numba stays an
extra. What makes them fast: a text is folded, hashed, permuted and banded while
it is in the first level cache; eight shingles at a time go through all
permutations, whose inner loop is then three vector operations wide; casts are
written out, because one signed operand turns the arithmetic to 64 bits or to
floats.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from textclean.kernels.vector import MAP_WORDS, U64, Codes, Offsets, Scan, Sets

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_S1, _S29, _S32 = np.uint64(1), np.uint64(29), np.uint64(32)
_FULL = np.uint32(0xFFFFFFFF)
_NOTHING = np.uint32(0)

_ready: dict[str, bool] = {}


def loaded() -> bool:
    """Whether the compiled functions are there already."""
    return _ready.get("ok", False)


def load() -> bool:
    """Compile, or load what was compiled before; False where numba is not installed."""
    if not _ready:
        try:
            import numba  # noqa: PLC0415  0.2 s, and an extra
        except ImportError:
            _ready["ok"] = False
            return False
        names = globals()
        for helper in ("_mix64", "_windows", "_minima"):
            names[helper] = numba.njit(inline="always")(names[helper])
        for kernel in ("_scan", "_signatures", "_prepare", "_jaccard", "_count", "_rare", "_gather"):
            names[kernel] = _cached(numba, names[kernel])
        _ready["ok"] = True
    return _ready["ok"]


def _cached(numba: Any, function: Any) -> Any:
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # nowhere to write the cache: compile in each process
        return numba.njit(nogil=True)(function)


def _mix64(value):
    value ^= value >> _S32
    value *= _MIX
    value ^= value >> _S32
    value *= _MIX
    value ^= value >> _S32
    return value


def _windows(text, count, factors, sums):
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
    windows = count - ngram + 1
    factor = factors[0]
    for at in range(windows):
        sums[at] = np.uint64(text[at]) * factor
    for place in range(1, ngram):
        factor = factors[place]
        for at in range(windows):
            sums[at] += np.uint64(text[at + place]) * factor
    return windows


def _minima(sums, windows, a, b, hashes, row):
    """The MinHash row of *windows* shingles."""
    width = a.shape[0]
    for k in range(width):
        row[k] = _FULL
    if windows == 0:
        return
    for at in range(windows):
        value = np.uint32(sums[at] >> _S32)
        value ^= value >> np.uint32(16)
        value = np.uint32(value * np.uint32(0x85EBCA6B))
        value ^= value >> np.uint32(13)
        value = np.uint32(value * np.uint32(0xC2B2AE35))
        value ^= value >> np.uint32(16)
        hashes[at] = value
    padded = (windows + 7) & ~7
    for at in range(windows, padded):
        hashes[at] = hashes[windows - 1]
    for at in range(0, padded, 8):
        h0 = hashes[at]
        h1 = hashes[at + 1]
        h2 = hashes[at + 2]
        h3 = hashes[at + 3]
        h4 = hashes[at + 4]
        h5 = hashes[at + 5]
        h6 = hashes[at + 6]
        h7 = hashes[at + 7]
        for k in range(width):
            x = a[k]
            y = b[k]
            v0 = min(np.uint32(np.uint32(x * h0) + y), np.uint32(np.uint32(x * h1) + y))
            v1 = min(np.uint32(np.uint32(x * h2) + y), np.uint32(np.uint32(x * h3) + y))
            v2 = min(np.uint32(np.uint32(x * h4) + y), np.uint32(np.uint32(x * h5) + y))
            v3 = min(np.uint32(np.uint32(x * h6) + y), np.uint32(np.uint32(x * h7) + y))
            row[k] = min(row[k], v0, v1, v2, v3)


def _scan(codes, offsets, longest, table, factors, a, b, width, keys, bands, chars, sizes, units):
    text = np.empty(longest + 1, np.uint32)
    sums = np.empty(longest + 1, np.uint64)
    hashes = np.empty(longest + 9, np.uint32)
    row = np.empty(a.shape[0], np.uint32)
    written = np.uint64(0)
    for i in range(offsets.shape[0] - 1):
        count = 0
        wide = np.uint32(0)
        key = np.uint64(0)
        begun = written
        for at in range(offsets[i], offsets[i + 1]):
            code = table[codes[at]]
            text[count] = code
            count += code != _NOTHING  # no branch: a mispredicted one costs more than the store
            wide |= code
        if wide < np.uint32(0x10000):
            for at in range(count):
                units[written + np.uint64(at)] = np.uint16(text[at])
            written += np.uint64(count)
        else:
            for at in range(count):
                code = text[at]
                if code < np.uint32(0x10000):
                    units[written] = np.uint16(code)
                    written += _S1
                else:
                    code -= np.uint32(0x10000)
                    units[written] = np.uint16(np.uint32(0xD800) + (code >> np.uint32(10)))
                    units[written + _S1] = np.uint16(np.uint32(0xDC00) + (code & np.uint32(0x3FF)))
                    written += np.uint64(2)
        for at in range(count):
            value = np.uint64(at + 1) * _GOLDEN
            value ^= np.uint64(text[at])
            value *= _MIX
            value ^= value >> _S32
            value *= _GOLDEN
            value ^= value >> _S29
            key += value
        keys[i] = key
        chars[i] = count
        sizes[i] = np.int64(written - begun)
        if bands.shape[0] == 0:
            continue
        windows = _windows(text, count, factors, sums)
        _minima(sums, windows, a, b, hashes, row)
        for band in range(bands.shape[0]):
            state = np.uint64(band + 1)
            for k in range(band * width, (band + 1) * width):
                state ^= np.uint64(row[k])
                state *= _GOLDEN
                state ^= state >> _S29
            bands[band, i] = _mix64(state)
    return written


def _signatures(codes, offsets, longest, factors, a, b, out):
    sums = np.empty(longest + 1, np.uint64)
    hashes = np.empty(longest + 9, np.uint32)
    for i in range(offsets.shape[0] - 1):
        low = offsets[i]
        windows = _windows(codes[low:], offsets[i + 1] - low, factors, sums)
        _minima(sums, windows, a, b, hashes, out[i])


def _prepare(codes, offsets, factors, hashes, starts, maps):
    for i in range(offsets.shape[0] - 1):
        low = offsets[i]
        at = starts[i]
        windows = _windows(codes[low:], offsets[i + 1] - low, factors, hashes[at:])
        starts[i + 1] = at + windows
        for k in range(at, at + windows):
            value = _mix64(hashes[k])
            hashes[k] = value
            bit = value >> np.uint64(54)
            maps[i, bit & np.uint64(15)] |= _S1 << (bit >> np.uint64(4))


def _jaccard(hashes, starts, maps, left, right, threshold, out):
    longest = 0
    for i in range(starts.shape[0] - 1):
        longest = max(longest, starts[i + 1] - starts[i])
    size = 64
    while size < 4 * longest:
        size *= 2
    mask = np.uint64(size - 1)
    slots = np.empty(size, np.uint64)
    # Who put the shingle in a slot, numbered by turns so that nothing is ever cleared: base_turn or more, a shingle of
    # the left text (the turn in which the right text was seen to share it); minus the turn, one of the right text alone.
    owner = np.zeros(size, np.int64)
    last = -1
    turn = 1
    base = 0
    base_turn = 1
    share = (1.0 - threshold) / (1.0 + threshold)
    for pair in range(left.shape[0]):
        out[pair] = 0.0
        one = left[pair]
        other = right[pair]
        low = starts[other]
        windows = starts[other + 1] - low
        if windows == 0 or starts[one + 1] == starts[one]:
            continue
        apart = 0
        for word in range(maps.shape[1]):
            x = maps[one, word] ^ maps[other, word]
            x -= (x >> _S1) & np.uint64(0x5555555555555555)
            x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
            x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
            apart += np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))
        if apart > share * (windows + starts[one + 1] - starts[one]) + 1e-9:
            continue
        if one != last:
            last = one
            turn += 1
            base_turn = turn
            base = 0
            for at in range(starts[one], starts[one + 1]):
                value = hashes[at]
                slot = value & mask
                while owner[slot] >= base_turn and slots[slot] != value:
                    slot = (slot + _S1) & mask
                if owner[slot] < base_turn:
                    owner[slot] = base_turn
                    slots[slot] = value
                    base += 1
        turn += 1
        shared = 0
        missed = 0
        for at in range(low, low + windows):
            # What is left of the right text cannot make up for what it has missed.
            if min(base, windows - missed) < threshold * (base + missed) - 1e-9:
                break
            value = hashes[at]
            slot = value & mask
            while owner[slot] >= base_turn or owner[slot] == -turn:
                if slots[slot] == value:
                    break
                slot = (slot + _S1) & mask
            if owner[slot] >= base_turn:
                if owner[slot] != turn:
                    owner[slot] = turn
                    shared += 1
            elif owner[slot] != -turn:
                owner[slot] = -turn
                slots[slot] = value
                missed += 1
        similarity = shared / (base + missed)
        if similarity >= threshold:
            out[pair] = similarity


def _count(hashes, shift, counts):
    for at in range(hashes.shape[0]):
        slot = hashes[at] >> shift
        if counts[slot] < np.uint16(0xFFFF):
            counts[slot] += np.uint16(1)


def _rare(hashes, starts, shift, counts, threshold, found, texts):
    out = 0
    histogram = np.zeros(64, np.int64)
    longest = 0
    for i in range(starts.shape[0] - 1):
        longest = max(longest, starts[i + 1] - starts[i])
    often = np.empty(longest, np.uint16)  # the counts lie all over the memory, so each is fetched once
    for i in range(starts.shape[0] - 1):
        low = starts[i]
        high = starts[i + 1]
        windows = high - low
        # The prefix by the number of shingles, of which the set's own is a part: too long is only slower.
        need = windows - np.int64(np.ceil(threshold * windows - 1e-9)) + 1
        histogram[:] = 0
        for at in range(low, high):
            count = counts[hashes[at] >> shift]
            often[at - low] = count
            histogram[min(np.int64(count), 63)] += 1
        need -= histogram[1]  # alone in the corpus: they are in the prefix and match nothing
        if need <= 0:
            continue
        limit = 2
        taken = histogram[2]
        while taken < need and limit < 63:
            limit += 1
            taken += histogram[limit]
        begin = out
        while True:
            for at in range(low, high):
                count = np.int64(often[at - low])
                if count > 1 and (count <= limit or limit == 63):
                    # Ordered by count, then by hash: the same order in every text.
                    found[out] = (np.uint64(count) << np.uint64(48)) | (hashes[at] >> np.uint64(16))
                    out += 1
            found[begin:out].sort()
            distinct = begin
            for at in range(begin, out):
                if at == begin or found[at] != found[at - 1]:
                    found[distinct] = found[at]
                    distinct += 1
            out = min(distinct, begin + need)
            if distinct - begin >= need or limit == 63:
                break
            out = begin  # repeated shingles took the places
            limit = min(2 * limit, 63)
        texts[begin:out] = i
    return out


def _gather(units, lows, sizes, codes):
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
    return written


def _padded(row: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """*row* filled up to whole vectors: 100 permutations one by one at the end take longer than 112."""
    return np.pad(row, (0, -len(row) % 16))


def _longest(offsets: Offsets) -> int:
    return int(np.diff(offsets).max(initial=0))


def scan(
    codes: Codes,
    offsets: Offsets,
    table: NDArray[np.uint32],
    factors: U64,
    a: NDArray[np.uint32],
    b: NDArray[np.uint32],
    width: int,
) -> Scan:
    """See :func:`textclean.kernels.vector.scan`."""
    texts = len(offsets) - 1
    keys = np.empty(texts, np.uint64)
    bands = np.empty((len(a) // width if len(a) else 0, texts), np.uint64)
    chars, sizes = np.empty(texts, np.int64), np.empty(texts, np.int64)
    units = np.empty(2 * len(codes), np.uint16)
    a, b = _padded(a), _padded(b)
    written = _scan(codes, offsets, _longest(offsets), table, factors, a, b, width, keys, bands, chars, sizes, units)
    return Scan(keys, bands, chars, sizes, units[: int(written)])


def signatures(
    codes: Codes, offsets: Offsets, factors: U64, a: NDArray[np.uint32], b: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """See :func:`textclean.kernels.vector.signatures`."""
    out = np.empty((len(offsets) - 1, len(_padded(a))), np.uint32)
    _signatures(codes, offsets, _longest(offsets), factors, _padded(a), _padded(b), out)
    return out[:, : len(a)]


def prepare(codes: Codes, offsets: Offsets, factors: U64) -> Sets:
    """See :func:`textclean.kernels.vector.prepare`."""
    hashes = np.empty(len(codes), np.uint64)
    starts = np.zeros(len(offsets), np.int64)
    maps = np.zeros((len(offsets) - 1, MAP_WORDS), np.uint64)
    _prepare(codes, offsets, factors, hashes, starts, maps)
    return Sets(hashes[: starts[-1]], starts, maps)


def jaccard(sets: Sets, left: NDArray[np.int64], right: NDArray[np.int64], threshold: float) -> NDArray[np.float64]:
    """See :func:`textclean.kernels.vector.jaccard`; quickest when *left* comes in runs."""
    out = np.empty(len(left), np.float64)
    _jaccard(sets.hashes, sets.starts, sets.maps, left, right, threshold, out)
    return out


def count(hashes: U64, counts: NDArray[np.uint16]) -> None:
    """See :func:`textclean.kernels.vector.count`."""
    _count(hashes, _shift(counts), counts)


def rare(sets: Sets, counts: NDArray[np.uint16], threshold: float) -> tuple[U64, NDArray[np.int64]]:
    """See :func:`textclean.kernels.vector.rare`."""
    found = np.empty(len(sets.hashes), np.uint64)
    texts = np.empty(len(sets.hashes), np.int64)
    end = _rare(sets.hashes, sets.starts, _shift(counts), counts, threshold, found, texts)
    return found[:end], texts[:end]


def _shift(counts: NDArray[np.uint16]) -> np.uint64:
    return np.uint64(65 - len(counts).bit_length())


def gather(units: NDArray[np.uint16], lows: NDArray[np.int64], sizes: NDArray[np.int64]) -> Codes:
    """See :func:`textclean.kernels.vector.gather`."""
    codes = np.empty(int(sizes.sum()), np.uint32)
    return codes[: int(_gather(units, lows, sizes, codes))]
