"""How large is it? Environments made for the purpose, with the wheel of this checkout."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.contest import HOUSE
from benchmarks.tables import Table

EXTRAS = ("", "fast", "arrow", "warc", "remote", "zstd", "redis", "ray", "spark", "all")


def tables(*, quick: bool) -> Iterator[Table]:
    """The table of the section."""
    table = Table(
        "Size of the install",
        "A new environment with the wheel of this checkout and nothing else: what it adds to an empty one on disk, bytecode "
        "included, and how many packages that is.",
    )
    with tempfile.TemporaryDirectory() as folder:
        wheel = built_wheel(Path(folder))
        empty = 0.0
        for extra in EXTRAS[:3] if quick else EXTRAS:
            place = Path(folder, "env")
            subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
            empty = empty or _megabytes(place)
            what = f"{wheel}[{extra}]" if extra else str(wheel)
            began = time.perf_counter()
            quietly = ["install", "--quiet", "--disable-pip-version-check", what]
            subprocess.run([place / "bin/python", "-m", "pip", *quietly], check=True, stderr=subprocess.DEVNULL)
            listed = subprocess.run([place / "bin/pip", "freeze"], check=True, capture_output=True, text=True)
            table.add(
                f"textclean[{extra}]" if extra else "textclean",
                MB=_megabytes(place) - empty,
                packages=len(listed.stdout.splitlines()),
                seconds=time.perf_counter() - began,
            )
    yield table


def built_wheel(folder: Path) -> Path:
    """The wheel of this checkout, built into *folder*."""
    build = ["wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--wheel-dir", str(folder), str(HOUSE)]
    subprocess.run([sys.executable, "-m", "pip", *build], check=True, stderr=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6
