"""Every block of code in the README is run, and what it shows is what comes out; the Chinese one holds the same blocks and figures.

``UPDATE_README=1`` writes what comes out into both instead: look at the difference.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from commands import command_folder
from textclean import config
from textclean.batch import show
from textclean.batch.runner import Request, run
from textclean.batch.watch import Silence
from textclean.pipeline import Pipeline

HOUSE = Path(__file__).parent.parent
README = HOUSE / "README.md"
CHINESE = HOUSE / "README.zh.md"
UPDATE = bool(os.environ.get("UPDATE_README"))


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def shows(block: str, true: str) -> None:
    """*block* is what came out; or it is made so."""
    if UPDATE and block != true:
        README.write_text(README.read_text("utf-8").replace(block, true), "utf-8")
    else:
        assert block == true, (
            "something else comes out now: UPDATE_README=1 ./check -k readme, and look at the difference"
        )


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_python_blocks_are_true(number: int) -> None:
    block = blocks("python")[number]
    if "pyarrow" in block:
        pytest.importorskip("pyarrow")
    test = doctest.DocTestParser().get_doctest(f"import textclean\n{block}", {}, "README", "README.md", 0)
    test.globs["textclean"] = __import__("textclean")
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert result.failed == 0, "".join(said)
    assert result.attempted


def test_commands_are_true(tmp_path: Path) -> None:
    environment = command_folder(tmp_path)
    for block in blocks("console"):
        true = ""
        for line in block.splitlines():
            if not line.startswith("$ "):
                continue
            done = subprocess.run(
                ["bash", "-c", line[2:]], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
            )
            assert not done.stderr
            true += f"{line}\n" + (done.stdout if "explain" not in line else "")  # that is for the eye
        shows(block, true)


def test_the_table_is_true(tmp_path: Path) -> None:
    request = Request((str(HOUSE / "examples/articles"),), tmp_path / "out", Pipeline.default(corpus=True), jobs=1)
    with (tmp_path / "said").open("w", encoding="utf-8") as file:
        Console(file=file, width=100).print(show.summary(run(request, Silence())))
    (block,) = blocks("text")
    said = (tmp_path / "said").read_text("utf-8")
    shows(block, "\n".join(line.rstrip() for line in said.splitlines()) + "\n")


def test_the_pipeline_file_is_one() -> None:
    (block,) = blocks("toml")
    assert len(config.loads(block).stages) == 3


@pytest.mark.parametrize("page", [README, CHINESE], ids=lambda page: page.stem)
def test_before_and_after_are_what_the_article_is(page: Path) -> None:
    import textclean  # noqa: PLC0415

    raw = (HOUSE / "examples/articles/002_96434e361969fff8.txt").read_bytes()
    doc = textclean.clean(raw)
    quoted = re.findall(r"^> (.*?)(?:<br>)?$", page.read_text("utf-8"), re.MULTILINE)
    before, after = quoted[:3], quoted[3:]
    assert all(line in raw.decode() for line in before)
    assert all(line in doc.text for line in after)
    glosses = sum(row.reason == "pinyin_gloss" for row in doc.audit())
    assert re.search(rf"\b{glosses} (pinyin glosses|处拼音注音)", page.read_text("utf-8"))


def test_the_chinese_page_has_the_same_code_and_the_same_figures() -> None:
    english, chinese = README.read_text("utf-8"), CHINESE.read_text("utf-8")
    fence = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
    if UPDATE:
        fresh = iter(fence.findall(english))
        chinese = fence.sub(lambda _: next(fresh), chinese)
        CHINESE.write_text(chinese, "utf-8")
    assert fence.findall(chinese) == fence.findall(english)
    figures = [sorted(re.findall(r"\d[\d,.]*\d|\d", fence.sub("", page))) for page in (english, chinese)]
    assert figures[0] == figures[1]
    links = [re.findall(r"\]\((?!README)([^)]+)\)", page) for page in (english, chinese)]
    assert links[0] == links[1]


@pytest.mark.parametrize("page", [README, CHINESE], ids=lambda page: page.stem)
def test_the_map_names_every_room(page: Path) -> None:
    source = HOUSE / "src/textclean"
    rooms = {f"{path.name}/" for path in source.iterdir() if (path / "__init__.py").exists()}
    rooms |= {path.name for path in source.glob("*.py")} - {"__init__.py"}
    table = page.read_text("utf-8").split("\n## ")[-1]
    named = {name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(.*?)`", row)}
    assert named - {"src/textclean/"} == rooms
