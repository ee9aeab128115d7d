"""JSON lines: one document a line, in any encoding."""

from __future__ import annotations

from collections.abc import Iterator

from textclean.batch import rows
from textclean.batch.records import JSON, Fields, Piece, Record, around, document, kept
from textclean.batch.sources import Problem
from textclean.batch.streams import Unreadable, lines, opened
from textclean.decode import detect
from textclean.decode.declared import bom
from textclean.document import Document


def read(piece: Piece, fields: Fields) -> Iterator[Record | Problem]:
    """The documents of *piece*; lines that are none are kept for the way back."""
    name, at, number = piece.source.name, piece.start, piece.line
    with opened(piece.source) as file:
        if at:
            _refuse_wide(file.read(4))
            file.seek(at)
        for line in lines(file):
            if 0 <= piece.end <= at:
                break
            if not at:
                _refuse_wide(line)
            body = line.strip(b"\xef\xbb\xbf \t\r\n")  # a byte order mark, line ends
            made, codec = _row(body, name, number, fields) if body else (None, "")
            if isinstance(made, Document):
                yield Record.of(name, made, around(line, made.text, JSON, codec))
            else:
                if made is not None:
                    yield made
                yield Record(name, None, kept(line))
            at += len(line)
            number += 1


def _refuse_wide(head: bytes) -> None:
    marked = bom(head) or ""
    if marked.startswith(("utf-16", "utf-32")):
        raise Unreadable(
            f"is in {marked[:6].upper()}, and JSON lines are in UTF-8: iconv -f {marked[:6]} -t utf-8 makes them so"
        )


def _codec(body: bytes) -> str:
    try:
        body.decode()
    except UnicodeDecodeError:
        codec = detect(body)
        # The line feeds were found, so it is no UTF-16; a short line may still look like it.
        return "gb18030" if codec.startswith("utf") else codec
    return "utf-8"


def _row(body: bytes, name: str, number: int, fields: Fields) -> tuple[Document | Problem, str]:
    """What stands in a line, and its encoding, which is only asked where the line is no JSON in UTF-8."""
    codec = "utf-8"
    try:
        row = rows.strict(body)
    except ValueError:
        try:
            codec = _codec(body)
            row = rows.strict(body if codec == "utf-8" else body.decode(codec).encode())
        except (ValueError, LookupError) as error:
            return Problem(name, f"this line is no JSON: {error}", line=number), codec
    return document(row, name, number, fields), codec
