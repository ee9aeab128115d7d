"""A file of rows in, a file of clean rows out: each as a program of its own, whose whole life counts.

Ours is run by benchmarks/sections/pipeline.py as the command a user runs.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Job = Callable[[], Any]


def by_hand(path: Path) -> Job:
    """The script of the four libraries."""
    from contestants.by_hand import clean

    def job() -> int:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "rows.jsonl")
            clean(path, out)
            return out.read_bytes().count(b"\n")

    return job


def datatrove(path: Path) -> Job:
    """ftfy, two quality filters, and the four steps of MinHash, set to Chinese where they can be."""
    from contestants import trove
    from datatrove.pipeline.filters import GopherQualityFilter, GopherRepetitionFilter
    from datatrove.pipeline.formatters import FTFYFormatter
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from datatrove.utils.typeshelper import Languages

    language = Languages.mandarin_chinese

    def job() -> int:
        folder = tempfile.mkdtemp()
        source = Path(folder, "source")
        source.mkdir()
        shutil.copy(path, source / "rows.jsonl")
        trove.run(
            JsonlReader(str(source), compression=None),
            FTFYFormatter(),
            GopherRepetitionFilter(language=language),
            # Its limits for lengths, stop words and signs are made for English: half the news would go.
            GopherQualityFilter(
                language=language, min_avg_word_length=None, min_stop_words=None, max_non_alpha_words_ratio=None
            ),
            JsonlWriter(f"{folder}/in", compression=None),
        )
        trove.minhash(folder)
        left = sum(file.read_bytes().count(b"\n") for file in Path(folder, "clean").glob("*.jsonl"))
        shutil.rmtree(folder)
        return left

    return job
