"""How do the inputs come back, byte for byte?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

from textclean.batch import rows
from textclean.batch.journal import Refused
from textclean.batch.output import Damaged, Entry, entries
from textclean.batch.publish import inside

_NO_MORE: tuple[str | None, Iterable[Entry]] = None, ()


@dataclass
class Restored:
    """What came back, and what only its untouched source can give: nothing is written of that."""

    files: int = 0
    bytes: int = 0
    not_held: list[str] = field(default_factory=list)


def restore(out: Path, target: Path) -> Restored:
    """Write every input of the run in *out* below *target*, as it was; a packed one unpacked.

    A file comes back if it is what the run read, by the hash that the run wrote
    down (for packed files, whose content has none: if it was read to its end).

    Raises Refused when *target* holds anything, Damaged when *out* is not what
    the run left.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(f"{target} is not empty: name a new or an empty folder to restore into")
    target.mkdir(parents=True, exist_ok=True)
    done = Restored()
    for name, facts, found in _sources(out):
        path = inside(target, unpacked(name))
        if path.exists():  # a.jsonl and a.jsonl.gz, side by side
            path = inside(target, f"{name}.unpacked")
        digest = _written(path, found)
        if not _is_whole(path, digest, facts, packed=unpacked(name) != name):
            path.unlink(missing_ok=True)
            done.not_held.append(name)
        else:
            done.files += 1
            done.bytes += path.stat().st_size
    return done


def _sources(out: Path) -> Iterator[tuple[str, list[dict[str, Any]], Iterable[Entry]]]:
    """Each source: its name, what is listed of its pieces, and what is held of it; both come in the order of the run."""
    held = groupby(entries(out), key=attrgetter("path"))
    name, found = next(held, _NO_MORE)
    for listed, pieces in groupby(rows.read(out / "sources.jsonl"), key=itemgetter("path")):
        if listed == name:
            yield listed, list(pieces), found
            name, found = next(held, _NO_MORE)
        else:
            yield listed, list(pieces), ()
    if name is not None:
        raise Damaged(f"the ledger has {name}, and sources.jsonl does not list it in its place")


def _written(path: Path, found: Iterable[Entry]) -> str | None:
    """The hash of what is held, which is in *path* now; None where some of it is not held."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = blake2b()
    with path.open("xb") as file:
        for entry in found:
            raw = entry.raw()
            if raw is None:
                return None
            digest.update(raw)
            file.write(raw)
    return digest.hexdigest()


def _is_whole(path: Path, digest: str | None, facts: list[dict[str, Any]], *, packed: bool) -> bool:
    if digest is None:
        return False
    known: str = facts[0]["blake2b"]  # none where the source was far away, or could not be read
    if known and not packed:
        return digest == known
    return all(piece.get("whole", True) for piece in facts) and (packed or path.stat().st_size == facts[0]["bytes"])


def unpacked(name: str) -> str:
    """What a packed file comes back as: its content, because no packer gives the same bytes twice.

    >>> unpacked("a.jsonl.gz"), unpacked("b.txt")
    ('a.jsonl', 'b.txt')
    """
    stem, dot, ending = name.rpartition(".")
    return stem if dot and ending in {"gz", "zst"} else name
