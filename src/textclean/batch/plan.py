"""In what portions is it done?

A shard is what one worker takes at a time and what is done again after a
crash: some megabytes of neighbouring files, or a part of a large one. The plan
depends on the input alone, never on the number of workers, so that their number
cannot be seen in the output.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from textclean.batch import columns, rows
from textclean.batch.readers import read
from textclean.batch.records import Fields, Piece, Record
from textclean.batch.sources import Problem, Source, why
from textclean.batch.streams import Unreadable, opened

SHARD_BYTES = 8 << 20
"""Large enough that a shard's fsyncs cost nothing beside its work (about 0.4 s in each of two phases)."""
SHARD_FILES = 1000
PARTS = 4
"""A file is cut into parts so many times smaller than a shard: the last shards are smaller, so that workers end together."""
HELD = 3
"""So many shards are held back until it is known whether they are the last."""

Shard = list[Piece]


def shards(found: Iterable[Source | Problem], limit: int | None = None) -> Iterator[Shard | Problem]:
    """*found* in portions; at most *limit* documents of it."""
    waiting: deque[Piece] = deque()
    size = 0
    for piece in _limited(found, limit) if limit is not None else chain.from_iterable(map(_cut, found)):
        if isinstance(piece, Problem):
            yield piece
            continue
        waiting.append(piece)
        size += piece.bytes
        while size > (HELD + 1) * SHARD_BYTES or len(waiting) > (HELD + 1) * SHARD_FILES:
            yield (shard := _taken(waiting, SHARD_BYTES))
            size -= sum(piece.bytes for piece in shard)
    small = size <= SHARD_BYTES  # several workers would begin later than one ends
    while waiting:
        yield (shard := _taken(waiting, SHARD_BYTES if small else max(size, SHARD_BYTES) // PARTS))
        size -= sum(piece.bytes for piece in shard)


def _taken(waiting: deque[Piece], most: int) -> Shard:
    """The first of *waiting*, of about *most* bytes; neighbours in one file are one piece again."""
    shard = [waiting.popleft()]
    size = shard[0].bytes
    while waiting and len(shard) < SHARD_FILES and size + waiting[0].bytes // 2 < most:
        piece, last = waiting.popleft(), shard[-1]
        size += piece.bytes
        if piece.source == last.source and piece.start == last.end and last.most == -1:
            shard[-1] = replace(last, end=piece.end, bytes=last.bytes + piece.bytes)
        else:
            shard.append(piece)
    return shard


def _limited(found: Iterable[Source | Problem], limit: int) -> Iterator[Piece | Problem]:
    """Whole sources until there are *limit* documents; to know, they are read here once."""
    for source in found:
        if limit <= 0:
            return
        if isinstance(source, Problem):
            yield source
            continue
        piece = Piece(source, most=limit, bytes=source.size)
        limit -= sum(isinstance(record, Record) and record.doc is not None for record in read(piece, Fields()))
        yield piece


def _cut(source: Source | Problem) -> Iterator[Piece | Problem]:
    """*source* in pieces, where its form has places to cut."""
    if isinstance(source, Problem):
        yield source
        return
    large = source.size >= SHARD_BYTES
    try:
        if source.form == "jsonl" and large and not source.path.endswith((".gz", ".zst")):
            yield from _line_pieces(source)
        elif source.form == "parquet" and large:
            yield from _group_pieces(source)
        else:
            yield Piece(source, bytes=source.size)
    except (OSError, Unreadable) as error:
        yield Problem(source.name, why(error) if isinstance(error, OSError) else str(error))


def _line_pieces(source: Source) -> list[Piece]:
    """A file of lines in pieces that end with a line; the whole is read once, to number the lines."""
    pieces: list[Piece] = []
    start = end = line = 0
    with opened(source) as file:
        while block := file.read(max(SHARD_BYTES // PARTS, 1)):
            cut = block.rfind(b"\n") + 1
            if cut:
                pieces.append(Piece(source, start, end + cut, line + 1, bytes=end + cut - start))
                start, line = end + cut, line + block.count(b"\n")
            end += len(block)
    if start < end:
        pieces.append(Piece(source, start, end, line + 1, bytes=end - start))
    return pieces


def _group_pieces(source: Source) -> list[Piece]:
    """A Parquet file by its row groups, some megabytes at a time."""
    groups = columns.groups(source)
    step = max(1, round(len(groups) * SHARD_BYTES / source.size))
    share = source.size // max(len(groups), 1)
    return [
        Piece(source, at, min(at + step, len(groups)), sum(groups[:at]) + 1, bytes=share * step)
        for at in range(0, len(groups), step)
    ]


def to_row(shard: Shard | Problem) -> dict[str, Any]:
    """A line of the plan as it is kept on disk."""
    if isinstance(shard, Problem):
        return {"problem": shard}
    return {"pieces": [[*piece.source, piece.start, piece.end, piece.line, piece.most, piece.bytes] for piece in shard]}


def from_row(row: dict[str, Any]) -> Shard | Problem:
    """What :func:`to_row` wrote."""
    if "problem" in row:
        return Problem(*row["problem"])
    return [Piece(Source(*values[:5]), *values[5:]) for values in row["pieces"]]


def listed(path: Path) -> Iterator[Shard]:
    """The shards of a plan on disk, in order."""
    for row in rows.read(path):
        shard = from_row(row)
        if not isinstance(shard, Problem):
            yield shard


def difference(old: Path, new: Path) -> str:
    """A sentence on the first source in which two plans differ; "" when they are the same."""
    for was, now in zip_longest(_flat(old), _flat(new)):
        if was == now:
            continue
        if was is None or (now is not None and was[1] > now[1]):
            return f"{now[1]} is new"
        if now is None or was[1] < now[1]:
            return f"{was[1]} is gone"
        return f"{now[1]} is not what it was"
    return ""


def _flat(path: Path) -> Iterator[list[Any]]:
    for row in rows.read(path):
        yield from row.get("pieces", ())
