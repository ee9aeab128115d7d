"""JSON lines: one document a line, in any encoding."""

from __future__ import annotations

import re
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
    key = rows.dumps(fields.text)
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
                yield _record(name, made, line, codec, key)
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


def _record(name: str, doc: Document, line: bytes, codec: str, key: bytes) -> Record:
    start, end = plain_text(line, key) if codec == "utf-8" else (0, 0)
    if not end:
        return Record.of(name, doc, around(line, doc.text, JSON, codec))
    record = Record.of(name, doc, ["line", JSON[0], line[:start].decode(), line[end:].decode()])
    record.spelled = doc.text, line[start:end]
    return record


_STRING = re.compile(rb'\s*:\s*"')
_ESCAPED = re.compile(rb"\\[^n]")


def plain_text(line: bytes, key: bytes) -> tuple[int, int]:
    r"""Where in *line*, an object as JSON that has a text at *key*, that text stands, if it is spelled as we spell it.

    Asked of the bytes, for to spell each text again only to find it takes longer
    than all else here. (0, 0) where they do not tell: *key* is there twice, or
    anything but line feeds is escaped.

    >>> plain_text(rb'{"id": 1, "text": "a\nb"}', b'"text"'), plain_text(rb'{"text": "\u4e2d"}', b'"text"')
    ((18, 24), (0, 0))
    """
    at = line.find(key)
    string = _STRING.match(line, at + len(key))
    if at < 0 or string is None:
        return 0, 0
    start = string.end() - 1
    end = line.find(b'"', start + 1) + 1
    rest = line[:at] + line[end:]
    if b"\\" in rest or key in rest or _ESCAPED.search(line, start, end):
        return 0, 0
    return start, end


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
