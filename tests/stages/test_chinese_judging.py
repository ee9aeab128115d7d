"""SimplifyChinese and NormalizeText on the judging data beside the project."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from textclean import Document, NormalizeText, Pipeline, RepairEncoding, SimplifyChinese, script

DATA = Path(__file__).resolve().parents[3] / "shared" / "eval"
pytestmark = [
    pytest.mark.judging,
    pytest.mark.skipif(not DATA.is_dir(), reason="the judging data is not beside the project"),
]


def cases(name: str) -> list[dict[str, Any]]:
    if not (DATA / name).exists():
        return []
    with (DATA / name).open(encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]


def paragraphs(every: int) -> Iterator[str]:
    zstandard = pytest.importorskip("zstandard")
    with (DATA / "dedup_corpus.jsonl.zst").open("rb") as packed:
        rows = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8")
        for number, row in enumerate(rows):
            if number % every == 0:
                yield json.loads(row)["text"]


@pytest.mark.parametrize(
    "case",
    [case for case in cases("t2s_dev.jsonl") if "+" not in case["profile"]],
    ids=lambda case: f"{case['profile']}:{case['id']}",
)
def test_conversion(case: dict[str, Any]) -> None:
    to = "zhs" if case["profile"] in ("zhs", "auto", "idem") else case["profile"]
    doc = Pipeline([SimplifyChinese(to=to)])(Document(case["id"], case["source"]))
    assert doc.text == case["expected"]
    assert doc.original == case["source"]


@pytest.mark.parametrize(
    "case", [case for case in cases("normalise_dev.jsonl") if case["default"] == "on"], ids=lambda case: case["id"]
)
def test_normalisation(case: dict[str, Any]) -> None:
    doc = Pipeline([RepairEncoding(), NormalizeText()])(Document(case["id"], case["input"]))
    assert doc.text in (case["expected"], *case.get("accept", ()))


def test_simplified_news_is_not_altered_and_normalising_it_settles() -> None:
    simplify, normalize = SimplifyChinese(), Pipeline([NormalizeText()])
    for text in paragraphs(every=40):
        assert simplify(Document("", text)) == []
        assert script(text) in {"hans", "neutral"}
        doc = normalize(Document("", text))
        assert normalize(doc) is doc
        assert simplify(doc) == []
