"""How far is it? A bar on a terminal, nothing in a pipe; problems always."""

from __future__ import annotations

import sys
from typing import Self

from textclean.batch.sources import Problem
from textclean.batch.work import Tally

SHOWN = 20
"""After so many problems only their number is told: all of them are in errors.jsonl."""


class Plain:
    """Tells problems on standard error, a line each."""

    def __init__(self) -> None:
        self._problems = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if self._problems > SHOWN:
            self.note(f"… and {self._problems - SHOWN:,} more: all are in errors.jsonl")

    def looking(self) -> None:
        """The inputs are being walked."""

    def phase(self, name: str, total: int) -> None:
        """A pass over *total* bytes begins."""

    def shard(self, tally: Tally, size: int, problems: list[Problem]) -> None:  # noqa: ARG002  as watchers do
        """A shard is through."""
        for problem in problems:
            self.problem(problem)

    def problem(self, problem: Problem) -> None:
        """Something is not cleaned."""
        self._problems += 1
        if self._problems <= SHOWN:
            self.note(sentence(problem))

    def note(self, sentence: str) -> None:
        """Something worth knowing."""
        sys.stderr.write(f"{sentence}\n")


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
