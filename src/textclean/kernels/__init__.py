"""Arrays in, arrays out: shingles, MinHash, band keys, exact Jaccard.

Texts are one array of code points (uint32) and ``n + 1`` offsets; there is never
a Python string per n-gram, which is what costs the time elsewhere (cutting the
5-grams of 91 MB into strings alone takes 2 s, all of this takes a fraction).

Two twins give the same bits: :mod:`~textclean.kernels.vector` in numpy, always
there, and :mod:`~textclean.kernels.native`, compiled by numba where that is
installed. :func:`best` chooses.

MinHash is ``affine32`` as datasketch 2.0 defines it: h = fmix32(hash of the
shingle), permutation k is a[k]·h + b[k] mod 2³², the signature its minimum over
the shingles. A shingle's own 32-bit hash is the upper half of a multilinear
64-bit sum (Dietzfelbinger's strongly universal family; one multiplication a
character), or SHA-1 as in datasketch's default where sketches of both are to
meet. A text shorter than *n* characters is one shingle, whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from textclean.kernels import native, vector

mix64 = vector.mix64

Codes = NDArray[np.uint32]
Offsets = NDArray[np.int64]

CHUNK = 8192
"""Texts handled at once: large enough that calls cost nothing, small enough that a chunk stays in the cache."""

# Compiling costs 4 s once a machine, loading what was compiled 0.4 s a process, in which numpy does 4 M characters: who
# waits until the other way has cost as much never pays more than double.
_WORTH_LOADING = 4_000_000
_done, _expected = [0], [0]


def expect(characters: int) -> None:
    """Say how many characters this process is going to work on in all, where that is known beforehand.

    :func:`best` then need not wait to see whether the compiled twin pays. Nothing
    is loaded yet, and no result depends on it.
    """
    _expected[0] = max(_expected[0], characters)


def best(characters: int) -> ModuleType:
    """The twin for a job of this many characters: the compiled one when there is one and it pays.

    It pays once a process has had four million of them, in one job or in many,
    or is to have them (:func:`expect`). The bits do not depend on it.
    """
    if native.loaded():
        return native
    _done[0] += characters
    return native if max(_done[0], _expected[0]) >= _WORTH_LOADING and native.load() else vector


@lru_cache(maxsize=64)
def multipliers(ngram: int) -> NDArray[np.uint64]:
    """One odd 64-bit multiplier for each place of a shingle (splitmix64 from 1, made odd).

    >>> [hex(m) for m in multipliers(2).tolist()]
    ['0x910a2dec89025cc1', '0xbeeb8da1658eec67']
    """
    if not 1 <= ngram <= 64:
        raise ValueError(f"ngram={ngram}: shingles have 1 to 64 characters")
    mask, state, out = (1 << 64) - 1, 1, []
    for _ in range(ngram):
        state = (state + 0x9E3779B97F4A7C15) & mask
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        out.append((mixed ^ (mixed >> 31)) | 1)
    return np.array(out, np.uint64)


@lru_cache(maxsize=16)
def permutations(count: int, seed: int = 1) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The factors and summands of datasketch's ``affine32`` scheme, drawn the way it draws them."""
    draw = np.random.RandomState(seed)  # the legacy generator is the scheme
    a = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = draw.randint(0, 1 << 32, count, dtype=np.uint32)
    return a, b


def encode(texts: Sequence[str]) -> tuple[Codes, Offsets]:
    """*texts* as one array of code points and its offsets.

    >>> codes, offsets = encode(["甲乙", "", "丙"])
    >>> codes.tolist(), offsets.tolist()
    ([30002, 20057, 19993], [0, 2, 2, 3])
    """
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=offsets[1:])
    return np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32), offsets


def shingle_hash32(shingle: bytes, ngram: int = 5) -> int:
    """The 32-bit hash of one shingle given as UTF-8: the ``hashfunc`` for a datasketch MinHash that is to meet ours.

    >>> shingle_hash32("甲乙丙丁戊".encode())
    4070782562
    """
    codes = shingle.decode("utf-8", "surrogatepass")
    if len(codes) > ngram:
        raise ValueError(f"a shingle of {len(codes)} characters where ngram={ngram}")
    total: int = sum(ord(code) * factor for code, factor in zip(codes, multipliers(ngram).tolist(), strict=False))
    return (total & ((1 << 64) - 1)) >> 32
