"""What one shard of a corpus leaves behind so that its texts can be compared with all others.

Only candidates are ever read back, so the folded texts (and the band keys)
wait on disk once there are many: in a file without a name, or, when evidence
travels between processes, in a directory the caller names and removes.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

IN_MEMORY = 8 << 20
"""Bytes of one column that stay in memory."""


class Settings(NamedTuple):
    """What evidence depends on; only evidence made alike is comparable."""

    scope: str
    ngram: int
    bands: int
    """0 where the decision is made without MinHash."""
    rows: int
    """Permutations in a band."""
    min_chars: int
    dated: bool
    """Whether the keep rule asks for dates."""
    folding: str
    shared: str = ""
    """The name under which the bands lie elsewhere; empty where they are part of the evidence."""


@dataclass(frozen=True)
class Column:
    """An array in memory, or in a file that is read where it is needed.

    Pickled, an array in a named file is its path; any other is its bytes.
    """

    dtype: str
    path: str | None = None
    held: Any = field(default=None, repr=False, compare=False)
    """An array, or the mapping of a file without a name."""

    def open(self) -> Opened:
        """The values; those of a file are mapped, not read."""
        import numpy as np  # noqa: PLC0415

        mapped = self.held
        if self.path is not None:
            with Path(self.path).open("rb") as file:
                mapped = _mapped(file)
        if isinstance(mapped, mmap.mmap):
            return Opened(np.frombuffer(mapped, self.dtype), mapped)
        return Opened(np.empty(0, self.dtype) if mapped is None else mapped, None)

    def pieces(self, lows: NDArray[np.int64], highs: NDArray[np.int64]) -> list[memoryview]:
        """The values from each of *lows* to each of *highs*, as bytes.

        A named file is open no longer than this takes: a large corpus has more
        shards than a process may have files.
        """
        import numpy as np  # noqa: PLC0415

        size = np.dtype(self.dtype).itemsize
        spans = list(zip((size * lows).tolist(), (size * highs).tolist(), strict=True))
        if self.path is None:
            whole = memoryview(self.open().array.view(np.uint8).data)
            return [whole[low:high] for low, high in spans]
        file = os.open(self.path, os.O_RDONLY)
        try:
            return [memoryview(os.pread(file, high - low, low)) for low, high in spans]
        finally:
            os.close(file)

    def __getstate__(self) -> dict[str, Any]:
        held = None if self.path is not None else self.open().array.copy()
        return {"dtype": self.dtype, "path": self.path, "held": held}


class Opened(NamedTuple):
    """The values of a column, and the mapping they lie in, if they do."""

    array: NDArray[Any]
    mapping: mmap.mmap | None

    def release(self) -> None:
        """Give back the memory of what was read: it is in the file."""
        if self.mapping is not None and hasattr(mmap, "MADV_DONTNEED"):
            self.mapping.madvise(mmap.MADV_DONTNEED)


def _mapped(file: Any) -> mmap.mmap | None:
    """All of *file*, mapped; None if it is empty, which cannot be."""
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if os.fstat(file.fileno()).st_size else None


class Spool:
    """Arrays come in one by one; one :class:`Column` of all of them comes out."""

    def __init__(self, dtype: str, directory: str | None = None) -> None:
        self._dtype, self._directory = dtype, directory
        self._held = bytearray()
        self._file: Any = None

    def append(self, array: NDArray[Any]) -> None:
        """Add *array*, flattened."""
        import numpy as np  # noqa: PLC0415

        if array.ndim > 1 and not array.flags.c_contiguous:
            for row in array:
                self.append(row)
            return
        array = np.ascontiguousarray(array, self._dtype).reshape(-1)
        if self._file is None and (self._directory is not None or len(self._held) + array.nbytes > IN_MEMORY):
            self._open()
        if self._file is None:
            self._held += array.data
        else:
            self._file.write(array.data)

    def _open(self) -> None:
        if self._directory is None:
            self._file = tempfile.TemporaryFile(prefix="textclean-")  # noqa: SIM115  lives as long as its mapping
        else:
            Path(self._directory).mkdir(parents=True, exist_ok=True)
            self._file = tempfile.NamedTemporaryFile(dir=self._directory, prefix=".writing-", delete=False)  # noqa: SIM115
        self._file.write(self._held)
        self._held = bytearray()

    def finish(self, name: str) -> Column:
        """The column; *name* is its file's name where there is a directory."""
        import numpy as np  # noqa: PLC0415

        if self._file is None and self._directory is not None:
            self._open()
        if self._file is None:
            return Column(self._dtype, held=np.frombuffer(self._held, self._dtype))
        self._file.flush()
        if self._directory is None:
            mapped = _mapped(self._file)
            self._file.close()  # the mapping keeps what it maps
            return Column(self._dtype, held=mapped)
        self._file.close()
        path = str(Path(self._directory) / name)
        os.replace(self._file.name, path)  # noqa: PTH105  two workers may write the same shard; either's is whole
        return Column(self._dtype, path=path)


@dataclass(frozen=True)
class Evidence:
    """One shard: its documents, and for each of their texts a key, band keys, and its plain form."""

    settings: Settings
    ids: Sequence[str]
    lengths: NDArray[np.int32]
    """Characters of each document as it was seen, by which the stage knows it again."""
    published: Sequence[str]
    """Each document's date, where the keep rule asks for it."""
    owners: NDArray[np.int32]
    """The document of each text."""
    numbers: NDArray[np.int32]
    """Its paragraph, counted from 1; 0 for a whole document."""
    keys: NDArray[np.uint64]
    chars: NDArray[np.int32]
    """Characters of each key."""
    sizes: NDArray[np.int32]
    """16-bit units of each text in *units*."""
    chunks: Sequence[int]
    """Texts in each block of *bands*."""
    bands: Column
    units: Column

    def banded(self) -> Bands:
        """The band keys, to be read one band at a time."""
        return Bands(self.bands, self.chunks, self.settings.bands)

    def band(self, number: int) -> NDArray[np.uint64]:
        """The keys of one band, text after text."""
        import numpy as np  # noqa: PLC0415

        found = np.empty(len(self.keys), np.uint64)
        self.banded().read(number, found)
        return found


class Bands(NamedTuple):
    """Band keys as they were spooled: chunk after chunk, band after band, text after text."""

    column: Column
    chunks: Sequence[int]
    bands: int

    def read(self, number: int, out: NDArray[np.uint64]) -> None:
        """Put the keys of one band into *out*; the file is open no longer than that, as there may be thousands."""
        opened = self.column.open()
        at = first = 0
        for texts in self.chunks:
            out[first : first + texts] = opened.array[at + number * texts : at + (number + 1) * texts]
            at += self.bands * texts
            first += texts
        opened.release()


def text_name(doc_id: str, number: int) -> str:
    """One name for a text of the corpus: its paragraph and its document."""
    return f"{number} {doc_id}"


def shard_name(settings: Iterable[object], ids: Iterable[str]) -> str:
    """A file name that depends on what is in the shard and on nothing else."""
    digest = blake2b(repr(tuple(settings)).encode(), digest_size=8)
    digest.update("".join(f"{name}\0" for name in ids).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
