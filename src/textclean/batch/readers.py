"""What documents are in a file?

Each reader gives records and problems in the order of the file; what cannot be
read is a problem, never an exception.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from textclean.batch import archives, columns, lines, remote, tables
from textclean.batch.records import LARGEST, Fields, Piece, Record, kept
from textclean.batch.sources import Problem, Source, find, why
from textclean.batch.streams import Unreadable, opened
from textclean.decode import decode, encode, looks_binary
from textclean.document import Document

_KINDS: dict[str, Literal["text", "html"]] = {"text": "text", "html": "html"}


def read(piece: Piece, fields: Fields) -> Iterator[Record | Problem]:
    """The documents of *piece*, as many as it may have."""
    left = piece.most
    for record in _read(piece, fields):
        yield record
        left -= isinstance(record, Record) and record.doc is not None
        if left == 0:
            return


def _read(piece: Piece, fields: Fields) -> Iterator[Record | Problem]:
    source = piece.source
    try:
        if not remote.is_url(source.path):
            now = os.stat(source.path)
            if (now.st_size, now.st_mtime_ns) != (source.size, source.mtime_ns):
                yield Problem(source.name, "changed while it was being read: run the same command again")
                return
        match source.form:
            case "jsonl":
                yield from lines.read(piece, fields)
            case "csv":
                yield from tables.read(piece, fields)
            case "parquet" | "arrow":
                yield from columns.read(piece, fields)
            case "warc":
                yield from archives.read(piece)
            case _:
                yield _file(source)
    except Unreadable as error:
        yield Problem(source.name, str(error))
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


def _file(source: Source) -> Record | Problem:
    with opened(source) as file:
        # Room for all that may come would be taken first, and given back: twice the time of all else for a small file.
        raw = file.read(min(source.size, LARGEST) + 1)
        if len(raw) > source.size:
            raw += file.read(LARGEST + 1 - len(raw))
    if not raw:
        return Problem(source.name, "is empty")
    if len(raw) > LARGEST:
        return Problem(source.name, f"is larger than {LARGEST >> 20} MB, which is no document")
    problem = looks_binary(raw)
    if problem:
        return Problem(source.name, problem)
    doc = decode(raw, id=source.name, kind=_KINDS.get(source.form))
    record = Record.of(source.name, doc, ["file"] if encode(doc.original, doc.meta) == raw else kept(raw))
    record.blake2b = hashlib.blake2b(raw).hexdigest()
    return record
