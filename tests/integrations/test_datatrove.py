"""The steps inside datatrove itself, with its reader, writer and executor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from textclean import Pipeline
from toy_stages import DropSeen, half_width, no_footer, refuses_four

pytest.importorskip("datatrove", reason="datatrove is not installed: pip install --group integrations")
pytestmark = pytest.mark.filterwarnings("default")  # other people's deprecations are not our errors

from datatrove.data import Document as TroveDocument
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from textclean.integrations.datatrove import TextClean, TextCleanFormatter

CLEAN = Pipeline([half_width, no_footer])
ROWS = [
    {"id": "a", "text": "２日，正文。\n責編:李五", "url": "http://a"},
    {"id": "b", "text": "沒有什麼可做的。", "url": "http://b"},
    {"id": "c", "text": "責編:張三", "url": "http://c"},
    {"id": "d", "text": "四", "url": "http://d"},
]


def run(tmp_path: Path, step: Any, tasks: int = 1) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows datatrove writes, and its statistics of *step*."""
    (tmp_path / "in").mkdir()
    for rank in range(tasks):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS[rank::tasks])
        (tmp_path / "in" / f"{rank}.jsonl").write_text(lines, encoding="utf-8")
    LocalPipelineExecutor(
        pipeline=[JsonlReader(str(tmp_path / "in")), step, JsonlWriter(str(tmp_path / "out"), compression=None)],
        logging_dir=str(tmp_path / "logs"),
        tasks=tasks,
        workers=tasks,
    ).run()
    rows = [
        json.loads(line)
        for file in sorted((tmp_path / "out").iterdir())
        for line in file.read_text("utf-8").splitlines()
    ]
    stats = json.loads((tmp_path / "logs" / "stats.json").read_text("utf-8"))
    (ours,) = [step["stats"] for step in stats if "textclean" in step["name"]]
    return rows, ours


def test_formatter(tmp_path: Path) -> None:
    rows, stats = run(tmp_path, TextCleanFormatter(CLEAN))
    # datatrove's writer leaves an empty text out
    assert [row.get("text", "") for row in rows] == ["2日，正文。\n", "沒有什麼可做的。", "", "四"]
    assert stats["total"] == 4


@pytest.mark.parametrize("tasks", [1, 2])
def test_step_writes_ledger_and_counts(tmp_path: Path, tasks: int) -> None:
    rows, stats = run(tmp_path, TextClean(CLEAN), tasks)
    by_id = {row["id"]: row for row in rows}
    assert sorted(by_id) == ["a", "b", "d"]
    assert by_id["a"]["text"] == "2日，正文。\n"
    assert json.loads(by_id["a"]["metadata"]["textclean_meta"]) == {"editor": "李五"}
    assert [row["reason"] for row in json.loads(by_id["a"]["metadata"]["textclean_edits"])] == ["width", "byline"]
    assert by_id["b"]["metadata"].keys() & {"textclean_meta", "textclean_edits"} == set()

    def total(name: str) -> int:
        value = stats[name]
        return int(value["total"] if isinstance(value, dict) else value)

    assert total("total") == 4
    assert total("forwarded") == 3
    assert total("dropped") == 1
    assert total("paragraphs") == 5
    assert total("paragraphs_removed") == 2
    assert total("edits_byline") == 2
    assert total("edits_width") == 1
    assert total("chars_removed") == 10


def test_a_failing_document_is_kept_and_counted(tmp_path: Path) -> None:
    rows, stats = run(tmp_path, TextClean(Pipeline([refuses_four]), on_error="keep"))
    (failed,) = [row for row in rows if "textclean_error" in row["metadata"]]
    assert (failed["id"], failed["text"]) == ("d", "四")
    assert stats["failed"] == 1


def test_what_is_dropped_is_written_with_its_ledger(tmp_path: Path) -> None:
    step = TextClean(CLEAN, exclusion_writer=JsonlWriter(str(tmp_path / "gone"), compression=None))
    kept = list(step([TroveDocument("責編:張三", "c"), TroveDocument("甲", "d")]))
    assert [document.id for document in kept] == ["d"]
    (row,) = (json.loads(line) for line in (tmp_path / "gone" / "00000.jsonl").read_text("utf-8").splitlines())
    assert json.loads(row["metadata"]["textclean_edits"])[0]["before"] == "責編:張三"


def test_corpus_stages_are_refused_at_once() -> None:
    with pytest.raises(TypeError, match="DropSeen must see the corpus"):
        TextClean(Pipeline([DropSeen()]))
