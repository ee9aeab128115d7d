"""Which paragraphs of this page does this page already have?"""

from __future__ import annotations

import json
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclean import Document, RemoveDuplicates
from textclean.stages.duplicates import fold, wording
from textclean.stages.duplicates.agreement import Agreement

ROOT = Path(__file__).parents[2]
CASES = [
    json.loads(line) for line in (ROOT / "tests/cases/duplicates_within.jsonl").read_text(encoding="utf-8").splitlines()
]
BODIES = [
    "城南水厂三期工程昨日通水，日供水能力增加八万吨，沿线九个小区高层住户的水压不足问题由此得到缓解。",
    "合作社把分散的果园连成一片，统一修剪、统一施肥、统一销售，农户的人工开支因此省下了将近一半。",
    "馆长说“修旧如旧”是底线，木构件凡能加固的一律不换，换下来的每一块旧料都编号入库，供后人研究比对。",
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict[str, Any]) -> None:
    doc = Document("x", case["input"])
    edits = RemoveDuplicates(**case.get("options", {}))(doc)
    if "output" in case:
        assert doc.edit("d", edits).text == case["output"]
    else:
        assert [doc.text[edit.start : edit.end] for edit in edits] == case.get("removed", [])
    if "notes" in case:
        assert [edit.note for edit in edits] == case["notes"]
    assert {edit.reason for edit in edits} <= {"duplicate_paragraph"}


@st.composite
def pages(draw: st.DrawFn) -> str:
    """``'水厂…缓解。\\n\\n标题\\n水厂…缓解。\\n'``: bodies, short lines and blank lines, in one line or many."""
    line = st.sampled_from([*BODIES, "标题", "", "　　" + BODIES[0], "查看更多", BODIES[1][:20], BODIES[1] + BODIES[2]])
    lines = draw(st.lists(line, max_size=12))
    return draw(st.sampled_from(["\n", "", " ", "\n\n"])).join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))


@given(pages())
def test_a_second_run_finds_nothing_and_the_original_stays(text: str) -> None:
    doc = Document("x", text)
    once = doc.edit("d", RemoveDuplicates()(doc))
    assert once.original == text
    assert RemoveDuplicates()(once) == []


@given(pages())
def test_every_body_that_was_there_is_still_there(text: str) -> None:
    doc = Document("x", text)
    after = fold.key(doc.edit("d", RemoveDuplicates()(doc)).text)
    for body in BODIES:
        assert (fold.key(body) in fold.key(text)) <= (fold.key(body) in after)


@given(pages())
def test_no_blank_line_is_left_behind(text: str) -> None:
    doc = Document("x", text)
    after = doc.edit("d", RemoveDuplicates()(doc)).text
    if "\n\n\n" not in text:
        assert "\n\n\n" not in after
    if "\n\n" not in text:
        assert "\n\n" not in after
    if not text.startswith("\n"):
        assert not after.startswith("\n")


@st.composite
def sentences_again(draw: st.DrawFn) -> str:
    """One paragraph of sentences, some of them again with other marks, spaces, scripts or words."""
    pieces = st.sampled_from(
        [*BODIES, BODIES[0] + BODIES[1], "王一、李二、张三、陈四、林五、" * 5 + "等到会。", "好。"]
    )
    said = draw(st.lists(pieces, min_size=2, max_size=6))
    for _ in range(draw(st.integers(0, 12))):
        which = draw(st.integers(0, len(said) - 1))
        at = draw(st.integers(0, len(said[which])))
        said[which] = (
            said[which][:at] + draw(st.sampled_from("，、 　的“３.。")) + said[which][at + draw(st.booleans()) :]
        )
    return draw(st.sampled_from(["", " ", "　", "A "])).join(said)


@given(sentences_again(), st.sampled_from([20, 45]), st.sampled_from([0.5, 0.8]))
def test_what_is_refused_in_one_paragraph_has_no_copy(text: str, min_chars: int, threshold: float) -> None:
    stage = RemoveDuplicates(threshold, min_chars)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RemoveDuplicates, "_may_repeat", lambda *_: True)
        unasked = stage(Document("x", text))
    assert stage(Document("x", text)) == unasked


@given(st.text(alphabet="甲乙丙", max_size=40), st.integers(1, 12))
def test_what_stands_twice_is_seen(text: str, least: int) -> None:
    if any(text.find(text[at : at + least], at + 1) >= 0 for at in range(len(text) - least + 1)):
        assert wording.stands_twice(text, least)


def test_of_the_five_articles_only_one_repeats_itself() -> None:
    cut = {}
    for path in sorted((ROOT / "examples/articles").glob("*.txt")):
        doc = Document(path.name, path.read_bytes().decode("utf-8"))
        if edits := RemoveDuplicates()(doc):
            cut[path.name[:3]] = edits
            assert [edit.note for edit in edits] == ["same as ¶4–¶8"]
            after = doc.edit("d", edits).text
            assert after.count("今年以来,萍乡经开区以打好") == 1
            assert after.index("今年以来,萍乡经开区以打好") < after.index("来源:萍乡日报")
    assert list(cut) == ["001"]


@pytest.mark.parametrize(
    ("options", "problem"), [({"threshold": 0.2}, "from 0.5 to 1"), ({"min_chars": 3}, "below 20 characters")]
)
def test_bad_options_are_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        RemoveDuplicates(**options)


@pytest.mark.parametrize("text", ["", "\n", "。", "\ud800" * 200, "哈" * 5000, "。" * 5000, " " * 5000, "a\n" * 3000])
def test_odd_texts_come_through(text: str) -> None:
    assert RemoveDuplicates()(Document("x", text)) == []


@pytest.mark.parametrize("tag", ["(一)", "(乙方)", "(含税)", "(十一)"])
def test_a_bracket_that_distinguishes_is_no_dateline(tag: str) -> None:
    assert wording.without_dateline(tag + "新馆开放") == tag + "新馆开放"
    assert wording.without_dateline("新馆开放" + tag) == "新馆开放" + tag


def test_a_third_copy_names_the_first_too() -> None:
    body = (
        "入夏以来，全市已有三十二处公园延长开放时间，方便市民夜间散步纳凉，园内照明和巡查也同步加强，并增设了饮水点。"
    )
    worded = body.replace("也同步", "同步")
    doc = Document("a", f"{body}\n来源：本站\n{worded}\n责编：某某\n{worded}\n{body}")
    edits = RemoveDuplicates()(doc)
    assert all("¶1" in edit.note and "¶3" not in edit.note for edit in edits)
    assert doc.edit("d", edits).text == f"{body}\n来源：本站\n责编：某某"


@given(st.text("甲乙丙", max_size=80), st.data())
def test_how_far_two_places_agree(items: str, data: st.DataObject) -> None:
    places = st.integers(0, len(items))
    one, other, most = data.draw(places), data.draw(places), data.draw(places)
    pairs = zip(items[one:][:most], items[other:][:most], strict=False)
    plainly = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    assert Agreement(items).length(one, other, most) == plainly


@pytest.mark.parametrize(
    ("one", "other", "length"), [(0, 2, 150), (0, 101, 0), (0, 102, 98), (0, 201, 150), (1, 260, 141)]
)
def test_long_agreements_end_where_they_end(one: int, other: int, length: int) -> None:
    items = "甲乙" * 100 + "丙" + "甲乙" * 100
    assert Agreement(items).length(one, other, 150) == length
