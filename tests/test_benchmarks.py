"""The benchmarks' own machinery: contestants in their processes, tables, charts, the page. No figure is judged here."""

from __future__ import annotations

import doctest
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import benchmarks.__main__ as suite
import pytest
from benchmarks import charts, contest, floors, sections, tables
from benchmarks.contest import Contestant, Outcome
from benchmarks.sections import encoding
from benchmarks.tables import Table


@pytest.mark.parametrize("module", [charts, floors, tables], ids=lambda module: module.__name__)
def test_examples_in_docstrings(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted
    assert not result.failed


def test_a_contestant_works_in_a_process_of_its_own_and_one_that_fails_stops_nobody(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps("臺北\u2028會議\n", ensure_ascii=False) + "\n", "utf-8")
    found = contest.contest(
        rows,
        {"good": Contestant("ours", "simplify", peer=False), "bad": Contestant("ours", "nobody", peer=False)},
        rounds=2,
    )
    assert found["good"].result == ["台北\u2028会议\n"]
    assert len(found["good"].seconds) == 2
    assert "nobody" in found["bad"].error
    assert [name for name, _ in contest.answers(found)] == ["good"]


def test_passages_slip_as_the_wild_ones_do() -> None:
    passage = "增添新的動力。”淥口區委書記來了！"
    shown, meant = next(encoding._slipped([passage]))
    assert (shown, meant) == ("增添新的動力\ufffd!睖O口區委書記來了!", passage.replace("！", "!"))
    assert encoding._wrong(shown, meant) == 4
    assert not list(encoding._slipped(["春天的早晨。"]))


def test_ratios_are_taken_within_the_rounds() -> None:
    ours, theirs = Outcome((1.0, 10.0, 2.0)), Outcome((3.0, 30.0, 2.0))
    assert ours.times_as_fast_as(theirs) == 3.0
    table = Table("Speed", "")
    table.speeds({"textclean": ours, "theirs": theirs, "lame": Outcome(error="no wheel")}, size=4.0)
    assert table.rows["theirs"] == {"MB/s": 4 / 3, "× (MB/s)": 3.0}
    assert table.rows["lame"] == {"remark": "no wheel"}


def test_a_chart_is_an_image_with_a_bar_for_each_figure() -> None:
    svg = charts.bars("A < B", "MB/s", {"textclean": 100.0, "slow": 0.5, "absent": None, "nan": float("nan")})
    root = ET.fromstring(svg)  # noqa: S314  our own
    assert len(root.findall("{http://www.w3.org/2000/svg}rect")) == 2
    assert "logarithmic" in svg


def test_the_page_is_written_from_what_the_sections_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "RESULTS", tmp_path)
    monkeypatch.setattr(suite, "PAGE", tmp_path / "RESULTS.md")
    monkeypatch.setattr(suite, "CHARTS", tmp_path / "charts")
    suite.CHARTS.mkdir()
    (suite.CHARTS / "old.svg").write_text("", "utf-8")
    table = Table("Bytes to text", "On news.", {"textclean": {"MB/s": 3.0}}, chart="MB/s", rounds=3)
    facts = {"quick": True, "seconds": 1.0, "commit": "c", "machine": "m", "when": "2026-01-01", "code": suite.code()}
    tables.save(tmp_path / "encoding.json", [table], **facts)
    suite.write()
    page = suite.PAGE.read_text("utf-8")
    assert "| textclean | 3.00 |" in page
    assert "Median of 3." in page
    assert [path.name for path in suite.CHARTS.iterdir()] == ["bytes-to-text.svg"]


def test_every_section_is_a_file_and_every_peer_is_pinned() -> None:
    folder = Path(sections.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(sections.ORDER)
    lines = [line.split("#")[0].strip() for line in (contest.HERE / "peers.txt").read_text("utf-8").splitlines()]
    assert all("==" in line for line in lines if line)


def test_nothing_of_the_project_imports_what_is_under_the_gpl() -> None:
    for path in [*contest.HERE.rglob("*.py"), *(contest.HOUSE / "src").rglob("*.py")]:
        if not any(part.startswith(".") for part in path.relative_to(contest.HOUSE).parts):
            assert "import zhconv" not in path.read_text("utf-8"), path
