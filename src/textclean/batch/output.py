"""What is in an output folder?

Reads what :mod:`publish` wrote: the documents with their whole history, in
order, and the way back to the bytes they came from.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import orjson

from textclean.batch import ledger, publish, records, rows
from textclean.document import Document


class Damaged(Exception):  # noqa: N818  it is the folder that is
    """The output folder is not what a run left; the message says where."""


@dataclass(frozen=True)
class Entry:
    """One entry of the ledger: a document, or bytes that are none (doc is None)."""

    path: str
    doc: Document | None
    place: list[Any]
    start: dict[str, Any]
    """What was known of the document before any stage."""

    def raw(self) -> bytes | None:
        """The bytes it was read from; None when only the untouched source has them."""
        original = Document(self.doc.id, self.doc.original, self.start) if self.doc else None
        return records.raw(original, self.place)


def entries(out: Path) -> Iterator[Entry]:
    """Everything that went in, in order.

    Raises Damaged when the folder is not complete or was changed since.
    """
    for shard in shards(out):
        yield from of_shard(*shard)


def shards(out: Path) -> list[tuple[Path, Path, int]]:
    """What :func:`of_shard` takes, for each part of the run that can be read by itself.

    Raises Damaged when the folder is not complete.
    """
    if not (out / publish.SUCCESS).exists():
        raise Damaged(f"{out} holds no finished run (there is no {publish.SUCCESS} in it)")
    manifest = orjson.loads((out / publish.MANIFEST).read_bytes())
    sizes = manifest["outputs"]["documents.jsonl"]["shards"]
    parts = sorted((out / "ledger").glob("*.jsonl.gz"))
    if len(parts) != len(sizes):
        raise Damaged(f"{out / 'ledger'} has {len(parts)} files, and the run wrote {len(sizes)}")
    return [(out / "documents.jsonl", *each) for each in zip(parts, accumulate(sizes, initial=0), strict=False)]


def of_shard(documents: Path, part: Path, start: int) -> Iterator[Entry]:
    """The entries of one *part* of the ledger, whose documents begin at byte *start* of *documents*.

    Raises Damaged when they were changed since.
    """
    with documents.open("rb") as file:
        file.seek(start)
        for row in rows.read(part):
            if "id" not in row:
                yield Entry(row["path"], None, row["place"], {})
                continue
            kept = {"text": "", "meta": row["gone"]} if "gone" in row else _row(file.readline())
            if "gone" not in row and kept.get("id") != row["id"]:
                raise Damaged(f"documents.jsonl is not what the run wrote: {row['id']!r} is missing from its place")
            if zlib.crc32(kept["text"].encode()) != row["sum"]:
                raise Damaged(f"documents.jsonl is not what the run wrote: the text of {row['id']!r} is another one")
            history = ledger.unpack(kept["text"], row.get("changes", []))
            doc = Document(row["id"], kept["text"], kept["meta"], history)
            yield Entry(row["path"], doc, row["place"], {**kept["meta"], **row.get("meta", {})})


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = rows.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def document(path: Path) -> Document:
    """The document of a text file in an output folder, with its history.

    Raises Damaged when the folder is not complete or was changed since, or the
    file belongs to none.
    """
    found = find(path)
    if found is not None:
        out, name = found
        for entry in entries(out):
            if entry.path == name and entry.doc is not None:
                return entry.doc
    raise Damaged(f"{path} is no file of a finished run")


def find(path: Path) -> tuple[Path, str] | None:
    """The output folder that the text file *path* belongs to, and its name there; None when it belongs to none."""
    path = path.absolute()
    for folder in path.parents:
        if folder.name == "text" and (folder.parent / publish.MANIFEST).exists():
            return folder.parent, path.relative_to(folder).as_posix()
    return None
