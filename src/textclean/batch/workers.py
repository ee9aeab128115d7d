"""Who does the work?

This process, or a pool of fresh ones. Tasks are handed out a few at a time, so
that a plan of any length costs no memory, and come back as they are done.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Self

from textclean.batch.journal import Stopped

Task = tuple[Any, ...]


class Workers:
    """Runs ``function(*task)``; with one worker in this process, else in *jobs* others."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(self, function: Callable[..., Any], tasks: Iterable[Task]) -> Iterator[tuple[Task, Any]]:
        """Each task with its result, in the order they are done."""
        if self.jobs == 1:
            for task in tasks:
                yield task, function(*task)
            return
        if self._pool is None:
            # spawn: a fork would copy whatever threads and locks the caller has
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.jobs, context, _leave_interrupts_to_the_parent)
        try:
            yield from self._in_pool(self._pool, function, tasks)
        except BrokenProcessPool:
            raise Stopped(
                "a worker process was killed from outside, mostly because memory ran out: "
                "run the same command again with a smaller --jobs; finished work is kept"
            ) from None

    def _in_pool(
        self, pool: ProcessPoolExecutor, function: Callable[..., Any], tasks: Iterable[Task]
    ) -> Iterator[tuple[Task, Any]]:
        waiting: dict[Future[Any], Task] = {}
        tasks = iter(tasks)
        more = True
        while more or waiting:
            while more and len(waiting) < 2 * self.jobs:
                task = next(tasks, None)
                if task is None:
                    more = False
                else:
                    waiting[pool.submit(function, *task)] = task
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), future.result()


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
