"""How do the inputs come back, byte for byte?"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from textclean.batch.journal import Refused
from textclean.batch.output import entries
from textclean.batch.publish import inside


@dataclass
class Restored:
    """What came back, and what only its untouched source can give."""

    files: int = 0
    bytes: int = 0
    not_held: list[str] = field(default_factory=list)


def restore(out: Path, target: Path) -> Restored:
    """Write every input of the run in *out* below *target*, as it was; a packed one unpacked.

    Raises Refused when *target* holds anything, Damaged when *out* is not what
    the run left.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(f"{target} is not empty: name a new or an empty folder to restore into")
    target.mkdir(parents=True, exist_ok=True)
    done = Restored()
    last, file = "", None
    try:
        for entry in entries(out):
            raw = entry.raw()
            if raw is None:
                if done.not_held[-1:] != [entry.path]:
                    done.not_held.append(entry.path)
                continue
            if entry.path != last or file is None:
                file = _next(file, inside(target, unpacked(entry.path)))
                last = entry.path
                done.files += 1
            done.bytes += file.write(raw)
    finally:
        if file is not None:
            file.close()
    return done


def unpacked(name: str) -> str:
    """What a packed file comes back as: its content, because no packer gives the same bytes twice.

    >>> unpacked("a.jsonl.gz"), unpacked("b.txt")
    ('a.jsonl', 'b.txt')
    """
    stem, dot, ending = name.rpartition(".")
    return stem if dot and ending in {"gz", "zst"} else name


def _next(file: IO[bytes] | None, path: Path) -> IO[bytes]:
    if file is not None:
        file.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")
