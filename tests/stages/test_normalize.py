"""Width, punctuation and spaces: what is brought to one form, and all that must stay."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclean import Document, NormalizeText, Pipeline, config
from textclean.rules import table

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "normalize.jsonl").read_text(encoding="utf-8").splitlines()
]
RULES = table("normalize")
MESSY = st.text(
    alphabet="中文江西，。：“”…—（）「」『』\"',:;!?().- \u3000\u00a0\t\r\n\u20281２ａ％．·・•aのｱ｡한\u1112\u1161e\u0301\x00\ud800",
    max_size=40,
)


def normalized(text: str, **options: Any) -> str:
    return Pipeline([NormalizeText(**options)])(Document("x", text)).text


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert normalized(case["input"], **case.get("options", {})) == case["expected"]


@pytest.mark.parametrize("name", RULES)
def test_each_rule_does_its_example_and_leaves_its_counter_example(name: str) -> None:
    rule = RULES[name]
    options = {name: True} if name.endswith("_quotes") else {}
    before, after = rule["example"].split(" → ")
    assert before != after
    assert normalized(before, **options) == after
    assert normalized(rule["counter_example"], **options) == rule["counter_example"]


@given(MESSY, st.booleans(), st.booleans())
def test_twice_is_once_lines_stay_and_the_original_too(text: str, corner_quotes: bool, curl_quotes: bool) -> None:
    pipeline = Pipeline([NormalizeText(corner_quotes=corner_quotes, curl_quotes=curl_quotes)])
    doc = pipeline(Document("x", text))
    assert doc.original == text
    assert pipeline(doc) is doc
    assert doc.text.count("\n") == len(re.findall("\r\n|[\r\n\u2028]", text))


@given(MESSY)
def test_no_letter_is_lost(text: str) -> None:
    """Only blanks, marks and accents change their number."""

    def letters(of: str) -> str:
        return "".join(char for char in unicodedata.normalize("NFKC", of) if char.isalnum())

    assert letters(normalized(text)) == letters(text)


@pytest.mark.parametrize(
    "text", ["", "\x00", "(" * 10_000, "，)" * 5_000, "好" * 1_000_000 + ",", "\ud800,好", "- " * 5_000]
)
def test_odd_text_is_normalised_or_left_and_never_crashes(text: str) -> None:
    assert normalized(text).replace("，", ",") == text.strip().replace("，", ",")


def test_a_switch_is_a_switch() -> None:
    with pytest.raises(ValueError, match="True or False"):
        NormalizeText(corner_quotes="yes")  # type: ignore[arg-type]
    pipeline = Pipeline([NormalizeText(curl_quotes=True)])
    assert config.loads(config.dumps(pipeline)) == pipeline


def test_characters_keep_their_place_inside_an_edit() -> None:
    text = "昨日,全县（含城区)完成  12亿元......"
    doc = Pipeline([NormalizeText()])(Document("x", text))
    for at, char in enumerate(doc.text):
        start, end = doc.origin(at, at + 1)
        if char.isalnum():
            assert text[start:end] == char
