"""How do the processes of one machine begin, and when do they end?

Forked from a process that did nothing but import (Linux), so that what all of
them need is read and compiled once; started anew elsewhere. Never forked from
the caller, whose threads and locks a fork would copy. They end with the caller,
however it ends: a worker that outlived a killed run would go on writing where
the next one works.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection, forkserver
from typing import Any


class Pool:
    """*jobs* processes; what *preload* names is imported before they are forked."""

    def __init__(self, jobs: int, preload: Sequence[str]) -> None:
        self._server = _server(preload) if preload and sys.platform == "linux" else None
        context = multiprocessing.get_context("spawn" if self._server is None else "forkserver")
        self.executor = ProcessPoolExecutor(jobs, context, _begin)

    def close(self) -> None:
        """End the processes, and the one they were forked from: its time would not be counted as ours, and it is large."""
        self.executor.shutdown(wait=True, cancel_futures=True)
        if self._server is not None:
            self._server()


def _server(preload: Sequence[str]) -> Callable[[], None] | None:
    """Start the process to fork from; what ends it, or None where there can be none of ours."""
    known: Any = getattr(forkserver, "_forkserver", None)
    if not hasattr(known, "_stop") or getattr(known, "_forkserver_pid", 0) is not None:
        return None  # somebody else's is running: it has not imported what ours is to, and is not ours to end
    multiprocessing.get_context("forkserver").set_forkserver_preload(["__main__", *preload])
    with _as_here():
        forkserver.ensure_running()
    stop: Callable[[], None] = known._stop  # noqa: SLF001  there is no other way to end it before this process does
    return stop


@contextmanager
def _as_here() -> Iterator[None]:
    """The environment in which a server imports what this process would, and starts no threads that forks would lose."""
    path = os.pathsep.join(map(os.path.abspath, sys.path))
    wanted = {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
