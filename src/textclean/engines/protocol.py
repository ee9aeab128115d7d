"""What must an engine be able to do?

Three verbs on tables: *map* (a function of a batch), *exchange* (a function of
all rows of its keys) and *collect* (a small table to this process). Reading,
writing and sharing a value are the doors in and out. Functions take and return
``pyarrow.Table``, may run anywhere, more than once and in any order, and so
must depend on their rows alone; the order of rows is no promise.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

T = TypeVar("T")
Task = tuple[Any, ...]
Work = TypeVar("Work")

Table = Any
"""A ``pyarrow.Table``; pyarrow ships no types."""
Schema = Any
Function = Callable[[Table], Table]
Data = Any
"""Rows somewhere: each engine has its own kind, which only its own verbs understand."""

PARTS = 16
"""Partitions of an exchange: enough that the partition of one worker fits its memory on a laptop; set it to two or
three times the cores of a cluster."""

BATCH = 4096
"""Rows that a function of *map* is given at a time."""

PART = "textclean_partition"
"""The column that carries a row's partition through a cluster's exchange; gone when the function sees the rows."""

REACHABLE_WITHIN = 10.0
"""Seconds for a first answer of a cluster. Left alone, Ray tries for more than three minutes and then kills the
process, and Spark for one."""


class EngineError(Exception):
    """The engine cannot work; the message says why and what to do."""


class Engine(Protocol):
    """Map, exchange by key, collect."""

    name: str

    def read(self, files: Sequence[str | Path], columns: Sequence[str] | None = None) -> Data:
        """The rows of Parquet *files*, on storage that every worker sees."""
        ...

    def map(self, data: Data, function: Function, schema: Schema) -> Data:
        """*function* on batches of *data*, whose results have *schema*."""
        ...

    def exchange(self, data: Data, key: str, function: Function, schema: Schema) -> Data:
        """*function* on tables in which no row with one of their keys is missing.

        *key* names an int64 column. A table may hold many keys; a key is in
        one table only, whole, once.
        """
        ...

    def keep(self, data: Data) -> Data:
        """*data*, worked out once, for whoever reads it more than once."""
        ...

    def count(self, data: Data) -> int:
        """How many rows there are."""
        ...

    def collect(self, data: Data) -> Table:
        """All rows, here: for what is small, such as edges and counts."""
        ...

    def write(self, data: Data, folder: str | Path) -> None:
        """The rows as Parquet files in *folder*, which is new."""
        ...

    def share(self, value: T) -> Callable[[], T]:
        """*value* for all workers, sent once; functions call what this returns."""
        ...

    def run(
        self, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Each task with the result of ``function(*task)``, in the order they are done."""
        ...

    def __enter__(self) -> Self:
        """The engine itself."""
        ...

    def __exit__(self, *error: object) -> None:
        """Let go of the workers."""
        ...


def partition(keys: Any, parts: int) -> Any:
    """The partition of each key, 0 to *parts* - 1: the same on every engine.

    Multiplied first (Fibonacci hashing, Knuth, TAOCP 3, 6.4), because keys that
    are row numbers would otherwise go to the partitions in stripes.

    >>> import numpy as np
    >>> partition(np.array([0, 1, 2, 3, -1]), 4).tolist()
    [0, 1, 2, 0, 2]
    """
    import numpy as np  # noqa: PLC0415

    mixed = keys.astype(np.int64).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(32)) % np.uint64(parts)).astype(np.int64)


def cores(jobs: int) -> int:
    """*jobs*, or the cores this process may use."""
    if jobs < 0:
        raise ValueError(f"jobs={jobs}: the number of processes, or 0 for one on each core")
    return jobs or len(os.sched_getaffinity(0))


def handed_out(
    tasks: Iterable[Task], ahead: int, start: Callable[[Task], Work], finished: Callable[[list[Work]], Iterable[Work]]
) -> Iterator[tuple[Task, Work]]:
    """Each task with its finished work: *ahead* at a time are started, so that their number costs no memory.

    *start* begins a task, *finished* waits until some of the works are done and says which.

    >>> list(handed_out([(1,), (2,), (3,)], 2, lambda task: f"done {task[0]}", lambda works: works[:1]))
    [((1,), 'done 1'), ((2,), 'done 2'), ((3,), 'done 3')]
    """
    waiting: dict[Work, Task] = {}
    tasks = iter(tasks)
    more = True
    while more or waiting:
        while more and len(waiting) < ahead:
            task = next(tasks, None)
            if task is None:
                more = False
            else:
                waiting[start(task)] = task
        if waiting:
            for work in finished(list(waiting)):
                yield waiting.pop(work), work


def refuse_unreachable(engine: str, host: str, port: int, setting: str) -> None:
    """Raise EngineError unless something listens at *host*:*port*."""
    try:
        socket.create_connection((host, port), REACHABLE_WITHIN).close()
    except OSError as error:
        raise EngineError(
            f"no {engine} cluster answers at {host}:{port} ({error.strerror or error}): "
            f"start it, or correct {setting}, or take it away to work on this machine"
        ) from error
