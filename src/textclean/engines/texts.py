"""How do rows become documents on a worker, and what is a text's number?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

from textclean.document import Document
from textclean.pipeline import Pipeline, StageError


@dataclass(frozen=True)
class Columns:
    """Which columns are read, and what becomes of a row on which a stage fails."""

    text: str = "text"
    id: str = "id"
    facts: Sequence[str] = ()
    on_error: str = "raise"


def prepare(columns: Columns, pipeline: Pipeline, table: Any) -> Any:
    """id, text and meta (JSON) of each row that has a text, after *pipeline*: what learners are shown."""
    import pyarrow as pa  # noqa: PLC0415

    texts, ids = table.column(columns.text).to_pylist(), table.column(columns.id).to_pylist()
    facts = {name: table.column(name).to_pylist() for name in columns.facts}
    made: tuple[list[Any], ...] = ([], [], [])
    for row, (name, text) in enumerate(zip(ids, texts, strict=True)):
        if text is None:
            continue
        if name is None:
            raise ValueError(f"a row has no {columns.id!r}: corpus stages find a document again by its id")
        doc = Document(str(name), text, {fact: there[row] for fact, there in facts.items() if there[row] is not None})
        try:
            doc = pipeline(doc)
        except StageError:
            if columns.on_error == "raise":
                raise
            continue
        for column, value in zip(made, (doc.id, doc.text, orjson.dumps(dict(doc.meta), default=str)), strict=True):
            column.append(value)
    return pa.table(list(made), schema=schema())


def schema() -> Any:
    """Of what :func:`prepare` makes."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema([("id", pa.string()), ("text", pa.string()), ("meta", pa.binary())])


def documents(table: Any) -> Iterator[Document]:
    """The rows :func:`prepare` made, as documents."""
    columns = (table.column(name).to_pylist() for name in ("id", "text", "meta"))
    for name, text, meta in zip(*columns, strict=True):
        yield Document(name, text, orjson.loads(meta))


def node(name: str, number: int = 0) -> int:
    """A 64-bit number for paragraph *number* of the document called *name*.

    Two texts that got the same number would only be compared in the same
    place, which is no error.

    >>> node("a") == node("a", 1), -(1 << 63) <= node("a") < 1 << 63
    (False, True)
    """
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    mixed = (int.from_bytes(digest, "little") + number * 0x9E3779B97F4A7C15) & ((1 << 64) - 1)
    return mixed - (1 << 64) if mixed >> 63 else mixed
