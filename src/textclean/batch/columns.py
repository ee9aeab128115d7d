"""Parquet and Arrow files: one document a row. The only file of this room that imports pyarrow."""

from __future__ import annotations

from collections.abc import Iterator
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
                for start in range(0, batch.num_rows, BATCH):
                    yield from batch.slice(start, BATCH).to_pylist()
    except (arrow.ArrowException, OSError) as error:
        raise Unreadable(f"cannot be read: {error}") from error


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
