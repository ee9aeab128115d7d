"""textclean index build, add, query: yesterday's corpus against today's news."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from textclean.cli import app

BODY = "城南水厂三期工程昨日通水，日供水能力增加八万吨，沿线九个小区高层住户的水压不足问题由此得到缓解。"


def rows(path: Path, *texts: tuple[str, str]) -> str:
    path.write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts), encoding="utf-8")
    return str(path)


def test_build_add_query(tmp_path: Path) -> None:
    runner, folder = CliRunner(), str(tmp_path / "index")
    monday = rows(tmp_path / "mon.jsonl", ("mon/1", BODY), ("mon/2", "另一篇。"), ("mon/3", BODY))
    tuesday = rows(tmp_path / "tue.jsonl", ("tue/1", BODY[:-1] + "！"), ("tue/2", "又一篇新闻。"))
    built = runner.invoke(app, ["index", "build", folder, monday])
    assert (built.exit_code, built.stderr) == (0, "textclean: 2 texts in the index, 2 of them new\n")
    asked = runner.invoke(app, ["index", "query", folder, tuesday])
    assert asked.exit_code == 0
    assert [json.loads(line) for line in asked.stdout.splitlines()] == [
        {"id": "tue/1", "reason": "near_duplicate", "note": "jaccard 0.96 with mon/1"}
    ]
    added = runner.invoke(app, ["index", "add", folder, tuesday])
    assert (added.exit_code, added.stderr) == (0, "textclean: 3 texts in the index, 1 of them new\n")


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (["query", "nowhere"], 1, "holds no index"),
        (["add", "nowhere"], 1, "holds no index"),
        (["build", "full"], 2, "not empty"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, words: list[str], code: int, problem: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    monday = rows(tmp_path / "mon.jsonl", ("mon/1", BODY))
    out = CliRunner().invoke(app, ["index", words[0], str(tmp_path / words[1]), monday])
    assert out.exit_code == code
    assert problem in out.stderr
    assert "Traceback" not in out.stderr


def test_an_unreadable_input_is_named_and_the_rest_is_taken(tmp_path: Path) -> None:
    monday = rows(tmp_path / "mon.jsonl", ("mon/1", BODY))
    out = CliRunner().invoke(app, ["index", "build", str(tmp_path / "index"), monday, str(tmp_path / "missing")])
    assert out.exit_code == 1
    assert "missing" in out.stderr
    assert "1 texts in the index" in out.stderr
