"""繁→简: what is converted, what stays, and that every offset holds."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclean import Document, NormalizeText, Pipeline, SimplifyChinese, config
from textclean.stages.simplify.converter import STOCK

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "simplify.jsonl").read_text(encoding="utf-8").splitlines()
]
ARTICLES = sorted((Path(__file__).parents[2] / "examples" / "articles").glob("*.txt"))
MIXED = st.text(alphabet="她看著名師於單位乾隆幹后後里裏简體国國の日本ab，。\n ", max_size=40)


def simplified(text: str, **options: object) -> str:
    return Pipeline([SimplifyChinese(**options)])(Document("x", text)).text  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case: dict[str, str]) -> None:
    assert simplified(case["input"]) == case["expected"]


@given(MIXED)
def test_twice_is_once_and_the_original_stays(text: str) -> None:
    doc = Pipeline([SimplifyChinese()])(Document("x", text))
    assert doc.original == text
    assert Pipeline([SimplifyChinese()])(doc) is doc
    assert [doc.origin(at, at + 1) for at in range(len(text))] == [(at, at + 1) for at in range(len(text))]


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name[:3])
def test_simplified_articles_stay_as_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name.startswith("002"):
        assert "區" not in simplified(text)
    else:
        assert SimplifyChinese()(Document("x", text)) == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"to": "s2t"}, "there are zhs, t2s"),
        ({"to": "t2s", "idioms": True}, "tw2sp"),
        ({"keep": "乾隆"}, r"keep=\['乾隆'\]"),
        ({"keep": [""]}, "at least one character"),
        ({"keep": ["乾\n隆"]}, "on one line"),
        ({"terms": {"": "x"}}, "at least one character"),
        ({"terms": {"網路": 1}}, "must be a string"),
        ({"keep": ["乾隆"], "terms": {"乾隆帝": "干隆帝"}}, "'乾隆' stays"),
    ],
)
def test_bad_options_are_refused_in_a_sentence(options: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        SimplifyChinese(**options)  # type: ignore[arg-type]


def test_keep_and_terms_hold_where_text_is_converted() -> None:
    assert simplified("鄭乾說網路", keep=["鄭乾"], terms={"網路": "网络"}) == "鄭乾说网络"
    assert simplified("计算机软件的文件", terms={"文件": "文档"}) == "计算机软件的文件"


def test_the_longest_term_wins_and_keep_may_be_many() -> None:
    assert simplified("網路與網路卡", terms={"網路": "网络", "網路卡": "网卡"}) == "网络与网卡"
    assert simplified("𠀀說鄭乾", keep=["𠀀說", *(f"詞{number}" for number in range(1000)), "鄭乾"]) == "𠀀說鄭乾"


def test_idioms_are_edits_of_their_own_and_only_on_traditional_pages() -> None:
    text = "這個網際網路上的那些伺服器，核心\n核心"
    doc = Pipeline([SimplifyChinese(idioms=True)])(Document("x", text))
    assert doc.text == "这个互联网上的那些服务器，内核\n内核"
    assert doc.original == text
    words = [(row.before, row.after) for row in doc.audit() if row.reason == "idiom"]
    assert ("網際網路", "互联网") in words
    characters = {
        text[slice(*doc.origin(at, at + 1))] for at in range(len(doc.text)) if doc.text[at] in "这个上的那些器，"
    }
    assert characters == set("這個上的那些器，")
    assert simplified("核心的建立", idioms=True) == "核心的建立"


@pytest.mark.parametrize(
    "text",
    [
        "說http://a.tw/" + "," * 20_000 + "說",
        "說" + "a." * 20_000 + "@",
        "x = '" * 20_000 + "說",
        "```\n說\n" * 20_001,
        "あ說" * 20_000,
        "<a" * 20_000 + "說",
    ],
    ids=["commas", "dots", "quotes", "fences", "kana", "tags"],
)
def test_text_made_to_make_patterns_slow(text: str) -> None:
    """A quadratic pattern would take minutes here, an exponential one would not end."""
    doc = Pipeline([SimplifyChinese(), NormalizeText()])(Document("x", text))
    assert doc.original == text


def test_options_survive_a_pipeline_file_and_a_worker() -> None:
    stage = SimplifyChinese(keep=["鄭乾"], terms={"網路": "网络"})
    stage(Document("x", "鄭乾說網路"))
    assert config.loads(config.dumps(Pipeline([stage]))) == Pipeline([stage])
    assert pickle.loads(pickle.dumps(stage)) == stage  # noqa: S301  our own bytes
    assert hash(stage) == hash(SimplifyChinese(keep=("鄭乾",)))


@pytest.mark.parametrize(
    "text", ["說\ud800話", "說\x00話", "𠀀說\x00\n話", "說" * 100_000, "（說「話", "\ufeff說", "說\U000e0100"]
)
@pytest.mark.parametrize("to", ["zhs", *STOCK])
def test_odd_text_is_converted_or_left_and_never_crashes(text: str, to: str) -> None:
    assert simplified(text, to=to) == text.replace("說", "说").replace("話", "话")


def test_what_was_read_from_a_converted_page_follows_its_text() -> None:
    meta = {"title": "臺灣的鐵路", "author": ["陳國樑"], "source": None, "note": "臺灣"}
    doc = Pipeline([SimplifyChinese()])(Document("x", "她看著窗外的鐵路。", meta))
    assert doc.meta == {"title": "台湾的铁路", "author": ["陈国梁"], "source": None, "note": "臺灣"}
    assert [(row.before, row.after, row.meta) for row in doc.audit() if row.meta] == [
        ("", "", {"title": "台湾的铁路", "author": ["陈国梁"]})
    ]


def test_what_was_read_from_a_simplified_page_stays() -> None:
    doc = Document("x", "他在读乾隆的诗，书店里还有许多别的书。", {"title": "乾隆"})
    assert Pipeline([SimplifyChinese()])(doc) is doc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Once the paragraph is simplified, the traditional words in its code must not pass for a quotation.
        ("請讀這個變數`變數說明`的說明，還沒有寫完。", "请读这个变数`變數說明`的说明，还没有写完。"),
        # A backtick that opens a quotation, as old texts have it, is no code.
        ("古人中有`二難',你兩個也可以稱`二難'了。", "古人中有`二难',你两个也可以称`二难'了。"),
    ],
)
def test_code_and_quotations_of_backticks_are_told_apart_on_every_run(text: str, expected: str) -> None:
    once = Pipeline([SimplifyChinese()])(Document("x", text)).text
    assert once == expected
    assert SimplifyChinese()(Document("x", once)) == []
