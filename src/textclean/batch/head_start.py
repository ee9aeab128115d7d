"""May the workers begin before it is known what there is to do?

What they need is imported in most of a second. Where the input is clearly large,
that goes on beside the imports and the plan of the process that will lead them.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Sequence

from textclean.engines import pool
from textclean.engines.protocol import cores

WORKERS_NEED = ("textclean.batch.work", "textclean.engines.warm")

PAYS = 16 << 20
"""Bytes of input for which several workers are worth their start, in whatever form they come."""


def begin(inputs: Sequence[str], engine: str, jobs: int) -> None:
    """Let the workers of a run of *inputs* begin, if there will be any; they end with this process."""
    if engine != "local" or jobs < 0 or cores(jobs) == 1:
        return
    if sum(map(_bytes, inputs)) >= PAYS:
        atexit.register(pool.end)  # whatever comes between: a pipeline file that is wrong, a folder that is refused
        pool.ready(WORKERS_NEED)


def _bytes(path: str) -> int:
    """How large a file is, or the files that stand in a folder; 0 for what takes longer to find out."""
    try:
        if not os.path.isdir(path):
            return os.path.getsize(path)
        with os.scandir(path) as listing:
            return sum(entry.stat().st_size for entry in listing if entry.is_file())
    except OSError:
        return 0
