"""Every block of code on every page of docs/ is run, and what it shows is what comes out; every link leads somewhere.

``python`` blocks with prompts are a session that goes on through the page; without, a script. ``console`` blocks run in a folder of their
own, with the examples in it. ``toml`` blocks are pipeline files. A comment ``<!-- needs: ray -->`` before a block names what must be installed.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from commands import command_folder
from textclean import config

HOUSE = Path(__file__).parent.parent
PAGES = sorted((HOUSE / "docs").glob("*.md"))
BLOCK = re.compile(
    r"(?:<!-- needs: (?P<needs>[\w, ]+) -->\n+)?^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE
)


class Block(NamedTuple):
    """A fenced block, and the modules it needs."""

    language: str
    code: str
    needs: list[str]
    line: int


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text("utf-8")
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("code"))
        yield Block(found["language"], found["code"], (found["needs"] or "").replace(",", " ").split(), line)


def every(language: str) -> list[object]:
    return [
        pytest.param(block, id=f"{page.stem}:{block.line}")
        for page in PAGES
        for block in blocks(page)
        if block.language == language and not block.code.startswith(">>>")
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_sessions(page: Path) -> None:
    session = "".join(
        "\n" * (block.line > 0) + block.code
        for block in blocks(page)
        if block.language == "python" and block.code.startswith(">>>")
    )
    test = doctest.DocTestParser().get_doctest(session, {"__name__": "__main__"}, page.name, str(page), 0)
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert result.failed == 0, "".join(said)


@pytest.mark.parametrize("block", every("python"))
def test_scripts(block: Block, tmp_path: Path) -> None:
    for module in [*block.needs, *re.findall(r"^import (pyarrow)", block.code, re.MULTILINE)]:
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    script = tmp_path / "block.py"
    script.write_text(block.code, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(HOUSE / "src")}
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", every("console"))
def test_commands(block: Block, tmp_path: Path) -> None:
    for module in block.needs:
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    environment, said = command_folder(tmp_path), ""
    for line in block.code.splitlines():
        if line.startswith("$ "):
            done = subprocess.run(
                ["bash", "-c", line[2:]], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            said += f"{line}\n{done.stdout}"
    assert said == block.code


@pytest.mark.parametrize("block", every("toml"))
def test_pipeline_files(block: Block) -> None:
    assert config.loads(block.code).stages


def test_no_block_is_of_a_kind_that_is_not_run() -> None:
    kinds = {(page.name, block.language) for page in PAGES for block in blocks(page)}
    assert {language for _, language in kinds} <= {"python", "console", "toml"}


@pytest.mark.parametrize("page", [*PAGES, HOUSE / "README.md", HOUSE / "README.zh.md"], ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target
    for name in re.findall(r"`((?:src|tests|benchmarks|examples|docs)/[\w/.]+)`", page.read_text("utf-8")):
        assert (HOUSE / name).exists(), name
