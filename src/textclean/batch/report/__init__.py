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

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import count
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


def write(out: Path, jobs: int = 1) -> Path:
    """Write the report of the finished run in *out*, by at most *jobs* processes (0: one a core); where it is.

    The same output folder gives the same bytes, whatever the number. Raises
    :class:`textclean.batch.output.Damaged` when the folder holds no finished
    run or was changed since.
    """
    shards = output.shards(out)  # says what is wrong before anything is read
    manifest = orjson.loads((out / publish.MANIFEST).read_bytes())
    jobs = min(cores(jobs), manifest["outputs"]["documents.jsonl"]["bytes"] // A_PROCESS + 1)
    with tempfile.TemporaryDirectory(prefix="textclean-") as folder:
        parts = [Path(folder, str(number)) for number in range(len(shards))]
        tasks = ((*shard, part) for shard, part in zip(shards, parts, strict=True))
        with engines.start("local", jobs=jobs) as workers:
            for _ in workers.run(partial(_of_shard, shown_of(manifest["totals"])), tasks):
                pass
        join(out, parts, manifest)
    return out / publish.REPORT


def _of_shard(share: float, documents: Path, ledger: Path, start: int, part: Path) -> None:
    shown = Shown(share)
    for entry in output.of_shard(documents, ledger, start):
        if entry.doc is not None:
            shown.add(shown.gathered.add(entry.doc))
    shown.save(part)


def join(folder: Path, parts: Sequence[Path], manifest: Mapping[str, Any]) -> None:
    """The report of the output in *folder*, from what :meth:`Shown.save` left of each shard."""
    gathered = Gathered(shown_of(manifest["totals"]))
    counts: list[int] = []
    for part in parts:
        found, blocks = Shown.figures(part)
        gathered += found
        counts += (documents for documents, _ in blocks)
    errors = folder / "errors.jsonl"
    problems = rows.read(errors) if errors.exists() else iter(())
    head, tail = page.frame(summary(gathered, manifest, problems) | {"blocks": counts})
    number = count()
    with rows.written(folder / publish.REPORT) as file:
        file.write(head)
        for part in parts:
            for data in Shown.blocks(part):
                file.writelines(page.block(next(number), data))
        file.write(tail)


class Shown:
    """What the report needs of one shard: the figures, and the documents shown in blocks.

    It waits in a file, so that the memory of whoever joins them never holds a run's texts.
    """

    def __init__(self, share: float) -> None:
        self.gathered = Gathered(share)
        self._blocks: list[tuple[int, bytes]] = []
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

    def save(self, path: Path) -> None:
        """Leave it for :meth:`figures` and :meth:`blocks`."""
        self._pack()
        with rows.written(path) as file:
            file.write(rows.line([self.gathered.plain(), [(count, len(data)) for count, data in self._blocks]]))
            file.writelines(data for _, data in self._blocks)

    @staticmethod
    def figures(path: Path) -> tuple[Gathered, list[tuple[int, int]]]:
        """The figures, and of each block how many documents and bytes it has."""
        with path.open("rb") as file:
            gathered, blocks = rows.loads(file.readline())
            return Gathered.of(gathered), blocks

    @staticmethod
    def blocks(path: Path) -> Iterator[bytes]:
        """The documents of each block, as they stand in the page."""
        with path.open("rb") as file:
            _, blocks = rows.loads(file.readline())
            for _, size in blocks:
                yield file.read(size)
