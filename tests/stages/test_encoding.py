"""RepairEncoding: what it must repair, what it must leave, and the laws."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclean import Document, Edit, Pipeline, RepairEncoding
from textclean.stages.encoding import lattice, mojibake, step
from textclean.stages.encoding.compose import Repairs

CASES = Path(__file__).parents[1] / "cases"
ARTICLES = Path(__file__).parents[2] / "examples" / "articles"

repair = Pipeline([RepairEncoding()])


def cases(name: str) -> list[object]:
    rows = [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]
    return [
        pytest.param(row["input"], row["expected"], id=f"{row['label']}-{number}", marks=_marks(row))
        for number, row in enumerate(rows, 1)
    ]


def _marks(row: dict[str, str]) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=row["known_failure"])] if "known_failure" in row else []


@pytest.mark.parametrize(("text", "expected"), cases("encoding.jsonl"))
def test_case(text: str, expected: str) -> None:
    doc = repair(Document("x", text))
    assert doc.text == expected
    assert doc.original == text
    assert repair(doc).text == expected


def test_surrogate_pairs_are_joined_and_lone_ones_are_lost() -> None:
    assert repair(Document("x", "\ud842\udfb7野家")).text == "𠮷野家"
    assert repair(Document("x", "甲\ud800乙")).text == "甲\ufffd乙"


def test_the_damaged_article() -> None:
    text = next(ARTICLES.glob("002*")).read_text(encoding="utf-8")
    doc = repair(Document("002", text))
    assert sum(row.reason == "pinyin_gloss" for row in doc.audit()) == 231
    for repaired in ("增添新的動力。”淥口區委書記", "一個月就解決。”株洲兆能機電科技", "經常可以看到淥口區領導"):
        assert repaired in doc.text
    assert doc.original == text


def test_the_other_articles_keep_every_character() -> None:
    for path in ARTICLES.glob("00[0134]*"):
        text = path.read_text(encoding="utf-8")
        assert repair(Document(path.name, text)).text.split() == text.split()


@pytest.mark.parametrize("option", ["mojibake", "escapes", "code_points", "glosses", "slips"])
def test_bad_modes_are_refused(option: str) -> None:
    with pytest.raises(ValueError, match=option):
        RepairEncoding(**{option: "maybe"})  # type: ignore[arg-type]


def test_mark_says_what_it_would_do_and_changes_nothing() -> None:
    text = "產(chǎn)業(yè)園區(qū)的動力!睖O口\u200b"
    doc = Pipeline([RepairEncoding(code_points="mark", glosses="mark", slips="mark")])(Document("x", text))
    assert doc.text == text
    assert next(mark.note for mark in doc.marks("byte_slip")).endswith("would read “。”淥”")
    assert len(doc.marks("pinyin_gloss")) == 3
    assert doc.marks("code_point")
    off = RepairEncoding(mojibake="off", escapes="off", code_points="off", glosses="off", slips="off")
    assert list(off(Document("x", text))) == []


damaged = st.text(
    alphabet="中文產(chǎn)業區(qū)動力!睖O口�?？&#;%\\u4e2d\u200b\x00\r\n\ufeff\ud800⻋ÖÐ锟斤拷ä¸\xad«́a1，。”",
    max_size=80,
)


@given(damaged)
def test_what_was_there_can_be_had_back_and_twice_is_once(text: str) -> None:
    doc = repair(Document("x", text))
    assert doc.original == text
    for row in doc.audit():
        assert 0 <= row.start <= row.end <= len(text)
    again = repair(doc)
    assert again.text == doc.text


@st.composite
def rounds(draw: st.DrawFn) -> tuple[str, list[list[Edit]]]:
    text = now = draw(st.text(alphabet="甲乙丙丁", max_size=12))
    steps = []
    for _ in range(draw(st.integers(1, 3))):
        cuts = sorted(draw(st.lists(st.integers(0, len(now)), max_size=6)))
        step = [
            Edit(a, b, draw(st.text(alphabet="xyz", max_size=3)), "r")
            for a, b in zip(cuts[::2], cuts[1::2], strict=False)
        ]
        steps.append(step)
        now = Document("", now).edit("", step).text
    return text, steps


@given(rounds())
def test_repairs_composed_are_the_repairs_one_by_one(made: tuple[str, list[list[Edit]]]) -> None:
    text, steps = made
    repairs, doc = Repairs(text), Document("", text)
    for edits in steps:
        repairs.apply(edits)
        doc = doc.edit("", edits)
    assert repairs.text == doc.text
    assert Document("", text).edit("", repairs.edits()).text == doc.text


HOSTILE = {
    "question marks": "?", "brackets": "(", "open entities": "&#", "a slip": "增添新的動力!睖O口區委書記",
    "a slip a line": "居然一個月就解決!敝曛拚啄軝C電科技有限公司\n", "half a gloss": "區(q", "misread": "ÖÐ¹ú",
    "misread and lost": "姝ｆ?垮彇浠ｄ簡", "rare": "饕餮魑魅", "lost": "中\ufffd", "escapes": "\\u4e2d", "percent": "%E4", "拷": "锟斤拷",
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_ten_times_the_text_is_no_more_than_linear_work(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is counted in model look-ups and characters decoded, because clocks lie on shared machines."""
    work = Counter[str]()

    def counted(name: str, module: object, attribute: str) -> None:
        inner = getattr(module, attribute)

        def count(*args: Any, **options: Any) -> Any:
            work[name] += 1
            return inner(*args, **options)

        monkeypatch.setattr(module, attribute, count)

    counted("step", step, "_prune")
    counted("lattice", lattice, "_byte")
    counted("score", mojibake, "score")
    amounts = []
    for size in (3_000, 30_000):
        work.clear()
        list(RepairEncoding()(Document("x", HOSTILE[kind] * (size // len(HOSTILE[kind])))))
        amounts.append(work.total())
    assert amounts[1] <= 12 * amounts[0] + 1000


def test_what_is_lost_is_marked_and_counted() -> None:
    doc = repair(Document("x", "他说锟斤拷锟斤拷。\n中\ufffd\ufffd国"))
    assert doc.text == "他说锟斤拷锟斤拷。\n中\ufffd\ufffd国"
    assert [(mark.start, mark.end) for mark in doc.marks("mojibake")] == [(2, 8)]
    assert doc.meta["lost_characters"] == 4
