"""The page a person looks at after a run: OUT/report.html.

One file that needs nothing else: no server, no neighbour, no request to
anywhere. The texts stand in it as blocks of JSON that the page reads when a document is
opened, so it opens quickly at 10,000 documents, and nothing that stands in a
document can become a part of the page: no block holds a character that begins
a tag, and what is shown is shown as text.

A run leaves what the report needs of each shard when it writes the shard, while
its documents are at hand; :func:`write` makes the same page of a finished
folder, which is read shard by shard in as many processes as there are cores.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from textclean import engines
from textclean.batch import output, publish, rows
from textclean.batch.report import page
from textclean.batch.report.gather import Gathered, shown_of, summary
from textclean.engines.protocol import cores

BLOCK = 256_000
"""Bytes of JSON in a block: read in some milliseconds."""
A_PROCESS = 20_000_000
"""Bytes of clean text for each process: one more takes half a second to start."""

Block = tuple[int, bytes]
"""How many documents, and they, as they stand in the page."""


def write(out: Path, jobs: int = 1) -> Path:
    """Write the report of the finished run in *out*, by at most *jobs* processes (0: one a core); where it is.

    The same output folder gives the same bytes, whatever the number. Raises
    :class:`textclean.batch.output.Damaged` when the folder holds no finished
    run or was changed since.
    """
    shards = output.shards(out)  # says what is wrong before anything is read
    manifest = orjson.loads((out / publish.MANIFEST).read_bytes())
    jobs = min(cores(jobs), manifest["outputs"]["documents.jsonl"]["bytes"] // A_PROCESS + 1)
    _page(out, manifest, _in_order(shards, shown_of(manifest["totals"]), jobs))
    return out / publish.REPORT


def join(folder: Path, parts: Iterable[Path], manifest: Mapping[str, Any]) -> None:
    """The report of the output in *folder*, from what a run's workers left of each shard: see :class:`Shown`."""
    _page(folder, manifest, map(Shown.load, parts))


def _page(folder: Path, manifest: Mapping[str, Any], shards: Iterable[tuple[Gathered, list[Block]]]) -> None:
    gathered = Gathered(shown_of(manifest["totals"]))
    blocks: list[int] = []
    with tempfile.TemporaryFile() as spool:
        for found, shown in shards:
            gathered += found
            for count, data in shown:
                spool.write(page.block(len(blocks), data))
                blocks.append(count)
        errors = folder / "errors.jsonl"
        problems = rows.read(errors) if errors.exists() else iter(())
        facts = summary(gathered, manifest, problems) | {"blocks": blocks}
        head, tail = page.frame(facts)
        spool.seek(0)
        with rows.written(folder / publish.REPORT) as file:
            file.write(head)
            shutil.copyfileobj(spool, file, 1 << 20)
            file.write(tail)


def _in_order(shards: list[tuple[Path, Path, int]], share: float, jobs: int) -> Iterator[tuple[Gathered, list[Block]]]:
    """What :func:`_of_shard` finds in each of *shards*, in their order."""
    waiting = iter(shards)
    turn = next(waiting, None)
    early: dict[tuple[object, ...], tuple[Gathered, list[Block]]] = {}
    with engines.start("local", jobs=jobs) as workers:
        for task, found in workers.run(partial(_of_shard, share), shards):
            early[task] = found
            while turn in early:
                yield early.pop(turn)
                turn = next(waiting, None)


def _of_shard(share: float, documents: Path, part: Path, start: int) -> tuple[Gathered, list[Block]]:
    shown = Shown(share)
    for entry in output.of_shard(documents, part, start):
        if entry.doc is not None:
            shown.add(shown.gathered.add(entry.doc))
    return shown.done()


class Shown:
    """What the report needs of one shard: the figures, and the documents shown in blocks."""

    def __init__(self, share: float) -> None:
        self.gathered = Gathered(share)
        self._blocks: list[Block] = []
        self._waiting: list[bytes] = []
        self._size = 0

    def add(self, row: bytes) -> None:
        """The next document as JSON; nothing where it is not shown."""
        if row:
            self._waiting.append(row)
            self._size += len(row)
            if self._size >= BLOCK:
                self._pack()

    def _pack(self) -> None:
        if self._waiting:
            self._blocks.append((len(self._waiting), page.together(self._waiting)))
            self._waiting, self._size = [], 0

    def done(self) -> tuple[Gathered, list[Block]]:
        """All of it."""
        self._pack()
        return self.gathered, self._blocks

    def save(self, path: Path) -> None:
        """Leave it for :meth:`load`."""
        gathered, blocks = self.done()
        with rows.written(path) as file:
            file.write(rows.line([gathered.plain(), [count for count, _ in blocks]]))
            file.writelines(data + b"\n" for _, data in blocks)

    @staticmethod
    def load(path: Path) -> tuple[Gathered, list[Block]]:
        """What :meth:`save` left."""
        with path.open("rb") as file:
            gathered, counts = rows.loads(file.readline())
            return Gathered.of(gathered), [(count, file.readline()[:-1]) for count in counts]
