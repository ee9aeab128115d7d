"""What does whoever started the run get to see while it goes on?"""

from __future__ import annotations

from typing import Protocol

from textclean.batch.sources import Problem
from textclean.batch.work import Tally


class Watcher(Protocol):
    """Told about a run as it goes on; :class:`Silence` shows what must be there."""

    def looking(self) -> None:
        """The inputs are being walked."""

    def phase(self, name: str, total: int) -> None:
        """A pass over *total* bytes of input begins."""

    def shard(self, tally: Tally, size: int, problems: list[Problem]) -> None:
        """A shard of *size* bytes of input is through the phase."""

    def problem(self, problem: Problem) -> None:
        """Something is not cleaned."""

    def note(self, sentence: str) -> None:
        """Something worth knowing."""


class Silence:
    """Shows nothing."""

    def looking(self) -> None: ...  # noqa: D102  as the protocol says

    def phase(self, name: str, total: int) -> None: ...  # noqa: D102

    def shard(self, tally: Tally, size: int, problems: list[Problem]) -> None: ...  # noqa: D102

    def problem(self, problem: Problem) -> None: ...  # noqa: D102

    def note(self, sentence: str) -> None: ...  # noqa: D102
