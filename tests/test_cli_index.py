"""textclean index build, add, query: yesterday's corpus against today's news."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from textclean.cli import run

BODY = "城南水厂三期工程昨日通水，日供水能力增加八万吨，沿线九个小区高层住户的水压不足问题由此得到缓解。"


def rows(path: Path, *texts: tuple[str, str]) -> str:
    path.write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts), encoding="utf-8")
    return str(path)


def test_build_add_query(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "index")
    monday = rows(tmp_path / "mon.jsonl", ("mon/1", BODY), ("mon/2", "另一篇。"), ("mon/3", BODY))
    tuesday = rows(tmp_path / "tue.jsonl", ("tue/1", BODY[:-1] + "！"), ("tue/2", "又一篇新闻。"))
    assert run(["index", "build", folder, monday]) == 0
    assert capfd.readouterr().err == "textclean: 2 texts in the index, 2 of them new\n"
    assert run(["index", "query", folder, tuesday]) == 0
    assert [json.loads(line) for line in capfd.readouterr().out.splitlines()] == [
        {"id": "tue/1", "reason": "near_duplicate", "note": "jaccard 0.96 with mon/1"}
    ]
    assert run(["index", "add", folder, tuesday]) == 0
    assert capfd.readouterr().err == "textclean: 3 texts in the index, 1 of them new\n"


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (["query", "nowhere"], 1, "holds no index"),
        (["add", "nowhere"], 1, "holds no index"),
        (["build", "full"], 2, "not empty"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, words: list[str], code: int, problem: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    monday = rows(tmp_path / "mon.jsonl", ("mon/1", BODY))
    assert run(["index", words[0], str(tmp_path / words[1]), monday]) == code
    assert problem in capfd.readouterr().err


def test_an_unreadable_input_is_named_and_the_rest_is_taken(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    monday = rows(tmp_path / "mon.jsonl", ("mon/1", BODY))
    assert run(["index", "build", str(tmp_path / "index"), monday, str(tmp_path / "missing")]) == 1
    said = capfd.readouterr().err
    assert "missing" in said
    assert "1 texts in the index" in said
