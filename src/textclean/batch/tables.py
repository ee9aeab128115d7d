"""CSV: one document a record, in any encoding and with any of the usual separators."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO, cast

from textclean.batch.records import CSV, LARGEST, Fields, Piece, Record, around, document, kept
from textclean.batch.sources import Problem
from textclean.batch.streams import lines, opened
from textclean.decode import detect
from textclean.document import Document

_HEAD = 1 << 16


def read(piece: Piece, fields: Fields) -> Iterator[Record | Problem]:
    """The documents of a CSV file whose first record names its fields."""
    csv.field_size_limit(LARGEST)  # its default of 128 kB refuses long articles
    name = piece.source.name
    with io.BufferedReader(cast(io.RawIOBase, opened(piece.source)), _HEAD) as file:
        head = file.peek(_HEAD)[:_HEAD]
        codec = detect(head.rsplit(b"\n", 1)[0] or head)
        taken: list[bytes] = []
        first = head.split(b"\n", 1)[0].decode(codec, "replace")
        reader = csv.reader(_decoded(cast(IO[bytes], file), codec, taken), delimiter=max(",\t;|", key=first.count))
        header: list[str] = []
        number = 0
        while True:
            taken.clear()
            number += 1
            try:
                values = next(reader, None)
            except csv.Error as error:
                yield Problem(name, f"this record is no CSV: {error}", line=number)
                values = []
            if values is None:
                return
            raw = b"".join(taken)
            if not header:
                header = values
                yield Record(name, None, kept(raw))
                continue
            made = document(dict(zip(header, values, strict=False)), name, number, fields) if values else None
            if isinstance(made, Document):
                yield Record.of(name, made, around(raw, made.text, CSV[::-1], codec))
            else:
                if made is not None:
                    yield made
                yield Record(name, None, kept(raw))


def _decoded(file: IO[bytes], codec: str, taken: list[bytes]) -> Iterator[str]:
    """The lines of *file* as text; their bytes are left in *taken*, because one record may take several."""
    for number, line in enumerate(lines(file)):
        taken.append(line)
        text = line.decode(codec, "surrogateescape")
        yield text if number else text.removeprefix("\ufeff")
