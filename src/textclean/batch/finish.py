"""What stands in the output of one document that is done?

Its line of documents.jsonl, what went from it for removed.jsonl, its row of the
ledger, what it adds to the totals and what the report says of it: all at once,
while the document is at hand. Where only the stage of one last learner is still
to come, documents wait for it in this form, and those it does not change (of
clean news nearly all) are copied as they are.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from textclean.batch import ledger, rows
from textclean.batch.records import Record
from textclean.batch.report.gather import Card, card, is_shown
from textclean.batch.report.pieces import Why
from textclean.document import Document, Edit

MARKUP = "markup"
"""The reason of the edit that shows a page as its lines: no text went, so it counts as no removal."""

Counts = dict[str, int]


class Facts(NamedTuple):
    """What has to be known of a document to pass it on; plain JSON values."""

    id: str | None
    """None for bytes that are no document."""
    size: int = 0
    """How many characters are left."""
    known: int = 0
    failed: bool = False
    start: dict[str, Any] | None = None
    """See :class:`~textclean.batch.records.Record`; None where it is what is known now."""
    edits: Counts | None = None
    """How often each ``stage/reason`` changed the text."""
    fewer: Counts | None = None
    """How many characters fewer each ``stage/reason`` left."""
    card: Card | None = None
    """For the report, where one is asked for."""


class Finished(NamedTuple):
    """One entry of the output, in lines as they are written."""

    facts: Facts
    ledger: bytes
    document: bytes = b""
    removed: bytes = b""
    shown: bytes = b""
    """The row of the report, where the document is one of those shown."""


class Batch(NamedTuple):
    """Some finished documents, their lines joined: so they wait, and so they are written."""

    facts: list[Facts]
    sizes: list[list[int]]
    """Of each kind of lines the bytes of each document."""
    ledger: bytes = b""
    document: bytes = b""
    removed: bytes = b""
    shown: bytes = b""

    @classmethod
    def of(cls, done: Sequence[Finished]) -> Batch:
        """*done*, which are at least one."""
        facts, *lines = zip(*done, strict=True)
        return cls(list(facts), [list(map(len, kind)) for kind in lines], *map(b"".join, lines))

    def rows(self) -> Iterator[bytes]:
        """What each document adds to the report."""
        return _cut(self.shown, self.sizes[-1])

    def each(self) -> Iterator[Finished]:
        """The documents one by one."""
        return map(Finished, self.facts, *map(_cut, self[2:], self.sizes))


def _cut(lines: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        yield lines[at : at + size]
        at += size


def finish(record: Record, share: float | None = None) -> Finished:
    """*record*, whose document is :func:`valid`; *share* is how much of the run the report shows, None if none is made."""
    doc = record.doc
    if doc is None:
        return Finished(Facts(None), rows.line({"path": record.path, "place": record.place}))
    packed = ledger.pack(doc)
    edits, fewer, whys, before = _counted(doc, packed)
    line = b""
    if doc.text:
        parts = rows.dumps(doc.id), rows.dumps(record.path), record.json(), rows.dumps(dict(doc.meta))
        line = b'{"id":%b,"path":%b,"text":%b,"meta":%b}\n' % parts
    removed = b""
    if fewer:
        removed = b"".join(
            rows.line({"id": doc.id, **row._asdict()})
            for row in doc.audit()
            if len(row.after) < len(row.before) and row.reason != MARKUP
        )
    told, shown = None, b""
    if share is not None:
        told, shown = card(doc, whys, before, record.json, shown=is_shown(doc.id, share))
    start = None if record.start == doc.meta else dict(record.start)
    facts = Facts(doc.id, len(doc.text), record.known, record.failed, start, edits, fewer, told)
    return Finished(facts, rows.line(_ledger_row(doc, record, packed)), line, removed, shown)


def _ledger_row(doc: Document, record: Record, packed: ledger.Packed) -> dict[str, Any]:
    """What the ledger holds of a document beside its text, which stands in documents.jsonl."""
    checksum = zlib.crc32(doc.text.encode())
    row: dict[str, Any] = {"id": doc.id, "path": record.path, "place": record.place, "sum": checksum}
    if packed:
        row["changes"] = packed
    if record.start is not doc.meta:
        overwritten = {key: value for key, value in record.start.items() if doc.meta.get(key) != value}
        if overwritten:
            row["meta"] = overwritten
    if not doc.text:
        row["gone"] = dict(doc.meta)
    return row


def _counted(doc: Document, packed: ledger.Packed) -> tuple[Counts | None, Counts | None, list[Why], int]:
    """How often each step changed *doc*, how much shorter it left it, why each time, and how long *doc* was before."""
    size = len(doc.text)
    if not packed:
        return None, None, [], size
    edits: Counts = {}
    fewer: Counts = {}
    whys: list[tuple[str, str, str]] = []
    for change, (stage, items) in zip(reversed(doc.history), packed, strict=True):
        for (start, end, was, reason, note, _), item in zip(reversed(change.undo), reversed(items), strict=True):
            if item[2] == "=":
                continue  # a fact
            whys.append((stage, reason, note))
            shorter = len(was) - (end - start)
            size += shorter
            if reason == MARKUP:
                continue
            name = f"{stage}/{reason}"
            edits[name] = edits.get(name, 0) + 1
            if shorter > 0:
                fewer[name] = fewer.get(name, 0) + shorter
    return edits or None, fewer or None, [Why(*why) for why in dict.fromkeys(reversed(whys))], size


def characters(doc: Document) -> int:
    """How long *doc*, just read, was before anything was done to it; markup is no text."""
    size = len(doc.text)
    for change in doc.history:
        size += sum(len(edit.text) - (edit.end - edit.start) for edit in change.undo if edit.reason != MARKUP)
    return size


_SURROGATE = re.compile("[\ud800-\udfff]+")


def valid(record: Record) -> Record:
    """*record*, its text without lone surrogates, which no UTF-8 file can hold; the ledger keeps what they were."""
    if record.doc is not None:
        try:
            record.json()
        except TypeError:
            found = _SURROGATE.finditer(record.doc.text)
            edits = [Edit(*run.span(), "\ufffd" * len(run[0]), "code_point", "a lone surrogate") for run in found]
            record.doc = record.doc.edit("write", edits)
    return record
