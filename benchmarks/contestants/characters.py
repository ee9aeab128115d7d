"""Bytes, damage and scripts: chardet, charset-normalizer, ftfy, OpenCC and its relatives."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contestants.data import raws, rows

Job = Callable[[], Any]


def chardet(path: Path) -> Job:
    """What it names, decoded as its users do."""
    import chardet

    def text(raw: bytes) -> str:
        return _decoded(raw, chardet.detect(raw)["encoding"])

    items = raws(path)
    return lambda: [text(raw) for raw in items]


def charset_normalizer(path: Path) -> Job:
    """Its best guess."""
    from charset_normalizer import from_bytes

    def text(raw: bytes) -> str:
        best = from_bytes(raw).best()
        return str(best) if best else raw.decode("utf-8", "replace")

    items = raws(path)
    return lambda: [text(raw) for raw in items]


def _decoded(raw: bytes, name: str | None) -> str:
    try:
        return raw.decode(name or "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def ftfy_as_shipped(path: Path) -> Job:
    """``ftfy.fix_text(text)``."""
    import ftfy

    texts = rows(path)
    return lambda: [ftfy.fix_text(text) for text in texts]


def ftfy_for_chinese(path: Path) -> Job:
    """The same without the four defaults that rewrite sound Chinese."""
    import ftfy

    safe = ftfy.TextFixerConfig(
        uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False, unescape_html=False, explain=False
    )
    texts = rows(path)
    return lambda: [ftfy.fix_text(text, safe) for text in texts]


def nfkc(path: Path) -> Job:
    """Unicode's compatibility form, which many pipelines apply."""
    texts = rows(path)
    return lambda: [unicodedata.normalize("NFKC", text) for text in texts]


def _opencc(config: str, path: Path) -> Job:
    from opencc import OpenCC

    convert, texts = OpenCC(config).convert, rows(path)
    return lambda: [convert(text) for text in texts]


def opencc_t2s(path: Path) -> Job:
    """OpenCC."""
    return _opencc("t2s", path)


def opencc_tw2s(path: Path) -> Job:
    """OpenCC for Taiwan's characters."""
    return _opencc("tw2s", path)


def opencc_tw2sp(path: Path) -> Job:
    """OpenCC for Taiwan's characters and words."""
    return _opencc("tw2sp", path)


def opencc_pyo3(path: Path) -> Job:
    """The port to Rust."""
    from opencc_pyo3 import OpenCC

    converter, texts = OpenCC("t2s"), rows(path)
    return lambda: [converter.convert(text) for text in texts]


def zhconv(path: Path) -> Job:
    """MediaWiki's tables: GPL, so it is run as the program it is. Its time holds its start."""
    texts = rows(path)
    assert not any("\n" in text for text in texts)
    given = Path(tempfile.mkstemp()[1])
    given.write_text("\n".join(texts), "utf-8")

    def job() -> list[str]:
        with given.open("rb") as file:
            said = subprocess.run(
                [sys.executable, "-m", "zhconv", "zh-hans"], stdin=file, capture_output=True, check=True
            )
        return said.stdout.decode().removesuffix("\n").split("\n")

    return job
