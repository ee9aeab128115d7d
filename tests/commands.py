"""A folder for the commands a page shows: the examples in it, and ``textclean`` on the path."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

HOUSE = Path(__file__).parent.parent


def command_folder(folder: Path) -> dict[str, str]:
    """Make *folder* so; the environment to run commands in."""
    shutil.copytree(HOUSE / "examples", folder / "examples")
    (folder / "bin").mkdir()
    program = folder / "bin/textclean"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m textclean "$@"\n', "utf-8")
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}", "PYTHONPATH": str(HOUSE / "src")}
