"""What one shard of a corpus leaves behind so that its texts can be compared with all others.

Only candidates are ever read back, so the folded texts (and the band keys)
wait on disk once there are many: in a file without a name, or, when evidence
travels between processes, in a directory the caller names and removes.
"""

from __future__ import annotations

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

IN_MEMORY = 192 << 20
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

    def array(self) -> NDArray[Any]:
        """The values; those of a file are mapped, not read."""
        import numpy as np  # noqa: PLC0415

        if self.path is None:
            held: NDArray[Any] = self.held
            return held
        if not Path(self.path).stat().st_size:
            return np.empty(0, self.dtype)
        return np.memmap(self.path, self.dtype, mode="r")

    def __getstate__(self) -> dict[str, Any]:
        import numpy as np  # noqa: PLC0415

        held = None if self.path is not None else np.array(self.held)
        return {"dtype": self.dtype, "path": self.path, "held": held}


class Spool:
    """Arrays come in one by one; one :class:`Column` of all of them comes out."""

    def __init__(self, dtype: str, directory: str | None = None) -> None:
        self._dtype, self._directory = dtype, directory
        self._parts: list[NDArray[Any]] = []
        self._bytes = 0
        self._file: Any = None

    def append(self, array: NDArray[Any]) -> None:
        """Add *array*, flattened."""
        import numpy as np  # noqa: PLC0415

        array = np.ascontiguousarray(array, self._dtype).reshape(-1)
        self._bytes += array.nbytes
        if self._file is None:
            self._parts.append(array)
            if self._directory is not None or self._bytes > IN_MEMORY:
                self._open()
        else:
            self._file.write(array.data)

    def _open(self) -> None:
        if self._directory is None:
            self._file = tempfile.TemporaryFile(prefix="textclean-")  # noqa: SIM115  lives as long as its mapping
        else:
            Path(self._directory).mkdir(parents=True, exist_ok=True)
            self._file = tempfile.NamedTemporaryFile(dir=self._directory, prefix=".writing-", delete=False)  # noqa: SIM115
        for part in self._parts:
            self._file.write(part.data)
        self._parts = []

    def finish(self, name: str) -> Column:
        """The column; *name* is its file's name where there is a directory."""
        import numpy as np  # noqa: PLC0415

        if self._file is None and self._directory is not None:
            self._open()
        if self._file is None:
            held = np.concatenate(self._parts) if self._parts else np.empty(0, self._dtype)
            return Column(self._dtype, held=held)
        self._file.flush()
        if self._directory is None:
            held = np.memmap(self._file, self._dtype, mode="r")
            self._file.close()  # the mapping keeps what it maps
            return Column(self._dtype, held=held)
        self._file.close()
        path = str(Path(self._directory) / name)
        os.replace(self._file.name, path)  # noqa: PTH105  two workers may write the same shard; either's is whole
        return Column(self._dtype, path=path)


@dataclass(frozen=True)
class Evidence:
    """One shard: its documents, and for each of their texts a key, band keys, and the folded text itself."""

    settings: Settings
    ids: Sequence[str]
    lengths: NDArray[np.int64]
    """Characters of each document as it was seen, by which the stage knows it again."""
    published: Sequence[str]
    """Each document's date, where the keep rule asks for it."""
    owners: NDArray[np.int32]
    """The document of each text."""
    numbers: NDArray[np.int32]
    """Its paragraph, counted from 1; 0 for a whole document."""
    keys: NDArray[np.uint64]
    chars: NDArray[np.int64]
    sizes: NDArray[np.int64]
    chunks: Sequence[int]
    """Texts in each block of *bands*."""
    bands: Column
    units: Column

    def band(self, number: int) -> NDArray[np.uint64]:
        """The keys of one band, text after text."""
        import numpy as np  # noqa: PLC0415

        column, at, parts = self.bands.array(), 0, []
        for texts in self.chunks:
            parts.append(column[at + number * texts : at + (number + 1) * texts])
            at += self.settings.bands * texts
        return np.concatenate(parts) if parts else np.empty(0, np.uint64)


def text_name(doc_id: str, number: int) -> str:
    """One name for a text of the corpus: its paragraph and its document."""
    return f"{number} {doc_id}"


def shard_name(settings: Iterable[object], ids: Iterable[str]) -> str:
    """A file name that depends on what is in the shard and on nothing else."""
    digest = blake2b(repr(tuple(settings)).encode(), digest_size=8)
    for name in ids:
        digest.update(name.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
