"""The engine for a cluster that runs Ray, which most tools of this field do.

Rows are a ``ray.data.Dataset``. An exchange groups by partition number and
applies the function to each group: Ray's promise for a group is that it comes
whole. (Repartitioning by key and taking each block for a partition is cheaper by
a fifth and was never seen to go wrong, but a block is only promised to be a
block: one that grew too large and was cut would split a key unseen.)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self, TypeVar

from textclean.engines.protocol import (
    BATCH,
    PART,
    PARTS,
    EngineError,
    Function,
    Schema,
    Table,
    cores,
    handed_out,
    partition,
    refuse_unreachable,
)

T = TypeVar("T")


class RayEngine:
    """Works on the cluster that ``RAY_ADDRESS`` (or *address*) names; without one, on *jobs* processes of this machine.

    *parts* is the number of partitions of an exchange; *options* go to
    ``ray.init`` (``object_store_memory=…``). A Ray that is running in this
    process already is used, and left running.
    """

    name = "ray"

    def __init__(
        self, jobs: int = 0, *, parts: int = PARTS, address: str | None = None, options: Mapping[str, Any] | None = None
    ) -> None:
        jobs = cores(jobs)
        if find_spec("ray") is None or find_spec("pyarrow") is None:
            raise EngineError("the engine ray needs Ray Data: pip install 'textclean[ray]'")
        import ray  # noqa: PLC0415
        from ray.data import DataContext  # noqa: PLC0415

        self.parts = parts
        self._ray = ray
        self._ours = not ray.is_initialized()
        if self._ours:
            given = dict(options or {})
            address = address or os.environ.get("RAY_ADDRESS")
            if address:
                _refuse_unreachable(address)
                given["address"] = address
            else:
                given = {"num_cpus": jobs, "include_dashboard": False, **given}
            try:
                ray.init(**{"logging_level": "ERROR", "log_to_driver": False, **given})
            except (ConnectionError, RuntimeError, TimeoutError) as error:
                raise EngineError(f"Ray did not start: {error}") from error
        self._context = DataContext.get_current()
        self._context.enable_progress_bars = False
        # Ray cuts every input into 200 blocks at least, which on small ones costs more than the work.
        self._context.read_op_min_num_blocks = 2 * max(1, int(ray.cluster_resources().get("CPU", 1)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._ours:
            self._ray.shutdown()

    def read(self, files: Sequence[str | Path], columns: Sequence[str] | None = None) -> Any:
        """A dataset of the rows of Parquet *files*."""
        if not files:
            raise EngineError("there are no files to read")
        data = self._ray.data.read_parquet([str(file) for file in files])
        return data if columns is None else data.select_columns(list(columns))

    def map(self, data: Any, function: Function, schema: Schema) -> Any:
        """*function* on batches."""
        step = partial(_typed, function, schema)
        return data.map_batches(step, batch_format="pyarrow", batch_size=BATCH, zero_copy_batch=True)

    def exchange(self, data: Any, key: str, function: Function, schema: Schema) -> Any:
        """Group by partition number, then *function* on each group."""
        numbered = data.map_batches(
            partial(_number, key, self.parts), batch_format="pyarrow", batch_size=None, zero_copy_batch=True
        )
        numbered = numbered.materialize()
        if not numbered.count():  # Ray's shuffle fails where there is nothing to shuffle
            return self._ray.data.from_arrow(schema.empty_table())
        grouped = numbered.groupby(PART, num_partitions=self.parts)
        return grouped.map_groups(partial(_reduce, function, schema), batch_format="pyarrow")

    def keep(self, data: Any) -> Any:
        """The rows in the object store."""
        return data.materialize()

    def count(self, data: Any) -> int:
        """How many rows there are."""
        return int(data.count())

    def collect(self, data: Any) -> Table:
        """All rows, in any order."""
        import pyarrow as pa  # noqa: PLC0415

        data = data.materialize()
        tables = [self._ray.get(block) for block in data.to_arrow_refs()]
        full = [table for table in tables if table.num_rows]
        if full:
            return pa.concat_tables(full)
        return tables[0] if tables else data.schema().base_schema.empty_table()

    def write(self, data: Any, folder: str | Path) -> None:
        """One Parquet file for each block."""
        Path(folder).mkdir(parents=True)
        data.write_parquet(str(folder))

    def share(self, value: T) -> Callable[[], T]:
        """*value* in the object store."""
        return partial(_shared, self._ray.put(value))

    def run(
        self, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Each task as a Ray task; what a killed worker was doing is done again."""
        remote = self._ray.remote(_call).options(max_retries=3)
        shared = self._ray.put(function)
        ahead = 4 * max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        for task, reference in handed_out(
            tasks,
            ahead,
            lambda task: remote.remote(shared, task),
            lambda works: self._ray.wait(works, num_returns=1)[0],
        ):
            yield task, self._get(reference)

    def _get(self, reference: Any) -> Any:
        try:
            return self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause if isinstance(getattr(error, "cause", None), Exception) else error from None


def _refuse_unreachable(address: str) -> None:
    """Probe the head node where *address* names it (``auto`` and ``local`` find their own way)."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdigit():
        refuse_unreachable("Ray", host, int(port), "RAY_ADDRESS")


def _call(function: Callable[..., Any], task: tuple[Any, ...]) -> Any:
    return function(*task)


def _typed(function: Function, schema: Schema, table: Table) -> Table:
    """What *function* makes of *table*; of nothing, nothing, because Ray shows empty batches too."""
    return function(table) if table.num_rows else schema.empty_table()


def _number(key: str, parts: int, table: Table) -> Table:
    import pyarrow as pa  # noqa: PLC0415

    if not table.num_rows:
        return table.append_column(PART, pa.array([], pa.int64()))
    return table.append_column(PART, pa.array(partition(table.column(key).to_numpy(), parts)))


def _reduce(function: Function, schema: Schema, table: Table) -> Table:
    return _typed(function, schema, table.drop_columns([PART]))


def _shared(reference: Any) -> Any:
    import ray  # noqa: PLC0415

    return ray.get(reference)
