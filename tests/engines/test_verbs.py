"""The three verbs do the same on every engine."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from textclean.engines import Engine

pytestmark = pytest.mark.filterwarnings("default")

NUMBERS = pa.schema([("key", pa.int64()), ("row", pa.int64())])
COUNTS = pa.schema([("key", pa.int64()), ("rows", pa.int64()), ("sum", pa.int64())])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """20,000 rows of 500 keys in three files and a file without rows; a third of them has one key."""
    folder = tmp_path_factory.mktemp("numbers")
    rng = np.random.default_rng(7)
    keys = rng.integers(-250, 250, 20_000)
    keys[::3] = 7
    paths = []
    for number, rows in enumerate([slice(0, 9_000), slice(9_000, 9_000), slice(9_000, 9_001), slice(9_001, None)]):
        paths.append(folder / f"{number}.parquet")
        pq.write_table(pa.table({"key": keys[rows], "row": np.arange(20_000)[rows]}, schema=NUMBERS), paths[-1])
    return paths


def even(table: Any) -> Any:
    return table.filter(pa.array(table["row"].to_numpy() % 2 == 0))


def add(number: Any, table: Any) -> Any:
    return table.set_column(1, "row", pa.array(table["row"].to_numpy() + number()))


def counted(table: Any) -> Any:
    keys, rows = table["key"].to_numpy(), table["row"].to_numpy()
    each, place = np.unique(keys, return_inverse=True)
    sums = np.bincount(place, rows).astype(np.int64)
    return pa.table({"key": each, "rows": np.bincount(place), "sum": sums}, schema=COUNTS)


def nothing(table: Any) -> Any:
    return table.slice(0, 0)


def rows(table: Any) -> list[tuple[Any, ...]]:
    return sorted(zip(*(column.to_pylist() for column in table.columns), strict=True))


def test_map_then_collect(engine: Engine, files: list[Path]) -> None:
    data = engine.map(engine.map(engine.read(files), even, NUMBERS), partial(add, engine.share(1000)), NUMBERS)
    table = engine.collect(data)
    assert table.schema.names == ["key", "row"]
    assert sorted(table["row"].to_pylist()) == list(range(1000, 21_000, 2))


def test_a_key_is_in_one_place_whole_and_once(engine: Engine, files: list[Path]) -> None:
    made = rows(engine.collect(engine.exchange(engine.read(files), "key", counted, COUNTS)))
    keys = [key for key, _, _ in made]
    assert len(keys) == len(set(keys))
    assert made == rows(counted(pa.concat_tables(map(pq.read_table, files))))


def test_exchange_after_map_and_map_after_exchange(engine: Engine, files: list[Path]) -> None:
    data = engine.exchange(engine.map(engine.read(files), even, NUMBERS), "key", counted, COUNTS)
    made = rows(engine.collect(engine.map(data, partial(keep_most, 100), COUNTS)))
    assert made == rows(keep_most(100, counted(even(pa.concat_tables(map(pq.read_table, files))))))


def keep_most(least: int, table: Any) -> Any:
    return table.filter(pa.array(table["rows"].to_numpy() >= least))


def test_no_rows_at_all(engine: Engine, files: list[Path]) -> None:
    data = engine.map(engine.read(files), nothing, NUMBERS)
    assert engine.count(data) == 0
    assert engine.collect(data).num_rows == 0
    made = engine.collect(engine.exchange(data, "key", counted, COUNTS))
    assert (made.num_rows, made.schema.names) == (0, COUNTS.names)


def test_kept_rows_are_worked_out_once(engine: Engine, files: list[Path], tmp_path: Path) -> None:
    data = engine.keep(engine.map(engine.read(files, ["key", "row"]), partial(leave_a_trace, tmp_path), NUMBERS))
    assert engine.count(data) == engine.collect(data).num_rows == 20_000
    assert engine.collect(data)["row"].to_pylist()
    assert sum(int(path.name.split("-")[1]) for path in tmp_path.iterdir()) == 20_000


def leave_a_trace(folder: Path, table: Any) -> Any:
    (folder / f"{table['row'][0].as_py()}-{table.num_rows}-{os.urandom(4).hex()}").touch()
    return table


def test_write_and_read_back(engine: Engine, files: list[Path], tmp_path: Path) -> None:
    engine.write(engine.map(engine.read(files), even, NUMBERS), tmp_path / "out")
    written = pa.concat_tables(map(pq.read_table, sorted((tmp_path / "out").glob("*.parquet"))))
    assert sorted(written["row"].to_pylist()) == list(range(0, 20_000, 2))


def test_tasks(engine: Engine) -> None:
    done = dict(engine.run(pow, ((number, 2) for number in range(50))))
    assert done == {(number, 2): number**2 for number in range(50)}


def test_a_task_that_fails_says_why(engine: Engine) -> None:
    with pytest.raises(Exception, match="invalid literal for int"):
        list(engine.run(int, [("many",)]))


@pytest.mark.engines
def test_a_killed_ray_worker_is_no_loss(engines: Any, files: list[Path], tmp_path: Path) -> None:
    """The first worker to come by is killed in mid-run; what it was doing is done again."""
    engine = engines("ray")
    data = engine.map(engine.read(files), partial(die_once, tmp_path / "map"), NUMBERS)
    made = engine.collect(engine.exchange(data, "key", partial(die_once_counting, tmp_path / "reduce"), COUNTS))
    assert {path.name for path in tmp_path.iterdir()} == {"map", "reduce"}
    assert rows(made) == rows(counted(pa.concat_tables(map(pq.read_table, files))))
    assert dict(engine.run(partial(die_once_squaring, tmp_path / "task"), ((n,) for n in range(8)))) == {
        (n,): n * n for n in range(8)
    }
    assert (tmp_path / "task").exists()


def die_once(mark: Path, value: Any) -> Any:
    try:
        mark.touch(exist_ok=False)
        os.kill(os.getpid(), signal.SIGKILL)
    except FileExistsError:
        pass
    return value


def die_once_counting(mark: Path, table: Any) -> Any:
    return counted(die_once(mark, table))


def die_once_squaring(mark: Path, number: int) -> int:
    return int(die_once(mark, number)) ** 2
