"""Texts as arrays of code points, of UTF-16 and of UTF-8, and from one to the other in numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Offsets = NDArray[np.int64]


def utf16(codes: Codes, offsets: Offsets) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """The texts in UTF-16, one behind the other, and the units of each."""
    if not len(codes) or codes.max() < 0x10000:
        return codes.astype(np.uint16), np.diff(offsets)
    ends = np.zeros(len(codes) + 1, np.int64)
    np.cumsum(1 + (codes >= 0x10000), out=ends[1:])
    buffer = bytes(codes.data).decode("utf-32-le", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return np.frombuffer(buffer, np.uint16), np.diff(ends[offsets])


def utf8(codes: Codes) -> tuple[NDArray[np.uint8], Offsets]:
    """All the codes in UTF-8, and where each begins (and the last ends)."""
    width = np.zeros(len(codes) + 1, np.int64)
    width[1:] = 1
    for limit in (0x80, 0x800, 0x10000):
        width[1:] += codes >= limit
    buffer = bytes(codes.data).decode("utf-32-le", "surrogatepass").encode("utf-8", "surrogatepass")
    return np.frombuffer(buffer, np.uint8), np.cumsum(width)


def gather(
    units: NDArray[np.uint16], lows: NDArray[np.int64], sizes: NDArray[np.int64], out: NDArray[np.uint16]
) -> None:
    """Put the *sizes* units from each of *lows* on into *out*, one text behind the other."""
    out[:] = np.frombuffer(_joined(units, lows, sizes), np.uint16)


def decode(units: NDArray[np.uint16], lows: NDArray[np.int64], sizes: NDArray[np.int64]) -> tuple[Codes, Offsets]:
    """The code points of the texts of *sizes* units of well-formed UTF-16 that begin at *lows*, and their offsets."""
    buffer = _joined(units, lows, sizes)
    found = np.frombuffer(buffer, np.uint16)
    ends = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=ends[1:])
    second = (found & np.uint16(0xFC00)) == 0xDC00
    if not second.any():
        return found.astype(np.uint32), ends
    before = np.zeros(len(found) + 1, np.int64)
    np.cumsum(second, out=before[1:])
    return np.frombuffer(buffer.decode("utf-16-le").encode("utf-32-le"), np.uint32), ends - before[ends]


def _joined(units: NDArray[np.uint16], lows: NDArray[np.int64], sizes: NDArray[np.int64]) -> bytes:
    whole = memoryview(units.view(np.uint8).data)
    spans = zip((2 * lows).tolist(), (2 * (lows + sizes)).tolist(), strict=True)
    return b"".join([whole[low:high] for low, high in spans])
