"""The page a person looks at after a run: OUT/report.html.

One file that needs nothing else: no server, no neighbour, no request to
anywhere. The texts stand in it as compressed blocks that the page unpacks when
a document is opened, so it opens quickly at 10,000 documents, and nothing that
stands in a document can become a part of the page: it is base64 on its way and
text when it is shown.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import orjson

from textclean.batch import output, publish, rows
from textclean.batch.report import page
from textclean.batch.report.gather import Gathered, shown_of, summary

BLOCK = 256_000
"""Bytes of JSON in a block: unpacked in some milliseconds, and large enough to compress well."""


def write(out: Path) -> Path:
    """Write the report of the finished run in *out*; where it is.

    The same output folder gives the same bytes. Raises
    :class:`textclean.batch.output.Damaged` when the folder holds no finished
    run or was changed since.
    """
    entries = output.entries(out)
    first = next(entries, None)  # says what is wrong before anything is read
    manifest = orjson.loads((out / publish.MANIFEST).read_bytes())
    gathered = Gathered(shown_of(manifest["totals"]))
    blocks: list[int] = []
    with tempfile.TemporaryFile() as spool:
        waiting, size = [], 0
        entry = first
        while entry is not None:
            row = gathered.add(entry.doc) if entry.doc is not None else None
            if row is not None:
                waiting.append(page.dumps(row))
                size += len(waiting[-1])
            entry = next(entries, None)
            if waiting and (size >= BLOCK or entry is None):
                spool.write(page.block(len(blocks), waiting))
                blocks.append(len(waiting))
                waiting, size = [], 0
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
