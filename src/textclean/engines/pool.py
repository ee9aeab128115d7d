"""How do the processes of one machine begin, and when do they end?

Forked from a process that did nothing but import (Linux), so that what all of
them need is read and compiled once; started anew elsewhere. Never forked from
the caller, whose threads and locks a fork would copy. They end with the caller,
however it ends: a worker that outlived a killed run would go on writing where
the next one works.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import connection, forkserver
from typing import Any

_lock = threading.RLock()
_ours: list[Callable[[], None]] = []
"""What ends the process to fork from, if it runs and was started here."""
_pools: list[Pool] = []
"""Those that are open and forked: two runs in two threads have one process to fork from."""


class Pool:
    """*jobs* processes; what *preload* names is imported before they are forked."""

    def __init__(self, jobs: int, preload: Sequence[str]) -> None:
        with _lock:
            ready(preload)
            forked = bool(preload and _ours)
            context = multiprocessing.get_context("forkserver" if forked else "spawn")
            self.executor = ProcessPoolExecutor(jobs, context, _begin)
            if forked:
                _pools.append(self)

    def close(self) -> None:
        """End the processes."""
        self.executor.shutdown(wait=True, cancel_futures=True)
        with _lock:
            _pools[:] = (other for other in _pools if other is not self)
        end()


def ready(preload: Sequence[str]) -> None:
    """Start the process to fork from, if there is to be one; it imports while its caller does something else."""
    known: Any = getattr(forkserver, "_forkserver", None)
    with _lock:
        if not preload or _ours or sys.platform != "linux" or not hasattr(known, "_stop"):
            return
        if getattr(known, "_forkserver_pid", 0) is not None:
            return  # somebody else's is running: it has not imported what ours is to, and is not ours to end
        multiprocessing.get_context("forkserver").set_forkserver_preload(["__main__", *preload])
        with _as_here():
            forkserver.ensure_running()
        _ours.append(partial(_stop, known))


def end() -> None:
    """End the process to fork from: it is large, and its time would not be counted as ours."""
    with _lock:
        while _ours and not _pools:
            _ours.pop()()


def _stop(server: Any) -> None:
    """End *server* before this process ends. Asked to, it would first take apart all it imported: 0.2 s."""
    if server._forkserver_pid is not None:  # noqa: SLF001  there is no other way to know
        os.kill(server._forkserver_pid, signal.SIGKILL)  # noqa: SLF001  it holds nothing that has to be put away
    server._stop()  # noqa: SLF001


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
    # Cycles are looked for less often, and never among what was imported: documents have none, and it was 3 % of a run.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
