"""The code of a user under pyright's strict rules (mypy --strict reads it in ./check), and what it does when it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_the_code_runs() -> None:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1] / "src")}
    subprocess.run([sys.executable, HERE / "user_code.py"], env=environment, check=True)


@pytest.mark.typing
def test_pyright_finds_nothing() -> None:
    pyright = shutil.which("pyright", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if pyright is None:
        pytest.skip("pyright is not installed: pip install --group typing")
    fetched = subprocess.run([pyright, "--version"], capture_output=True, text=True, check=False)
    if fetched.returncode:
        pytest.skip(f"pyright cannot fetch its other part here: {fetched.stderr.strip()[-200:]}")
    done = subprocess.run(
        [pyright, "-p", HERE, "--pythonpath", sys.executable], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
