"""In what portions is it done?

A shard is what one worker takes at a time and what is done again after a
crash: some megabytes of neighbouring files, or a part of a large one. The plan
depends on the input alone, never on the number of workers, so that their number
cannot be seen in the output.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from textclean.batch import rows
from textclean.batch.readers import Piece
from textclean.batch.sources import Problem, Source, why

SHARD_BYTES = 4 << 20
"""Large enough that a shard's fsyncs cost nothing beside its work (about 0.2 s), small enough that two workers end together."""
SHARD_FILES = 1000

Shard = list[Piece]


def shards(found: Iterable[Source | Problem], limit: int | None = None) -> Iterator[Shard | Problem]:
    """*found* in portions; at most *limit* documents of it."""
    pieces: Shard = []
    size = taken = 0
    for source in found:
        if isinstance(source, Problem):
            yield source
            continue
        if limit is not None and taken >= limit:
            break
        for piece in _cut(source, None if limit is None else limit - taken):
            if isinstance(piece, Problem):
                yield piece
                continue
            pieces.append(piece)
            taken += piece.rows
            size += piece.size
            if size >= SHARD_BYTES or len(pieces) >= SHARD_FILES:
                yield pieces
                pieces, size = [], 0
    if pieces:
        yield pieces


def _cut(source: Source, limit: int | None) -> Iterator[Piece | Problem]:
    if source.form != "jsonl" or (limit is None and source.size < 2 * SHARD_BYTES):
        yield Piece(source)
        return
    try:
        yield from _line_pieces(source, limit)
    except OSError as error:
        yield Problem(source.name, why(error))


def _line_pieces(source: Source, limit: int | None) -> list[Piece]:
    """A file of lines in pieces that end with a line; the whole is read once, for its hash and to number the lines."""
    pieces: list[Piece] = []
    start = taken = 0
    digest = hashlib.blake2b()
    with Path(source.path).open("rb") as file:
        while block := file.readlines(SHARD_BYTES):
            if limit is not None:
                block = block[: limit - taken]
            digest.update(b"".join(block))
            end = start + sum(map(len, block))
            pieces.append(Piece(source, start, end, taken + 1, len(block)))
            start, taken = end, taken + len(block)
            if taken == limit:
                break
        if start == source.size and pieces:
            pieces[-1] = replace(pieces[-1], blake2b=digest.hexdigest())
    return pieces


def to_row(shard: Shard | Problem) -> dict[str, Any]:
    """A line of the plan as it is kept on disk."""
    if isinstance(shard, Problem):
        return {"problem": shard}
    return {
        "pieces": [[*piece.source, piece.start, piece.end, piece.line, piece.rows, piece.blake2b] for piece in shard]
    }


def from_row(row: dict[str, Any]) -> Shard | Problem:
    """What :func:`to_row` wrote."""
    if "problem" in row:
        return Problem(*row["problem"])
    return [Piece(Source(*values[:5]), *values[5:]) for values in row["pieces"]]


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
