"""What is done already, and who is working here?

The work folder inside the output folder holds everything of an unfinished run:
the plan, the parts, and a journal to which a line is appended (and forced to
disk) for every shard that is done in a phase. Nothing else has to be trusted
after a crash: a part without its line is made again.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textclean.batch import rows

WORK = ".textclean-work"


class Refused(Exception):  # noqa: N818  it is no fault of the program
    """The run must not go on as it was asked for; the message says why and what to do."""


class Stopped(Exception):  # noqa: N818
    """The run could not go on (no room left, a worker killed); what was finished is kept."""


@contextmanager
def locked(out: Path) -> Iterator[Path]:
    """The work folder of *out*, for this process alone.

    Raises Refused when another run is at work there.
    """
    folder = out / WORK
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise Refused(
                f"another run (process {file.read() or '?'}) is at work in {out}: wait for it to end"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield folder
        finally:
            if folder.exists() and {path.name for path in folder.iterdir()} <= {"lock", "plan.new", "input"}:
                shutil.rmtree(folder)  # nothing was begun, or all is done


class Journal:
    """An append-only list of rows; a torn last line (a crash in mid-write) is cut off."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows: list[dict[str, Any]] = []
        good = 0
        if path.exists():
            with path.open("rb") as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self.rows.append(rows.loads(line))
                    good += len(line)
        self._file = path.open("ab")
        self._file.truncate(good)

    def add(self, row: dict[str, Any]) -> None:
        """Append *row*; it is on disk when this returns."""
        self._file.write(rows.line(row))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.rows.append(row)

    def close(self) -> None:
        """No more rows."""
        self._file.close()
