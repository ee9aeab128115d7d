"""Width, punctuation and spaces: what is brought to one form, and all that must stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclean import Document, NormalizeText, Pipeline

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "normalize.jsonl").read_text(encoding="utf-8").splitlines()
]
MESSY = st.text(alphabet="中文江西，。：“”…—（）,:;!?().- \u3000\u00a0\t\r\n\u20281２ａ％．·・aの한", max_size=40)


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case: dict[str, str]) -> None:
    assert Pipeline([NormalizeText()])(Document("x", case["input"])).text == case["expected"]


@given(MESSY)
def test_twice_is_once_lines_stay_and_the_original_too(text: str) -> None:
    doc = Pipeline([NormalizeText()])(Document("x", text))
    assert doc.original == text
    assert Pipeline([NormalizeText()])(doc) is doc
    ends = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    assert doc.text.count("\n") == ends.count("\n")
