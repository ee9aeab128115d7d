"""The five articles: every change explained, every change reversible, nothing true cut."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import textclean
from textclean import Document, Pipeline

ARTICLES = Path(__file__).parent.parent / "examples" / "articles"
GOLD = Path(__file__).parent.parent.parent / "shared" / "eval" / "seeds_gold"
FILES = sorted(ARTICLES.glob("*.txt"))


@cache
def cleaned(number: str) -> Document:
    """Article ``"004"`` after the default pipeline."""
    (path,) = ARTICLES.glob(f"{number}_*.txt")
    return textclean.clean(path.read_bytes(), id=path.name)


def kept_share(doc: Document, start: int, end: int) -> float:
    """How much of ``original[start:end]`` is still there, rewritten or not."""
    gone: set[int] = set()
    for row in doc.audit():
        if row.after == "" and row.before and row.reason != "pinyin_gloss":
            gone.update(range(max(start, row.start), min(end, row.end)))
    return 1 - len(gone) / max(1, end - start)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:3])
def test_the_bytes_come_back(path: Path) -> None:
    from textclean.decode import encode  # noqa: PLC0415

    doc = textclean.clean(path.read_bytes(), id=path.name)
    assert encode(doc.original, doc.meta) == path.read_bytes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:3])
def test_a_clean_article_stays_as_it_is(path: Path) -> None:
    once = textclean.clean(path.read_bytes(), id=path.name)
    assert list(Pipeline.default()(Document(once.id, once.text, once.meta)).audit()) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:3])
def test_every_change_has_a_reason_and_lies_in_the_original(path: Path) -> None:
    doc = textclean.clean(path.read_bytes(), id=path.name)
    for row in doc.audit():
        assert re.fullmatch(r"[a-z][a-z_]*", row.reason)
        assert 0 <= row.start <= row.end <= len(doc.original)


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
@pytest.mark.judging
@pytest.mark.skipif(not GOLD.is_dir(), reason="the judging data is not beside the project")
def test_kept_and_dropped_as_a_reader_would(number: str) -> None:
    gold = json.loads((GOLD / f"{number}.json").read_text(encoding="utf-8"))
    doc = cleaned(number)
    copies: dict[str, list[bool]] = defaultdict(list)
    wrong = []
    for segment in gold["segments"]:
        keep = kept_share(doc, segment["start"], segment["end"]) > 0.5
        if "dup_group" in segment:
            copies[segment["dup_group"]].append(keep)
        elif segment["label"] != "either" and keep != (segment["label"] == "keep"):
            wrong.append((segment["i"], segment["label"], segment["text"][:30]))
    assert wrong == []
    assert [group for group, kept in copies.items() if sum(kept) != 1] == []


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
@pytest.mark.judging
@pytest.mark.skipif(not GOLD.is_dir(), reason="the judging data is not beside the project")
def test_what_was_read_is_what_the_page_says(number: str) -> None:
    want: dict[str, Any] = json.loads((GOLD / f"{number}.json").read_text(encoding="utf-8"))["metadata"]
    meta = cleaned(number).meta
    for field in ("title", "published", "source", "author", "editor"):
        assert meta.get(field) == want[field], field
    if "site" in want:
        assert meta.get("site") == want["site"]


def test_000_loses_nothing_but_the_trailing_bar() -> None:
    doc = cleaned("000")
    removed = [row for row in doc.audit() if len(row.after) < len(row.before)]
    assert [row.before.strip() for row in removed] == ["|"]
    assert doc.text.count("重塑工业辉煌") == doc.original.count("重塑工业辉煌")


def test_001_has_its_body_once_and_no_contact() -> None:
    text = cleaned("001").text
    for opening in ("平台建设夯实高质量发展基础", "招大引强积蓄高质量发展潜力", "科技创新激发高质量发展活力"):
        assert text.count(opening) == 1
    for contact in ("6321110", "1642308157", "13767890011", "qq.com", "djwpxpd", "jxrb_jxnews"):
        assert contact not in text


def test_002_is_readable_again() -> None:
    doc = cleaned("002")
    assert not re.search(r"[(（][a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,6}[)）]", doc.text)
    assert sum(row.reason == "pinyin_gloss" for row in doc.audit()) == 231
    for whole in ("动力。”渌口区委书记", "解决！”株洲兆能机电科技", "现场，经常可以看到渌口区领导"):
        assert whole.replace("！", "。") in doc.text.replace("！", "。")
    assert textclean.SimplifyChinese()(Document("x", doc.text)) == []


def test_003_keeps_its_subheads() -> None:
    lines = cleaned("003").text.splitlines()
    for subhead in (
        "争分夺秒紧抓项目",
        "不断刷新“经开速度”",
        "完善产业发展布局",
        "向着千亿体量迈进",
        "解决群众急难愁盼",
        "描绘幸福民生画卷",
    ):
        assert subhead in lines


def test_004_keeps_its_body_and_loses_every_teaser() -> None:
    doc = cleaned("004")
    assert doc.text.rstrip().endswith("高质量发展的累累硕果。")
    assert "工业发展做大做强" in doc.text.splitlines()
    assert "2023-03-2" not in doc.text
