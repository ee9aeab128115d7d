"""textclean, as contestant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from contestants.data import raws, rows

from textclean import (
    Document,
    NearDuplicates,
    NormalizeText,
    Pipeline,
    RepairEncoding,
    SimplifyChinese,
    StripBoilerplate,
    decode,
    kernels,
)
from textclean.kernels import native, vector

Job = Callable[[], Any]


def decoding(path: Path) -> Job:
    """Bytes to text."""
    items = raws(path)
    return lambda: [decode(raw, kind="text").text for raw in items]


def _texts(pipeline: Pipeline, path: Path) -> Job:
    docs = [Document("", text) for text in rows(path)]
    return lambda: [pipeline(doc).text for doc in docs]


def repair(path: Path) -> Job:
    """RepairEncoding."""
    return _texts(Pipeline([RepairEncoding()]), path)


def repair_and_normalize(path: Path) -> Job:
    """RepairEncoding, then NormalizeText."""
    return _texts(Pipeline([RepairEncoding(), NormalizeText()]), path)


def normalize(path: Path) -> Job:
    """NormalizeText."""
    return _texts(Pipeline([NormalizeText()]), path)


def simplify(path: Path) -> Job:
    """SimplifyChinese."""
    return _texts(Pipeline([SimplifyChinese()]), path)


def simplify_edits(path: Path) -> Job:
    """What SimplifyChinese itself takes, before its edits are applied and written into the ledger; returns nothing."""
    stage, docs = SimplifyChinese(), [Document("", text) for text in rows(path)]

    def job() -> None:
        for doc in docs:
            stage(doc)

    return job


def terms(path: Path) -> Job:
    """A dictionary of the caller's own, built anew and used once."""
    words = dict(rows(path))

    def job() -> str:
        source = next(iter(words))
        doc = Document("", f"{source}說")
        return Pipeline([SimplifyChinese(terms=words)])(doc).text

    return job


def pages(path: Path) -> Job:
    """HTML to the article's text: decode, then StripBoilerplate."""
    items = [row.encode() for row in rows(path)]
    pipeline = Pipeline([StripBoilerplate()])
    return lambda: [pipeline(decode(raw, kind="html")).text for raw in items]


def lines(path: Path) -> Job:
    """Plain text to the article's text."""
    return _texts(Pipeline([StripBoilerplate()]), path)


def _duplicates(path: Path, *, exact: bool = False) -> Job:
    docs = [Document(f"{number:07}", text) for number, text in enumerate(rows(path))]
    learner = NearDuplicates(exact=exact)

    def job() -> list[int]:
        stage = learner.decide([learner.observe(docs)])
        return [number for number, doc in enumerate(docs) if list(stage(doc))]

    return job


def minhash(path: Path) -> Job:
    """Texts to verified duplicates; candidates by MinHash."""
    return _duplicates(path)


def complete(path: Path) -> Job:
    """Texts to verified duplicates; all pairs."""
    return _duplicates(path, exact=True)


def minhash_numpy(path: Path) -> Job:
    """The same where numba is not installed."""
    native._ready["ok"] = False  # noqa: SLF001  the switch of native.load
    return _duplicates(path)


def signatures(path: Path) -> Job:
    """MinHash signatures of 128 permutations, nothing else."""
    texts = rows(path)
    twin = native if native.load() else vector
    a, b = kernels.permutations(128)

    def job() -> None:
        for at in range(0, len(texts), kernels.CHUNK):
            twin.signatures(*kernels.encode(texts[at : at + kernels.CHUNK]), kernels.multipliers(5), a, b)

    return job
