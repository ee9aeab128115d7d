"""One file of an index: arrays behind a header, written once, mapped for reading.

    TCINDEX1 | length of the header | header (JSON) | arrays, each at a multiple of 64 | TCINDEND

For each band the upper 32 bits of the texts' band keys, sorted, and beside each
the text it belongs to, in 24 bits: 7 bytes, 140 for the 20 bands of the default.
Then where each text is, whose it is, the names, and the folded texts themselves,
which only candidates are read from. Nothing is pickled, so that a stranger's
index can be wrong but cannot run code.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_TEXTS = 1 << 24
"""Texts of one segment: what 24 bits can name."""

_HEAD, _TAIL = b"TCINDEX1", b"TCINDEND"
_ALIGN = 64


class IndexDamagedError(ValueError):
    """A file of the index is not what was written."""


def write(path: Path, arrays: Mapping[str, NDArray[Any]]) -> int:
    """Write *arrays* to a new file at *path* and make sure they are on the disk; its size in bytes."""
    offset = 0
    layout: dict[str, tuple[int, str, int]] = {}
    for name, array in arrays.items():
        layout[name] = offset, array.dtype.str, len(array)
        offset += -(-array.nbytes // _ALIGN) * _ALIGN
    header = json.dumps(layout).encode()
    start = -(-(len(_HEAD) + 8 + len(header)) // _ALIGN) * _ALIGN
    with path.open("wb") as file:
        file.write(_HEAD + len(header).to_bytes(8, "little") + header)
        for name, array in arrays.items():
            file.seek(start + layout[name][0])
            file.write(np.ascontiguousarray(array).data)
        file.seek(start + offset)
        file.write(_TAIL)
        file.flush()
        os.fsync(file.fileno())
    return start + offset + len(_TAIL)


def read(path: Path, size: int) -> dict[str, NDArray[Any]]:
    """The arrays of the file at *path*, mapped.

    Raises IndexDamagedError when it is missing, cut off, or another kind of file.
    """
    try:
        found = path.stat().st_size
    except OSError as error:
        raise IndexDamagedError(f"{path} is missing from the index: {error.strerror}. Build the index anew") from error
    if found != size:
        raise IndexDamagedError(
            f"{path} has {found} bytes where {size} were written: it was cut off or changed. Take it from a copy of "
            "the index, or build the index anew"
        )
    mapped = np.memmap(path, np.uint8, mode="r")
    if bytes(mapped[: len(_HEAD)]) != _HEAD or bytes(mapped[-len(_TAIL) :]) != _TAIL:
        raise IndexDamagedError(f"{path} is no segment of an index: it does not begin and end like one")
    end = len(_HEAD) + 8
    length = int.from_bytes(bytes(mapped[len(_HEAD) : end]), "little")
    try:
        layout = json.loads(bytes(mapped[end : end + length]))
        start = -(-(end + length) // _ALIGN) * _ALIGN
        return {
            name: np.ndarray((count,), np.dtype(kind), mapped, start + offset) if count else np.empty(0, np.dtype(kind))
            for name, (offset, kind, count) in layout.items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        raise IndexDamagedError(f"{path} has a header that cannot be read: {error}") from error


def pack_runs(keys: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.uint8]]:
    """The keys of one band of all texts, sorted, with the text of each in 24 bits."""
    packed: NDArray[np.uint64] = (keys >> np.uint64(32) << np.uint64(32)) | np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    return split(packed)


def split(packed: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.uint8]]:
    """Sorted key << 32 | text as keys and texts."""
    texts = packed.astype(np.uint32)
    return (
        (packed >> np.uint64(32)).astype(np.uint32),
        texts.astype(np.uint16),
        (texts >> np.uint32(16)).astype(np.uint8),
    )


def join(keys: NDArray[np.uint32], low: NDArray[np.uint16], high: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The other way round."""
    packed: NDArray[np.uint64] = keys.astype(np.uint64)
    packed <<= np.uint64(32)
    packed |= high.astype(np.uint64) << np.uint64(16)
    packed |= low
    return packed
