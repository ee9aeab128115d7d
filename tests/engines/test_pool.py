"""Processes begin with what they need, and none is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from multiprocessing import forkserver
from pathlib import Path

import pytest

from textclean.engines import pool

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked from a server on Linux alone")


def has(module: str) -> bool:
    """In a worker: whether *module* is there already."""
    return module in sys.modules


def server() -> int | None:
    running: int | None = getattr(forkserver, "_forkserver")._forkserver_pid  # noqa: B009
    return running


@linux
def test_workers_begin_with_what_was_imported_once() -> None:
    workers = pool.Pool(2, ["textclean.batch.work", "colorsys"])
    try:
        assert server() is not None
        assert workers.executor.submit(has, "textclean.batch.work").result()
        assert workers.executor.submit(has, "colorsys").result()
    finally:
        workers.close()
    assert server() is None


@linux
def test_two_runs_share_it_and_the_last_ends_it() -> None:
    first, second = pool.Pool(1, ["textclean.batch.work"]), pool.Pool(1, ["textclean.batch.work"])
    shared = server()
    closing = threading.Thread(target=first.close)
    closing.start()
    closing.join()
    assert server() == shared
    assert second.executor.submit(has, "textclean.batch.work").result()
    second.close()
    assert server() is None


@linux
def test_what_it_imports_is_what_this_process_would(tmp_path: Path) -> None:
    (tmp_path / "only_here.py").write_text("", encoding="utf-8")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from textclean.engines import pool\n"
        "from tests.engines.test_pool import has\n"
        "workers = pool.Pool(1, ['only_here'])\n"
        "print(workers.executor.submit(has, 'only_here').result()); workers.close()\n"
    )
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout.strip() == "True"


def test_without_anything_to_import_nothing_is_started() -> None:
    workers = pool.Pool(1, [])
    assert server() is None
    workers.close()
