"""What documents are in a file, and how does each get back to its bytes?

Each reader gives :class:`Record` and :class:`Problem`, in the order of the
file. A record remembers how its document stood there, in the least that gives
the same bytes again:

    ["file"]                  the whole file is the document
    ["line", spelling, head, tail]   a JSON line with the text between *head* and *tail*
    ["bytes", base64]         no document: bytes to give back as they are (blank and bad lines)
    ["source"]                only the untouched source itself gives the bytes back
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from textclean.batch import rows
from textclean.batch.sources import Problem, Source, find, why
from textclean.decode import decode, encode, looks_binary
from textclean.document import Document


@dataclass(slots=True)
class Record:
    """A document on its way, and where it came from. *doc* is None for bytes that are no document."""

    path: str
    doc: Document | None
    place: list[Any]
    start: Mapping[str, Any] = field(default_factory=dict)
    """What was known of the document before any stage."""
    known: int = 0
    """How many changes reading it made (what was no text, markup): no stage's doing."""
    failed: bool = False

    @classmethod
    def of(cls, path: str, doc: Document, place: list[Any]) -> Record:
        """A document as it was just read."""
        return cls(path, doc, place, doc.meta, len(doc.history))

    def as_read(self) -> Document | None:
        """The document before any stage."""
        if self.doc is None:
            return None
        text = self.doc.text
        for change in reversed(self.doc.history[self.known :]):
            text = change.before(text)
        return Document(self.doc.id, text, self.start, self.doc.history[: self.known])


_KINDS: dict[str, Literal["text", "html"]] = {"text": "text", "html": "html"}


@dataclass(frozen=True)
class Fields:
    """Which field of a row is the text, and which names the document."""

    text: str = "text"
    id: str = "id"


@dataclass(frozen=True)
class Piece:
    """The part of a source that one shard reads: rows that begin in ``start:end`` (bytes)."""

    source: Source
    start: int = 0
    end: int = -1
    line: int = 1
    """The number of the line at *start*."""
    rows: int = 1
    """How many rows it has, where the plan had to count them."""
    blake2b: str = ""
    """Of the whole source, on the last piece of one that was cut."""

    @property
    def size(self) -> int:
        """Bytes to read."""
        return (self.source.size if self.end < 0 else self.end) - self.start


def read(piece: Piece, fields: Fields) -> Iterator[Record | Problem]:
    """The documents of *piece*; what cannot be read is a Problem, never an exception."""
    source = piece.source
    try:
        with open(source.path, "rb") as file:
            now = os.fstat(file.fileno())
            if (now.st_size, now.st_mtime_ns) != (source.size, source.mtime_ns):
                yield Problem(source.name, "changed while it was being read: run the same command again")
            elif source.form == "jsonl":
                yield from _lines(file, piece, fields)
            else:
                yield _file(file.read(), source)
    except OSError as error:
        yield Problem(source.name, why(error))


def single(path: Path) -> Document:
    """The one document in the file at *path*.

    Raises ValueError with the sentence that says why there is none.
    """
    (found,) = find([str(path)], os.devnull)
    if isinstance(found, Source) and found.form not in {"text", "html"}:
        raise ValueError(f"{path} holds many documents: clean it first, then explain one of OUT/text")
    record = next(read(Piece(found), Fields())) if isinstance(found, Source) else found
    if isinstance(record, Problem) or record.doc is None:
        raise ValueError(f"{path}: {record.problem if isinstance(record, Problem) else 'holds no document'}")
    return record.doc


def _file(raw: bytes, source: Source) -> Record | Problem:
    if not raw:
        return Problem(source.name, "is empty")
    problem = looks_binary(raw)
    if problem:
        return Problem(source.name, problem)
    doc = decode(raw, id=source.name, kind=_KINDS.get(source.form), declared=None)
    if encode(doc.original, doc.meta) == raw:
        return Record.of(source.name, doc, ["file"])
    return Record.of(source.name, doc, ["bytes", base64.b64encode(raw).decode()])


def _lines(file: BinaryIO, piece: Piece, fields: Fields) -> Iterator[Record | Problem]:
    source = piece.source
    at, number = piece.start, piece.line
    file.seek(at)
    for line in file:
        if 0 <= piece.end <= at:
            break
        body = line.strip(b"\xef\xbb\xbf \t\r\n")  # a byte order mark, line ends
        made = _row(body, source.name, number, fields) if body else None
        if isinstance(made, Document):
            yield Record.of(source.name, made, _around(line, made.text))
        else:
            if made is not None:
                yield made
            yield Record(source.name, None, ["bytes", base64.b64encode(line).decode()])
        at += len(line)
        number += 1


def _row(body: bytes, name: str, number: int, fields: Fields) -> Document | Problem:
    try:
        row = rows.strict(body)
    except ValueError as error:
        return Problem(name, f"this line is no JSON: {error}", line=number)
    return document(row, name, number, fields)


def document(row: Any, name: str, number: int, fields: Fields) -> Document | Problem:
    """A row of any table as a document; its other fields become meta."""
    if not isinstance(row, dict):
        return Problem(name, f"this row is no object with fields, but {type(row).__name__}", line=number)
    text = row.pop(fields.text, None)
    if not isinstance(text, str):
        there = f"its field {fields.text!r} is no text" if text is not None else f"it has no field {fields.text!r}"
        known = ", ".join(map(repr, row)) or "nothing else"
        return Problem(name, f"{there} (there is {known}): name the field with --text-field", line=number)
    given = row.pop(fields.id, None)
    own = str(given) if isinstance(given, (str, int)) and given != "" else f"{name}:{number}"
    return Document(own, text, row)


def _around(line: bytes, text: str) -> list[Any]:
    """What stands around *text* in its *line*, or the line itself when the text is spelled in no common way."""
    for spelling in (0, 1):
        literal = rows.literal(text, spelling).encode()
        at = line.find(literal)
        if at >= 0:
            return ["line", spelling, line[:at].decode(), line[at + len(literal) :].decode()]
    return ["bytes", base64.b64encode(line).decode()]


def raw(doc: Document | None, place: list[Any]) -> bytes | None:
    """The bytes a record was read from; None when only the source has them."""
    kind, *how = place
    if kind == "bytes":
        return base64.b64decode(how[0])
    if doc is None or kind == "source":
        return None
    if kind == "file":
        return encode(doc.original, doc.meta)
    spelling, head, tail = how
    return b"".join((head.encode(), rows.literal(doc.original, spelling).encode(), tail.encode()))
