"""The numba twin: the same bits, compiled for the machine it runs on.

The functions of :mod:`~textclean.kernels.native.minhash`,
:mod:`~textclean.kernels.native.sets` and
:mod:`~textclean.kernels.native.repeats` are plain Python on arrays, compiled when
:func:`load` is called, so that importing this costs nothing and numba stays an
extra. What makes them fast: a text is folded, hashed, permuted and banded while
it is in the first level cache, and the permutations go by sixteen
(:mod:`~textclean.kernels.native.lanes`). Casts are written out, because one
signed operand turns the arithmetic to 64 bits or to floats.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textclean.kernels import large, vector
from textclean.kernels.native import lanes, minhash
from textclean.kernels.native import repeats as same_text
from textclean.kernels.native import sets as shingle_sets
from textclean.kernels.repeats import FEW
from textclean.kernels.vector import MAP_WORDS, U64, Codes, Offsets, Scan, Sets

_ready: dict[str, bool] = {}
_loading = Lock()
_both: dict[str, tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]] = {}


def loaded() -> bool:
    """Whether the compiled functions are there already."""
    return _ready.get("ok", False)


def load() -> bool:
    """Compile, or load what was compiled before; False where numba is not installed."""
    with _loading:
        if not _ready:
            numba = _numba()
            if numba is not None:
                minhash.mixed_shingles, minhash.fold_lanes = lanes.shingles(), lanes.both_foldings()
                minhash.minima_of_32, minhash.minima_of_16 = lanes.minima(2), lanes.minima(1)
                minhash.minima_of_4 = lanes.minima_of_4()
                for module in (minhash, shingle_sets, same_text):
                    _compile(numba, module)
            _ready["ok"] = numba is not None
        return _ready["ok"]


def compiled(module: Any) -> SimpleNamespace | None:
    """The kernels of *module*, compiled or loaded as compiled before; None where numba is not installed."""
    with _loading:
        numba = _numba()
        if numba is None:
            return None
        _compile(numba, module)
        return SimpleNamespace(**{name: getattr(module, name) for name in module.KERNELS})


def _numba() -> ModuleType | None:
    """numba, an extra, in 0.25 s; None where it is not installed.

    At its first compilation numba imports scipy's linear algebra, which takes as
    long again, only to see whether it is there: so it is told that it is.
    """
    try:
        import numba  # noqa: PLC0415  see above
    except ImportError:
        return None
    if "numba.np.arraymath" not in sys.modules and find_spec("scipy") is not None:
        with suppress(ImportError):  # another numba may have it elsewhere, and then takes its time
            _without_looking()
    return numba


def _without_looking() -> None:
    linalg: Any = import_module("numba.np.linalg")
    look = getattr(linalg, "ensure_blas", None)
    if look is not None:
        linalg.ensure_blas = lambda: None
        try:
            arraymath: Any = import_module("numba.np.arraymath")  # which looks as it is imported
        finally:
            linalg.ensure_blas = look
        arraymath.ensure_blas = look


def _compile(numba: Any, module: Any) -> None:
    """Put compiled functions in the places of the plain ones."""
    for name in module.HELPERS:
        function = getattr(module, name)
        setattr(module, name, numba.njit(inline="always")(getattr(function, "py_func", function)))
    for name in module.KERNELS:
        function = getattr(module, name)
        setattr(module, name, _cached(numba, getattr(function, "py_func", function)))


def _cached(numba: Any, function: Any) -> Any:
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # nowhere to write the cache: compile in each process
        return numba.njit(nogil=True)(function)


def _padded(row: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """*row* filled up to whole fours, which is how permutations are taken that do not fill a vector of sixteen."""
    return np.pad(row, (0, -len(row) % 4))


def _longest(offsets: Offsets) -> int:
    return int(np.diff(offsets).max(initial=0))


def both_foldings(plain: NDArray[np.uint32], bare: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """For each code of 16 bits what it becomes in both tables, bare above plain; all bits where that is more than 16.

    One table of a quarter of a megabyte, where the two have nine.
    """
    known = _both.get("last")
    if known is None or known[0] is not plain or known[1] is not bare:
        small = plain[:0x10000], bare[:0x10000]
        pairs = np.where(np.maximum(*small) < 0x10000, small[0] | small[1] << np.uint32(16), np.uint32(0xFFFFFFFF))
        known = _both["last"] = plain, bare, pairs
    return known[2]


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
    """See :func:`textclean.kernels.vector.scan`."""
    texts = len(offsets) - 1
    keys = np.empty(texts, np.uint64)
    # A row is eight numbers longer than it need be: at a distance of a power of two all bands of a text would be in one
    # set of the first level cache, which is too small for them.
    bands = np.empty((len(a) // width if len(a) else 0, texts + 8), np.uint64)[:, :texts]
    chars, sizes = np.empty(texts, np.int64), np.empty(texts, np.int64)
    units = np.empty(2 * len(codes) + 1, np.uint16)
    turned = np.arange(len(bands) * width).reshape(len(bands), -1).T.reshape(-1) if len(a) else slice(0)
    a, b = _padded(a[turned]), _padded(b[turned])
    tables = plain, bare, both_foldings(plain, bare)
    written = minhash.scan(
        codes, offsets, _longest(offsets), *tables, factors, a, b, width, keys, bands, chars, sizes, units
    )
    return Scan(keys, bands, chars, sizes, units[: int(written)])


def signatures(
    codes: Codes, offsets: Offsets, factors: U64, a: NDArray[np.uint32], b: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """See :func:`textclean.kernels.vector.signatures`."""
    out = np.empty((len(offsets) - 1, len(_padded(a))), np.uint32)
    minhash.signatures(codes, offsets, _longest(offsets), factors, _padded(a), _padded(b), out)
    return out[:, : len(a)]


def prepare(units: NDArray[np.uint16], lows: NDArray[np.int64], sizes: NDArray[np.int64], factors: U64) -> Sets:
    """See :func:`textclean.kernels.vector.prepare`."""
    hashes = np.empty(int(sizes.sum()), np.uint64)
    starts = np.zeros(len(lows) + 1, np.int64)
    maps = np.zeros((len(lows), MAP_WORDS), np.uint64)
    longest = int(sizes.max(initial=0))
    shingle_sets.prepare(_only_read(units), lows, sizes, longest, factors, hashes, starts, maps)
    return Sets(hashes[: starts[-1]], starts, maps)


def gather(
    units: NDArray[np.uint16], lows: NDArray[np.int64], sizes: NDArray[np.int64], out: NDArray[np.uint16]
) -> None:
    """See :func:`textclean.kernels.vector.gather`."""
    shingle_sets.gather(_only_read(units), lows, sizes, out)


def _only_read(units: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """*units* as if they were in a file: one kind of array, one compilation."""
    units = units.view()
    units.flags.writeable = False
    return units


def jaccard(sets: Sets, left: NDArray[np.int64], right: NDArray[np.int64], threshold: float) -> NDArray[np.float64]:
    """See :func:`textclean.kernels.vector.jaccard`; quickest when *left* comes in runs."""
    out = np.empty(len(left), np.float64)
    shingle_sets.jaccard(sets.hashes, sets.starts, sets.maps, left, right, threshold, large.LARGE, out)
    large.compare(sets.hashes, sets.starts, left, right, threshold, out)
    return out


def count(hashes: U64, counts: NDArray[np.uint16]) -> None:
    """See :func:`textclean.kernels.vector.count`."""
    shingle_sets.count(hashes, _shift(counts), counts)


def rare(sets: Sets, counts: NDArray[np.uint16], threshold: float) -> tuple[U64, NDArray[np.int64]]:
    """See :func:`textclean.kernels.vector.rare`."""
    found = np.empty(len(sets.hashes), np.uint64)
    texts = np.empty(len(sets.hashes), np.int64)
    end = shingle_sets.rare(sets.hashes, sets.starts, _shift(counts), counts, threshold, found, texts)
    return found[:end], texts[:end]


def _shift(counts: NDArray[np.uint16]) -> np.uint64:
    return np.uint64(65 - len(counts).bit_length())


def runs(packed: U64, mask: np.uint64) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """See :func:`textclean.kernels.vector.runs`."""
    places, heads = np.empty(len(packed), np.int64), np.empty(len(packed), np.int64)
    found = int(shingle_sets.runs(packed, mask, places, heads))
    return places[:found], heads[:found]


def repeated_lines(codes: NDArray[np.uint16], shortest: int, share: float) -> NDArray[np.int64]:
    """See :func:`textclean.kernels.repeats.repeated_lines`."""
    if len(codes) > same_text.MOST:
        return vector.repeated_lines(codes, shortest, share)
    found: NDArray[np.int64] = same_text.repeated_lines(codes, FEW, shortest, share)
    return found
