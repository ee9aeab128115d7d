"""A directory cleaned: megabytes a CPU second beside the script by_hand.py, two workers beside one, memory by size.

    python benchmarks/batch.py [MEGABYTES] [--corpus FILE.jsonl[.zst]] [--stages] [--memory] [--files N]

The corpus is news of eight paragraphs a document, made of the judging data
beside the project (or of the rows of --corpus). CPU time of whole process
trees, median of three rounds, both programs in the same rounds. --stages times
each default stage alone, --memory runs one size and four times as much of it,
--files N cleans N small files and tells whether the last thousands were slower.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import zstandard

from textclean import Document, Pipeline
from textclean.pipeline import stage_name

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[1] / "shared" / "eval" / "dedup_corpus.jsonl.zst"
ROUNDS = 3
PARAGRAPHS = 8


def texts(path: Path) -> Iterator[str]:
    """The texts of the rows of *path*, plain or packed."""
    if path.suffix == ".zst":
        lines: Iterator[str] = io.TextIOWrapper(zstandard.open(path, "rb"), encoding="utf-8")
    else:
        lines = path.open(encoding="utf-8")
    for line in lines:
        yield json.loads(line)["text"]


def corpus(path: Path, source: Path, megabytes: float) -> int:
    """Write about so many *megabytes* of documents to *path*; the exact number of bytes.

    When the source is used up, its paragraphs are put together anew, each time
    with a larger stride, so that no two documents are near duplicates.
    """
    paragraphs = list(texts(source))
    size = number = 0
    with path.open("wb") as file:
        while size < megabytes * 1e6:
            turn, start = divmod(number * PARAGRAPHS, len(paragraphs))
            step = 1 + 7919 * turn
            text = "\n".join(paragraphs[(start + at * step) % len(paragraphs)] for at in range(PARAGRAPHS))
            size += file.write(json.dumps({"id": f"{number}", "text": text}, ensure_ascii=False).encode() + b"\n")
            number += 1
    return size


def run(*command: object) -> tuple[float, float, float]:
    """CPU seconds, wall seconds, peak megabytes of the largest process of *command*."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    code = (  # a process of its own for each run: the peak of RUSAGE_CHILDREN never falls
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024); sys.exit(done.returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, command)], check=True, stdout=subprocess.PIPE, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - began, float(done.stdout.split()[-1])


def textclean(source: Path, out: Path, jobs: int) -> tuple[float, float, float]:
    """A run of the command into a new folder."""
    shutil.rmtree(out, ignore_errors=True)
    return run(sys.executable, "-m", "textclean", "clean", source, "-o", out, "--jobs", jobs)


def speed(folder: Path, source: Path, megabytes: float) -> None:
    """Beside the script, and two workers beside one."""
    rows = folder / "rows.jsonl"
    size = corpus(rows, source, megabytes) / 1e6
    ours, theirs, walls = [], [], []
    for _ in range(ROUNDS):
        one, two = textclean(rows, folder / "one", 1), textclean(rows, folder / "two", 2)
        ours.append(size / one[0])
        walls.append(one[1] / two[1])
        theirs.append(size / run(sys.executable, HERE / "by_hand.py", rows, folder / "hand.jsonl")[0])
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(
        f"{size:.0f} MB of rows, MB a CPU second: textclean {mine:.2f}, by hand {other:.2f}, ratio {mine / other:.1f}"
    )
    print(f"two workers beside one: {statistics.median(walls):.2f} times as fast (load {os.getloadavg()[0]:.1f})")


def stages(source: Path, documents: int = 1000) -> None:
    """Each stage of the default pipeline alone, on what the ones before it left."""
    paragraphs = texts(source)
    docs = [Document(f"{n}", "\n".join(islice(paragraphs, PARAGRAPHS))) for n in range(documents)]
    size = sum(len(doc.text.encode()) for doc in docs) / 1e6
    for stage in Pipeline.default(corpus=True).stages:
        name = stage_name(stage)
        if not callable(stage):
            began = time.process_time()
            stage = stage.decide([stage.observe(docs)])  # noqa: PLW2901
            print(f"{name:<24} learns {size / (time.process_time() - began):8.1f} MB a CPU second")
        list(stage(docs[0]))
        began = time.process_time()
        docs = [doc.edit(name, stage(doc)) for doc in docs]
        print(f"{name:<24} {size / (time.process_time() - began):15.1f} MB a CPU second")


def memory(folder: Path, source: Path, megabytes: float) -> None:
    """The peak of the largest process, for one size and for four times as much."""
    for times in (1, 4):
        size = corpus(folder / "rows.jsonl", source, megabytes * times) / 1e6
        _, wall, peak = textclean(folder / "rows.jsonl", folder / "out", 2)
        print(f"{size:8.0f} MB of rows: {peak:6.0f} MB in the largest process, {wall:.0f} s")


def files(folder: Path, source: Path, number: int) -> None:
    """A tenth of *number* small files, then all of them: the time for one should be the same."""
    paragraphs = texts(source)
    for count in (number // 10, number):
        root = folder / f"files{count}"
        for at in range(count):
            path = root / f"{at // 1000:04d}" / f"{at:07d}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = next(paragraphs, None)
            if text is None:
                paragraphs = texts(source)
                text = next(paragraphs)
            path.write_text(f"{text}{at}", encoding="utf-8")
        cpu, wall, peak = textclean(root, folder / "out", 2)
        print(
            f"{count:8,} files: {1e3 * cpu / count:.2f} ms CPU a file, {wall:.0f} s, {peak:.0f} MB in the largest process"
        )


def main() -> None:
    """Parse, build, run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("megabytes", type=float, nargs="?", default=20)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--stages", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--files", type=int, default=0)
    asked = parser.parse_args()
    if not asked.corpus.exists():
        sys.exit(f"{asked.corpus} is not there: name rows with a text field with --corpus")
    with tempfile.TemporaryDirectory() as folder:
        if asked.stages:
            stages(asked.corpus)
        elif asked.memory:
            memory(Path(folder), asked.corpus, asked.megabytes)
        elif asked.files:
            files(Path(folder), asked.corpus, asked.files)
        else:
            speed(Path(folder), asked.corpus, asked.megabytes)


if __name__ == "__main__":
    main()
