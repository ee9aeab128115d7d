"""Quality does not fall unnoticed: the figures of the judging data against ``benchmarks/floors.toml``, and how floors move."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from benchmarks import floors
from benchmarks.quality import GROUPS, Group


@pytest.mark.judging
@pytest.mark.parametrize("name", GROUPS)
def test_no_figure_is_below_its_floor(name: str) -> None:
    if gone := floors.absent(GROUPS[name]):
        pytest.skip(f"the judging data is not beside the project: {gone[0]} is absent")
    for library in ("zstandard", "opencc"):
        pytest.importorskip(library)
    _, problems = floors.judge(name, floors.load()[name])
    assert problems == [], "if it is right that this fell: python -m benchmarks.floors GROUP --lower FIGURE --reason …"


def test_every_group_has_floors_and_the_hash_of_all_its_data() -> None:
    there = floors.load()
    assert list(there) == list(GROUPS)
    for name, group in GROUPS.items():
        assert set(there[name]["data"]) == set(group.files)
        assert set(there[name].get("most", {})) == set(group.smaller)


GROUP = Group(lambda: {"right": 0.91239, "lost": 0.2}, ("a.jsonl",), ("lost",))
OLD: dict[str, Any] = {"data": {"a.jsonl": "1234"}, "least": {"right": 0.9}, "most": {"lost": 0.1}}


def test_raising_keeps_the_better_and_rounds_to_the_safe_side() -> None:
    new = floors.raised(GROUP, OLD, GROUP.measure(), {"a.jsonl": "1234"})
    assert new == {"data": {"a.jsonl": "1234"}, "least": {"right": 0.9123}, "most": {"lost": 0.1}}
    assert list(floors.missed(new, GROUP.measure())) == ["lost is 0.2 and was at most 0.1"]


def test_floors_of_other_data_count_for_nothing() -> None:
    new = floors.raised(GROUP, OLD, {"right": 0.5, "lost": 3}, {"a.jsonl": "5678"})
    assert new == {"data": {"a.jsonl": "5678"}, "least": {"right": 0.5}, "most": {"lost": 3}}


def test_a_figure_that_is_gone_is_a_drop() -> None:
    assert len(list(floors.missed(OLD, {}))) == 2


def test_the_file_says_what_was_given() -> None:
    assert tomllib.loads(floors.dumps({"group": OLD})) == {"group": OLD}


def test_lowering_takes_only_floors_that_are_there() -> None:
    assert floors.lowered(OLD, {"right": 0.80008})["least"] == {"right": 0.8}
    with pytest.raises(ValueError, match="there are: right, lost"):
        floors.lowered(OLD, {"rigth": 0.8})


def test_lowering_what_is_no_floor_is_refused_with_the_names_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n", "utf-8")
    monkeypatch.setattr(floors, "DATA", tmp_path)
    monkeypatch.setattr(floors, "GROUPS", {"group": GROUP})
    monkeypatch.setattr(floors, "FLOORS", tmp_path / "floors.toml")
    floors.main(["--raise"])
    with pytest.raises(SystemExit):
        floors.main(["group", "--lower", "rigth", "--reason", "why"])
    assert "there are: right, lost" in capsys.readouterr().err


def test_lowering_without_a_reason_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        floors.main(["chinese", "--lower", "zhs"])
    assert stopped.value.code == 2
    assert "--reason" in capsys.readouterr().err


def test_a_lowered_floor_is_told_in_the_changelog() -> None:
    before = "# Changelog\n\n## Unreleased\n\n### Added\n- A.\n\n## 0.1.0\n\n### Changed\n- Old.\n"
    once = floors.told(before, "chinese", {"zhs": 0.98, "t2s": 1.0}, "two cases were wrong")
    assert once == before.replace(
        "- A.\n", "- A.\n\n### Changed\n- Floors of `chinese` lowered, zhs to 0.98, t2s to 1: two cases were wrong\n"
    )
    twice = floors.told(once, "chinese", {"hk2s": 0.97}, "why")
    assert twice.index("hk2s") < twice.index("zhs") < twice.index("## 0.1.0")
    assert twice.endswith("## 0.1.0\n\n### Changed\n- Old.\n")


def test_lowering_writes_both_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n", "utf-8")
    monkeypatch.setattr(floors, "DATA", tmp_path)
    monkeypatch.setattr(floors, "GROUPS", {"group": GROUP})
    monkeypatch.setattr(floors, "FLOORS", tmp_path / "floors.toml")
    monkeypatch.setattr(floors, "CHANGELOG", tmp_path / "CHANGELOG.md")
    floors.CHANGELOG.write_text("# Changelog\n\n## Unreleased\n", "utf-8")
    assert floors.main(["--raise"]) == 0
    assert floors.load()["group"]["most"] == {"lost": 0.2}
    worse = Group(lambda: {"right": 0.5, "lost": 0.2}, ("a.jsonl",), ("lost",))
    monkeypatch.setattr(floors, "GROUPS", {"group": worse})
    assert floors.main([]) == 1
    assert floors.main(["--raise"]) == 1  # raising does not lower
    assert floors.main(["group", "--lower", "right", "--reason", "it is right"]) == 0
    assert floors.load()["group"]["least"] == {"right": 0.5}
    assert "right to 0.5: it is right" in floors.CHANGELOG.read_text("utf-8")
    assert floors.main([]) == 0
