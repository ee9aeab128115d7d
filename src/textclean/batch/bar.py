"""A bar on a terminal. The only part of a run that needs rich, whose import costs as much as to clean 300 kB."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.text import Text

from textclean.batch.progress import Plain
from textclean.batch.sources import Problem
from textclean.batch.work import Tally


class Bar(Plain):
    """Shows a run on *console*."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[facts]}"),
            TransferSpeedColumn(),
            TimeRemainingColumn(compact=True),
        )
        self._progress = Progress(*columns, console=console, transient=True)
        self._task: TaskID | None = None
        self._documents = self._removed = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        self._progress.stop()
        super().__exit__(kind, *error)

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
        super().shard(tally, size, problems)

    def note(self, sentence: str) -> None:
        """Something worth knowing."""
        self._console.print(Text(sentence), soft_wrap=True)
