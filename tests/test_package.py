"""What is built installs and runs where there is no checkout: an empty environment, an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
pytestmark = pytest.mark.package


def run(*command: str | Path, folder: Path) -> str:
    """What it says. The checkout is not on its path."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A wheel made of an sdist, and the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    python = folder / "env/bin/python"
    run(sys.executable, "-m", "venv", folder / "env", folder=folder)
    run(python, "-m", "pip", "install", "--quiet", "build", folder=folder)
    run(python, "-m", "build", "--outdir", folder, HOUSE, folder=folder)  # the wheel is made of the sdist
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def test_the_wheel_holds_the_package_its_data_and_nothing_else(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[0]) as wheel:
        names = wheel.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"textclean"}
    assert sum(name.startswith("textclean/articles/") for name in names) == 5
    assert "textclean/py.typed" in names
    assert any(name.endswith("licenses/NOTICE") for name in names)


def test_both_run_the_demo_in_an_empty_environment(built: tuple[Path, Path], tmp_path: Path) -> None:
    environment, empty = tmp_path / "env", tmp_path / "empty"
    empty.mkdir()
    run(sys.executable, "-m", "venv", environment, folder=tmp_path)
    for number, package in enumerate(built):
        again = ["--force-reinstall", "--no-deps"] if number else []
        run(environment / "bin/python", "-m", "pip", "install", "--quiet", *again, package, folder=tmp_path)
        where = run(environment / "bin/python", "-c", "import textclean; print(textclean.__file__)", folder=empty)
        assert Path(where.strip()).is_relative_to(environment)
        said = run(environment / "bin/textclean", "demo", "--out", f"out{number}", folder=empty)
        assert "pinyin_gloss" in said
        assert len(list((empty / f"out{number}/text").glob("*.txt"))) == 5
        assert (empty / f"out{number}/_SUCCESS").exists()
        run(environment / "bin/textclean", "restore", f"out{number}", "--out", f"again{number}", folder=empty)
        for article in (HOUSE / "examples/articles").glob("*.txt"):
            assert (empty / f"again{number}" / article.name).read_bytes() == article.read_bytes()
