"""Which columns are read, and which are added?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from textclean.arrow.ledger import edits_type
from textclean.document import Document

OnError = Literal["raise", "keep"]


@dataclass(frozen=True)
class Form:
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
        """The columns that come beside the text."""
        return (*self.add, "error") if self.on_error == "keep" else self.add

    def schema(self, schema: Any) -> Any:
        """The schema of what comes out for batches of *schema*; ValueError if a column would be lost."""
        import pyarrow as pa  # noqa: PLC0415

        at = column(schema, self.text)
        field = schema.field(at)
        schema = schema.set(at, pa.field(field.name, text_type(field), metadata=field.metadata))
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
        texts = batch.column(column(batch.schema, self.text)).to_pylist()
        known = [(name, batch.column(column(batch.schema, name)).to_pylist()) for name in self.facts]
        ids: Sequence[Any] = [None] * len(texts)
        if self.id != "id" or self.id in batch.schema.names or first is None:
            ids = batch.column(column(batch.schema, self.id)).to_pylist()
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


def column(schema: Any, name: str) -> int:
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


def text_type(field: Any) -> Any:
    """The type of the cleaned column; ValueError unless *field* holds text."""
    import pyarrow as pa  # noqa: PLC0415

    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return kind
    if pa.types.is_null(kind):  # a batch in which every text is missing
        return pa.string()
    hint = "; bytes become text by textclean.decode" if "binary" in str(kind) else ""
    raise ValueError(f"the column {field.name!r} holds {field.type}, and no text{hint}")
