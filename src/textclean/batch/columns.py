"""Parquet and Arrow files: one document a row. The only file of this room that imports pyarrow."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import IO, Any

from textclean.batch.records import Fields, Piece, Record, document
from textclean.batch.sources import Problem, Source
from textclean.batch.streams import Unreadable, opened
from textclean.document import Document

BATCH = 1000


def read(piece: Piece, fields: Fields) -> Iterator[Record | Problem]:
    """The documents of the row groups (or record batches) of *piece*."""
    name, number = piece.source.name, piece.line
    for row in _rows(piece):
        made = document(row, name, number, fields)
        yield Record.of(name, made, ["source"]) if isinstance(made, Document) else made
        number += 1


def groups(source: Source) -> list[int]:
    """How many rows each row group has: where a large file may be cut."""
    arrow = _arrow()
    try:
        with opened(source) as file:
            if source.form == "parquet":
                facts = arrow.parquet.ParquetFile(file).metadata
                return [facts.row_group(group).num_rows for group in range(facts.num_row_groups)]
            return []
    except arrow.ArrowException as error:
        raise Unreadable(f"cannot be read: {error}") from error


def _rows(piece: Piece) -> Iterator[dict[str, Any]]:
    arrow = _arrow()
    try:
        with opened(piece.source) as file:
            for batch in _batches(arrow, file, piece):
                batch = _to_microseconds(arrow, batch)  # noqa: PLW2901
                plain = all(_is_plain(arrow, column.type) for column in batch.schema)
                for start in range(0, batch.num_rows, BATCH):
                    rows = batch.slice(start, BATCH).to_pylist()
                    yield from rows if plain else ({key: as_json(value) for key, value in row.items()} for row in rows)
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise Unreadable(f"cannot be read: {error}") from error


def as_json(value: Any) -> Any:
    """*value* as JSON has it: times in ISO 8601, lengths of time in seconds, bytes as UTF-8 or else in base64.

    >>> from decimal import Decimal
    >>> as_json({"when": date(2026, 1, 2), "price": Decimal("1.50"), "raw": [b"ab", b"\\xff"]})
    {'when': '2026-01-02', 'price': '1.50', 'raw': ['ab', '/w==']}
    """
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(each) for each in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _is_plain(arrow: Any, kind: Any) -> bool:
    if arrow.types.is_dictionary(kind):
        kind = kind.value_type
    tests = ("is_string", "is_large_string", "is_integer", "is_floating", "is_boolean", "is_null")
    return any(getattr(arrow.types, test)(kind) for test in tests)


def _to_microseconds(arrow: Any, batch: Any) -> Any:
    """*batch* with times as Python has them: a nanosecond in a column would end the reading."""
    for number, column in enumerate(batch.schema):
        kind = _in_microseconds(arrow, column.type)
        if kind != column.type:
            batch = batch.set_column(number, column.name, batch.column(number).cast(kind, safe=False))
    return batch


def _in_microseconds(arrow: Any, kind: Any) -> Any:
    is_a = arrow.types
    if getattr(kind, "unit", "") == "ns":
        if is_a.is_timestamp(kind):
            return arrow.timestamp("us", kind.tz)
        return arrow.duration("us") if is_a.is_duration(kind) else arrow.time64("us")
    if is_a.is_list(kind):
        return arrow.list_(kind.value_field.with_type(_in_microseconds(arrow, kind.value_type)))
    if is_a.is_struct(kind):
        return arrow.struct([part.with_type(_in_microseconds(arrow, part.type)) for part in kind])
    return kind


def _batches(arrow: Any, file: IO[bytes], piece: Piece) -> Iterator[Any]:
    if piece.source.form == "parquet":
        reader = arrow.parquet.ParquetFile(file)
        wanted = range(piece.start, reader.num_row_groups if piece.end < 0 else piece.end)
        yield from reader.iter_batches(BATCH, row_groups=list(wanted))
        return
    try:
        whole = arrow.ipc.open_file(file)
    except arrow.ArrowInvalid:  # a stream has no footer
        file.seek(0)
        yield from arrow.ipc.open_stream(file)
        return
    yield from map(whole.get_batch, range(whole.num_record_batches))


def write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    """Documents as a Parquet file with the columns id, path, text and meta (as JSON)."""
    arrow = _arrow()
    schema = arrow.schema([(column, arrow.string()) for column in ("id", "path", "text", "meta")])
    with arrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        block: list[dict[str, Any]] = []
        for row in rows:
            block.append(row)
            if len(block) == BATCH:
                writer.write_table(arrow.Table.from_pylist(block, schema))
                block = []
        if block:
            writer.write_table(arrow.Table.from_pylist(block, schema))


def _arrow() -> Any:
    try:
        import pyarrow  # noqa: ICN001, PLC0415  an extra, and slow to import
        import pyarrow.ipc  # noqa: PLC0415
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise Unreadable("needs pyarrow: pip install 'textclean[arrow]'") from None
    return pyarrow
