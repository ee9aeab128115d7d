"""How does a document wait between two phases?

As a line of JSON with what is known of it and the lengths of the bytes that
follow, and those as they are: a text that no stage changes is spelled as JSON
where it is read, and only copied from there on. For speed uncompressed; never
pickled, for a spool outlives the run that wrote it, and unpickling runs code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from textclean.batch import ledger, rows
from textclean.batch.finish import Batch, Facts, Finished
from textclean.batch.records import Record
from textclean.batch.report.gather import Card
from textclean.document import Change, Document, Edit


def put(file: IO[bytes], record: Record) -> None:
    """Put *record* aside with the whole way back."""
    doc = record.doc
    if doc is None:
        file.write(rows.line([record.path, record.place]))
        return
    try:
        text = record.json()
    except TypeError:  # lone surrogates, which a later phase may still repair
        text = rows.dumps(doc.text)
    history = [[change.stage, [[*edit[:5], dict(edit.meta)] for edit in change.undo]] for change in doc.history]
    facts = [record.path, record.place, doc.id, dict(doc.meta), history, record.known, record.failed]
    file.write(rows.line([*facts, None if record.start == doc.meta else dict(record.start), len(text)]))
    file.write(text)


def records(file: IO[bytes]) -> Iterator[Record]:
    """What :func:`put` wrote."""
    for head in file:
        facts = rows.loads(head)
        if len(facts) == 2:
            yield Record(facts[0], None, facts[1])
            continue
        path, place, name, meta, changes, known, failed, start, size = facts
        json = file.read(size)
        try:
            text = rows.strict(json)
        except ValueError:
            text, json = rows.loads(json), b""
        history = tuple([Change(stage, tuple([Edit(*edit) for edit in undo])) for stage, undo in changes])
        made = Record(path, Document(name, text, meta, history), place, meta if start is None else start, known, failed)
        if json:
            made.spelled = text, json
        yield made


def put_finished(file: IO[bytes], batch: Batch) -> None:
    """Put documents aside for which only the stage of a last learner is still to come."""
    facts, sizes, *lines = batch
    # orjson takes tuples, and none that has names
    told = [(*each[:-1], each.card and tuple(each.card)) for each in facts]
    file.write(rows.line([told, sizes, list(map(len, lines))]))
    file.writelines(lines)


def finished(file: IO[bytes]) -> Iterator[Batch]:
    """What :func:`put_finished` wrote."""
    for head in file:
        told, sizes, lengths = rows.loads(head)
        facts = [Facts._make((*known, card and Card(*card))) for *known, card in told]
        yield Batch(facts, sizes, *map(file.read, lengths))


def record(done: Finished) -> Record:
    """The record that *done* was made of."""
    facts, row = done.facts, rows.loads(done.ledger)
    if facts.id is None:
        return Record(row["path"], None, row["place"])
    kept = {"text": "", "meta": row["gone"]} if "gone" in row else rows.loads(done.document)
    doc = Document(facts.id, kept["text"], kept["meta"], ledger.unpack(kept["text"], row.get("changes", [])))
    start = doc.meta if facts.start is None else facts.start
    return Record(row["path"], doc, row["place"], start, facts.known, facts.failed)
