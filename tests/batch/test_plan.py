"""A plan takes everything once, in order, and ends in small portions."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textclean.batch import plan
from textclean.batch.plan import Shard
from textclean.batch.sources import Problem, Source, find


def sources(sizes: list[int]) -> list[Source]:
    return [Source(f"/{number}.txt", f"{number}.txt", "text", size, 0) for number, size in enumerate(sizes)]


def portions(sizes: list[int]) -> list[Shard]:
    return [shard for shard in plan.shards(sources(sizes)) if not isinstance(shard, Problem)]


@given(sizes=st.lists(st.integers(0, 3 * plan.SHARD_BYTES), max_size=40))
def test_everything_once_and_in_order(sizes: list[int]) -> None:
    made = portions(sizes)
    assert [piece.source for shard in made for piece in shard] == sources(sizes)
    assert all(made)
    for shard in made:
        assert len(shard) == 1 or sum(piece.bytes for piece in shard[:-1]) < plan.SHARD_BYTES


@settings(max_examples=30)
@given(sizes=st.lists(st.integers(plan.SHARD_BYTES // 50, plan.SHARD_BYTES // 20), min_size=60, max_size=200))
def test_the_last_are_smaller(sizes: list[int]) -> None:
    made = [sum(piece.bytes for piece in shard) for shard in portions(sizes)]
    assert max(made) <= plan.SHARD_BYTES * 1.1
    assert made[-1] <= plan.SHARD_BYTES * 0.3
    assert made[-1] + made[-2] <= plan.SHARD_BYTES * 0.6


def test_what_one_worker_does_sooner_is_one_portion() -> None:
    assert len(portions([plan.SHARD_BYTES // 100] * 100)) == 1
    assert len(portions([plan.SHARD_BYTES // 100] * 110)) > 1


def test_small_files_are_counted() -> None:
    assert [len(shard) for shard in portions([1] * 5500)] == [1000, 1000, 1000, 1000, 1000, 500]


def test_a_million_files_are_not_held_in_memory() -> None:
    endless = (source for _ in itertools.count() for source in sources([1000]))
    taken = list(itertools.islice(plan.shards(endless), 3))
    assert [len(shard) for shard in taken] == [1000, 1000, 1000]


@pytest.mark.parametrize("length", [1, 30, 700])
def test_a_large_file_is_cut_at_its_lines(length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "SHARD_BYTES", 1000)
    lines = [b"%d" % number * length + b"\n" for number in range(20_000 // length)]
    (tmp_path / "x.jsonl").write_bytes(b"".join(lines))
    made = [shard for shard in plan.shards(find([str(tmp_path / "x.jsonl")], "")) if not isinstance(shard, Problem)]
    whole = b"".join(lines)
    at, line = 0, 1
    for shard in made:
        assert len(shard) == 1, "neighbours are one piece"
        assert (shard[0].start, shard[0].line, shard[0].bytes) == (at, line, shard[0].end - at)
        assert whole[: shard[0].end].endswith(b"\n")
        line += whole[at : shard[0].end].count(b"\n")
        at = shard[0].end
    assert at == len(whole)
