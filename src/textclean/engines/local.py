"""The engine that needs nothing: processes of this machine and files.

An exchange writes each partition's rows into spill files and reads them back
memory-mapped, so memory holds one partition for each process and not the
corpus. It never becomes a cluster of our own: for that there are others.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Self, TypeVar

from textclean.engines.pool import Pool
from textclean.engines.protocol import (
    BATCH,
    PARTS,
    EngineError,
    Function,
    Schema,
    Table,
    Task,
    cores,
    handed_out,
    partition,
)

T = TypeVar("T")

SPILL = 64 << 20
"""Bytes a process gathers before it writes them to their partitions."""


@dataclass(frozen=True)
class Rows:
    """Files with rows, and what is still to be done with each batch of them."""

    files: tuple[Path, ...]
    schema: Schema
    columns: tuple[str, ...] | None = None
    steps: tuple[Function, ...] = ()

    def batches(self, file: Path) -> Iterator[Table]:
        """The batches of *file* after all steps."""
        for table in _read(file, self.columns):
            for step in self.steps:
                table = step(table)  # noqa: PLW2901
            if table.num_rows:
                yield table


class LocalEngine:
    """*jobs* processes (0: one for each core), *parts* partitions, spill files in *folder* (default: the system's)."""

    name = "local"

    def __init__(
        self, jobs: int = 0, *, parts: int = PARTS, folder: str | Path | None = None, preload: Sequence[str] = ()
    ) -> None:
        if parts < 1:
            raise ValueError(f"parts={parts}: at least one partition")
        self.jobs = cores(jobs)
        self.parts = parts
        self._preload = tuple(preload)
        self._spill = tempfile.TemporaryDirectory(prefix="textclean-", dir=folder)
        self._made = 0
        self._pool: Pool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.close()
        self._spill.cleanup()

    def read(self, files: Sequence[str | Path], columns: Sequence[str] | None = None) -> Rows:
        """The rows of Parquet *files*."""
        import pyarrow.parquet as pq  # noqa: PLC0415

        if not files:
            raise EngineError("there are no files to read")
        table = pq.read_schema(files[0]).empty_table()
        schema = (table if columns is None else table.select(list(columns))).schema
        return Rows(tuple(map(Path, files)), schema, None if columns is None else tuple(columns))

    def map(self, data: Rows, function: Function, schema: Schema) -> Rows:
        """Nothing yet: steps wait until their rows are wanted, and then run in one go."""
        return replace(data, schema=schema, steps=(*data.steps, function))

    def exchange(self, data: Rows, key: str, function: Function, schema: Schema) -> Rows:
        """Spill by partition, then *function* on each partition."""
        folder = self._folder()
        work = partial(_spill, data, key, self.parts, folder)
        spilled = sorted(path for _, path in self.run(work, ((each,) for each in enumerate(data.files))) if path)
        work = partial(_reduce, spilled, function, self.parts, folder)
        made = sorted(path for _, path in self.run(work, ((part,) for part in range(self.parts))) if path)
        for path in spilled:
            path.unlink()
        return Rows(tuple(made), schema)

    def keep(self, data: Rows) -> Rows:
        """The rows in files of their own."""
        work = partial(_keep, data, self._folder())
        return Rows(tuple(sorted(path for _, path in self.run(work, enumerate(data.files)) if path)), data.schema)

    def count(self, data: Rows) -> int:
        """How many rows there are."""
        return sum(count for _, count in self.run(partial(_count, data), ((file,) for file in data.files)))

    def collect(self, data: Rows) -> Table:
        """All rows, in the order of their files."""
        import pyarrow as pa  # noqa: PLC0415

        tables = [table for file in self.keep(data).files for table in _read(file, None)]
        return pa.concat_tables(tables) if tables else data.schema.empty_table()

    def write(self, data: Rows, folder: str | Path) -> None:
        """One Parquet file for each file read."""
        Path(folder).mkdir(parents=True)
        for _ in self.run(partial(_write, data, Path(folder)), enumerate(data.files)):
            pass

    def share(self, value: T) -> Callable[[], T]:
        """*value* in a file, read once by each process."""
        path = self._folder() / "shared.pickle"
        path.write_bytes(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        return partial(_shared, path)

    def run(
        self, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Each task with its result: in this process if it is the only one, else in the pool."""
        if self.jobs == 1:
            for task in tasks:
                yield task, function(*task)
            return
        if self._pool is None:
            self._pool = Pool(self.jobs, self._preload)
        try:
            for task, future in handed_out(
                tasks, 2 * self.jobs, partial(_submitted, self._pool.executor, function), _first_done
            ):
                yield task, future.result()
        except BrokenProcessPool:
            raise EngineError(
                "a worker process ended without an answer. Either it was killed, mostly because memory ran out: take "
                "fewer jobs or more partitions. Or it could not import the function it was sent, and said so on stderr"
            ) from None

    def _folder(self) -> Path:
        self._made += 1
        folder = Path(self._spill.name, str(self._made))
        folder.mkdir()
        return folder


def _submitted(pool: ProcessPoolExecutor, function: Callable[..., Any], task: Task) -> Future[Any]:
    return pool.submit(function, *task)


def _first_done(futures: list[Future[Any]]) -> set[Future[Any]]:
    return wait(futures, return_when=FIRST_COMPLETED).done


def _read(file: Path, columns: Sequence[str] | None) -> Iterator[Table]:
    import pyarrow as pa  # noqa: PLC0415

    if file.suffix == ".arrow":
        with pa.memory_map(str(file)) as source:
            reader = pa.ipc.open_file(source)
            for number in range(reader.num_record_batches):
                yield pa.Table.from_batches([reader.get_batch(number)])
    else:
        import pyarrow.parquet as pq  # noqa: PLC0415

        with pq.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(BATCH, columns=None if columns is None else list(columns)):
                yield pa.Table.from_batches([batch])


@dataclass
class _Spill:
    """One file of rows by partition: its batches stand in the order of their partitions, round after round."""

    sink: Any
    key: str
    parts: int
    writer: Any = None

    def fill(self, tables: Iterator[Table]) -> bool:
        """Write *tables*, a round as often as enough have come together; whether there was any."""
        import pyarrow as pa  # noqa: PLC0415

        gathered: list[Table] = []
        size = 0
        for table in tables:
            if self.writer is None:
                self.writer = pa.ipc.new_file(self.sink, table.schema)
            gathered.append(table)
            size += table.nbytes
            if size >= SPILL:
                self._round(pa.concat_tables(gathered))
                gathered, size = [], 0
        if gathered:
            self._round(pa.concat_tables(gathered))
        if self.writer is not None:
            self.writer.close()
        return self.writer is not None

    def _round(self, table: Table) -> None:
        import numpy as np  # noqa: PLC0415
        import pyarrow as pa  # noqa: PLC0415

        parted = partition(table.column(self.key).to_numpy(), self.parts)
        order = np.argsort(parted, kind="stable")
        table = table.take(pa.array(order)).combine_chunks()
        ends = np.searchsorted(parted[order], np.arange(self.parts + 1))
        for low, high in pairwise(ends.tolist()):
            rows = table.slice(low, high - low)
            # An empty slice has no batch, but each round has one for every partition.
            self.writer.write_batch(rows.to_batches()[0] if rows.num_rows else _empty(table.schema))


def _spill(data: Rows, key: str, parts: int, folder: Path, numbered: tuple[int, Path]) -> Path | None:
    """The rows of one file in one spill file."""
    import pyarrow as pa  # noqa: PLC0415

    number, file = numbered
    path = folder / f"{number:06d}.spill"
    with pa.OSFile(str(path), "wb") as sink:
        return path if _Spill(sink, key, parts).fill(data.batches(file)) else None


def _empty(schema: Schema) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.RecordBatch.from_pylist([], schema=schema)


def _reduce(spilled: Sequence[Path], function: Function, parts: int, folder: Path, part: int) -> Path | None:
    """*function* on everything that was spilled for one partition."""
    import pyarrow as pa  # noqa: PLC0415

    batches = []
    for file in spilled:
        reader = pa.ipc.open_file(pa.memory_map(str(file)))
        batches += [reader.get_batch(number) for number in range(part, reader.num_record_batches, parts)]
    batches = [batch for batch in batches if batch.num_rows]
    if not batches:
        return None
    return _store(iter([function(pa.Table.from_batches(batches))]), folder / f"{part:06d}.arrow")


def _keep(data: Rows, folder: Path, number: int, file: Path) -> Path | None:
    return _store(data.batches(file), folder / f"{number:06d}.arrow")


def _store(tables: Iterator[Table], path: Path) -> Path | None:
    """*tables* in one file; None if there is no row."""
    import pyarrow as pa  # noqa: PLC0415

    first = next((table for table in tables if table.num_rows), None)
    if first is None:
        return None
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, first.schema) as writer:
        writer.write_table(first, BATCH)
        for table in tables:
            writer.write_table(table, BATCH)
    return path


def _count(data: Rows, file: Path) -> int:
    return sum(table.num_rows for table in data.batches(file))


def _write(data: Rows, folder: Path, number: int, file: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    writer = None
    for table in data.batches(file):
        if writer is None:
            writer = pq.ParquetWriter(folder / f"part-{number:06d}.parquet", table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()


@lru_cache(maxsize=8)
def _shared(path: Path) -> Any:
    return pickle.loads(path.read_bytes())  # noqa: S301  written by this engine, into a folder of its own
