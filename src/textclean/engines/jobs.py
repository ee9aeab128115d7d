"""What is done on an engine: learn from a corpus, and clean it.

    with engines.start("ray") as engine:
        state = jobs.learn(engine, files, Pipeline.default(corpus=True))
        jobs.clean(engine, files, "clean", state)

The rows are those of Parquet files on storage that every worker sees. What
:func:`learn` returns is an ordinary pipeline, as of :func:`textclean.arrow.scan`,
and the same on every engine.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from textclean.arrow import clean_batch, schema_after
from textclean.engines import texts, union
from textclean.engines.protocol import Data, Engine
from textclean.engines.texts import Columns
from textclean.pipeline import Learner, Pipeline, Stage, stage_name
from textclean.stages.boilerplate import SiteTemplates

USUAL = Columns()
"""``text`` and ``id``, and a stage that fails stops the run."""


def learn(
    engine: Engine,
    files: Sequence[str | Path],
    pipeline: Pipeline,
    *,
    columns: Columns = USUAL,
    driver_edges: int = union.DRIVER_EDGES,
) -> Pipeline:
    """*pipeline* with each learner replaced by the stage it became after all *files*.

    Templates and duplicates are learned by exchange; any other learner sees
    the batches on the workers and decides here, so its evidence must be small.
    More than *driver_edges* candidate pairs are not united in this process.
    """
    read = engine.read(files, [*dict.fromkeys([columns.id, columns.text, *columns.facts])])
    ready: tuple[Stage, ...] = ()
    for stage in pipeline.stages:
        if callable(stage):
            ready = (*ready, stage)
            continue
        prepared = engine.map(read, partial(_prepare, columns, engine.share(Pipeline(ready))), texts.schema())
        if ready:
            prepared = engine.keep(prepared)  # it is read twice, and the stages before cost more than the rows
        ready = (*ready, _learned(engine, prepared, stage, driver_edges))
    return Pipeline(ready)


def clean(
    engine: Engine,
    files: Sequence[str | Path],
    out: str | Path,
    pipeline: Pipeline,
    *,
    columns: Columns = USUAL,
    add: Sequence[str] = ("meta", "edits"),
) -> None:
    """Write the rows of *files*, cleaned as by :func:`textclean.arrow.clean_batch`, as Parquet into *out*.

    Raises TypeError for a pipeline that has still to learn.
    """
    for learner in pipeline.learners:
        raise TypeError(f"{stage_name(learner)} has not seen a corpus yet: state = learn(engine, files, pipeline)")
    import pyarrow.parquet as pq  # noqa: PLC0415

    on_error: Any = columns.on_error
    schema = schema_after(pq.read_schema(files[0]), text=columns.text, on_error=on_error, add=add)
    work = partial(_clean, columns, tuple(add), engine.share(pipeline))
    engine.write(engine.map(engine.read(files), work, schema), out)


def _learned(engine: Engine, prepared: Data, learner: Learner[Any], driver_edges: int) -> Stage:
    from textclean.engines import near, sites  # noqa: PLC0415  numpy waits until it is needed
    from textclean.stages import NearDuplicates  # noqa: PLC0415

    if isinstance(learner, NearDuplicates):
        return near.learn(engine, prepared, learner, driver_edges)
    if isinstance(learner, SiteTemplates):
        return sites.learn(engine, prepared, learner)
    shards = engine.collect(engine.map(prepared, partial(_observe, learner), _evidence_schema()))
    return learner.decide(pickle.loads(shard) for shard in shards.column("evidence").to_pylist())  # noqa: S301


def _prepare(columns: Columns, pipeline: Any, table: Any) -> Any:
    return texts.prepare(columns, pipeline(), table)


def _clean(columns: Columns, add: Sequence[str], pipeline: Any, table: Any) -> Any:
    on_error: Any = columns.on_error
    return clean_batch(
        table, pipeline=pipeline(), text=columns.text, id=columns.id, facts=columns.facts, on_error=on_error, add=add
    )


def _observe(learner: Learner[Any], table: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.table([[pickle.dumps(learner.observe(texts.documents(table)))]], schema=_evidence_schema())


def _evidence_schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema([("evidence", pa.binary())])
