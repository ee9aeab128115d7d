"""In what order is a directory cleaned, and what if the run is killed?

Phase by phase, shard by shard; see :mod:`textclean.batch.work`. What is done is
in the journal, and a run that finds one goes on behind it.
"""

from __future__ import annotations

import errno
import filecmp
import os
import resource
import shutil
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from textclean import __version__, engines, kernels
from textclean.batch import forms, head_start, plan, publish, rows, work
from textclean.batch.fingerprint import fingerprint, options
from textclean.batch.journal import WORK, Journal, Refused, Stopped, locked
from textclean.batch.phases import Phases, latest
from textclean.batch.records import Fields
from textclean.batch.remote import is_url
from textclean.batch.sources import Problem, find, show
from textclean.batch.watch import Watcher
from textclean.engines import pool
from textclean.engines.protocol import cores
from textclean.pipeline import Pipeline, stage_name


@dataclass(frozen=True)
class Request:
    """What is asked for."""

    inputs: tuple[str, ...]
    out: Path
    pipeline: Pipeline
    fields: Fields = field(default_factory=Fields)
    jobs: int = 0
    """Worker processes; 0 is one for each core, if there is enough to do."""
    limit: int | None = None
    """At most so many documents."""
    fresh: bool = False
    """Start over, whatever is in the output folder from earlier runs."""
    max_removed: float = 1.0
    """Stop before anything is written if a stage that looked at the whole corpus would remove a larger share of it."""
    engine: str = "local"
    """What runs the work: see :mod:`textclean.engines`. Ray and Spark need *out* on storage that all workers see."""
    to: str = ""
    """A form of output beside documents.jsonl; "" mirrors the input's."""
    report: bool = False
    """Write report.html too, where it can be made on the way: else :func:`textclean.batch.report.write` does it."""

    def __post_init__(self) -> None:
        if not self.inputs:
            raise ValueError("name at least one file or folder to clean")
        if self.jobs < 0 or (self.limit is not None and self.limit < 1):
            raise ValueError("--jobs counts from 0 (a worker for each core), --limit from 1")
        if not 0 <= self.max_removed <= 1:
            raise ValueError(f"--max-removed {self.max_removed}: a share, from 0 to 1")
        if self.engine not in engines.NAMES:
            raise ValueError(f"there is no engine {self.engine!r}: there are {', '.join(engines.NAMES)}")
        if self.to and self.to not in forms.FORMS:
            raise ValueError(f"no form of output is called {self.to!r}: there are {', '.join(forms.FORMS)}")


def run(request: Request, watch: Watcher) -> dict[str, Any]:
    """Clean *inputs* into *out*; the manifest.

    Raises Refused when it must not begin, Stopped when it cannot go on; what was
    finished until then is kept, and the same request goes on there.
    """
    _refuse_strange_folders(request)
    # Evidence is mapped, and each mapping holds a file: thousands of shards would pass the usual limit of 1024.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        with locked(request.out) as folder:
            return _Run(request, folder.absolute(), watch).result()
    except engines.EngineError as error:
        raise Stopped(f"{error}; then run the same command again: finished work is kept") from error
    except OSError as error:
        raise Stopped(_what_to_do(error, request.out)) from error
    finally:
        pool.end()


@dataclass
class _Run:
    request: Request
    folder: Path
    watch: Watcher
    early: list[Problem] = field(default_factory=list)
    shards: int = 0
    bytes: int = 0

    def result(self) -> dict[str, Any]:
        out = self.request.out
        mark = fingerprint(self.request.pipeline, self.request.fields, self.request.limit, self.request.to)
        self._plan()
        if not self._goes_on(mark):
            if (out / publish.SUCCESS).exists() and not self.request.fresh:
                self._refuse_or_accept_finished(mark)
                shutil.rmtree(self.folder)
                return _manifest(out)
            self._begin(mark)
        for problem in self.early:
            self.watch.problem(problem)
        journal = Journal(self.folder / "journal.jsonl")
        try:
            if not any("ready" in row for row in journal.rows):
                self._work(journal, mark)
            publish.move_in(out, self.folder)
        finally:
            journal.close()
        self._forget()
        shutil.rmtree(self.folder)
        return _manifest(out)

    # What there is to do, and whether it was begun already

    def _plan(self) -> None:
        self.watch.looking()
        inputs = [self._standard_input() if each == "-" else _absolute(each) for each in self.request.inputs]
        found = find(inputs, str(self.request.out))
        with rows.written(self.folder / "plan.new") as file:
            for shard in plan.shards(found, self.request.limit):
                file.write(rows.line(plan.to_row(shard)))
                if isinstance(shard, Problem):
                    self.early.append(shard)
                else:
                    self.shards += 1
                    if self.shards == 2 and self.request.engine == "local" and cores(self.request.jobs) > 1:
                        pool.ready(head_start.WORKERS_NEED)
                    self.bytes += sum(piece.bytes for piece in shard)

    def _standard_input(self) -> str:
        """What comes in there as a file: a run may need it twice, or again after a crash."""
        folder = self.folder / "input"
        folder.mkdir(exist_ok=True)
        coming = folder / "coming"
        with coming.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        with coming.open("rb") as file:
            kept = folder / (
                "stdin.jsonl" if file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else "stdin.txt"
            )
        if kept.exists() and filecmp.cmp(kept, coming, shallow=False):
            coming.unlink()
        else:
            coming.replace(kept)
        return str(kept)

    def _mirrored(self) -> str:
        """The form of output that is like all of the input."""
        found = {piece.source.form for shard in plan.listed(self.folder / "plan.jsonl") for piece in shard}
        return "parquet" if found and found <= {"parquet", "arrow"} else "jsonl"

    def _goes_on(self, mark: str) -> bool:
        """Whether the work folder holds a begun run of this very request."""
        old = self.folder / "begun.json"
        if not old.exists() or self.request.fresh:
            return False
        again = "run again with what it began with, or with --fresh to start over"
        if orjson.loads(old.read_bytes())["fingerprint"] != mark:
            raise Refused(f"{self.request.out} holds an unfinished run with other options or another version: {again}")
        changed = plan.difference(self.folder / "plan.jsonl", self.folder / "plan.new")
        if changed:
            raise Refused(
                f"the input has changed since the unfinished run in {self.request.out} began ({changed}): {again}"
            )
        shutil.rmtree(self.folder / "run", ignore_errors=True)
        (self.folder / "run").mkdir()
        return True

    def _refuse_or_accept_finished(self, mark: str) -> None:
        out = self.request.out
        again = "name another folder, or replace it with --fresh"
        if _manifest(out).get("fingerprint") != mark:
            raise Refused(f"{out} holds a finished run with other options or another version: {again}")
        was = {row["path"]: (row["bytes"], row["blake2b"]) for row in rows.read(out / "sources.jsonl")}
        for shard in plan.listed(self.folder / "plan.new"):
            for piece in shard:
                name, size, digest = piece.source.name, piece.source.size, ""
                if was.get(name, ("",))[0] == size:
                    digest = work.b2sum(piece.source.path) if piece.is_first else was[name][1]
                if was.get(name) != (size, digest):
                    raise Refused(f"{out} holds a finished run of other input ({name} is not what it was): {again}")
        if len(was) != len({piece.source.name for shard in plan.listed(self.folder / "plan.new") for piece in shard}):
            raise Refused(f"{out} holds a finished run of more input: {again}")
        self.watch.note(f"{out} is complete already: nothing to do")

    def _forget(self) -> None:
        """Take away the sign that a run was begun, before anything it stands for goes."""
        (self.folder / "begun.json").unlink(missing_ok=True)
        rows.sync_folder(self.folder)

    def _begin(self, mark: str) -> None:
        self._forget()
        for path in self.folder.iterdir():
            if path.name not in {"lock", "plan.new", "input"}:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for phase in range(len(work.segments(self.request.pipeline))):
            (self.folder / f"phase{phase}").mkdir()
        (self.folder / "run").mkdir()
        (self.folder / "plan.new").rename(self.folder / "plan.jsonl")
        with rows.written(self.folder / "begun.json") as file:
            file.write(rows.line({"fingerprint": mark}))

    def _work(self, journal: Journal, mark: str) -> None:
        to = self.request.to or self._mirrored()
        job = work.Job(
            work.segments(self.request.pipeline, self.folder / "run" / "spill"), self.folder, self.request.fields
        )
        jobs = min(cores(self.request.jobs), max(self.shards, 1))
        kernels.expect(self.bytes // 3)  # three bytes a character; workers have loaded theirs by then
        with engines.start(self.request.engine, jobs=jobs, preload=head_start.WORKERS_NEED) as workers:
            phases = Phases(
                job,
                self.shards,
                self.bytes,
                journal,
                workers,
                self.watch,
                self.request.max_removed,
                self.request.report,
            )
            phases.run()
            self.watch.phase("writing", 0)
            for _ in workers.run(
                partial(publish.render, self.folder, job.last, to), ((n,) for n in range(self.shards))
            ):
                pass
            total = work.Tally()
            for row in latest(journal.rows).values():
                total += work.Tally.of(row)
            total.problems += len(self.early)
            facts = _facts(self.request, mark) | {"to": to, "totals": total.row()}
            early = (each._asdict() for each in self.early)
            publish.gather(self.folder, job.last + 1, self.shards, facts, early, workers.run)
        journal.add({"ready": True})


def _absolute(path: str) -> str:
    """*path* for workers that stand elsewhere."""
    return path if is_url(path) else os.path.abspath(path)


def _facts(request: Request, mark: str) -> dict[str, Any]:
    return {
        "textclean": __version__,
        "fingerprint": mark,
        "pipeline": [{"stage": stage_name(stage), "options": options(stage)} for stage in request.pipeline.stages],
        "inputs": [show(os.path.basename(os.path.abspath(path))) for path in request.inputs],
        "limit": request.limit,
    }


def _manifest(out: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = orjson.loads((out / publish.MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return manifest


def _refuse_strange_folders(request: Request) -> None:
    """Never write among files of others, nor over the input."""
    out = request.out
    if out.exists() and not out.is_dir():
        raise Refused(f"{out} is a file: name a folder to write to")
    real = os.path.realpath(out)
    for path in request.inputs:
        if path != "-" and not is_url(path) and os.path.commonpath([os.path.realpath(path), real]) == real:
            raise Refused(f"the input {path} lies inside the output folder {out}: name another folder to write to")
    ours = {publish.SUCCESS, publish.MANIFEST, WORK}
    if out.exists() and any(out.iterdir()) and not ours & set(os.listdir(out)):
        raise Refused(f"{out} holds files that are none of textclean's: name a new or an empty folder to write to")


def _what_to_do(error: OSError, out: Path) -> str:
    """An error while writing, as a sentence; reading errors never come this far."""
    where = error.filename or out
    again = "then run the same command again: finished work is kept"
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return f"no room left to write {where} ({error.strerror}): make room, {again}"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"may not write {where} ({error.strerror}): allow it, {again}"
    return f"cannot write {where} ({error.strerror or error}): mend that, {again}"
