"""In what order do shards and learners take their turns?

A phase is done when all its shards are; then its learner decides, and the next
phase begins with the stage it became. After a crash only the shards without a
line in the journal are done again; a learner whose phase was complete is shown
the spool once more, because evidence (pickled, so never read from an earlier
run) does not outlive a process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from textclean.batch import parts, plan, rows, work
from textclean.batch.journal import Journal, Stopped
from textclean.batch.report.gather import shown_of
from textclean.batch.sources import Problem
from textclean.batch.watch import Watcher
from textclean.engines import Engine
from textclean.pipeline import stage_name
from textclean.stages.duplicates import TooMuchRemovedError

Names = Mapping[int, Mapping[int, int]]
"""For each shard: at which place stands a document whose id was given before, and its number."""


@dataclass
class Phases:
    """All phases of one run."""

    job: work.Job
    shards: int
    bytes: int
    journal: Journal
    workers: Engine
    watch: Watcher
    max_removed: float = 1.0
    report: bool = False

    def run(self) -> None:
        """Do what is not done yet."""
        everything = set(range(self.shards))
        phases = range(self.job.last + 1)
        first = next((phase for phase in phases if self._done(phase) != everything), self.job.last + 1)
        # The phase before the first unfinished one is entered too: for its learner's decision.
        for phase in range(max(first - 1, 0), self.job.last + 1):
            if phase and self.report:
                self.job = replace(self.job, share=self._share())
            self._phase(phase)

    def _share(self) -> float:
        """How much of the run its report can show; known once all of it was read."""
        read = [tally for (phase, _), tally in latest(self.journal.rows).items() if phase == 0]
        return shown_of({name: sum(tally[name] for tally in read) for name in ("documents", "characters_in")})

    def _done(self, phase: int) -> set[int]:
        return {shard for at, shard in latest(self.journal.rows) if at == phase}

    def _phase(self, phase: int) -> None:
        learner = self.job.segments[phase][1]
        done = self._done(phase)
        self.watch.phase(stage_name(learner) if learner else "last stages", self.bytes)
        if learner is not None:
            for _ in self.workers.run(partial(work.observe, self.job, phase), ((number,) for number in sorted(done))):
                pass
        self._do(phase, done)
        while phase == 0 and (clashes := self._clashes()):
            self.journal.add({"names": {str(shard): _keyed(places) for shard, places in clashes.items()}})
            self._do(phase, self._done(phase), again=True)
        if learner is not None:
            self._decide(phase)
        for number in range(self.shards):
            parts.evidence(self.job.folder, phase, number).unlink(missing_ok=True)
            if phase:
                parts.part(self.job.folder, phase - 1, number, "spool").unlink(missing_ok=True)

    def _decide(self, phase: int) -> None:
        # By a worker, which has the learner's libraries already, if it is on this machine, as the evidence is.
        workers = self.workers if self.workers.name == "local" else None
        task = partial(work.decide, self.job, phase, self.max_removed)
        try:
            if workers is None:
                task(self.shards)
            else:
                for _ in workers.run(task, [(self.shards,)]):
                    pass
        except TooMuchRemovedError as error:
            raise Stopped(f"{error} (--max-removed); what was worked out so far is kept") from error

    def _do(self, phase: int, done: set[int], *, again: bool = False) -> None:
        """All shards but those *done*; whoever watches has heard of those that are worked *again*, for new names."""
        names = named(self.journal.rows)
        tasks = (
            (number, shard, names.get(number, {}))
            for number, shard in enumerate(plan.listed(self.job.folder / "plan.jsonl"))
            if number not in done
        )
        for task, tally in self.workers.run(partial(work.run, self.job, phase), tasks):
            self.journal.add({"phase": phase, "shard": task[0], "tally": tally.row()})
            if not again:
                self.watch.shard(tally, sum(piece.bytes for piece in task[1]), self._problems(phase, task[0]))

    def _problems(self, phase: int, number: int) -> list[Problem]:
        path = parts.part(self.job.folder, phase, number, "errors")
        return [Problem(**row) for row in rows.read(path)] if path.exists() else []

    def _clashes(self) -> Names:
        """Documents whose id an earlier one has, and the number each gets; eight bytes a document in memory."""
        hashes = [
            np.fromfile(parts.part(self.job.folder, 0, number, "ids"), dtype="<u8") for number in range(self.shards)
        ]
        every = np.concatenate(hashes) if hashes else np.empty(0, "<u8")
        order = np.argsort(every, kind="stable")
        again = np.flatnonzero(every[order[1:]] == every[order[:-1]]) + 1
        starts = np.cumsum([0, *map(len, hashes)])
        known, new = named(self.journal.rows), dict[int, dict[int, int]]()
        before, count = -2, 0
        for at in again.tolist():
            count = count + 1 if at == before + 1 else 1
            before = at
            place = int(order[at])
            shard = int(np.searchsorted(starts, place, side="right")) - 1
            inside = place - int(starts[shard])
            new.setdefault(shard, dict(known.get(shard, {})))[inside] = known.get(shard, {}).get(inside, 1) + count
        return new


def latest(journal: Sequence[Mapping[str, Any]]) -> dict[tuple[int, int], dict[str, Any]]:
    """The tally of each (phase, shard) that is done; a shard whose documents were renamed is to be done again."""
    done: dict[tuple[int, int], dict[str, Any]] = {}
    for row in journal:
        if "tally" in row:
            done[row["phase"], row["shard"]] = row["tally"]
        for shard in row.get("names", ()):
            done.pop((0, int(shard)), None)
    return done


def named(journal: Sequence[Mapping[str, Any]]) -> Names:
    """The last word on which documents get a number."""
    names: dict[int, Mapping[int, int]] = {}
    for row in journal:
        for shard, places in row.get("names", {}).items():
            names[int(shard)] = {int(place): number for place, number in places.items()}
    return names


def _keyed(places: Mapping[int, int]) -> dict[str, int]:
    return {str(place): number for place, number in places.items()}
