"""A batch goes in and comes out: rows, order, types, ledger, errors."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclean import Document, Edit, Pipeline, StageError
from textclean.arrow import apply, clean_batch, edits_type, restore_batch, scan, schema_after
from toy_stages import DropSeen, half_width, no_footer, refuses_four

CLEAN = Pipeline([half_width, no_footer])
TEXTS = ["２０２４年的正文。責編:李四", None, "", "没有什么可做的。"]
CLEANED = ["2024年的正文。", None, "", "没有什么可做的。"]


class Capsule:
    """Somebody else's data frame: nothing but the stream interface."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


TYPES = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_text_of_any_type_keeps_rows_and_type(kind: Any) -> None:
    batch = pa.record_batch({"n": pa.array(range(4)), "text": pa.array(TEXTS, pa.string()).cast(kind)})
    out = clean_batch(batch, pipeline=CLEAN)
    assert isinstance(out, pa.RecordBatch)
    assert out.schema.names == ["n", "text", "meta", "edits"]
    assert out["text"].to_pylist() == CLEANED
    assert out["text"].type == (pa.string() if pa.types.is_dictionary(kind) else kind)
    assert out["n"].to_pylist() == [0, 1, 2, 3]
    assert [row and json.loads(row) for row in out["meta"].to_pylist()] == [{"editor": "李四"}, None, {}, {}]
    assert [row if row is None else len(row) for row in out["edits"].to_pylist()] == [5, None, 0, 0]
    assert out.schema == schema_after(batch.schema)
    assert restore_batch(out)["text"].to_pylist() == TEXTS
    assert restore_batch(out).schema.names == batch.schema.names


def test_an_edit_says_where_in_the_original() -> None:
    out = clean_batch(pa.record_batch({"text": TEXTS[:1]}), pipeline=CLEAN)
    last = out["edits"].to_pylist()[0][-1]
    assert last == {
        "step": 1,
        "stage": "no_footer",
        "reason": "byline",
        "note": "starts with 責編",
        "start": 9,
        "end": 14,
        "at": 9,
        "before": "責編:李四",
        "after": "",
        "meta": '{"editor":"李四"}',
    }


@pytest.mark.parametrize("wrap", [pa.table, lambda data: Capsule(pa.table(data))], ids=["table", "capsule"])
def test_tables_and_capsules_give_tables(wrap: Any) -> None:
    out = clean_batch(wrap({"text": TEXTS}), pipeline=CLEAN)
    assert isinstance(out, pa.Table)
    assert out["text"].to_pylist() == CLEANED


def test_a_table_without_rows_has_the_columns_all_the_same() -> None:
    schema = pa.schema([("text", pa.string_view()), ("site", pa.dictionary(pa.int8(), pa.string()))])
    for empty in (schema.empty_table(), pa.Table.from_batches([], schema), Capsule(schema.empty_table())):
        assert clean_batch(empty, pipeline=CLEAN).schema == schema_after(schema)


def test_chunks_stay_in_order_and_rows_are_numbered_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textclean.arrow.batches.LARGEST", 64)
    table = pa.table({"text": pa.chunked_array([[f"第{n}行" for n in range(start, start + 7)] for start in (0, 7)])})
    seen: list[str] = []

    def look(doc: Document) -> list[Edit]:
        seen.append(doc.id)
        return []

    out = clean_batch(table, pipeline=Pipeline([look]))
    assert out["text"].to_pylist() == [f"第{n}行" for n in range(14)]
    assert seen == [f"row {n}" for n in range(14)]


def test_other_columns_reach_the_stages_as_facts() -> None:
    seen: list[tuple[str, dict[str, Any]]] = []

    def look(doc: Document) -> list[Edit]:
        seen.append((doc.id, dict(doc.meta)))
        return []

    batch = pa.record_batch({"key": [7, 8], "body": ["甲", "乙"], "url": ["http://a/1", None]})
    out = clean_batch(batch, pipeline=Pipeline([look]), text="body", id="key", facts=["url"], add=["meta"])
    assert seen == [("7", {"url": "http://a/1"}), ("8", {})]
    assert out.schema.names == ["key", "body", "url", "meta"]


def test_a_failing_row_raises_or_is_kept() -> None:
    batch = pa.record_batch({"id": ["a", "b", "c"], "text": ["３", "四", "５"]})
    pipeline = Pipeline([half_width, refuses_four])
    with pytest.raises(StageError, match=r"refuses_four failed on document 'b'.*unlucky"):
        clean_batch(batch, pipeline=pipeline)
    out = clean_batch(batch, pipeline=pipeline, on_error="keep")
    assert out["text"].to_pylist() == ["3", "四", "5"]
    assert out["edits"].to_pylist()[1] == []
    errors = out["error"].to_pylist()
    assert errors[0] is errors[2] is None
    assert "four is unlucky" in errors[1]
    assert out.schema == schema_after(batch.schema, on_error="keep")
    assert restore_batch(out).equals(batch)


@pytest.mark.parametrize(
    ("data", "options", "sentence"),
    [
        ({"body": ["甲"]}, {}, "no column is called 'text' .there are: 'body'."),
        ({"text": ["甲"]}, {"id": "key"}, "no column is called 'key'"),
        ({"text": ["甲"]}, {"facts": ["url"]}, "no column is called 'url'"),
        ({"text": [1]}, {}, "holds int64, and no text"),
        ({"text": [b"x"]}, {}, "binary, and no text; bytes become text by textclean.decode"),
        ({"text": ["甲"], "meta": ["{}"]}, {}, "has a column 'meta' already"),
        ({"text": ["甲"]}, {"on_error": "ignore"}, "on_error is"),
        ({"text": ["甲"]}, {"add": ["ledger"]}, "'ledger' is neither"),
    ],
)
def test_wrong_columns_are_named(data: dict[str, Any], options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        clean_batch(pa.record_batch(data), pipeline=CLEAN, **options)


def test_two_columns_of_one_name() -> None:
    twice = pa.record_batch([pa.array(["甲"]), pa.array(["乙"])], names=["text", "text"])
    with pytest.raises(ValueError, match="2 columns are called 'text'"):
        clean_batch(twice, pipeline=CLEAN)


def test_what_is_no_arrow_data_is_refused() -> None:
    with pytest.raises(TypeError, match="list is no Arrow data"):
        clean_batch(["甲"], pipeline=CLEAN)


def test_all_texts_missing() -> None:
    assert clean_batch(pa.record_batch({"text": [None, None]}), pipeline=CLEAN)["text"].to_pylist() == [None, None]


def test_restore_wants_the_ledger() -> None:
    with pytest.raises(ValueError, match="not the ledger"):
        restore_batch(pa.record_batch({"text": ["甲"], "edits": [["x"]]}))


def test_a_pipeline_file_will_do(tmp_path: Path) -> None:
    (tmp_path / "nothing.toml").write_text("stage = []", encoding="utf-8")
    batch = pa.record_batch({"text": ["甲"]})
    assert clean_batch(batch, pipeline=tmp_path / "nothing.toml", add=()).equals(batch)


def test_without_a_pipeline_the_default_one_runs() -> None:
    out = clean_batch(pa.record_batch({"text": ["臺北市公布的統計資料。"]}))
    assert out["text"].to_pylist() == ["台北市公布的统计资料。"]
    assert out["edits"].to_pylist()[0][0]["stage"] == "SimplifyChinese"


CORPUS = [
    pa.record_batch({"id": ["a", "b"], "text": ["甲乙丙", "１２３"]}),
    pa.record_batch({"id": ["c", "d"], "text": pa.array(["123", None], pa.large_string())}),
]


def test_scan_then_apply() -> None:
    state = scan(CORPUS, pipeline=Pipeline([half_width, DropSeen()]))
    state = pickle.loads(pickle.dumps(state))  # noqa: S301  what a worker is sent
    assert [apply(batch, state)["text"].to_pylist() for batch in CORPUS] == [["甲乙丙", "123"], ["", None]]
    assert [restore_batch(apply(batch, state)) for batch in CORPUS] == CORPUS


def test_scan_of_a_table_and_of_anything_with_a_capsule() -> None:
    table = pa.table({"id": ["a", "b"], "text": ["甲", "甲"]})
    for batches in (table, [Capsule(table)]):
        state = scan(batches, pipeline=Pipeline([DropSeen()]))
        assert apply(table, state)["text"].to_pylist() == ["甲", ""]


def test_scan_leaves_failing_rows_out_of_the_evidence() -> None:
    batches = [pa.record_batch({"id": ["a", "b"], "text": ["四", "三"]})]
    pipeline = Pipeline([refuses_four, DropSeen()])
    with pytest.raises(StageError):
        scan(batches, pipeline=pipeline)
    out = apply(batches[0], scan(batches, pipeline=pipeline, on_error="keep"), on_error="keep")
    assert out["text"].to_pylist() == ["四", "三"]


def test_corpus_stages_say_what_they_need() -> None:
    pipeline = Pipeline([DropSeen()])
    with pytest.raises(TypeError, match="DropSeen must see the corpus before"):
        clean_batch(CORPUS[0], pipeline=pipeline)
    with pytest.raises(TypeError, match="once per corpus stage"):
        scan(iter(CORPUS), pipeline=pipeline)
    with pytest.raises(ValueError, match="batch 1: no column is called 'id'"):
        scan([CORPUS[0], pa.record_batch({"text": ["甲"]})], pipeline=pipeline)
    with pytest.raises(ValueError, match="batch 0: row 1 has no 'id'"):
        scan([pa.record_batch({"id": ["a", None], "text": ["甲", "乙"]})], pipeline=pipeline)


chinese = st.text(alphabet="０１２甲乙責編:\n𠀀é", max_size=30)


@given(st.lists(st.none() | chinese, max_size=6), st.booleans())
def test_rows_kept_and_restored_whatever_the_texts(texts: list[str | None], large: bool) -> None:
    batch = pa.record_batch({"text": pa.array(texts, pa.large_string() if large else pa.string())})
    out = clean_batch(batch, pipeline=CLEAN)
    wanted = [None if text is None else CLEAN(Document("", text)) for text in texts]
    assert out["text"].to_pylist() == [doc and doc.text for doc in wanted]
    assert out["edits"].type == edits_type()
    told = [[(row["start"], row["end"], row["before"]) for row in rows or []] for rows in out["edits"].to_pylist()]
    assert told == [[(row.start, row.end, row.before) for row in doc.audit()] if doc else [] for doc in wanted]
    assert restore_batch(out).equals(batch)
