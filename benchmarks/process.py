"""`textclean clean` as a program: seconds of the whole tree of its processes, and the memory of the largest."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import corpora
from benchmarks.contest import HOUSE


class Ran(NamedTuple):
    """CPU and wall seconds, and the peak megabytes of the largest process."""

    cpu: float
    wall: float
    peak: float


def run(*command: object) -> Ran:
    """*command*, to its end."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    code = (  # a process of its own for each run: the peak of RUSAGE_CHILDREN never falls
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024); sys.exit(done.returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, command)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HOUSE / "src")},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(cpu, time.perf_counter() - began, float(done.stdout.split()[-1]))


def textclean(source: Path, out: Path, jobs: int, options: Sequence[str] = ()) -> Ran:
    """A run of the command into a new folder."""
    shutil.rmtree(out, ignore_errors=True)
    return run(sys.executable, "-m", "textclean", "clean", source, "-o", out, "--jobs", jobs, *options)


def write_rows(path: Path, megabytes: float, source: Path = corpora.NEWS) -> int:
    """Write about so many *megabytes* of documents to *path*; the exact number of bytes.

    When the source is used up its paragraphs are put together anew, each time
    with a larger stride, so that no two documents are near duplicates.
    """
    paragraphs = []
    held = 0
    for row in corpora.rows(source):
        paragraphs.append(row["text"])
        held += len(row["text"].encode())
        if held > min(megabytes * 1.1e6 + 1e5, 1e8):
            break
    each = corpora.PARAGRAPHS_A_DOCUMENT
    size = number = 0
    with path.open("wb") as file:
        while size < megabytes * 1e6:
            turn, start = divmod(number * each, len(paragraphs))
            step = 1 + 7919 * turn
            text = "\n".join(paragraphs[(start + at * step) % len(paragraphs)] for at in range(each))
            size += file.write(json.dumps({"id": f"{number}", "text": text}, ensure_ascii=False).encode() + b"\n")
            number += 1
    return size
