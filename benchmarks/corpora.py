"""The texts that speed and harmlessness are measured on: news of 2012 to 2026, or paragraphs made here.

The news is the judging data beside the project (149,198 paragraphs, 91 MB).
Where it is absent paragraphs are made of random words, and a figure measured
on them says so: they hold no true Chinese.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
JUDGING = HERE.parents[1] / "shared" / "eval"
NEWS = JUDGING / "dedup_corpus.jsonl.zst"
PARAGRAPHS_A_DOCUMENT = 8


def kind() -> str:
    """What the paragraphs are, in a word."""
    return "news" if NEWS.is_file() else "made paragraphs"


def rows(path: Path = NEWS) -> Iterator[dict[str, Any]]:
    """The rows of the news, packed or not; or made ones."""
    if not path.is_file():
        yield from _made()
    elif path.suffix == ".zst":
        import zstandard  # noqa: PLC0415  only for the packed corpus

        with path.open("rb") as packed:
            reader = zstandard.ZstdDecompressor().stream_reader(packed)
            yield from map(json.loads, io.TextIOWrapper(reader, encoding="utf-8"))
    else:
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _made() -> Iterator[dict[str, Any]]:
    from benchmarks.make_paragraphs import Maker  # noqa: PLC0415  needs pyarrow

    maker = Maker(seed=1)
    while True:
        for text in maker.paragraphs(1000):
            yield {"kind": "made", "src": -1, "text": text}


def paragraphs(count: int, *, every: int = 1) -> list[str]:
    """*count* paragraphs, one of *every* so many."""
    return [row["text"] for row in islice(rows(), 0, count * every, every)]


def documents(count: int) -> list[str]:
    """*count* documents of eight paragraphs each."""
    lines = paragraphs(count * PARAGRAPHS_A_DOCUMENT)
    return ["\n".join(lines[at : at + PARAGRAPHS_A_DOCUMENT]) for at in range(0, len(lines), PARAGRAPHS_A_DOCUMENT)]


def traditional(texts: list[str]) -> list[str]:
    """The same in traditional characters, by OpenCC."""
    from opencc import OpenCC  # noqa: PLC0415

    return list(map(OpenCC("s2t").convert, texts))


def megabytes(texts: list[str]) -> float:
    """Of UTF-8."""
    return sum(len(text.encode()) for text in texts) / 1e6


def judging(name: str) -> list[dict[str, Any]]:
    """The rows of a file of the judging data; an empty list where it is absent."""
    path = JUDGING / name
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").rstrip("\n").split("\n")]


def sha256(path: Path) -> str:
    """Of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
