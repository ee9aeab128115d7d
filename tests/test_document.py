"""The laws of the ledger, by property."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies import edits_for, histories, texts
from textclean import Document, Edit


@given(histories())
def test_the_original_is_the_input_whatever_was_done(history: tuple[str, Document]) -> None:
    text, doc = history
    assert doc.original == text


@given(histories())
def test_every_character_comes_from_inside_the_original(history: tuple[str, Document]) -> None:
    text, doc = history
    origins = [doc.origin(at, at + 1) for at in range(len(doc.text))]
    assert all(0 <= start <= end <= len(text) for start, end in origins)
    # Starts are monotone. Ends are not: an insertion inside a replaced block points at the whole block.
    assert [start for start, _ in origins] == sorted(start for start, _ in origins)


@given(histories())
def test_spans_and_points_have_an_origin(history: tuple[str, Document]) -> None:
    text, doc = history
    for start in range(len(doc.text) + 1):
        for end in (start, min(start + 3, len(doc.text)), len(doc.text)):
            low, high = doc.origin(start, end)
            assert 0 <= low <= high <= len(text)


@given(texts(), st.data())
def test_untouched_and_equal_length_characters_map_to_themselves(text: str, data: st.DataObject) -> None:
    edits = [edit._replace(text="同" * (edit.end - edit.start)) for edit in data.draw(edits_for(text))]
    doc = Document("x", text).edit("stage", edits)
    assert [doc.origin(at, at + 1) for at in range(len(text))] == [(at, at + 1) for at in range(len(text))]


@given(texts(), st.data())
def test_one_change_is_what_a_list_of_characters_would_become(text: str, data: st.DataObject) -> None:
    edits = data.draw(edits_for(text))
    doc = Document("x", text).edit("stage", edits)
    model = list(text)
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        model[edit.start : edit.end] = list(edit.text)
    if len({edit.start for edit in edits if edit.start == edit.end}) == sum(edit.start == edit.end for edit in edits):
        assert doc.text == "".join(model)


@given(histories())
def test_the_audit_tells_what_stood_where(history: tuple[str, Document]) -> None:
    text, doc = history
    for row in doc.audit():
        assert 0 <= row.start <= row.end <= len(text)
        if row.stage == "stage0":
            assert text[row.start : row.end] == row.before


@given(histories())
def test_a_document_survives_pickling_with_its_ledger(history: tuple[str, Document]) -> None:
    _, doc = history
    list(doc.audit())
    assert pickle.loads(pickle.dumps(doc)) == doc  # noqa: S301  our own bytes


@given(texts())
def test_no_edit_changes_nothing(text: str) -> None:
    doc = Document("x", text)
    assert doc.edit("stage", []) is doc


def test_two_insertions_at_one_place_keep_their_order() -> None:
    assert Document("x", "中").edit("s", [Edit(1, 1, "a", "r"), Edit(1, 1, "b", "r")]).text == "中ab"


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 2, "", "r"), Edit(1, 3, "", "r")],
        [Edit(0, 2, "", "r"), Edit(0, 2, "", "r")],
        [Edit(1, 1, "x", "r"), Edit(0, 2, "", "r")],
        [Edit(-1, 1, "", "r")],
        [Edit(2, 1, "", "r")],
        [Edit(0, 4, "", "r")],
        [Edit(0, 2, "中文", "fact"), Edit(1, 3, "", "r")],
    ],
    ids=["overlap", "twice", "insertion-inside", "before-the-text", "backwards", "past-the-end", "fact-and-cut"],
)
def test_bad_spans_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match=r"overlaps|leaves"):
        Document("x", "中文字").edit("s", edits)


def test_a_fact_goes_to_meta_and_the_ledger_and_changes_nothing() -> None:
    doc = Document("x", "標題\n正文").edit("s", [Edit(0, 2, "標題", "metadata", meta={"title": "標題"})])
    assert (doc.text, doc.meta) == ("標題\n正文", {"title": "標題"})
    assert [(row.before, row.after, row.meta) for row in doc.audit()] == [("標題", "標題", {"title": "標題"})]
    assert doc.edit("s", [Edit(0, 2, "標題", "metadata", meta={"title": "標題"})]) is doc


def test_a_mark_is_stated_once_and_found_where_it_stands_now() -> None:
    doc = Document("x", "甲乙丙丁").edit("s", [Edit(2, 4, "丙丁", "site_template")])
    assert doc.edit("s", [Edit(2, 4, "丙丁", "site_template")]) is doc
    doc = doc.edit("cut", [Edit(0, 1, "", "r")])
    assert doc.marks("site_template") == [Edit(1, 3, "丙丁", "site_template")]
    assert doc.edit("s", [Edit(1, 3, "丙丁", "site_template")]) is doc
    assert doc.edit("cut", [Edit(1, 2, "", "r")]).marks("site_template") == [Edit(1, 2, "丁", "site_template")]
    assert doc.edit("cut", [Edit(0, 3, "", "r")]).marks("site_template") == []
    assert doc.edit("join", [Edit(0, 2, "x", "r")]).marks("site_template") == [Edit(1, 2, "丁", "site_template")]
    assert doc.edit("put", [Edit(1, 1, "x", "r"), Edit(3, 3, "y", "r")]).marks("site_template")[0].text == "丙丁"


@given(histories(), st.data())
def test_a_mark_never_points_at_other_characters(history: tuple[str, Document], data: st.DataObject) -> None:
    _, doc = history
    if not doc.text:
        return
    start = data.draw(st.integers(0, len(doc.text) - 1))
    marked = doc.edit("m", [Edit(start, start + 1, doc.text[start], "here")])
    later = marked.edit("later", data.draw(edits_for(marked.text)))
    for mark in later.marks("here"):
        assert later.origin(mark.start, mark.end) == doc.origin(start, start + 1)


def test_a_span_outside_the_text_has_no_origin() -> None:
    with pytest.raises(IndexError, match="leaves the text"):
        Document("x", "中").origin(0, 2)


def test_the_audit_of_a_removal_names_its_place_in_the_original() -> None:
    doc = Document("x", "区(qū)一瞥\n责编").edit("a", [Edit(1, 5, "", "pinyin_gloss")])
    doc = doc.edit("b", [Edit(3, 6, "", "byline", "责编", {"editor": None})])
    assert [(row.stage, row.start, row.end, row.before, row.after) for row in doc.audit()] == [
        ("a", 1, 5, "(qū)", ""),
        ("b", 7, 10, "\n责编", ""),
    ]
