"""What does one worker do with one shard?

A pipeline is cut at its learners into phases. A phase takes a shard from its
sources (the first) or from the spool (the others), runs the stages of its
segment, and either shows the documents to the learner and spools them, or (the
last) writes the parts of the output. So no stage runs twice, and a document is
in memory only while it passes.

Everything here is a function of the shard and the files named; whoever calls it
(this process, a pool, another engine) gets the same parts.
"""

from __future__ import annotations

import gzip
import hashlib
import pickle
import re
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, is_dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Self, cast

from textclean.batch import ledger, rows
from textclean.batch.plan import Shard
from textclean.batch.readers import read
from textclean.batch.records import Fields, Record
from textclean.batch.sources import Problem
from textclean.document import Change, Document, Edit
from textclean.pipeline import Learner, Pipeline, Stage, StageError

MARKUP = "markup"
"""The reason of the edit that shows a page as its lines: no text went, so it counts as no removal."""


@dataclass(frozen=True)
class Job:
    """What every worker knows: sent once."""

    segments: tuple[tuple[tuple[Stage, ...], Learner[Any] | None], ...]
    folder: Path
    fields: Fields = field(default_factory=Fields)

    @property
    def last(self) -> int:
        """The number of the phase that writes the output."""
        return len(self.segments) - 1


@dataclass
class Tally:
    """What happened to the documents of a shard; tallies add up."""

    bytes: int = 0
    documents: int = 0
    left: int = 0
    characters_in: int = 0
    characters_out: int = 0
    problems: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    """How often each ``stage/reason`` changed the text."""
    removed: Counter[str] = field(default_factory=Counter)
    """How many characters fewer each ``stage/reason`` left."""

    def __iadd__(self, other: Tally) -> Self:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self

    def row(self) -> dict[str, Any]:
        """As JSON values, in a fixed order."""
        return {name: dict(sorted(v.items())) if isinstance(v, Counter) else v for name, v in vars(self).items()}

    @classmethod
    def of(cls, row: dict[str, Any]) -> Tally:
        """What :meth:`row` gave."""
        values: dict[str, Any] = {name: Counter(v) if isinstance(v, dict) else v for name, v in row.items()}
        return cls(**values)


def segments(
    pipeline: Pipeline, spill: Path | None = None
) -> tuple[tuple[tuple[Stage, ...], Learner[Any] | None], ...]:
    """The stages of *pipeline* up to each learner, and that learner; last, what is left and None.

    A learner with an option ``spill`` that was not set gets *spill*: a folder in
    which the bulk of its evidence waits, so that it is not in the memory of
    whoever decides.
    """
    cut: list[tuple[tuple[Stage, ...], Learner[Any] | None]] = []
    stages: list[Stage] = []
    for stage in pipeline.stages:
        if callable(stage):
            stages.append(stage)
        else:
            cut.append((tuple(stages), _spilling(stage, spill)))
            stages = []
    return (*cut, (tuple(stages), None))


def _spilling(learner: Any, spill: Path | None) -> Learner[Any]:
    if spill is not None and is_dataclass(learner) and getattr(learner, "spill", "") is None:
        learner = replace(learner, spill=str(spill))  # type: ignore[type-var]
    return cast(Learner[Any], learner)


def part(folder: Path, phase: int, number: int, kind: str) -> Path:
    """Where a shard's part of one kind lies."""
    return folder / f"phase{phase}" / f"{number:06d}.{kind}"


def decided(folder: Path, phase: int) -> Path:
    """The stage that the learner of *phase* became; pickled, and only ever read by the run that wrote it."""
    return folder / "run" / f"decided{phase}.pickle"


def evidence(folder: Path, phase: int, number: int) -> Path:
    """What the learner of *phase* saw in a shard; pickled, and only ever read by the run that wrote it."""
    return folder / "run" / f"evidence{phase}-{number:06d}.pickle"


def run(job: Job, phase: int, number: int, shard: Shard, names: Mapping[int, int]) -> Tally:
    """Take shard *number* through *phase*; what happened.

    *names* gives a number to documents whose id another one has already, by
    their place in the shard.
    """
    tally = Tally()
    errors: list[Problem] = []
    if phase == 0:
        records = _renamed(job, number, _from_sources(job, number, shard, tally, errors), names)
    else:
        records = _spooled(job, phase - 1, number)
    done = _cleaned(records, _stages(job, phase), errors)
    if phase < job.last:
        _observe_and_spool(job, phase, number, done)
    else:
        _write(job.folder, phase, number, done, tally)
    if errors:
        _save(part(job.folder, phase, number, "errors"), (error._asdict() for error in errors))
    tally.problems = len(errors)
    return tally


def observe(job: Job, phase: int, number: int) -> None:
    """Show a spooled shard to the learner once more: evidence does not outlive the run that gathered it."""
    learner = job.segments[phase][1]
    assert learner is not None  # noqa: S101  only phases with a learner spool
    docs = filter(None, map(_to_learn_from, _spooled(job, phase, number)))
    keep(evidence(job.folder, phase, number), learner.observe(docs))


def b2sum(path: str) -> str:
    """The BLAKE2b hash of a file, as the program b2sum prints it; "" when it cannot be read.

    Three times as fast as SHA-256 where the processor has no instructions for that.
    """
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()
    except OSError:
        return ""  # the reader says why


def keep(path: Path, value: object) -> None:
    """Leave *value* for another process of this run."""
    with path.open("wb") as file:
        pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)


def load(path: Path) -> Any:
    """What :func:`keep` left. Nothing that an earlier run left is ever loaded: unpickling runs code."""
    with path.open("rb") as file:
        return pickle.load(file)  # noqa: S301  written by this run, into a folder of its own


_load_once = lru_cache(maxsize=1)(load)


def _stages(job: Job, phase: int) -> Pipeline:
    stages = job.segments[phase][0]
    return Pipeline((_load_once(decided(job.folder, phase - 1)), *stages) if phase else stages)


def _from_sources(job: Job, number: int, shard: Shard, tally: Tally, errors: list[Problem]) -> Iterator[Record]:
    listed = []
    for piece in shard:
        before = tally.documents
        trouble = ""
        for record in read(piece, job.fields):
            if isinstance(record, Problem):
                errors.append(record)
                trouble = trouble or record.problem
                continue
            if record.doc is not None:
                tally.documents += 1
            yield record
        tally.bytes += piece.bytes
        row = {"path": piece.source.name, "form": piece.source.form, "bytes": piece.source.size}
        row |= {"blake2b": piece.blake2b or b2sum(piece.source.path) if piece.end < 0 else piece.blake2b}
        listed.append(row | {"documents": tally.documents - before} | ({"problem": trouble} if trouble else {}))
    _save(part(job.folder, 0, number, "sources"), listed)


def _save(path: Path, lines: Iterable[Any]) -> None:
    with rows.written(path) as file:
        file.writelines(map(rows.line, lines))


def _renamed(job: Job, number: int, records: Iterable[Record], names: Mapping[int, int]) -> Iterator[Record]:
    """*records*, with the hashes of their ids left in a part; in the whole corpus they must be unique."""
    place = 0
    hashes = array("Q")
    for record in records:
        if record.doc is not None:
            if place in names:
                record.doc = replace(record.doc, id=f"{record.doc.id}~{names[place]}")
            place += 1
            hashes.append(int.from_bytes(hashlib.blake2b(record.doc.id.encode(), digest_size=8).digest(), "little"))
        yield record
    with rows.written(part(job.folder, 0, number, "ids")) as file:
        file.write(hashes.tobytes())


def _cleaned(records: Iterable[Record], pipeline: Pipeline, errors: list[Problem]) -> Iterator[Record]:
    """Each record after *pipeline*; a document on which a stage fails stays as it came in, and says so."""
    for record in records:
        if record.doc is not None and not record.failed:
            try:
                record.doc = pipeline(record.doc)
            except StageError as error:
                errors.append(Problem(record.path, error.problem, error.doc_id, stage=error.stage))
                record.doc = record.as_read()
                record.failed = True
        yield record


def _observe_and_spool(job: Job, phase: int, number: int, records: Iterator[Record]) -> None:
    learner = job.segments[phase][1]
    assert learner is not None  # noqa: S101  only phases with a learner spool
    with rows.written(part(job.folder, phase, number, "spool")) as file:
        docs = _spooling(records, file)
        found = learner.observe(docs)
        for _ in docs:  # a learner may have seen enough; the spool has not
            pass
    keep(evidence(job.folder, phase, number), found)


def _spooling(records: Iterator[Record], file: IO[bytes]) -> Iterator[Document]:
    for record in records:
        file.write(rows.line(to_spool(record)))
        doc = _to_learn_from(record)
        if doc is not None:
            yield doc


def _to_learn_from(record: Record) -> Document | None:
    return None if record.failed else record.doc


def to_spool(record: Record) -> list[Any]:
    """A record between two phases: the whole way back, for speed uncompressed."""
    if record.doc is None:
        return [record.path, record.place]
    doc = record.doc
    history = [[change.stage, [[*edit[:5], dict(edit.meta)] for edit in change.undo]] for change in doc.history]
    return [
        record.path,
        record.place,
        doc.id,
        doc.text,
        dict(doc.meta),
        dict(record.start),
        history,
        record.known,
        record.failed,
    ]


def from_spool(row: list[Any]) -> Record:
    """What :func:`to_spool` made."""
    if len(row) == 2:
        return Record(row[0], None, row[1])
    name, place, own, text, meta, start, changes, known, failed = row
    history = tuple(Change(stage, tuple(Edit(*edit) for edit in undo)) for stage, undo in changes)
    return Record(name, Document(own, text, meta, history), place, start, known, failed)


def _spooled(job: Job, phase: int, number: int) -> Iterator[Record]:
    return map(from_spool, rows.read(part(job.folder, phase, number, "spool")))


def _write(folder: Path, phase: int, number: int, records: Iterable[Record], tally: Tally) -> None:
    """The parts of the output: what is left, what went, and the way back."""
    with ExitStack() as stack:
        documents, removed, plain = (
            stack.enter_context(rows.written(part(folder, phase, number, kind)))
            for kind in ("documents", "removed", "ledger")
        )
        # No name and no time in the header: the same history is the same file.
        edits = stack.enter_context(gzip.GzipFile("", "wb", 4, plain, mtime=0))
        for record in records:
            doc = record.doc
            if doc is None:
                edits.write(rows.line({"path": record.path, "place": record.place}))
                continue
            doc, encoded = _valid(doc)
            packed = ledger.pack(doc)
            edits.write(rows.line(_ledger_row(doc, record, packed, zlib.crc32(encoded))))
            if _count(doc, packed, tally):
                for row in doc.audit():
                    if len(row.after) < len(row.before) and row.reason != MARKUP:
                        removed.write(rows.line({"id": doc.id, **row._asdict()}))
            if doc.text:
                kept = {"id": doc.id, "path": record.path, "text": doc.text, "meta": dict(doc.meta)}
                documents.write(rows.line(kept))


def _ledger_row(doc: Document, record: Record, packed: ledger.Packed, checksum: int) -> dict[str, Any]:
    """What the ledger holds of a document beside its text, which stands in documents.jsonl."""
    row: dict[str, Any] = {"id": doc.id, "path": record.path, "place": record.place, "sum": checksum}
    if packed:
        row["changes"] = packed
    overwritten = {key: value for key, value in record.start.items() if doc.meta.get(key) != value}
    if overwritten:
        row["meta"] = overwritten
    if not doc.text:
        row["gone"] = dict(doc.meta)
    return row


def _count(doc: Document, packed: ledger.Packed, tally: Tally) -> bool:
    """Add *doc* to *tally*; whether anything got shorter."""
    tally.left += bool(doc.text)
    tally.characters_out += len(doc.text)
    tally.characters_in += len(doc.text)
    shorter = False
    for change, (stage, items) in zip(reversed(doc.history), packed, strict=True):
        for edit, item in zip(change.undo, items, strict=True):
            if edit.reason == MARKUP:
                continue
            fewer = len(edit.text) - (edit.end - edit.start)
            tally.characters_in += fewer
            if item[2] != "=":  # a fact changes nothing
                tally.edits[f"{stage}/{edit.reason}"] += 1
            if fewer > 0:
                tally.removed[f"{stage}/{edit.reason}"] += fewer
                shorter = True
    return shorter


_SURROGATE = re.compile("[\ud800-\udfff]+")


def _valid(doc: Document) -> tuple[Document, bytes]:
    """*doc* without lone surrogates, which no UTF-8 file can hold (the ledger keeps what they were), and its bytes."""
    try:
        return doc, doc.text.encode()
    except UnicodeEncodeError:
        found = _SURROGATE.finditer(doc.text)
        edits = [Edit(*run.span(), "\ufffd" * len(run[0]), "code_point", "a lone surrogate") for run in found]
        doc = doc.edit("write", edits)
        return doc, doc.text.encode()
