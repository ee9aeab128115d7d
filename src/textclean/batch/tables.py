"""CSV: one document a record, in any encoding and with any of the usual separators."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO, cast

from textclean.batch.records import CSV, LARGEST, Fields, Piece, Record, around, document, kept
from textclean.batch.sources import Problem
from textclean.batch.streams import lines, lines_by, opened
from textclean.decode import detect
from textclean.document import Document

_HEAD = 1 << 16


def read(piece: Piece, fields: Fields) -> Iterator[Record | Problem]:
    """The documents of a CSV file whose first record names its fields."""
    csv.field_size_limit(LARGEST)  # its default of 128 kB refuses long articles
    name = piece.source.name
    with io.BufferedReader(cast(io.RawIOBase, opened(piece.source)), _HEAD) as file:
        head = file.peek(_HEAD)[:_HEAD]
        codec = _codec(head)
        taken: list[bytes] = []
        text = head.decode(codec, "replace")
        feed = "\r" if "\n" not in text and "\r" in text else "\n"
        delimiter = max(",\t;|", key=text.split(feed, 1)[0].count)
        reader = csv.reader(_decoded(cast(IO[bytes], file), codec, feed.encode(codec), taken), delimiter=delimiter)
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


def _codec(head: bytes) -> str:
    """What a table is written in that begins like this."""
    codec = detect(head.rsplit(b"\n", 1)[0] or head)
    # Without a NUL it has no separators in UTF-16; a short one may still look like it.
    return "gb18030" if codec.startswith("utf-16") and 0 not in head else codec


def _decoded(file: IO[bytes], codec: str, feed: bytes, taken: list[bytes]) -> Iterator[str]:
    """The lines of *file* as text; their bytes are left in *taken*, because one record may take several."""
    # Wide codecs know no bytes beside text: damage is shown as U+FFFD there.
    errors = "replace" if codec.startswith(("utf-16", "utf-32")) else "surrogateescape"
    for number, line in enumerate(lines(file) if feed == b"\n" else lines_by(file, feed)):
        taken.append(line)
        text = line.decode(codec, errors)
        yield text if number else text.removeprefix("\ufeff")
