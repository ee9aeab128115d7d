"""How does a column of texts go in, and texts, facts and edits come out?

Arrow is what the tools of this field have in common, so one function on record
batches is a stage in most of them: Hugging Face datasets, Ray Data, Spark,
Polars, pandas, DuckDB. :func:`clean_batch` looks at one batch and remembers
nothing. Stages that must see the corpus first (templates of a site, duplicates
across documents) are two steps: :func:`scan` reads all batches and returns a
pipeline that has learned, :func:`apply` runs it on any batch, here or on
another machine.

>>> import pyarrow as pa
>>> from textclean import Edit, Pipeline
>>> def no_footer(doc):
...     at = doc.text.find("責編")
...     return [Edit(at, len(doc.text), "", "byline")] if at >= 0 else []
>>> batch = pa.record_batch({"id": ["a", "b"], "text": ["正文。責編:李四", None]})
>>> out = clean_batch(batch, pipeline=Pipeline([no_footer]))
>>> out["text"].to_pylist(), out["edits"][0].as_py()[0]["before"]
(['正文。', None], '責編:李四')
>>> restore_batch(out)["text"].to_pylist()
['正文。責編:李四', None]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from os import PathLike, fspath
from typing import Any

from textclean.arrow.batches import each_batch, parts
from textclean.arrow.columns import Form, OnError, column
from textclean.arrow.ledger import Ledger, as_json, edits_type, history
from textclean.document import Document
from textclean.pipeline import Pipeline, StageError, stage_name

__all__ = [
    "OnError",
    "PipelineLike",
    "apply",
    "clean_batch",
    "edits_type",
    "ready_pipeline",
    "restore_batch",
    "scan",
    "schema_after",
]

PipelineLike = Pipeline | str | PathLike[str] | None
"""A pipeline, or the path of a pipeline file; None stands for the default pipeline."""


def ready_pipeline(pipeline: PipelineLike) -> Pipeline:
    """*pipeline*, read if it is a file, for a host that shows one batch or document at a time.

    Raises TypeError when a stage of it must see the corpus first.
    """
    pipeline = _load(pipeline, corpus=False)
    for learner in pipeline.learners:
        raise TypeError(
            f"{stage_name(learner)} must see the corpus before it can clean a batch: "
            "state = textclean.arrow.scan(batches, pipeline=…), then apply(batch, state), or state as the pipeline"
        )
    return pipeline


def _load(pipeline: PipelineLike, *, corpus: bool) -> Pipeline:
    if pipeline is None:
        return Pipeline.default(corpus=corpus)
    return pipeline if isinstance(pipeline, Pipeline) else Pipeline.load(fspath(pipeline))


def clean_batch(
    batch: Any,
    *,
    pipeline: PipelineLike = None,
    text: str = "text",
    id: str = "id",  # noqa: A002  the column's usual name
    facts: Sequence[str] = (),
    on_error: OnError = "raise",
    add: Sequence[str] = ("meta", "edits"),
) -> Any:
    """*batch* with its *text* column cleaned, and what was done in columns beside it.

    *batch*: a ``pyarrow.RecordBatch`` or ``Table`` (the same comes back), or
    anything with ``__arrow_c_array__`` (a RecordBatch comes back) or
    ``__arrow_c_stream__`` (a Table). Rows keep their number and order, other
    columns stay as they are. The text column may be ``string``,
    ``large_string``, ``string_view`` or a dictionary of one of them, with
    nulls; it keeps its type (a dictionary becomes its value type). A null text
    stays null and has null ``meta`` and ``edits``.

    *pipeline*: a :class:`~textclean.pipeline.Pipeline`, the path of a pipeline
    file, or None for the default one. *id*: the column that names the documents; a batch without a
    column called ``id`` has its rows numbered. *facts*: columns the stages
    find in ``doc.meta`` (``url``, ``published``). *add*: the columns to add:
    ``meta`` is a JSON text, ``edits`` the whole ledger (:func:`edits_type`),
    from which :func:`restore_batch` makes the original text again.

    *on_error* says what becomes of a row on which a stage fails: ``"raise"``
    the StageError, or ``"keep"`` the original text and put the error into an
    added column ``error`` (null where all went well).

    Raises ValueError for a missing column, one that holds no text, or an added
    column that is there already; TypeError for what is no Arrow data.
    """
    form = Form(text, id, tuple(facts), on_error, tuple(add))
    ready = ready_pipeline(pipeline)
    return each_batch(batch, lambda part, first: _clean(part, first, ready, form))


def scan(
    batches: Iterable[Any],
    *,
    pipeline: PipelineLike = None,
    text: str = "text",
    id: str = "id",  # noqa: A002
    facts: Sequence[str] = (),
    on_error: OnError = "raise",
) -> Pipeline:
    """What the corpus stages of *pipeline* learn from all *batches*: the pipeline to :func:`apply`.

    Without *pipeline*, the default one with its corpus stages.
    *batches* is read once per corpus stage, so pass a list, a Table or anything
    else that can be iterated again, and not an iterator. The documents need an
    *id* column, by which :func:`apply` finds them again. ``on_error="keep"``
    leaves a row on which a stage fails out of the evidence; :func:`apply` then
    keeps it.

    The result is an ordinary pipeline: it can be pickled and sent to workers.

    >>> import pyarrow as pa
    >>> from textclean import NearDuplicates
    >>> batches = [pa.record_batch({"id": [name], "text": ["江水涨了，田里都是人。"]}) for name in "ab"]
    >>> state = scan(batches, pipeline=Pipeline([NearDuplicates()]))
    >>> [apply(batch, state)["text"].to_pylist() for batch in batches]
    [['江水涨了，田里都是人。'], ['']]
    """
    form = Form(text, id, tuple(facts), on_error, ())
    corpus = _Corpus(batches, form)
    ready: tuple[Any, ...] = ()
    for stage in _load(pipeline, corpus=True).stages:
        if callable(stage):
            ready = (*ready, stage)
        else:
            ready = (*ready, stage.decide([stage.observe(corpus.after(Pipeline(ready)))]))
    return Pipeline(ready)


def apply(
    batch: Any,
    state: Pipeline,
    *,
    text: str = "text",
    id: str = "id",  # noqa: A002
    facts: Sequence[str] = (),
    on_error: OnError = "raise",
    add: Sequence[str] = ("meta", "edits"),
) -> Any:
    """*batch* cleaned by what :func:`scan` learned; otherwise as :func:`clean_batch`."""
    return clean_batch(batch, pipeline=state, text=text, id=id, facts=facts, on_error=on_error, add=add)


def restore_batch(batch: Any, *, text: str = "text") -> Any:
    """What went into :func:`clean_batch`: the original texts, without the added columns.

    Raises ValueError when the batch has no column ``edits`` of that kind.
    """
    return each_batch(batch, lambda part, _: _restore(part, text))


def schema_after(
    schema: Any, *, text: str = "text", on_error: OnError = "raise", add: Sequence[str] = ("meta", "edits")
) -> Any:
    """The schema that :func:`clean_batch` returns for batches of *schema*, for hosts that ask for it first."""
    return Form(text, "id", (), on_error, tuple(add)).schema(schema)


class _Corpus:
    """Batches as documents, as often as they are asked for."""

    def __init__(self, batches: Iterable[Any], form: Form) -> None:
        if iter(batches) is batches:
            raise TypeError(
                "scan() reads the batches once per corpus stage: pass a list, not an iterator that runs dry"
            )
        self._batches = batches
        self._form = form

    def after(self, pipeline: Pipeline) -> Iterator[Document]:
        """The documents as *pipeline* leaves them."""
        batches = self._batches.to_batches() if hasattr(self._batches, "to_batches") else self._batches
        for number, batch in enumerate(batches):
            try:
                docs = [doc for part in parts(batch) for doc in self._form.documents(part, None)]
            except ValueError as error:
                raise ValueError(f"batch {number}: {error}") from error
            for doc in docs:
                if doc is None:
                    continue
                try:
                    yield pipeline(doc)
                except StageError:
                    if self._form.on_error == "raise":
                        raise


def _clean(batch: Any, first: int, pipeline: Pipeline, form: Form) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    schema = form.schema(batch.schema)
    texts: list[str | None] = []
    metas: list[bytes | None] = []
    errors: list[str | None] = []
    ledger = Ledger()
    for doc in form.documents(batch, first):
        error, done = None, doc
        if doc is not None:
            try:
                done = pipeline(doc)
            except StageError as problem:
                if form.on_error == "raise":
                    raise
                error = str(problem)
        texts.append(None if done is None else done.text)
        metas.append(None if done is None else as_json(done.meta))
        errors.append(error)
        if "edits" in form.add:
            ledger.append(done)
    columns = list(batch.columns)
    at = column(batch.schema, form.text)
    columns[at] = pa.array(texts, schema.field(at).type)
    made: Mapping[str, Callable[[], Any]] = {
        "meta": lambda: pa.array(metas, pa.binary()).cast(pa.string()),
        "edits": ledger.column,
        "error": lambda: pa.array(errors, pa.string()),
    }
    return pa.RecordBatch.from_arrays([*columns, *(made[name]() for name in form.added)], schema=schema)


def _restore(batch: Any, text: str) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    at, edits = column(batch.schema, text), column(batch.schema, "edits")
    kind = batch.schema.field(edits).type  # maybe a large_list of large_string by now: hosts widen types
    if not pa.types.is_struct(getattr(kind, "value_type", None)) or {"step", "at"} - {f.name for f in kind.value_type}:
        raise ValueError(f"the column 'edits' holds {kind}, and not the ledger that clean_batch adds")
    originals = [
        now if now is None or rows is None else Document("", now, {}, tuple(history(rows))).original
        for now, rows in zip(batch.column(at).to_pylist(), batch.column(edits).to_pylist(), strict=True)
    ]
    batch = batch.set_column(at, batch.schema.field(at), pa.array(originals, batch.schema.field(at).type))
    return batch.drop_columns([name for name in ("meta", "edits", "error") if name in batch.schema.names])
