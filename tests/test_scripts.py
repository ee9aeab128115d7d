"""In which script is this text written?"""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies import texts
from textclean import script
from textclean.rules import table
from textclean.scripts import patterns

opencc = pytest.importorskip("opencc")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "neutral"),
        ("Hello, world! 123", "neutral"),
        ("中文", "neutral"),
        ("关于乾隆年间的著作", "hans"),
        ("印刷术由毕昇发明，后来传到欧洲", "hans"),
        ("關於乾隆年間的著作", "hant"),
        ("佢哋喺度做乜嘢，冇問題", "hant"),
        ("這句是繁體，这句是简体", "mixed"),
        ("会社の業績が発表された", "ja"),
        ("関東経済連合会", "ja"),
        ("アイウ", "ja"),
        ("茶の道門市，週末營業至九點", "hant"),
        ("他说「ありがとう」就是谢谢的意思，大家都应该记住这个词语", "hans"),
        ("대한민국", "ko"),
        ("大韓民國의 歷史를 배우다", "ko"),
        ("他用韓語說了「네」", "hant"),
    ],
)
def test_the_script_of(text: str, name: str) -> None:
    assert script(text) == name


def test_counts_come_with_the_name() -> None:
    found = script("國语 カナ 한글")
    assert dict(found.counts) == {"han": 2, "hans": 1, "hant": 1, "kana": 2, "hangul": 2}
    again = pickle.loads(pickle.dumps(found))  # noqa: S301  our own bytes
    assert (again, again.counts) == (found, found.counts)


@given(texts() | st.text())
def test_every_text_has_one_of_six_scripts(text: str) -> None:
    assert script(text) in {"hans", "hant", "mixed", "ja", "ko", "neutral"}


def _has(char: str, charset: str) -> bool:
    return char.encode(charset, "ignore") != b""


def test_the_character_sets_are_what_their_reasons_say() -> None:
    """Derived again from the installed OpenCC: a release that changes its dictionaries shows here."""
    t2s = opencc.OpenCC("t2s", include_tofu_risk_dictionaries=False).convert
    s2t = opencc.OpenCC("s2t").convert
    ideographs = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    traditional = [char for char in ideographs if t2s(char) != char and not _has(char, "gb2312")]
    simplified = [char for char in ideographs if s2t(char) != char and not _has(char, "big5")]
    listed = {name: group["characters"].replace("\n", "") for name, group in table("script").items()}
    assert listed["traditional"] == "".join(sorted(traditional))
    assert listed["simplified"] == "".join(sorted(simplified))
    for char in listed["japanese"]:
        assert _has(char, "shift_jis")
        assert not _has(char, "gb2312")
        assert not _has(char, "big5")
        assert char not in listed["traditional"] + listed["simplified"]


@pytest.mark.parametrize("name", ["traditional", "simplified", "japanese"])
def test_examples_are_in_and_counter_examples_out(name: str) -> None:
    group = table("script")[name]
    pattern = getattr(patterns(), name)
    assert pattern.search(group["example"])
    assert not pattern.search(group["counter_example"])
