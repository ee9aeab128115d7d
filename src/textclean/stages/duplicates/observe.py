"""From documents to evidence, a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.document import Document
from textclean.stages.duplicates import fold, lines
from textclean.stages.duplicates.evidence import Evidence, Settings, Spool, shard_name, text_name
from textclean.stages.duplicates.interop import SharedBands

_CHARACTERS_AT_ONCE = 4_000_000
_DOCUMENTS_AT_ONCE = 128


class _Writer:
    """Takes texts in, scans them once there is a chunk of them, and spools what is found."""

    def __init__(self, settings: Settings, spill: str | None, shared: SharedBands | None) -> None:
        self._settings = settings
        self._shared = shared
        self._names: list[str] = []
        self._factors = kernels.multipliers(settings.ngram)
        self._permutations = kernels.permutations(settings.bands * settings.rows)
        self._banded = kernels.permutations(0) if shared else self._permutations
        self._texts: list[str] = []
        self._waiting = self._seen = 0
        self._found: list[tuple[NDArray[np.int64], ...]] = []
        self.bands, self.units = Spool("<u8", spill), Spool("<u2", spill)

    def add(self, texts: list[str], names: Iterable[str]) -> None:
        self._texts += texts
        if self._shared is not None:
            self._names += names
        self._waiting += sum(map(len, texts))
        if len(self._texts) >= kernels.CHUNK or self._waiting >= _CHARACTERS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        codes, offsets = kernels.encode(self._texts)
        self._seen += self._waiting
        twin = kernels.best(self._seen)
        scan = twin.scan(codes, offsets, fold.table(), self._factors, *self._banded, self._settings.rows)
        self.bands.append(scan.bands)
        self.units.append(scan.units)
        self._found.append((scan.keys.view(np.int64), scan.chars, scan.sizes))
        if self._shared is not None:
            folded = kernels.vector.utf16_codes(scan.units.tobytes()), np.cumsum([0, *scan.chars.tolist()])
            self._shared.add(self._names, twin.signatures(*folded, self._factors, *self._permutations))
            self._names = []
        self._texts, self._waiting = [], 0

    def columns(self) -> list[NDArray[np.int64]]:
        """keys, chars, sizes of all texts."""
        return [np.concatenate(column) for column in zip(*self._found, strict=True)]

    def chunks(self) -> list[int]:
        return [len(keys) for keys, _, _ in self._found]


def observe(
    docs: Iterable[Document], settings: Settings, spill: str | None, shared: SharedBands | None = None
) -> Evidence:
    """The evidence of one shard; its bands go to *shared* where there is such a place."""
    writer = _Writer(settings, spill, shared)
    ids: list[str] = []
    lengths: list[int] = []
    published: list[str] = []
    owners: list[int] = []
    numbers: list[int] = []
    docs = iter(docs)
    while some := list(islice(docs, _DOCUMENTS_AT_ONCE)):
        if settings.scope == "document":
            writer.add([doc.text for doc in some], (text_name(doc.id, 0) for doc in some))
        else:
            for owner, doc in enumerate(some, len(ids)):
                found = [
                    (number, span)
                    for number, span in enumerate(lines.paragraphs(doc.text), 1)
                    if span.end - span.start >= settings.min_chars
                ]
                owners += [owner] * len(found)
                numbers += [number for number, _ in found]
                writer.add(
                    [doc.text[start:end] for _, (start, end) in found],
                    [text_name(doc.id, number) for number, _ in found],
                )
        ids += [doc.id for doc in some]
        lengths += [len(doc.text) for doc in some]
        if settings.dated:
            published += [str(doc.meta.get("published") or "") for doc in some]
    writer.flush()
    keys, chars, sizes = writer.columns()
    whole = settings.scope == "document"
    name = shard_name(settings, ids) if spill is not None else ""
    return Evidence(
        settings,
        ids,
        np.array(lengths, np.int64),
        published,
        np.arange(len(ids), dtype=np.int32) if whole else np.array(owners, np.int32),
        np.zeros(len(ids), np.int32) if whole else np.array(numbers, np.int32),
        keys.view(np.uint64),
        chars,
        sizes,
        writer.chunks(),
        writer.bands.finish(name + ".bands"),
        writer.units.finish(name + ".units"),
    )
