"""The engine for a cluster that runs Spark.

Rows are a DataFrame. Functions run in ``mapInArrow``, which hands a Python worker
one partition as Arrow batches; an exchange is ``repartition`` by partition
number, after which a partition is whole by Spark's own definition.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
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
    partition,
    refuse_unreachable,
)

T = TypeVar("T")


class SparkEngine:
    """Works where Spark's own settings say (``spark-submit``, ``spark-defaults.conf``, ``MASTER``), else on this machine.

    *parts* is the number of partitions of an exchange; *options* are Spark
    settings (``{"spark.driver.memory": "2g"}``). A session that is active in
    this process already is used, and left running.
    """

    name = "spark"

    def __init__(self, jobs: int = 0, *, parts: int = PARTS, options: Mapping[str, str] | None = None) -> None:
        jobs = cores(jobs)
        if find_spec("pyspark") is None or find_spec("pyarrow") is None:
            raise EngineError("the engine spark needs PySpark: pip install 'textclean[spark]'")
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            raise EngineError(
                "the engine spark needs Java 17, and there is no java here: install it (Debian: "
                "apt install openjdk-17-jre-headless) or set JAVA_HOME"
            )
        from pyspark.sql import SparkSession  # noqa: PLC0415

        self.parts = parts
        active = SparkSession.getActiveSession()
        self._ours = active is None
        _refuse_unreachable(dict(options or {}))
        self._temporary = tempfile.TemporaryDirectory(prefix="textclean-")
        try:
            self.session = active or self._start(SparkSession, jobs, dict(options or {}))
        except EngineError:
            self._temporary.cleanup()
            raise
        self._was = {name: self.session.conf.get(name, None) for name in self._settings()}
        for name, value in self._settings().items():
            self.session.conf.set(name, value)

    def _settings(self) -> dict[str, str]:
        return {
            "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH),
            "spark.sql.shuffle.partitions": str(self.parts),
            # A partition that Spark thought too small would be merged with another, which is right, but wasteful here.
            "spark.sql.adaptive.coalescePartitions.enabled": "false",
        }

    def _start(self, kind: Any, jobs: int, options: dict[str, str]) -> Any:
        builder = kind.builder.appName("textclean")
        if not _master(options) and not os.environ.get("SPARK_CONF_DIR") and not os.environ.get("SPARK_HOME"):
            options = {
                "spark.master": f"local[{jobs}]",
                "spark.driver.host": "127.0.0.1",
                "spark.driver.bindAddress": "127.0.0.1",
                "spark.ui.enabled": "false",
                "spark.local.dir": self._temporary.name,
                "spark.sql.warehouse.dir": self._temporary.name,
                **options,
            }
        for name, value in options.items():
            builder = builder.config(name, value)
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        try:
            session = builder.getOrCreate()
        except Exception as error:
            raise EngineError(
                f"Spark did not start: {str(error).splitlines()[0] if str(error) else error!r}"
            ) from error
        session.sparkContext.setLogLevel("ERROR")
        return session

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._ours:
            self.session.stop()
        else:
            for name, value in self._was.items():
                self.session.conf.unset(name) if value is None else self.session.conf.set(name, value)
        self._temporary.cleanup()

    def read(self, files: Sequence[str | Path], columns: Sequence[str] | None = None) -> Any:
        """A DataFrame of the rows of Parquet *files*."""
        if not files:
            raise EngineError("there are no files to read")
        frame = self.session.read.parquet(*map(str, files))
        return frame if columns is None else frame.select(*columns)

    def map(self, data: Any, function: Function, schema: Schema) -> Any:
        """*function* on batches."""
        return data.mapInArrow(partial(_each, function), _spark_schema(schema))

    def exchange(self, data: Any, key: str, function: Function, schema: Schema) -> Any:
        """Repartition, then *function* on each partition."""
        import pyarrow as pa  # noqa: PLC0415
        from pyspark.sql.pandas.types import to_arrow_schema  # noqa: PLC0415

        numbered = to_arrow_schema(data.schema).append(pa.field(PART, pa.int64()))
        data = data.mapInArrow(partial(_each, partial(_number, key, self.parts)), _spark_schema(numbered))
        return data.repartition(self.parts, PART).mapInArrow(partial(_whole, function), _spark_schema(schema))

    def keep(self, data: Any) -> Any:
        """The rows in memory and, where that is short, on disk."""
        return data.persist()

    def count(self, data: Any) -> int:
        """How many rows there are."""
        return int(data.count())

    def collect(self, data: Any) -> Table:
        """All rows, in any order."""
        return data.toArrow()

    def write(self, data: Any, folder: str | Path) -> None:
        """One Parquet file for each partition, and Spark's ``_SUCCESS``."""
        data.write.option("compression", "zstd").parquet(str(folder))

    def share(self, value: T) -> Callable[[], T]:
        """*value* as a broadcast variable."""
        return partial(_shared, self.session.sparkContext.broadcast(value))

    def members(self, texts: Any, ties: Any) -> Any:
        """The rows of *texts* (one component each) that *ties* (one, other) bind, with the component they share.

        For ties that are too many for one process: large-star and small-star
        in turn (Kiveris et al., Connected Components in MapReduce and Beyond,
        2014), until nothing changes; then every node points at the smallest of
        its component. It costs a dozen shuffles of the ties.
        """
        roots = _stars(ties)
        every = roots.unionByName(roots.selectExpr("root as node", "root").distinct())
        bound = texts.join(every.withColumnRenamed("node", "component"), "component")
        return bound.drop("component").withColumnRenamed("root", "component").select(*texts.columns)

    def run(
        self, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Tasks as Spark tasks, some at a time, so that results come before all is done."""
        context = self.session.sparkContext
        ahead = 8 * context.defaultParallelism
        tasks = iter(tasks)
        while some := [task for _, task in zip(range(ahead), tasks, strict=False)]:
            yield from context.parallelize(some, len(some)).map(partial(_call, function)).collect()


def _master(options: Mapping[str, str]) -> str:
    return options.get("spark.master") or os.environ.get("MASTER", "")


def _refuse_unreachable(options: Mapping[str, str]) -> None:
    """Probe the masters of a standalone cluster; yarn and k8s find their own way."""
    master = _master(options)
    if master.startswith("spark://"):
        for place in master.removeprefix("spark://").split(","):
            host, _, port = place.rpartition(":")
            refuse_unreachable("Spark", host, int(port) if port.isdigit() else 7077, "MASTER")


def _stars(ties: Any) -> Any:
    """(node, root) of every node that is not the smallest of its component."""
    from pyspark.sql import functions as sql  # noqa: PLC0415

    edges = (
        ties.selectExpr("greatest(one, other) as node", "least(one, other) as root").where("node <> root").distinct()
    )
    before = None
    while True:
        # Large star: what a node knows above itself is tied to the smallest it knows.
        both = edges.unionByName(edges.selectExpr("root as node", "node as root"))
        least = both.groupBy("node").agg(sql.least(sql.min("root"), sql.col("node")).alias("least"))
        edges = both.join(least, "node").where("root > node").selectExpr("root as node", "least as root").distinct()
        # Small star: what a node knows below itself, and itself, is tied to the smallest of them.
        least = edges.groupBy("node").agg(sql.min("root").alias("least"))
        known = edges.join(least, "node")
        edges = (
            known.selectExpr("root as node", "least as root")
            .unionByName(known.selectExpr("node", "least as root"))
            .where("node <> root")
            .distinct()
            .localCheckpoint()  # or each round would plan all rounds before it again
        )
        now = tuple(edges.agg(sql.count("*"), sql.sum(sql.hash("node", "root").cast("long"))).first())
        if now == before:
            return edges
        before = now


def _spark_schema(schema: Schema) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415

    return from_arrow_schema(schema)


def _each(function: Function, batches: Iterator[Any]) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415

    for batch in batches:
        if batch.num_rows:
            yield from function(pa.Table.from_batches([batch])).to_batches()


def _whole(function: Function, batches: Iterator[Any]) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415

    full = [batch for batch in batches if batch.num_rows]
    if full:
        yield from function(pa.Table.from_batches(full).drop_columns([PART])).to_batches()


def _number(key: str, parts: int, table: Table) -> Table:
    import pyarrow as pa  # noqa: PLC0415

    return table.append_column(PART, pa.array(partition(table.column(key).to_numpy(), parts)))


def _call(function: Callable[..., Any], task: tuple[Any, ...]) -> tuple[tuple[Any, ...], Any]:
    return task, function(*task)


def _shared(broadcast: Any) -> Any:
    return broadcast.value
