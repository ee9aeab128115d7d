"""How does the ledger of documents become a column, and a column the ledger again?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from textclean.document import Change, Document, Edit


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


class Ledger:
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
                meta.append(as_json(row.meta) if row.meta else None)
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


def as_json(meta: Mapping[str, Any]) -> bytes:
    """*meta* as JSON."""
    return orjson.dumps(dict(meta), default=str)  # a fact column may hold a timestamp or a decimal


def history(rows: Sequence[Mapping[str, Any]]) -> Iterator[Change]:
    """The changes a list of the column ``edits`` tells of."""
    steps: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        steps.setdefault(row["step"], []).append(row)
    for _, step in sorted(steps.items()):
        yield Change(
            step[0]["stage"],
            tuple(Edit(row["at"], row["at"] + len(row["after"]), row["before"], row["reason"]) for row in step),
        )
