"""What is a document on its way, and how does it get back to its bytes?

A record remembers how its document stood in its source, in the least that
gives the same bytes again:

    ["file"]                              the whole file is the document
    ["line", spelling, head, tail, codec?]   its text stands between *head* and *tail*
    ["bytes", base64] or ["raw", text]    these very bytes (blank and bad lines; unusual spellings)
    ["source"]                            only the untouched source has them (Parquet, WARC)
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from textclean.batch import rows
from textclean.batch.sources import Problem, Source
from textclean.decode import encode
from textclean.document import Document

LARGEST = 256 << 20
"""Bytes of the largest single document: what is longer is no text a person wrote, and would fill the memory."""

JSON = (0, 1)
CSV = (2, 3)
"""Spellings of a text: JSON as it is or with escapes; CSV bare or quoted."""


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
    blake2b: str = field(default="", compare=False)
    """Of its file, while it is being read, if that was read whole."""
    spelled: tuple[str, bytes] = field(default=("", b'""'), compare=False, repr=False)
    """A text and its JSON, as long as that is the text of the document: it is spelled once and then copied."""

    @classmethod
    def of(cls, path: str, doc: Document, place: list[Any]) -> Record:
        """A document as it was just read."""
        return cls(path, doc, place, doc.meta, len(doc.history))

    def json(self) -> bytes:
        """The text of the document as JSON.

        Raises TypeError when it has lone surrogates, which no UTF-8 can hold.
        """
        assert self.doc is not None  # noqa: S101  bytes that are no document have no text
        text, json = self.spelled
        if text != self.doc.text:
            json = orjson.dumps(self.doc.text)
            self.spelled = self.doc.text, json
        return json

    def as_read(self) -> Document | None:
        """The document before any stage."""
        if self.doc is None:
            return None
        text = self.doc.text
        for change in reversed(self.doc.history[self.known :]):
            text = change.before(text)
        return Document(self.doc.id, text, self.start, self.doc.history[: self.known])


@dataclass(frozen=True)
class Fields:
    """Which field of a row is the text, and which names the document."""

    text: str = "text"
    id: str = "id"


@dataclass(frozen=True)
class Piece:
    """The part of a source that one shard reads: *start* to *end* in bytes (or row groups); -1 is its end."""

    source: Source
    start: int = 0
    end: int = -1
    line: int = 1
    """The number of the line or row at *start*."""
    most: int = -1
    """Read at most so many documents; -1 is all."""
    bytes: int = 0
    """How much of the source it is."""

    @property
    def is_first(self) -> bool:
        """Whether it is the piece on which the hash of the whole source is worked out."""
        return self.start == 0


def document(row: Any, name: str, number: int, fields: Fields) -> Document | Problem:
    """A row of any table as a document; its other fields become meta."""
    if not isinstance(row, dict):
        return Problem(name, f"this row is no object with fields, but {type(row).__name__}", line=number)
    empty = row.get(fields.text, "") is None
    text = row.pop(fields.text, None)
    if empty:
        return Problem(name, f"its field {fields.text!r} is empty (null)", line=number)
    if not isinstance(text, str):
        there = f"its field {fields.text!r} is no text" if text is not None else f"it has no field {fields.text!r}"
        known = ", ".join(map(repr, row)) or "nothing else"
        return Problem(name, f"{there} (there is {known}): name the field with --text-field", line=number)
    given = row.pop(fields.id, None)
    own = str(given) if isinstance(given, (str, int)) and given != "" else f"{name}:{number}"
    return Document(own, text, row)


def kept(raw: bytes) -> list[Any]:
    """The place of bytes that are kept as they are."""
    try:
        return ["raw", raw.decode()]
    except UnicodeDecodeError:
        return ["bytes", base64.b64encode(raw).decode()]


def around(line: bytes, text: str, spellings: Sequence[int], codec: str = "utf-8") -> list[Any]:
    """What stands around *text* in its *line*, or the line itself when the text is spelled in no common way."""
    if codec == "utf-8" and spellings is JSON:
        # The usual case of what lines.plain_text leaves. A long needle is found slowly, its beginning at once.
        literal = rows.dumps(text)
        at = line.find(literal[:60])
        if at >= 0 and line.startswith(literal, at):
            return ["line", JSON[0], line[:at].decode(), line[at + len(literal) :].decode()]
    for spelling in spellings:
        try:
            literal = _literal(text, spelling).encode(codec)
            at = line.find(literal)
            place = ["line", spelling, line[:at].decode(codec), line[at + len(literal) :].decode(codec)]
        except UnicodeError:
            continue
        place += [codec] * (codec != "utf-8")
        if at >= 0 and (codec == "utf-8" or raw(Document("", text), place) == line):
            return place
    return kept(line)


def _literal(text: str, spelling: int) -> str:
    if spelling in JSON:
        return rows.literal(text, spelling)
    return text if spelling == CSV[0] else '"' + text.replace('"', '""') + '"'


def raw(doc: Document | None, place: Sequence[Any]) -> bytes | None:
    """The bytes a record was read from; None when only the source has them."""
    kind, *how = place
    if kind == "bytes":
        return base64.b64decode(how[0])
    if kind == "raw":
        return bytes(how[0].encode())
    if doc is None or kind == "source":
        return None
    if kind == "file":
        return encode(doc.original, doc.meta)
    spelling, head, tail, *codec = how
    return bytes(f"{head}{_literal(doc.original, spelling)}{tail}".encode(codec[0] if codec else "utf-8"))
