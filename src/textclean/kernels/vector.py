"""The numpy twin: whole chunks of texts at once, nothing compiled.

What costs is memory traffic, so each step works on blocks that fit the second
level cache and writes into buffers it already has.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textclean.kernels import large, repeats, utf

repeated_lines = repeats.repeated_lines

gather = utf.gather
decode = utf.decode

Codes = utf.Codes
Offsets = utf.Offsets
U64 = NDArray[np.uint64]

_BLOCK = 1 << 16  # shingles of 4 bytes: with fewer of them the calls cost more
_CODES = 1 << 15  # 64-bit numbers of which three arrays fit it too
_EMPTY = 0xFFFFFFFF  # what datasketch's signature of the empty set holds

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_S29, _S32 = np.uint64(29), np.uint64(32)
_UPPER = 1 if sys.byteorder == "little" else 0  # of the two halves of a number

MAP_WORDS = 16
"""64-bit words of a set's map: 1024 bits for the 200 shingles of a paragraph."""

_ONES = np.array([byte.bit_count() for byte in range(256)], np.uint8)


class Sets(NamedTuple):
    """The shingles of some texts, hashed to 64 bits, and a small map of each set."""

    hashes: U64
    starts: Offsets
    maps: U64
    """texts × words: one bit set for each shingle, by the upper bits of its hash."""


class Scan(NamedTuple):
    """What one pass over a chunk of texts finds."""

    keys: U64
    """A 64-bit hash of each bare text; 0 for an empty one."""
    bands: U64
    """bands × texts: equal where two bare texts agree in all rows of a band."""
    chars: NDArray[np.int64]
    """Characters of each bare text."""
    sizes: NDArray[np.int64]
    """16-bit units of each plain text in *units*."""
    units: NDArray[np.uint16]
    """The plain texts in UTF-16, one behind the other: two bytes a Han character where UTF-8 takes three, and no
    decoding for nearly all of them."""


def fold(codes: Codes, offsets: Offsets, table: NDArray[np.uint32]) -> tuple[Codes, Offsets]:
    """Each code point through *table*; those that become 0 are dropped."""
    folded = table.take(codes)
    kept = folded != 0
    before = np.zeros(len(codes) + 1, np.int64)
    np.cumsum(kept, out=before[1:])
    return folded[kept], before[offsets]


def sums(codes: Codes, offsets: Offsets, factors: U64) -> tuple[U64, Offsets]:
    """The multilinear sum of every shingle, text after text, and the offsets of the texts in it."""
    ngram = len(factors)
    lengths = np.diff(offsets)
    short = np.flatnonzero((lengths > 0) & (lengths < ngram))
    counts = np.maximum(lengths - (ngram - 1), 0)
    counts[short] = 1
    starts = np.zeros(len(offsets), np.int64)
    np.cumsum(counts, out=starts[1:])
    places = max(len(codes) - ngram + 1, 0)
    total = np.empty(places, np.uint64)
    for low in range(0, places, _CODES):
        high = min(low + _CODES, places)
        wide = codes[low : high + ngram - 1].astype(np.uint64)
        part, step = total[low:high], np.empty(high - low, np.uint64)
        np.multiply(wide[: high - low], factors[0], out=part)
        for place in range(1, ngram):
            np.multiply(wide[place : place + high - low], factors[place], out=step)
            part += step
    # Windows that reach into the next text are computed like the others and dropped here.
    valid = np.ones(len(codes), np.bool_)
    for back in range(1, ngram):
        ends = offsets[1:] - back
        valid[ends[ends >= offsets[:-1]]] = False
    out = np.empty(starts[-1], np.uint64)
    if len(short):
        slot = np.zeros(starts[-1], np.bool_)
        slot[starts[short]] = True
        out[~slot] = total[valid[:places]]
        whole = np.zeros(len(short), np.uint64)
        for place in range(ngram - 1):
            inside = place < lengths[short]
            whole[inside] += codes[offsets[short[inside]] + place] * factors[place]
        out[starts[short]] = whole
    else:
        out[:] = total[valid[:places]]
    return out, starts


def mix32(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The 32-bit finaliser of MurmurHash3 (Appleby, public domain), which datasketch applies first."""
    hashes = hashes ^ (hashes >> np.uint32(16))
    hashes *= np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(0xC2B2AE35)
    hashes ^= hashes >> np.uint32(16)
    return hashes


def permute(
    hashes: NDArray[np.uint32], starts: Offsets, a: NDArray[np.uint32], b: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Permutations × texts: the minimum of a·fmix32(h) + b over the shingles of each text; all of *a* are odd."""
    filled = np.flatnonzero(starts[1:] > starts[:-1])
    begins = np.append(starts[filled], starts[-1])
    least = np.empty((len(a), len(filled)), np.uint32)
    hashes = mix32(hashes)
    for low, high in _blocks(begins) if len(filled) else ():
        block = hashes[begins[low] : begins[high]]
        cuts = begins[low:high] - begins[low]
        for row, factor, summand in zip(least, *_steps(a, b), strict=True):
            np.multiply(block, factor, out=block)
            np.add(block, summand, out=block)
            np.minimum.reduceat(block, cuts, out=row[low:high])
    if len(filled) == len(starts) - 1:
        return least
    out = np.full((len(a), len(starts) - 1), _EMPTY, np.uint32)
    out[:, filled] = least
    return out


def _steps(a: NDArray[np.uint32], b: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Factors and summands that lead from each permutation to the next, the first from none: so all go in one buffer."""
    inverse = a.copy()  # of an odd number, in its lowest three bits; each round makes twice as many right
    for _ in range(4):
        inverse *= np.uint32(2) - a * inverse
    factors, summands = a.copy(), b.copy()
    factors[1:] *= inverse[:-1]
    summands[1:] -= factors[1:] * b[:-1]
    return factors, summands


def _blocks(offsets: Offsets) -> Iterator[tuple[int, int]]:
    """The first text and the one behind the last of each block; one at least, though there be none."""
    low, last = 0, len(offsets) - 1
    while True:
        high = int(np.searchsorted(offsets, offsets[low] + _BLOCK, side="right")) - 1
        high = min(max(high, low + 1), last)
        yield low, high
        low = high
        if low == last:
            return


def signatures(
    codes: Codes, offsets: Offsets, factors: U64, a: NDArray[np.uint32], b: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Texts × permutations: the ``affine32`` MinHash of each text."""
    parts = []
    for low, high in _blocks(offsets):
        total, starts = sums(codes[offsets[low] : offsets[high]], offsets[low : high + 1] - offsets[low], factors)
        parts.append(permute(_upper(total), starts, a, b).T)
    return np.concatenate(parts)


def _upper(values: U64) -> NDArray[np.uint32]:
    return values.view(np.uint32)[_UPPER::2]


def mix64(values: U64) -> U64:
    """A 64-bit finaliser (Mulvey's xor-shift-multiply)."""
    values = values ^ (values >> _S32)
    values *= _MIX
    values ^= values >> _S32
    values *= _MIX
    values ^= values >> _S32
    return values


def band_keys(rows: NDArray[np.uint32], width: int) -> U64:
    """Bands × texts from permutations × texts, *width* rows a band; what is left over is not used."""
    bands = len(rows) // width
    out = np.empty((bands, rows.shape[1]), np.uint64)
    for band in range(bands):
        state = np.full(rows.shape[1], band + 1, np.uint64)
        for row in range(band * width, (band + 1) * width):
            state ^= rows[row]
            state *= _GOLDEN
            state ^= state >> _S29
        out[band] = mix64(state)
    return out


def text_keys(codes: Codes, offsets: Offsets) -> U64:
    """A 64-bit hash of each text: the sum of its characters, each mixed with its place."""
    lengths = np.diff(offsets)
    place = np.arange(1, len(codes) + 1, dtype=np.uint64)
    place -= np.repeat(offsets[:-1].astype(np.uint64), lengths)
    place *= _GOLDEN
    place ^= codes
    place *= _MIX
    place ^= place >> _S32
    place *= _GOLDEN
    place ^= place >> _S29
    out = np.zeros(len(lengths), np.uint64)
    filled = np.flatnonzero(lengths)
    if len(filled):
        out[filled] = np.add.reduceat(place, offsets[:-1][filled])
    return out


def scan(
    codes: Codes,
    offsets: Offsets,
    plain: NDArray[np.uint32],
    bare: NDArray[np.uint32],
    factors: U64,
    a: NDArray[np.uint32],
    b: NDArray[np.uint32],
    width: int,
) -> Scan:
    """Fold the texts and find all that a corpus has to remember of them; no permutations, no bands.

    There are two foldings: *plain* for the text that is kept to be compared,
    *bare* for keys and bands.
    """
    parts = []
    for low, high in _blocks(offsets):
        block, ends = codes[offsets[low] : offsets[high]], offsets[low : high + 1] - offsets[low]
        text, cuts = fold(block, ends, bare)
        if len(a):
            total, starts = sums(text, cuts, factors)
            bands = band_keys(permute(_upper(total), starts, a, b), width)
        else:
            bands = np.empty((0, high - low), np.uint64)
        written, sizes = utf.utf16(*fold(block, ends, plain))
        parts.append(Scan(text_keys(text, cuts), bands, np.diff(cuts), sizes, written))
    return Scan(*(np.concatenate(column, axis=-1) for column in zip(*parts, strict=True)))


def runs(packed: U64, mask: np.uint64) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of sorted numbers at which one follows that differs in *mask* only, and where the run of each begins."""
    places = np.flatnonzero((packed[1:] ^ packed[:-1]) <= mask) + 1
    if not len(places):
        return places, places
    breaks = np.flatnonzero(np.diff(places) > 1) + 1
    first = places[np.r_[0, breaks]] - 1
    return places, np.repeat(first, np.diff(np.r_[0, breaks, len(places)]))


def prepare(units: NDArray[np.uint16], lows: NDArray[np.int64], sizes: NDArray[np.int64], factors: U64) -> Sets:
    """The shingle sets of the texts of *sizes* UTF-16 units that begin at *lows*, ready to be compared with each other."""
    ends = np.concatenate(([0], np.cumsum(sizes)))
    parts = [_prepare(*decode(units, lows[low:high], sizes[low:high]), factors) for low, high in _blocks(ends)]
    starts = np.zeros(len(lows) + 1, np.int64)
    np.cumsum(np.concatenate([np.diff(part.starts) for part in parts]), out=starts[1:])
    return Sets(np.concatenate([part.hashes for part in parts]), starts, np.concatenate([part.maps for part in parts]))


def _prepare(codes: Codes, offsets: Offsets, factors: U64) -> Sets:
    total, starts = sums(codes, offsets, factors)
    hashes = mix64(total)
    present = np.zeros((len(offsets) - 1, MAP_WORDS * 64), np.bool_)
    bit = hashes >> np.uint64(54)
    place = (bit & np.uint64(15)) << np.uint64(6) | bit >> np.uint64(4)
    present[np.repeat(np.arange(len(offsets) - 1), np.diff(starts)), place.astype(np.int64)] = True
    maps = np.packbits(present, axis=1, bitorder="little").view(np.uint64)
    return Sets(hashes, starts, maps)


def jaccard(sets: Sets, left: NDArray[np.int64], right: NDArray[np.int64], threshold: float) -> NDArray[np.float64]:
    """The Jaccard similarity of the shingle sets of texts *left* and *right*; 0 where it is below *threshold*.

    Bits that only one of two maps has belong to shingles that only one of the
    sets has, which rules out most pairs without looking at the sets. Those are
    compared by 51 bits of each shingle's hash: among 400 shingles two different
    ones meet once in 10¹⁰ pairs.
    """
    out = np.zeros(len(left), np.float64)
    counts = np.diff(sets.starts)
    possible = _possible(sets, counts, left, right, threshold)
    possible = possible[np.maximum(counts[left[possible]], counts[right[possible]]) <= large.LARGE]
    hashes = sets.hashes >> np.uint64(13)
    # 12 bits for the pair, 51 for the shingle, 1 for the side: one plain sort brings equal shingles together.
    while len(possible):
        some = possible[:4096]
        weight = np.cumsum(counts[left[some]] + counts[right[some]])
        some = some[: max(1, int(np.searchsorted(weight, 2_000_000)))]
        possible = possible[len(some) :]
        both = [_tagged(hashes, sets.starts, side[some], tag) for tag, side in enumerate((left, right))]
        packed = np.sort(np.concatenate(both))
        packed = packed[np.r_[True, packed[1:] != packed[:-1]]]
        tags = (packed >> np.uint64(52)).astype(np.int64)
        equal = packed[1:] >> np.uint64(1) == packed[:-1] >> np.uint64(1)
        shared = np.bincount(tags[1:][equal], minlength=len(some))
        out[some] = shared / (np.bincount(tags, minlength=len(some)) - shared)
    out[out < threshold] = 0
    large.compare(sets.hashes, sets.starts, left, right, threshold, out)
    return out


def _possible(
    sets: Sets, counts: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64], threshold: float
) -> NDArray[np.int64]:
    """The pairs whose maps do not rule out *threshold*."""
    share = (1 - threshold) / (1 + threshold)
    found = []
    for low in range(0, len(left), 1 << 15):
        one, other = left[low : low + (1 << 15)], right[low : low + (1 << 15)]
        apart = _ONES[(sets.maps[one] ^ sets.maps[other]).view(np.uint8)].sum(axis=1, dtype=np.int64)
        filled = (counts[one] > 0) & (counts[other] > 0)
        found.append(np.flatnonzero(filled & (apart <= share * (counts[one] + counts[other]) + 1e-9)) + low)
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _tagged(hashes: U64, starts: Offsets, texts: NDArray[np.int64], side: int) -> U64:
    """The hashes of *texts*, each with the number of its pair above it and *side* below."""
    counts = starts[texts + 1] - starts[texts]
    ends = np.cumsum(counts)
    places = np.arange(ends[-1]) + np.repeat(starts[texts] - (ends - counts), counts)
    pair = np.repeat(np.arange(len(texts), dtype=np.uint64) << np.uint64(52), counts)
    out: U64 = pair | (hashes[places] << np.uint64(1)) | np.uint64(side)
    return out


def count(hashes: U64, counts: NDArray[np.uint16]) -> None:
    """Add the shingles to *counts*, whose length is a power of two; each counts in the slot of its upper bits."""
    slots = (hashes >> np.uint64(65 - len(counts).bit_length())).astype(np.int64)
    slots = slots[counts[slots] < 0x8000]  # more is never needed, and 16 bits must not overflow
    np.add.at(counts, slots, np.uint16(1))


def rare(sets: Sets, counts: NDArray[np.uint16], threshold: float) -> tuple[U64, NDArray[np.int64]]:
    """The prefix of each set: its rarest shingles, of which sets at *threshold* must have one in common.

    Sets of J >= t share t of the larger one, so that two sets ordered alike (by
    count, then hash) agree somewhere in the first m - ceil(t·m) + 1 of each
    (Bayardo, Ma, Srikant 2007). Shingles that are alone in the corpus take up
    places and are not listed, as they match nothing.
    """
    windows = np.diff(sets.starts)
    need = windows - np.ceil(threshold * windows - 1e-9).astype(np.int64) + 1
    texts = np.repeat(np.arange(len(windows)), windows)
    often = counts[(sets.hashes >> np.uint64(65 - len(counts).bit_length())).astype(np.int64)]
    need -= np.bincount(texts[often == 1], minlength=len(windows))
    kept = (often > 1) & (need[texts] > 0)
    texts = texts[kept]
    keys = (often[kept].astype(np.uint64) << np.uint64(48)) | (sets.hashes[kept] >> np.uint64(16))
    order = np.lexsort((keys, texts))
    keys, texts = keys[order], texts[order]
    first = np.r_[True, (keys[1:] != keys[:-1]) | (texts[1:] != texts[:-1])] if len(keys) else np.empty(0, np.bool_)
    keys, texts = keys[first], texts[first]
    begins = np.zeros(len(windows) + 1, np.int64)
    np.cumsum(np.bincount(texts, minlength=len(windows)), out=begins[1:])
    prefix = np.arange(len(keys)) - begins[texts] < need[texts]
    return keys[prefix], texts[prefix]
