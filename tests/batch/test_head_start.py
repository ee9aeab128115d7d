"""Workers begin early where there is surely enough for them, and not else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from textclean.batch import head_start
from textclean.engines import pool


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the pool was asked to make ready."""
    asked: list[object] = []
    monkeypatch.setattr(pool, "ready", asked.append)
    monkeypatch.setattr(head_start, "PAYS", 100)
    return asked


@pytest.mark.parametrize(
    ("names", "engine", "jobs", "begins"),
    [
        (["large.jsonl"], "local", 2, True),
        (["small.jsonl", "small.jsonl"], "local", 2, True),
        (["folder"], "local", 2, True),
        (["small.jsonl"], "local", 2, False),
        (["large.jsonl"], "local", 1, False),
        (["large.jsonl"], "ray", 2, False),
        (["large.jsonl"], "local", -1, False),
        (["missing.jsonl", "-", "s3://far/away.jsonl"], "local", 2, False),
    ],
)
def test_where_there_is_enough(
    names: list[str], engine: str, jobs: int, *, begins: bool, tmp_path: Path, started: list[object]
) -> None:
    (tmp_path / "folder").mkdir()
    for name, size in (("large.jsonl", 100), ("small.jsonl", 60), ("folder/a.txt", 60), ("folder/b.txt", 60)):
        (tmp_path / name).write_bytes(b"x" * size)
    head_start.begin([str(tmp_path / name) for name in names], engine, jobs)
    assert bool(started) is begins


def has(module: str) -> bool:
    """In a worker: whether *module* is there already."""
    return module in sys.modules


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked from a server on Linux alone")
def test_what_workers_need_can_be_imported() -> None:
    """The server leaves out in silence what it cannot import."""
    workers = pool.Pool(1, head_start.WORKERS_NEED)
    try:
        assert all(workers.executor.submit(has, name).result() for name in head_start.WORKERS_NEED)
    finally:
        workers.close()
