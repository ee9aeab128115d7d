"""SHA-1 of many short strings at once, for sketches that are to meet those datasketch makes by default.

One lane a shingle, one numpy operation a step: 80 rounds over whole blocks of
lanes (FIPS 180-4). A shingle is one message block, which holds 55 bytes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textclean.kernels.utf import Codes, Offsets, utf8

LONGEST = 13
"""Characters of a shingle: 13 of 4 bytes still fit one block of SHA-1."""

_LANES = 4096
_START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)


def hash32(codes: Codes, offsets: Offsets, ngram: int) -> tuple[NDArray[np.uint32], Offsets]:
    """The first 32 bits, little-endian, of the SHA-1 of every shingle in UTF-8, and the offsets of the texts in them.

    Equal to datasketch's ``sha1_hash32`` of each. Raises ValueError for shingles
    of more than 13 characters.
    """
    if not 1 <= ngram <= LONGEST:
        raise ValueError(
            f"ngram={ngram}: SHA-1 is computed in one block of 55 bytes, which holds 1 to {LONGEST} characters"
        )
    buffer, ends = utf8(codes)
    lengths = np.diff(offsets)
    counts = np.where(lengths >= ngram, lengths - ngram + 1, (lengths > 0).astype(np.int64))
    starts = np.zeros(len(offsets), np.int64)
    np.cumsum(counts, out=starts[1:])
    first = np.arange(starts[-1]) + np.repeat(offsets[:-1] - starts[:-1], counts)
    last = np.minimum(first + ngram, np.repeat(offsets[1:], counts))
    low, size = ends[first], ends[last] - ends[first]
    out = np.empty(len(low), np.uint32)
    padded = np.concatenate([buffer, np.zeros(64, np.uint8)])
    for at in range(0, len(low), _LANES):
        out[at : at + _LANES] = _digests(padded, low[at : at + _LANES], size[at : at + _LANES])
    return out, starts


def _digests(buffer: NDArray[np.uint8], low: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.uint32]:
    places = np.arange(64)
    block = buffer[low[:, None] + places]
    block[places >= size[:, None]] = 0
    lanes = np.arange(len(low))
    block[lanes, size] = 0x80
    block[:, 62], block[:, 63] = size >> 5, size << 3 & 0xFF  # the length in bits
    words = list(np.ascontiguousarray(block.view(">u4").T).astype(np.uint32))
    a, b, c, d, e = (np.full(len(low), value, np.uint32) for value in _START)
    for step in range(80):
        if step >= 16:
            words.append(_rotated(words[step - 3] ^ words[step - 8] ^ words[step - 14] ^ words[step - 16], 1))
        if step < 20:
            mixed, constant = d ^ (b & (c ^ d)), 0x5A827999
        elif step < 40:
            mixed, constant = b ^ c ^ d, 0x6ED9EBA1
        elif step < 60:
            mixed, constant = (b & c) | (d & (b | c)), 0x8F1BBCDC
        else:
            mixed, constant = b ^ c ^ d, 0xCA62C1D6
        mixed += _rotated(a, 5)
        mixed += e
        mixed += np.uint32(constant)
        mixed += words[step]
        a, b, c, d, e = mixed, a, _rotated(b, 30), c, d
    return (a + np.uint32(_START[0])).byteswap()


def _rotated(values: NDArray[np.uint32], by: int) -> NDArray[np.uint32]:
    return (values << np.uint32(by)) | (values >> np.uint32(32 - by))
