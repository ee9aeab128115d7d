"""What tests of the batch room share: small stages (``use = "batching:swap"``), a watcher that remembers, a tree as a value."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textclean import Document, Edit, Pipeline, Stage
from textclean.batch import rows
from textclean.batch.runner import Request, run
from textclean.batch.sources import Problem
from textclean.batch.watch import Silence
from textclean.batch.work import Tally

LEDGER = '[[stage]]\nuse = "batching:swap"\n[[stage]]\nuse = "batching:footer"\n'
CORPUS = LEDGER + '[[stage]]\nuse = "batching:Common"\n[[stage]]\nuse = "batching:Same"\n'


def swap(doc: Document) -> list[Edit]:
    """Equal length: 國 becomes 国."""
    return [Edit(0, len(doc.text), doc.text.replace("國", "国"), "script")] if "國" in doc.text else []


def footer(doc: Document) -> list[Edit]:
    """A last line that gives an editor goes, and is remembered."""
    at = doc.text.rfind("\n責編:")
    return [] if at < 0 else [Edit(at, len(doc.text), "", "byline", "last line", {"editor": doc.text[at + 4 :]})]


def fail_on_bang(doc: Document) -> list[Edit]:
    """Fails where the text has an exclamation mark."""
    if "!" in doc.text:
        raise RuntimeError("no shouting")
    return []


@dataclass(frozen=True)
class Common:
    """A learner: the first line that most documents share goes."""

    def observe(self, docs: Iterable[Document], /) -> dict[str, int]:
        lines: dict[str, int] = {}
        for doc in docs:
            head = doc.text.split("\n", 1)[0]
            lines[head] = lines.get(head, 0) + 1
        return lines

    def decide(self, shards: Iterable[dict[str, int]], /) -> Stage:
        total: dict[str, int] = {}
        for shard in shards:
            for line, count in shard.items():
                total[line] = total.get(line, 0) + count
        return Head(min(total, key=lambda line: (-total[line], line)) if total else "")


@dataclass(frozen=True)
class Head:
    """Cuts one first line."""

    line: str

    def __call__(self, doc: Document, /) -> list[Edit]:
        cut = len(self.line) + 1
        return [Edit(0, cut, "", "site_template")] if self.line and doc.text.startswith(self.line + "\n") else []


@dataclass(frozen=True)
class Same:
    """A learner: of equal documents the one with the smallest id stays."""

    def observe(self, docs: Iterable[Document], /) -> list[tuple[str, str]]:
        return [(doc.text, doc.id) for doc in docs]

    def decide(self, shards: Iterable[list[tuple[str, str]]], /) -> Stage:
        kept: dict[str, str] = {}
        for text, name in (pair for shard in shards for pair in shard):
            kept[text] = min(name, kept.get(text, name))
        return Only(kept)


@dataclass(frozen=True)
class Only:
    """Removes documents that another one stands for."""

    kept: dict[str, str]

    def __call__(self, doc: Document, /) -> list[Edit]:
        keeper = self.kept.get(doc.text, doc.id)
        return [] if keeper == doc.id else [Edit(0, len(doc.text), "", "exact_duplicate", f"same as {keeper}")]


@dataclass(frozen=True)
class Counting:
    """Does nothing, and leaves a mark on disk for each document it was shown."""

    folder: str

    def __call__(self, doc: Document, /) -> list[Edit]:
        with (Path(self.folder) / doc.id.replace("/", "_")).open("a") as file:
            file.write("x")
        return []


class Notes(Silence):
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.shards = 0

    def shard(self, tally: Tally, size: int, problems: list[Problem]) -> None:
        self.shards += 1
        self.problems += problems

    def problem(self, problem: Problem) -> None:
        self.problems.append(problem)

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


def cleaned(source: Path, out: Path, **options: Any) -> tuple[list[tuple[str, str]], Notes]:
    """The ids and texts that are left of *source* after two small stages, and what the run said."""
    notes = Notes()
    run(Request((str(source),), out, Pipeline([swap, footer]), jobs=1, **options), notes)
    return [(row["id"], row["text"]) for row in rows.read(out / "documents.jsonl")], notes


def tree(root: Path) -> dict[str, bytes]:
    """Every file below *root* with its bytes."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@dataclass(frozen=True)
class Deadly:
    """Kills the process it runs in, once, while the file *trigger* is there."""

    trigger: str

    def __call__(self, doc: Document, /) -> list[Edit]:
        if doc.id == "7.txt" and Path(self.trigger).exists():
            Path(self.trigger).unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return []


@dataclass(frozen=True)
class Slow:
    """Does nothing, and takes its time."""

    seconds: float

    def __call__(self, doc: Document, /) -> list[Edit]:
        time.sleep(self.seconds)
        return []


@dataclass(frozen=True)
class Dawdling:
    """Does nothing, slowly, and says in the file *begun* that it is at it."""

    begun: str

    def __call__(self, doc: Document, /) -> list[Edit]:
        Path(self.begun).touch()
        time.sleep(0.5)
        return []
