"""decode and RepairEncoding on the judging data beside the project: the floors they must hold."""

from __future__ import annotations

import base64
import difflib
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from textclean import Document, Pipeline, RepairEncoding, decode

EVAL = Path(__file__).resolve().parents[3] / "shared" / "eval"
CASES = ["encoding_dev.jsonl", "encoding_wildlike_dev.jsonl"]
CORPUS = EVAL / "dedup_corpus.jsonl.zst"

# Shares that must come back exactly; slips are guesses, and what is gone from two places is gone.
FLOORS = {"decode": 0.98, "mojibake": 0.93, "escape": 1.0, "codepoint": 1.0, "gloss": 1.0, "slip": 0.45, "any": 1.0}


def far(a: str, b: str) -> float:
    return 1 - difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


@pytest.mark.judging
@pytest.mark.skipif(not (EVAL / CASES[0]).is_file(), reason="the judging data is not beside the project")
def test_shares_that_come_back() -> None:
    repair = Pipeline([RepairEncoding()])
    good: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for name in CASES:
        for line in (EVAL / name).read_text(encoding="utf-8").rstrip("\n").split("\n"):
            row = json.loads(line)
            if row["expected"] is None or row["stage"] not in FLOORS:
                continue
            damaged = row["corrupted"]
            doc = decode(base64.b64decode(damaged), kind="text") if row["is_bytes"] else Document("", damaged)
            got, want = repair(doc).text, row["expected"]
            if row["is_bytes"]:
                right = got.rstrip("\ufffd") == want.rstrip("\ufffd") or (
                    "onebad" in row["kind"] and far(got, want) < 0.02
                )
            else:
                right = got == want
                assert right or far(got, want) <= far(damaged, want) + 1e-9, f"{row['id']} was made worse"
            count[row["stage"]] += 1
            good[row["stage"]] += right
    assert {stage: good[stage] / count[stage] for stage in FLOORS if good[stage] < FLOORS[stage] * count[stage]} == {}


@pytest.mark.judging
@pytest.mark.skipif(not CORPUS.is_file(), reason="the judging data is not beside the project")
@pytest.mark.parametrize("script", ["simplified", "traditional"])
def test_clean_news_is_left_alone(script: str) -> None:
    zstandard = pytest.importorskip("zstandard")
    opencc = pytest.importorskip("opencc")
    convert = opencc.OpenCC("s2t").convert if script == "traditional" else str
    repair, characters, changes = RepairEncoding(), 0, []
    with CORPUS.open("rb") as packed:
        rows = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8")
        for number, line in enumerate(rows):
            if number % 25 == 3:
                text = convert(json.loads(line)["text"])
                characters += len(text)
                # A zero-width character is damage, wherever it stands; this corpus has some.
                changes += [edit for edit in repair(Document("", text)) if edit.reason not in {"code_point", "control"}]
    assert characters > 1_000_000
    assert len(changes) * 1_000_000 <= characters
