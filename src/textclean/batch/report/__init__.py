"""The page a person looks at after a run: OUT/report.html.

One file that needs nothing else: no server, no neighbour, no request to
anywhere. The texts stand in it as compressed blocks that the page unpacks when
a document is opened, so it opens quickly at 10,000 documents, and nothing that
stands in a document can become a part of the page: it is base64 on its way and
text when it is shown.

Each shard of the run is read by itself, in as many processes as there are
cores: one after the other they were a fifth of the time of a run on two.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import orjson

from textclean import engines
from textclean.batch import output, publish, rows
from textclean.batch.report import page
from textclean.batch.report.gather import Gathered, shown_of, summary
from textclean.engines.protocol import cores

BLOCK = 256_000
"""Bytes of JSON in a block: unpacked in some milliseconds, and large enough to compress well."""
A_PROCESS = 20_000_000
"""Bytes of clean text for each process: one more takes half a second to start."""

Block = tuple[int, bytes]
"""How many documents, and they, packed."""


def write(out: Path, jobs: int = 1) -> Path:
    """Write the report of the finished run in *out*, by at most *jobs* processes (0: one a core); where it is.

    The same output folder gives the same bytes, whatever the number. Raises
    :class:`textclean.batch.output.Damaged` when the folder holds no finished
    run or was changed since.
    """
    shards = output.shards(out)  # says what is wrong before anything is read
    manifest = orjson.loads((out / publish.MANIFEST).read_bytes())
    gathered = Gathered(shown_of(manifest["totals"]))
    blocks: list[int] = []
    jobs = min(cores(jobs), manifest["outputs"]["documents.jsonl"]["bytes"] // A_PROCESS + 1)
    with tempfile.TemporaryFile() as spool:
        for found, packed in _in_order(shards, gathered.share, jobs):
            gathered += found
            for count, data in packed:
                spool.write(page.block(len(blocks), data))
                blocks.append(count)
        errors = out / "errors.jsonl"
        problems = rows.read(errors) if errors.exists() else iter(())
        facts = summary(gathered, manifest, problems) | {"blocks": blocks}
        head, tail = page.frame(facts)
        spool.seek(0)
        with rows.written(out / publish.REPORT) as file:
            file.write(head)
            shutil.copyfileobj(spool, file, 1 << 20)
            file.write(tail)
    return out / publish.REPORT


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
    gathered = Gathered(share)
    blocks: list[Block] = []
    waiting: list[bytes] = []
    size = 0

    def pack() -> None:
        if waiting:
            blocks.append((len(waiting), page.packed_documents(waiting)))
            waiting.clear()

    for entry in output.of_shard(documents, part, start):
        row = gathered.add(entry.doc) if entry.doc is not None else None
        if row is not None:
            waiting.append(page.dumps(row))
            size += len(waiting[-1])
            if size >= BLOCK:
                pack()
                size = 0
    pack()
    return gathered, blocks
