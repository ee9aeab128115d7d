"""How a history looks on disk: what is read is what was written."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies import histories
from textclean import Document, Edit
from textclean.batch import ledger, rows, spool
from textclean.batch.explain import segments
from textclean.batch.finish import finish, valid
from textclean.batch.records import Record


@given(histories())
def test_a_history_comes_back_from_disk_equal(history: tuple[str, Document]) -> None:
    _, doc = history
    stored = rows.loads(rows.dumps(ledger.pack(doc)))
    assert ledger.unpack(doc.text, stored) == doc.history


@given(st.text(alphabet="=+~^|_中文\ud800\udfff", max_size=20), st.data())
def test_any_characters_come_back(text: str, data: st.DataObject) -> None:
    size = len(text)
    after = data.draw(st.text(alphabet="=+~^|_中x\ud801", min_size=size, max_size=size))
    doc = Document("x", text).edit("s", [Edit(0, size, after, "script")])
    assert ledger.unpack(doc.text, rows.loads(rows.dumps(ledger.pack(doc)))) == doc.history


def test_an_equal_length_edit_stores_only_what_differs() -> None:
    doc = Document("x", "中華民國" * 50).edit("s", [Edit(0, 200, "中华民国" * 50, "script")])
    was = ledger.pack(doc)[0][1][0][2]
    assert was.replace("=", "") == "華國" * 50
    fact = Document("x", "標題").edit("s", [Edit(0, 2, "標題", "metadata", meta={"title": "標題"})])
    assert ledger.pack(fact) == [["s", [[0, 2, "=", "metadata", "", {"title": "標題"}]]]]


def test_a_ledger_of_another_text_is_noticed() -> None:
    with pytest.raises(ValueError, match="text of 1 characters"):
        ledger.unpack("中", [["s", [[3, 1, "+x", "r"]]]])


@given(histories())
def test_a_document_comes_back_from_the_spool_equal(history: tuple[str, Document]) -> None:
    _, doc = history
    put = [Record("p", doc, ["file"], {"a": 1}, 1), Record("p", None, ["raw", "x"]), Record("q", doc, [], doc.meta)]
    file = io.BytesIO()
    for record in put:
        spool.put(file, record)
    file.seek(0)
    again = list(spool.records(file))
    assert again == put
    for was, now in zip(put, again, strict=True):
        assert finish(valid(now), 1.0) == finish(valid(was), 1.0)


@given(histories())
def test_what_is_explained_is_the_whole_document(history: tuple[str, Document]) -> None:
    text, doc = history
    found = segments(doc)
    assert "".join(segment.before for segment in found) == text
    assert "".join(segment.after for segment in found) == doc.text
    assert all(segment.reasons for segment in found if segment.kind != "kept")
