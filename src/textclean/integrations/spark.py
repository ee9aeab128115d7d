"""How is a pipeline a step of Spark?

    clean(df, "news.toml").write.parquet("clean")

Spark hands each partition to a Python worker as Arrow batches; nothing is
collected and nothing shuffled. For stages that must see the corpus first,
pass what :func:`textclean.arrow.scan` returned, or run the whole job on the
engine (see :mod:`textclean.engines`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from textclean.arrow import OnError, PipelineLike, clean_batch, ready_pipeline, schema_after


def clean(
    df: Any,
    pipeline: PipelineLike = None,
    *,
    text: str = "text",
    id: str = "id",  # noqa: A002  the column's usual name
    facts: Sequence[str] = (),
    on_error: OnError = "raise",
    add: Sequence[str] = ("meta", "edits"),
) -> Any:
    """The DataFrame *df* as :func:`textclean.arrow.clean_batch` leaves its batches."""
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema  # noqa: PLC0415

    schema = schema_after(to_arrow_schema(df.schema), text=text, on_error=on_error, add=add)
    mapper = map_in_arrow(pipeline, text=text, id=id, facts=facts, on_error=on_error, add=add)
    return df.mapInArrow(mapper, from_arrow_schema(schema))


def map_in_arrow(pipeline: PipelineLike = None, **options: Any) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """The function for ``DataFrame.mapInArrow``; *options* are those of ``clean_batch``."""
    step = partial(clean_batch, pipeline=ready_pipeline(pipeline), **options)
    return partial(_each, step)


def _each(step: Callable[[Any], Any], batches: Iterator[Any]) -> Iterator[Any]:
    # a function of ours and not map itself: Spark reads the signature of what it is given
    return map(step, batches)
