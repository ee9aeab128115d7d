"""From documents to evidence, a chunk at a time."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.document import Document
from textclean.stages.duplicates import fold, lines
from textclean.stages.duplicates.evidence import Evidence, Settings, Spool, shard_name, text_name
from textclean.stages.duplicates.interop import SharedBands

_CHARACTERS_AT_ONCE = 1_000_000  # of twice as many, the memory is new each time and takes a fifth of what scanning does
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
        self._waiting = 0
        self._found: list[tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32]]] = []
        self.bands, self.units = Spool("<u8", spill), Spool("<u2", spill)

    def add(self, texts: list[str], characters: int, names: Iterable[str]) -> None:
        self._texts += texts
        if self._shared is not None:
            self._names += names
        self._waiting += characters
        if len(self._texts) >= kernels.CHUNK or self._waiting >= _CHARACTERS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        codes, offsets = kernels.encode(self._texts)
        twin = kernels.best(self._waiting)
        scan = twin.scan(codes, offsets, fold.plain(), fold.table(), self._factors, *self._banded, self._settings.rows)
        self.bands.append(scan.bands)
        self.units.append(scan.units)
        self._found.append((scan.keys, scan.chars.astype(np.int32), scan.sizes.astype(np.int32)))
        if self._shared is not None:
            folded = kernels.vector.fold(codes, offsets, fold.table())
            self._shared.add(self._names, twin.signatures(*folded, self._factors, *self._permutations))
            self._names = []
        self._texts, self._waiting = [], 0

    def columns(self) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32]]:
        """keys, chars, sizes of all texts."""
        keys, chars, sizes = zip(*self._found, strict=True)
        return np.concatenate(keys), np.concatenate(chars), np.concatenate(sizes)

    def chunks(self) -> list[int]:
        return [len(keys) for keys, _, _ in self._found]


def observe(
    docs: Iterable[Document], settings: Settings, spill: str | None, shared: SharedBands | None = None
) -> Evidence:
    """The evidence of one shard; its bands go to *shared* where there is such a place."""
    writer = _Writer(settings, spill, shared)
    ids: list[str] = []
    lengths, owners, numbers = array("i"), array("i"), array("i")  # four bytes each, where a list takes 8 or 36
    published: list[str] = []
    whole = settings.scope == "document"
    docs = iter(docs)
    while some := list(islice(docs, _DOCUMENTS_AT_ONCE)):
        texts = [doc.text for doc in some]
        sizes = list(map(len, texts))
        if whole:
            writer.add(texts, sum(sizes), (text_name(doc.id, 0) for doc in some))
        else:
            for owner, doc in enumerate(some, len(ids)):
                found = [
                    (number, span)
                    for number, span in enumerate(lines.paragraphs(doc.text), 1)
                    if span.end - span.start >= settings.min_chars
                ]
                owners.extend([owner] * len(found))
                numbers.extend([number for number, _ in found])
                writer.add(
                    [doc.text[start:end] for _, (start, end) in found],
                    sum(end - start for _, (start, end) in found),
                    [text_name(doc.id, number) for number, _ in found],
                )
        ids += [doc.id for doc in some]
        lengths.extend(sizes)
        if settings.dated:
            published += [str(doc.meta.get("published") or "") for doc in some]
    writer.flush()
    keys, chars, sizes_found = writer.columns()
    name = shard_name(settings, ids) if spill is not None else ""
    return Evidence(
        settings,
        ids,
        np.array(lengths, np.int32),
        published,
        np.arange(len(ids), dtype=np.int32) if whole else np.array(owners, np.int32),
        np.zeros(len(ids), np.int32) if whole else np.array(numbers, np.int32),
        keys,
        chars,
        sizes_found,
        writer.chunks(),
        writer.bands.finish(name + ".bands"),
        writer.units.finish(name + ".units"),
    )
