"""The command, as contestant: run as a user runs it, one worker, into a new folder."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Job = Callable[[], Any]


def _clean(path: Path, *options: str) -> Job:
    def job() -> int:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "out")
            command = [sys.executable, "-m", "textclean", "clean", path, "-o", out, "--jobs", "1", *options]
            subprocess.run(command, check=True)
            return (out / "documents.jsonl").read_bytes().count(b"\n")

    return job


def clean(path: Path) -> Job:
    """The default pipeline."""
    return _clean(path)


def clean_without_boilerplate(path: Path) -> Job:
    """What the script by hand does: damage, script, near duplicates."""
    pipeline = path.with_name("by-hand-stages.toml")
    stages = ("RepairEncoding", "SimplifyChinese", "NearDuplicates")
    pipeline.write_text("".join(f'[[stage]]\nuse = "{stage}"\n\n' for stage in stages), "utf-8")
    return _clean(path, "--pipeline", str(pipeline), "--no-report")
