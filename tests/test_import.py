"""What the front door costs: nothing heavy is loaded by ``import textclean``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import textclean

HEAVY = ["chardet", "datasketch", "ftfy", "lxml", "numba", "numpy", "opencc", "pyarrow", "rich", "scipy", "typer"]


def test_import_brings_no_heavy_library() -> None:
    # A time limit would fail on a busy machine; what makes the time is what is loaded. benchmarks/ has the milliseconds.
    script = f"import sys, textclean; print([name for name in {HEAVY} if name in sys.modules])"
    here = {**os.environ, "PYTHONPATH": str(Path(textclean.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=here)
    assert done.stdout.strip() == "[]"
