"""Where does each part of an unfinished run lie?"""

from __future__ import annotations

from pathlib import Path


def part(folder: Path, phase: int, number: int, kind: str) -> Path:
    """A shard's part of one kind."""
    return folder / f"phase{phase}" / f"{number:06d}.{kind}"


def decided(folder: Path, phase: int) -> Path:
    """The stage that the learner of *phase* became; pickled, and only ever read by the run that wrote it."""
    return folder / "run" / f"decided{phase}.pickle"


def evidence(folder: Path, phase: int, number: int) -> Path:
    """What the learner of *phase* saw in a shard; pickled, and only ever read by the run that wrote it."""
    return folder / "run" / f"evidence{phase}-{number:06d}.pickle"
