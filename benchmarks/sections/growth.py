"""1, 10, 100 MB, 1 GB: does the time for a megabyte stay, and the memory?"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import corpora
from benchmarks.process import textclean, write_rows
from benchmarks.tables import Table

SIZES = (1, 10, 100, 1000)
QUICK = (1, 10, 30)


def tables(*, quick: bool) -> Iterator[Table]:
    """All tables of the section."""
    yield sizes(QUICK if quick else SIZES)
    yield files(3_000 if quick else 100_000)


def sizes(megabytes_each: Sequence[int]) -> Table:
    """One file, larger and larger."""
    table = Table(
        "Growth",
        f"`textclean clean --jobs 2` on documents of eight paragraphs of {corpora.kind()} (beyond 91 MB the paragraphs are combined anew), "
        "default pipeline with both corpus stages, every form of output. *peak*: the largest process. *exponent*: of CPU time "
        "between this size and the one before; 1 is linear.",
        chart="CPU s a MB",
        rounds=1,
    )
    last: tuple[float, float] | None = None
    with tempfile.TemporaryDirectory() as folder:
        for megabytes in megabytes_each:
            size = write_rows(Path(folder, "rows.jsonl"), megabytes) / 1e6
            ran = textclean(Path(folder, "rows.jsonl"), Path(folder, "out"), 2)
            exponent = math.log(ran.cpu / last[1]) / math.log(size / last[0]) if last else None
            table.add(
                f"{megabytes:,} MB",
                CPU_s=ran.cpu,
                CPU_s_a_MB=ran.cpu / size,
                wall_s=ran.wall,
                peak_MB=ran.peak,
                exponent=exponent,
            )
            last = size, ran.cpu
    return table


def files(number: int) -> Table:
    """A tenth of the files, then all."""
    table = Table(
        "Many small files",
        "`textclean clean --jobs 2` on a folder of files of one paragraph each: the time for a file should stay.",
        rounds=1,
    )
    texts = corpora.paragraphs(min(number, 100_000))
    with tempfile.TemporaryDirectory() as folder:
        for count in (number // 10, number):
            root = Path(folder, f"files{count}")
            for at in range(count):
                path = root / f"{at // 1000:04d}" / f"{at:07d}.txt"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"{texts[at % len(texts)]}{at}", encoding="utf-8")
            ran = textclean(root, Path(folder, "out"), 2)
            table.add(f"{count:,} files", ms_CPU_a_file=1e3 * ran.cpu / count, wall_s=ran.wall, peak_MB=ran.peak)
    return table
