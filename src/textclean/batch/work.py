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
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, is_dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Self, cast

from textclean.batch import rows, spool
from textclean.batch.finish import Batch, Facts, Finished, characters, finish, valid
from textclean.batch.parts import decided, evidence, part
from textclean.batch.plan import Shard
from textclean.batch.readers import read
from textclean.batch.records import Fields, Record
from textclean.batch.report import Shown
from textclean.batch.sources import Problem
from textclean.document import Document
from textclean.pipeline import Learner, Pipeline, Stage, StageError
from textclean.stages.duplicates import check_removed

DOCUMENTS, CHARACTERS = 64, 100_000
"""Documents that go through the stages, and are written, at a time: see :meth:`textclean.Pipeline.together`."""


@dataclass(frozen=True)
class Job:
    """What is the same for all tasks of a phase; it goes with each."""

    segments: tuple[tuple[tuple[Stage, ...], Learner[Any] | None], ...]
    folder: Path
    fields: Fields = field(default_factory=Fields)

    share: float | None = None
    """How much of the run its report shows; None while that is not known, or if there is to be none."""

    @property
    def last(self) -> int:
        """The number of the phase that writes the output."""
        return len(self.segments) - 1

    @property
    def ends_with_learner(self) -> bool:
        """Whether no stage comes after what the last learner becomes."""
        return self.last > 0 and not self.segments[-1][0]

    def is_finishing(self, phase: int) -> bool:
        """Whether documents leave *phase* as they are written, for all that is left is the stage of its learner."""
        return self.ends_with_learner and phase == self.last - 1


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


def run(job: Job, phase: int, number: int, shard: Shard, names: Mapping[int, int]) -> Tally:
    """Take shard *number* through *phase*; what happened.

    *names* gives a number to documents whose id another one has already, by
    their place in the shard.
    """
    tally = Tally()
    errors: list[Problem] = []
    if phase and phase == job.last and job.ends_with_learner:
        _write(job, phase, number, _ended(job, phase, number, errors), tally)
    else:
        if phase == 0:
            records = _renamed(job, number, _from_sources(job, number, shard, tally, errors), names)
        else:
            records = _spooled(job, phase - 1, number)
        done = _cleaned(records, _stages(job, phase), errors)
        if phase < job.last:
            _observe_and_spool(job, phase, number, done)
        else:
            _write(job, phase, number, (_finished(some, job.share) for some in _gathered(done)), tally)
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


def decide(job: Job, phase: int, max_removed: float, shards: int) -> None:
    """Let the learner of *phase* become a stage, by the evidence of all *shards*.

    Raises TooMuchRemovedError when that would remove more than the share *max_removed* of the corpus.
    """
    learner = job.segments[phase][1]
    assert learner is not None  # noqa: S101  only phases with a learner decide
    stage = learner.decide(load(evidence(job.folder, phase, number)) for number in range(shards))
    check_removed([stage], max_removed)
    keep(decided(job.folder, phase), stage)
    _load_once.cache_clear()  # a run before this one, in the same process, may have had the same folder


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
        trouble = digest = ""
        whole = True
        for record in read(piece, job.fields):
            if isinstance(record, Problem):
                errors.append(record)
                trouble = trouble or record.problem
                whole = whole and record.line > 0
                continue
            if record.doc is not None:
                tally.documents += 1
                tally.characters_in += characters(record.doc)
                digest = record.blake2b
            yield record
        tally.bytes += piece.bytes
        row = {"path": piece.source.name, "form": piece.source.form, "bytes": piece.source.size}
        row["blake2b"] = digest or (b2sum(piece.source.path) if piece.is_first else "")
        row["documents"] = tally.documents - before
        whole = whole and row["documents"] != piece.most
        listed.append(row | ({"problem": trouble} if trouble else {}) | ({} if whole else {"whole": False}))
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
    for some in _gathered(records):
        waiting = [record for record in some if record.doc is not None and not record.failed]
        done = pipeline.together(record.doc for record in waiting if record.doc is not None)
        for record, doc in zip(waiting, done, strict=True):
            if isinstance(doc, StageError):
                errors.append(Problem(record.path, doc.problem, doc.doc_id, stage=doc.stage))
                record.doc = record.as_read()
                record.failed = True
            else:
                record.doc = doc
        yield from some


def _gathered(records: Iterable[Record]) -> Iterator[list[Record]]:
    some: list[Record] = []
    size = 0
    for record in records:
        some.append(record)
        size += len(record.doc.text) if record.doc is not None else 0
        if size >= CHARACTERS or len(some) >= DOCUMENTS:
            yield some
            some, size = [], 0
    if some:
        yield some


def _observe_and_spool(job: Job, phase: int, number: int, records: Iterator[Record]) -> None:
    learner = job.segments[phase][1]
    assert learner is not None  # noqa: S101  only phases with a learner spool
    with rows.written(part(job.folder, phase, number, "spool")) as file:
        docs = _finishing(records, file, job.share) if job.is_finishing(phase) else _spooling(records, file)
        found = learner.observe(docs)
        for _ in docs:  # a learner may have seen enough; the spool has not
            pass
    keep(evidence(job.folder, phase, number), found)


def _spooling(records: Iterator[Record], file: IO[bytes]) -> Iterator[Document]:
    for record in records:
        spool.put(file, record)
        doc = _to_learn_from(record)
        if doc is not None:
            yield doc


def _finishing(records: Iterator[Record], file: IO[bytes], share: float | None) -> Iterator[Document]:
    for some in _gathered(records):
        spool.put_finished(file, _finished(some, share))
        yield from filter(None, map(_to_learn_from, some))


def _finished(some: list[Record], share: float | None) -> Batch:
    return Batch.of([finish(record, share) for record in map(valid, some)])


def _to_learn_from(record: Record) -> Document | None:
    return None if record.failed else record.doc


def _spooled(job: Job, phase: int, number: int) -> Iterator[Record]:
    with part(job.folder, phase, number, "spool").open("rb", 1 << 20) as file:
        if job.is_finishing(phase):
            for batch in spool.finished(file):
                yield from map(spool.record, batch.each())
        else:
            yield from spool.records(file)


def _ended(job: Job, phase: int, number: int, errors: list[Problem]) -> Iterator[Batch]:
    """The finished documents of a shard after the stage of the last learner; those it leaves alone as they are."""
    pipeline = _stages(job, phase)
    changes: Callable[[str], bool] | None = getattr(pipeline.stages[0], "may_change", None)

    def left(facts: Facts) -> bool:
        return facts.id is None or facts.failed or (changes is not None and not changes(facts.id))

    def ended(done: Finished) -> Finished:
        if left(done.facts):
            return done
        (record,) = _cleaned([spool.record(done)], pipeline, errors)
        return finish(valid(record), job.share)

    with part(job.folder, phase - 1, number, "spool").open("rb", 1 << 20) as file:
        for batch in spool.finished(file):
            yield batch if all(map(left, batch.facts)) else Batch.of(list(map(ended, batch.each())))


def _write(job: Job, phase: int, number: int, batches: Iterable[Batch], tally: Tally) -> None:
    """The parts of the output: what is left, what went, the way back, and what the report shows."""
    shown = None if job.share is None else Shown(job.share)
    with ExitStack() as stack:
        documents, removed, plain = (
            stack.enter_context(rows.written(part(job.folder, phase, number, kind)))
            for kind in ("documents", "removed", "ledger")
        )
        # No name and no time in the header: the same history is the same file.
        edits = stack.enter_context(gzip.GzipFile("", "wb", 4, plain, mtime=0))
        for batch in batches:
            edits.write(batch.ledger)
            documents.write(batch.document)
            removed.write(batch.removed)
            for facts, row in zip(batch.facts, batch.rows(), strict=True):
                if facts.id is None:
                    continue
                tally.left += facts.size > 0
                tally.characters_out += facts.size
                if facts.edits:
                    tally.edits.update(facts.edits)
                if facts.fewer:
                    tally.removed.update(facts.fewer)
                if shown is not None and facts.card is not None:
                    shown.gathered.take(facts.id, facts.card)
                    shown.add(row)
                else:
                    shown = None  # this phase was begun by a run that was to make no report
    if shown is not None:
        shown.save(part(job.folder, phase, number, "report"))
