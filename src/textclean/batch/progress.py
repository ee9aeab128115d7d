"""How far is it? A bar on a terminal, nothing in a pipe; problems always."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.text import Text

from textclean.batch.sources import Problem
from textclean.batch.work import Tally

SHOWN = 20
"""After so many problems only their number is told: all of them are in errors.jsonl."""


class Bar:
    """Shows a run on *console*."""

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[facts]}"),
            TransferSpeedColumn(),
            TimeRemainingColumn(compact=True),
        )
        self._progress = Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)
        self._task: TaskID | None = None
        self._documents = self._removed = self._problems = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._progress.stop()
        if self._problems > SHOWN:
            self._console.print(f"… and {self._problems - SHOWN:,} more: all are in errors.jsonl")

    def looking(self) -> None:
        """The inputs are being walked."""
        self._begin("looking at the input", None)

    def phase(self, name: str, total: int) -> None:
        """A pass over *total* bytes begins."""
        self._begin(name, total or None)

    def _begin(self, name: str, total: int | None) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(name, total=total, facts="")

    def shard(self, tally: Tally, size: int, problems: list[Problem]) -> None:
        """A shard is through."""
        self._documents += tally.documents
        self._removed += sum(tally.removed.values())
        if self._task is not None:
            facts = f"{self._documents:,} documents, {self._removed:,} characters removed"
            self._progress.update(self._task, advance=size, facts=facts)
        for problem in problems:
            self.problem(problem)

    def problem(self, problem: Problem) -> None:
        """Something is not cleaned."""
        self._problems += 1
        if self._problems <= SHOWN:
            self._console.print(Text(sentence(problem)), soft_wrap=True)

    def note(self, sentence: str) -> None:
        """Something worth knowing."""
        self._console.print(Text(sentence), soft_wrap=True)


def sentence(problem: Problem) -> str:
    """*problem* as a person reads it.

    >>> sentence(Problem("a.jsonl", "this line is no JSON", line=3))
    'a.jsonl, line 3: this line is no JSON'
    """
    place = problem.path + (f", line {problem.line}" if problem.line else "")
    if problem.stage:
        name = f" on document {problem.id!r}" if problem.id != problem.path else ""
        return f"{place}: {problem.stage} failed{name}: {problem.problem}; the document is kept as it came in"
    return f"{place}: {problem.problem}"
