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
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any, Literal

import orjson

from textclean.document import Change, Document, Edit
from textclean.pipeline import Pipeline, StageError, stage_name

__all__ = ["apply", "clean_batch", "edits_type", "ready_pipeline", "restore_batch", "scan", "schema_after"]

_LARGEST = 1 << 28  # bytes of one batch of a Table; a stage may rewrite every paragraph, and there are several

OnError = Literal["raise", "keep"]
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
    form = _Form(text, id, tuple(facts), on_error, tuple(add))
    ready = ready_pipeline(pipeline)
    return _each_batch(batch, lambda part, first: _clean(part, first, ready, form))


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
    """
    form = _Form(text, id, tuple(facts), on_error, ())
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
    return _each_batch(batch, lambda part, _: _restore(part, text))


def edits_type() -> Any:
    """The Arrow type of the column ``edits``: one struct for each change and each fact, oldest first.

    ``start`` and ``end`` are the place in the **original** text, in code
    points; ``before`` and ``after`` the span as the stage saw it and what it
    became; ``meta`` is a JSON text, null if empty. ``step`` numbers the
    stages that did something and ``at`` is where ``after`` begins in the text
    as that stage left it: with these two the column is the whole ledger.
    """
    import pyarrow as pa  # noqa: PLC0415

    return pa.list_(
        pa.struct(
            [
                ("step", pa.int32()),
                ("stage", pa.string()),
                ("reason", pa.string()),
                ("note", pa.string()),
                ("start", pa.int64()),
                ("end", pa.int64()),
                ("at", pa.int64()),
                ("before", pa.string()),
                ("after", pa.string()),
                ("meta", pa.string()),
            ]
        )
    )


def schema_after(
    schema: Any, *, text: str = "text", on_error: OnError = "raise", add: Sequence[str] = ("meta", "edits")
) -> Any:
    """The schema that :func:`clean_batch` returns for batches of *schema*, for hosts that ask for it first."""
    return _Form(text, "id", (), on_error, tuple(add)).schema(schema)


@dataclass(frozen=True)
class _Form:
    """Which columns are read and which are added, checked once."""

    text: str
    id: str
    facts: tuple[str, ...]
    on_error: OnError
    add: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.on_error not in ("raise", "keep"):
            raise ValueError(f'on_error is "raise" or "keep", not {self.on_error!r}')
        if unknown := set(self.add) - {"meta", "edits"}:
            raise ValueError(f'add names columns among "meta" and "edits"; {min(unknown)!r} is neither')

    @property
    def added(self) -> tuple[str, ...]:
        return (*self.add, "error") if self.on_error == "keep" else self.add

    def schema(self, schema: Any) -> Any:
        import pyarrow as pa  # noqa: PLC0415

        at = _column(schema, self.text)
        field = schema.field(at)
        schema = schema.set(at, pa.field(field.name, _text_type(field), metadata=field.metadata))
        kinds = {"meta": pa.string(), "edits": edits_type(), "error": pa.string()}
        for name in self.added:
            if name in schema.names:
                raise ValueError(
                    f"the batch has a column {name!r} already, which would be lost: "
                    f"rename it or, for meta and edits, leave it out of add={self.add}"
                )
            schema = schema.append(pa.field(name, kinds[name]))
        return schema

    def documents(self, batch: Any, first: int | None) -> Iterator[Document | None]:
        """The rows as documents, None for a null text; one without an id is numbered from *first*, or refused."""
        texts = batch.column(_column(batch.schema, self.text)).to_pylist()
        known = [(name, batch.column(_column(batch.schema, name)).to_pylist()) for name in self.facts]
        ids: Sequence[Any] = [None] * len(texts)
        if self.id != "id" or self.id in batch.schema.names or first is None:
            ids = batch.column(_column(batch.schema, self.id)).to_pylist()
        for row, (given, content) in enumerate(zip(ids, texts, strict=True)):
            name = given
            if content is None:
                yield None
                continue
            if name is None:
                if first is None:
                    raise ValueError(f"row {row} has no {self.id!r}: corpus stages find a document again by its id")
                name = f"row {first + row}"
            yield Document(str(name), content, {fact: there[row] for fact, there in known if there[row] is not None})


class _Corpus:
    """Batches as documents, as often as they are asked for."""

    def __init__(self, batches: Iterable[Any], form: _Form) -> None:
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
                docs = [doc for part in _parts(batch) for doc in self._form.documents(part, None)]
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


def _parts(batch: Any) -> list[Any]:
    """*batch*, whatever it is, as record batches."""
    import pyarrow as pa  # noqa: PLC0415

    if isinstance(batch, pa.RecordBatch):
        return [batch]
    if isinstance(batch, pa.Table):
        return list(batch.to_batches())
    if hasattr(batch, "__arrow_c_array__"):
        return [pa.record_batch(batch)]
    if hasattr(batch, "__arrow_c_stream__"):
        return list(pa.table(batch).to_batches())
    raise TypeError(
        f"{type(batch).__name__} is no Arrow data: pass a RecordBatch, a Table, or anything with "
        "__arrow_c_stream__ (of a Hugging Face dataset, its with_format('arrow'))"
    )


def _each_batch(batch: Any, work: Callable[[Any, int], Any]) -> Any:
    """*work* on each record batch of *batch* and its first row's number: a Table comes back unless one batch came in."""
    import pyarrow as pa  # noqa: PLC0415

    if isinstance(batch, pa.RecordBatch) or (not isinstance(batch, pa.Table) and hasattr(batch, "__arrow_c_array__")):
        return work(_parts(batch)[0], 0)
    table = batch if isinstance(batch, pa.Table) else pa.Table.from_batches(parts) if (parts := _parts(batch)) else None
    if table is None or not table.num_rows:
        schema = (pa.table(batch) if table is None else table).schema
        return pa.Table.from_batches([work(pa.RecordBatch.from_pylist([], schema=schema), 0)])
    done, rows = [], 0
    for whole in table.to_batches():
        for part in _bounded(whole):
            done.append(work(part, rows))
            rows += part.num_rows
    return pa.Table.from_batches(done)


def _bounded(batch: Any) -> Iterator[Any]:
    """*batch* in parts whose ledger fits a column: an Arrow string column ends at 2 GiB, and edits tell texts twice."""
    rows = max(1, batch.num_rows * _LARGEST // max(batch.nbytes, 1))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def _clean(batch: Any, first: int, pipeline: Pipeline, form: _Form) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    schema = form.schema(batch.schema)
    texts: list[str | None] = []
    metas: list[bytes | None] = []
    errors: list[str | None] = []
    ledger = _Ledger()
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
        metas.append(None if done is None else _json(done.meta))
        errors.append(error)
        if "edits" in form.add:
            ledger.append(done)
    columns = list(batch.columns)
    at = _column(batch.schema, form.text)
    columns[at] = pa.array(texts, schema.field(at).type)
    made: Mapping[str, Callable[[], Any]] = {
        "meta": lambda: pa.array(metas, pa.binary()).cast(pa.string()),
        "edits": ledger.column,
        "error": lambda: pa.array(errors, pa.string()),
    }
    return pa.RecordBatch.from_arrays([*columns, *(made[name]() for name in form.added)], schema=schema)


def _restore(batch: Any, text: str) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    at, edits = _column(batch.schema, text), _column(batch.schema, "edits")
    kind = batch.schema.field(edits).type  # maybe a large_list of large_string by now: hosts widen types
    if not pa.types.is_struct(getattr(kind, "value_type", None)) or {"step", "at"} - {f.name for f in kind.value_type}:
        raise ValueError(f"the column 'edits' holds {kind}, and not the ledger that clean_batch adds")
    originals = [
        now if now is None or rows is None else Document("", now, {}, tuple(_history(rows))).original
        for now, rows in zip(batch.column(at).to_pylist(), batch.column(edits).to_pylist(), strict=True)
    ]
    batch = batch.set_column(at, batch.schema.field(at), pa.array(originals, batch.schema.field(at).type))
    return batch.drop_columns([name for name in ("meta", "edits", "error") if name in batch.schema.names])


def _history(rows: Sequence[Mapping[str, Any]]) -> Iterator[Change]:
    """The changes a list of the column ``edits`` tells of."""
    steps: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        steps.setdefault(row["step"], []).append(row)
    for _, step in sorted(steps.items()):
        yield Change(
            step[0]["stage"],
            tuple(Edit(row["at"], row["at"] + len(row["after"]), row["before"], row["reason"]) for row in step),
        )


class _Ledger:
    """The column ``edits``, built field by field: a dict for each edit would cost more than the edit."""

    def __init__(self) -> None:
        self._offsets = [0]
        self._null: list[bool] = []
        self._fields: tuple[list[Any], ...] = tuple([] for _ in range(10))

    def append(self, doc: Document | None) -> None:
        """The edits of the next row."""
        if doc is not None and doc.history:
            step, stage, reason, note, start, end, at, before, after, meta = self._fields
            places = ((number, back.start) for number, change in enumerate(doc.history) for back in change.undo)
            for (number, place), row in zip(places, doc.audit(), strict=True):
                step.append(number)
                stage.append(row.stage)
                reason.append(row.reason)
                note.append(row.note)
                start.append(row.start)
                end.append(row.end)
                at.append(place)
                before.append(row.before)
                after.append(row.after)
                meta.append(_json(row.meta) if row.meta else None)
        self._null.append(doc is None)
        self._offsets.append(len(self._fields[0]))

    def column(self) -> Any:
        """All rows as an Arrow array."""
        import pyarrow as pa  # noqa: PLC0415

        kind = edits_type()
        fields = list(kind.value_type)
        arrays = [pa.array(values, field.type) for values, field in zip(self._fields[:-1], fields[:-1], strict=True)]
        arrays.append(pa.array(self._fields[-1], pa.binary()).cast(pa.string()))
        edits = pa.StructArray.from_arrays(arrays, fields=fields)
        offsets, nulls = pa.array(self._offsets, pa.int32()), pa.array(self._null, pa.bool_())
        return pa.ListArray.from_arrays(offsets, edits, type=kind, mask=nulls)


def _json(meta: Mapping[str, Any]) -> bytes:
    return orjson.dumps(dict(meta), default=str)  # a fact column may hold a timestamp or a decimal


def _column(schema: Any, name: str) -> int:
    """The place of the column *name*; a sentence if there is none, or more than one."""
    places: list[int] = schema.get_all_field_indices(name)
    if len(places) != 1:
        there = ", ".join(map(repr, schema.names)) or "none"
        raise ValueError(
            f"no column is called {name!r} (there are: {there}); say which with text=…, id=… or facts=…"
            if not places
            else f"{len(places)} columns are called {name!r}: rename all but one"
        )
    return places[0]


def _text_type(field: Any) -> Any:
    """The type of the cleaned column; ValueError unless *field* holds text."""
    import pyarrow as pa  # noqa: PLC0415

    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return kind
    if pa.types.is_null(kind):  # a batch in which every text is missing
        return pa.string()
    hint = "; bytes become text by textclean.decode" if "binary" in str(kind) else ""
    raise ValueError(f"the column {field.name!r} holds {field.type}, and no text{hint}")
