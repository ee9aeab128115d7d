"""How good is it, on data that people have labelled? The figures that have floors (``benchmarks/floors.toml``).

Each function measures one group and returns its figures; :data:`GROUPS` says which files it reads, and which of its figures are
better when they are smaller. Speed is not here: it depends on the machine.
"""

from __future__ import annotations

import base64
import difflib
import io
import json
import lzma
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from textclean import (
    Document,
    NearDuplicates,
    NormalizeText,
    Pipeline,
    RemoveDuplicates,
    RepairEncoding,
    SimplifyChinese,
    clean,
    decode,
)

HOUSE = Path(__file__).resolve().parent.parent
DATA = HOUSE.parent / "shared" / "eval"
NEWS = "dedup_corpus.jsonl.zst"
Figures = dict[str, float]


@dataclass(frozen=True)
class Group:
    """*measure* reads *files* (of the judging data); *smaller* are the figures that are better when small."""

    measure: Callable[[], Figures]
    files: tuple[str, ...]
    smaller: tuple[str, ...] = ()


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a file of the judging data."""
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").rstrip("\n").split("\n")]


def news(*, every: int) -> Iterator[str]:
    """One of *every* so many paragraphs of the news."""
    import zstandard  # noqa: PLC0415  only for the packed corpus

    with (DATA / NEWS).open("rb") as packed:
        lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8")
        for line in islice(lines, 3, None, every):
            yield json.loads(line)["text"]


def encoding() -> Figures:
    """Shares of damaged texts that come back exactly. Slips are guesses, and what is gone from two places is gone."""
    repair = Pipeline([RepairEncoding()])
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    worse = 0
    for row in rows("encoding_dev.jsonl") + rows("encoding_wildlike_dev.jsonl"):
        stage = {"any": "must stay", "codepoint": "code points"}.get(row["stage"], row["stage"])
        if row["expected"] is None or stage not in {
            "decode",
            "mojibake",
            "escape",
            "code points",
            "gloss",
            "slip",
            "must stay",
        }:
            continue
        damaged, want = row["corrupted"], row["expected"]
        doc = decode(base64.b64decode(damaged), kind="text") if row["is_bytes"] else Document("", damaged)
        got = repair(doc).text
        good = got == want
        if row["is_bytes"]:
            good = got.rstrip("\ufffd") == want.rstrip("\ufffd") or ("onebad" in row["kind"] and far(got, want) < 0.02)
        else:
            worse += not good and far(got, want) > far(damaged, want) + 1e-9
        count[stage] += 1
        right[stage] += good
    return {stage: right[stage] / count[stage] for stage in count} | {"made worse": worse}


def far(a: str, b: str) -> float:
    """0 for equal texts, 1 for texts that share nothing."""
    return 1 - difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def sound() -> Figures:
    """Changes to sound news, for a million characters, and paragraphs that are altered though they are simplified already."""
    import opencc  # noqa: PLC0415

    repair, simplify, normalize = RepairEncoding(), SimplifyChinese(), Pipeline([NormalizeText()])
    figures: Counter[str] = Counter()
    characters = 0
    for text in news(every=25):
        characters += len(text)
        for script, given in (("simplified", text), ("traditional", _traditional(opencc, text))):
            # A zero-width character is damage, wherever it stands; this corpus has some.
            edits = [edit for edit in repair(Document("", given)) if edit.reason not in {"code_point", "control"}]
            figures[f"repaired in a million, {script}"] += len(edits)
        doc = normalize(Document("", text))
        figures["simplified altered"] += bool(list(simplify(Document("", text))))
        figures["normalised twice"] += normalize(doc) is not doc
    return {
        **{f"repaired in a million, {script}": 0.0 for script in ("simplified", "traditional")},
        **{name: number * 1e6 / characters if "million" in name else number for name, number in figures.items()},
    }


_converters: dict[str, Any] = {}


def _traditional(opencc: Any, text: str) -> str:
    if "s2t" not in _converters:
        _converters["s2t"] = opencc.OpenCC("s2t")
    return str(_converters["s2t"].convert(text))


def chinese() -> Figures:
    """Shares of conversions and normalisations that are exactly right."""
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for row in rows("t2s_dev.jsonl"):
        if "+" in row["profile"]:
            continue
        to = "zhs" if row["profile"] in ("zhs", "auto", "idem") else row["profile"]
        count[to] += 1
        right[to] += Pipeline([SimplifyChinese(to=to)])(Document(row["id"], row["source"])).text == row["expected"]
    normalize = Pipeline([RepairEncoding(), NormalizeText()])
    for row in rows("normalise_dev.jsonl"):
        if row["default"] == "on":
            kind = "kept" if row["input"] == row["expected"] else "mended"
            got = normalize(Document(row["id"], row["input"])).text
            count[kind] += 1
            right[kind] += got in (row["expected"], *row.get("accept", ()))
    return {name: right[name] / count[name] for name in count}


def boilerplate() -> Figures:
    """The table of ``benchmarks/boilerplate.py``: every page judged by a model that has not seen its site."""
    from benchmarks import boilerplate  # noqa: PLC0415  a large module, and only this group needs it

    return boilerplate.quality(boilerplate.pages(), html=True)


def duplicates() -> Figures:
    """Against exact truth, among the first 20,000 paragraphs; and inside small documents."""
    import zstandard  # noqa: PLC0415

    with (DATA / NEWS).open("rb") as packed:
        lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8")
        docs = [Document(f"{number:06}", json.loads(line)["text"]) for number, line in enumerate(islice(lines, 20_000))]
    with lzma.open(DATA / "dedup_pairs_j70.txt.xz", "rt") as found:
        pairs = [(int(a), int(b)) for a, b, jaccard in map(str.split, found) if float(jaccard) >= 0.8]
    pairs = [(a, b) for a, b in pairs if max(a, b) < len(docs)]
    near = {number for pair in pairs for number in pair}
    figures: Figures = {}
    for name, exact in (("MinHash", False), ("complete", True)):
        learner = NearDuplicates(exact=exact)
        stage = learner.decide([learner.observe(docs)])
        gone = {number for number, doc in enumerate(docs) if any(not edit.text for edit in stage(doc))}
        figures[f"{name}: pairs left"] = sum(a not in gone and b not in gone for a, b in pairs)
        figures[f"{name}: wrong"] = len(gone - near)
    return figures | within()


def within() -> Figures:
    """Documents in which a copy was missed, and in which too much was cut."""
    stage = RemoveDuplicates()
    missed = cut = 0
    for row in rows("within_dev.jsonl"):
        gone = {
            at
            for e in stage(Document(row["id"], row["text"]))
            if len(e.text) < e.end - e.start
            for at in range(e.start, e.end)
        }
        allowed: set[int] = set()
        lacks = False
        for start, end, why in row["expected_removed"]:
            allowed.update(range(start - 1, end + 1))
            lacks |= not why.startswith("either") and len(gone & set(range(start, end))) < 0.8 * (end - start)
        missed += lacks
        cut += len(gone - allowed) > 3
    return {"inside: missed": missed, "inside: cut": cut}


def articles() -> Figures:
    """Segments of the five example articles that went and should have stayed, or stayed and should have gone."""
    wrong = 0
    for path in sorted((HOUSE / "examples" / "articles").glob("*.txt")):
        doc = clean(path.read_bytes(), id=path.name)
        gone: set[int] = set()
        for row in doc.audit():
            if row.after == "" and row.before and row.reason != "pinyin_gloss":
                gone.update(range(row.start, row.end))
        copies: dict[str, list[bool]] = {}
        for segment in json.loads((DATA / "seeds_gold" / f"{path.name[:3]}.json").read_text("utf-8"))["segments"]:
            there = len(gone & set(range(segment["start"], segment["end"]))) * 2 < segment["end"] - segment["start"]
            if "dup_group" in segment:
                copies.setdefault(segment["dup_group"], []).append(there)
            elif segment["label"] != "either":
                wrong += there != (segment["label"] == "keep")
        wrong += sum(sum(group) != 1 for group in copies.values())
    return {"wrong segments": wrong}


GROUPS: Mapping[str, Group] = {
    "articles": Group(articles, tuple(f"seeds_gold/00{n}.json" for n in range(5)), ("wrong segments",)),
    "encoding": Group(encoding, ("encoding_dev.jsonl", "encoding_wildlike_dev.jsonl"), ("made worse",)),
    "chinese": Group(chinese, ("t2s_dev.jsonl", "normalise_dev.jsonl")),
    "sound": Group(
        sound,
        (NEWS,),
        (
            "repaired in a million, simplified",
            "repaired in a million, traditional",
            "simplified altered",
            "normalised twice",
        ),
    ),
    "duplicates": Group(
        duplicates,
        (NEWS, "dedup_pairs_j70.txt.xz", "within_dev.jsonl"),
        (
            "MinHash: pairs left",
            "MinHash: wrong",
            "complete: pairs left",
            "complete: wrong",
            "inside: missed",
            "inside: cut",
        ),
    ),
    "boilerplate": Group(
        boilerplate,
        ("boilerplate_dev.jsonl", "boilerplate_dev_html.tar.xz", "modern_dev.jsonl", "modern_dev_html.tar.xz"),
        (
            "full lossy",
            "light lossy",
            "flat lossy",
            "html lossy",
            "modern lossy",
            "bodies touched",
            "clean texts touched",
        ),
    ),
}
