"""TOML ⇄ constructors."""

from __future__ import annotations

import pytest

from textclean import Pipeline, config


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ("x = ", "not TOML"),
        ("", r"list of \[\[stage\]\]"),
        ("colour = 1\n[[stage]]\nuse = 'X'", "colour"),
        ("[[stage]]\nname = 'X'", "stage 1: no use"),
        ("[[stage]]\nuse = 'Polish'", "no stage is called 'Polish'"),
        ("[[stage]]\nuse = 'os:system'", "--allow-code"),
    ],
)
def test_a_bad_pipeline_file_is_told_what_is_wrong(toml: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        config.loads(toml, name="news.toml")


def test_code_is_imported_only_when_allowed() -> None:
    toml = "[[stage]]\nuse = 'test_pipeline:CutLongest'\nlength = 2"
    pipeline = config.loads(toml, allow_code=True)
    assert config.loads(config.dumps(pipeline), allow_code=True) == pipeline
    with pytest.raises(ValueError, match="its options: length"):
        config.loads(toml + "\ncolour = 1", allow_code=True)
    with pytest.raises(ValueError, match="cannot import"):
        config.loads("[[stage]]\nuse = 'test_pipeline:Missing'", allow_code=True)


def test_an_empty_pipeline_cannot_be_told_from_a_forgotten_one() -> None:
    assert config.dumps(Pipeline([])) == ""
    with pytest.raises(ValueError, match="use = "):
        config.loads("")
