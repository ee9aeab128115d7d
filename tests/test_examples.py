"""Every example runs, and all of them find the same: what textclean.clean makes of the five articles."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

import textclean

EXAMPLES = Path(__file__).parent.parent / "examples"

NEEDS = {
    "with_datasets.py": "datasets",
    "with_duckdb.py": "duckdb",
    "with_haystack.py": "haystack",
    "with_langchain.py": "langchain_core",
    "with_pandas.py": "pandas",
    "with_polars.py": "polars",
}


@cache
def wanted() -> list[str]:
    lines = []
    for path in sorted((EXAMPLES / "articles").glob("*.txt")):
        raw = path.read_text("utf-8")
        lines.append(f"{path.name}: {len(raw)} -> {len(textclean.clean(raw, kind='text').text)} characters")
    return lines


def run(*command: str | Path, folder: Path) -> list[str]:
    """What an example prints; *folder* is its home and its working directory."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(EXAMPLES.parent / "src"),
        "TEXTCLEAN": f"{sys.executable} -m textclean",
        "HF_HUB_OFFLINE": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "PYTHONIOENCODING": "utf-8",
        "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR", str(folder)),
    }
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", cwd=folder, env=environment, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("script", sorted(NEEDS))
def test_example(script: str, tmp_path: Path) -> None:
    if find_spec(NEEDS[script]) is None:
        pytest.skip(f"{NEEDS[script]} is not installed: pip install --group integrations")
    assert run(sys.executable, EXAMPLES / script, folder=tmp_path) == wanted()


def test_pipe_of_programs(tmp_path: Path) -> None:
    for program in ("zstd", "jq"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    assert run("bash", EXAMPLES / "unix_pipe.sh", folder=tmp_path) == wanted()


@pytest.mark.engines
def test_ray_data(tmp_path: Path) -> None:
    if find_spec("ray") is None:
        pytest.skip("ray is not installed: pip install --group engines")
    assert run(sys.executable, EXAMPLES / "with_ray_data.py", folder=tmp_path) == wanted()


def test_no_example_is_forgotten() -> None:
    scripts = {path.name for path in EXAMPLES.iterdir() if path.name.startswith("with_")}
    assert scripts == {*NEEDS, "with_ray_data.py"}
