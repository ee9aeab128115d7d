"""``textclean clean --engine``: the same pipeline file, the same output folder, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIPELINE = """
[[stage]]
use = "NormalizeText"
[[stage]]
use = "SiteTemplates"
[[stage]]
use = "StripBoilerplate"
[[stage]]
use = "NearDuplicates"
"""


def clean(folder: Path, out: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, run in *folder* with relative names."""
    command = [sys.executable, "-m", "textclean", "clean", "in", "-o", out, "--pipeline", "news.toml", *options]
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "HOME": str(folder)}
    known |= {name: value for name, value in os.environ.items() if name == "JAVA_HOME"}
    return subprocess.run(
        command, cwd=folder, env={**known, **environment}, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five articles, and one of them again under another name."""
    folder = tmp_path_factory.mktemp("clean")
    (folder / "news.toml").write_text(PIPELINE, encoding="utf-8")
    (folder / "in").mkdir()
    for path in (ROOT / "examples" / "articles").glob("*.txt"):
        (folder / "in" / path.name).write_bytes(path.read_bytes())
        (folder / "in" / "again.txt").write_bytes(path.read_bytes())
    (folder / "in" / "broken.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    return folder


def files(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and not path.relative_to(out).parts[0].startswith(".")
    }


@pytest.mark.engines
@pytest.mark.parametrize("engine", ["ray", "spark"])
def test_the_same_folder_from_every_engine(folder: Path, engine: str) -> None:
    package = {"spark": "pyspark"}.get(engine, engine)
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed: pip install --group engines")
    here = clean(folder, f"local-{engine}", "--jobs", "1")
    there = clean(folder, engine, "--engine", engine, "--jobs", "2")
    assert (there.returncode, here.returncode) == (1, 1), there.stderr + here.stderr  # the picture is named
    assert "broken.txt" in there.stderr
    made, wanted = files(folder / engine), files(folder / f"local-{engine}")
    assert made.keys() == wanted.keys()
    assert {name for name in made if made[name] != wanted[name]} == set()


def test_an_unknown_engine_is_a_usage_error(folder: Path) -> None:
    done = clean(folder, "nowhere", "--engine", "dask")
    assert done.returncode == 2
    assert "there are local, ray, spark" in done.stderr


@pytest.mark.parametrize("engine", ["ray", "spark"])
def test_an_engine_that_cannot_work_is_a_sentence(folder: Path, engine: str) -> None:
    """Not installed, or its cluster does not answer: no traceback, and nothing that looks finished."""
    settings = {"RAY_ADDRESS": "127.0.0.1:1", "MASTER": "spark://127.0.0.1:1"}
    done = clean(folder, "nowhere", "--engine", engine, **settings)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    causes = (f"textclean[{engine}]", "needs Java 17", "cluster answers at 127.0.0.1:1")  # by what is installed here
    assert any(cause in done.stderr for cause in causes), done.stderr
    assert not (folder / "nowhere" / "_SUCCESS").exists()
