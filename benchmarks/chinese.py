"""SimplifyChinese and NormalizeText on news paragraphs: what is altered that should not be, and how fast.

    python benchmarks/chinese.py [dedup_corpus.jsonl.zst] [--whole]

The corpus is simplified news (the judging data beside the project). Without
--whole a tenth of it is read. Speeds are UTF-8 megabytes a CPU second, one
call a paragraph, median of five rounds, with OpenCC itself in the same rounds;
traditional text is made from the same paragraphs by OpenCC's s2t.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import zstandard
from opencc import OpenCC

from textclean import Document, NormalizeText, SimplifyChinese
from textclean.document import Edit

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "eval" / "dedup_corpus.jsonl.zst"
ROUNDS = 5


def paragraphs(path: Path, every: int) -> Iterator[str]:
    """Every *every*-th paragraph of the packed corpus."""
    with path.open("rb") as packed:
        rows = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8")
        for number, row in enumerate(rows):
            if number % every == 0:
                yield json.loads(row)["text"]


def altered(texts: list[str]) -> None:
    """What the two stages do to text that one of them must not touch and the other must settle at once."""
    simplify, normalize = SimplifyChinese(), NormalizeText()
    changed = edits = twice = 0
    reasons: Counter[str] = Counter()
    for text in texts:
        doc = Document("", text)
        found = simplify(doc)
        if found:
            changed += 1
            print("  altered:", [(text[e.start : e.end], e.text) for e in found][:3])
        normal = doc.edit("n", normalize(doc))
        for edit in normal.history[0].undo if normal.history else ():
            edits += 1
            reasons[edit.reason] += 1
        twice += bool(normalize(normal))
    print(
        f"simplified paragraphs altered by SimplifyChinese: {changed} of {len(texts)} ({sum(map(len, texts)):,} characters)"
    )
    print(f"NormalizeText: {edits} edits {dict(reasons)}; paragraphs a second pass alters: {twice}")


def speed(name: str, texts: list[str], calls: dict[str, Callable[[str], object]]) -> None:
    """Print the median speed of each of *calls* over *texts*."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    rounds: dict[str, list[float]] = {label: [] for label in calls}
    for _ in range(ROUNDS):
        for label, call in calls.items():
            begin = time.process_time()
            for text in texts:
                call(text)
            rounds[label].append(size / (time.process_time() - begin))
    print(f"{name} ({size:.1f} MB):", ", ".join(f"{label} {statistics.median(r):.0f}" for label, r in rounds.items()))


def as_stage(stage: Callable[[Document], list[Edit]]) -> Callable[[str], object]:
    """*stage* as a function of a paragraph."""
    return lambda text: stage(Document("", text))


def main() -> None:
    """Read the corpus, then print all of it."""
    names = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    texts = list(paragraphs(Path(names[0]) if names else CORPUS, 1 if "--whole" in sys.argv else 10))
    altered(texts)
    sample = texts[:: max(1, len(texts) // 8000)]
    t2s, tw2s, s2t = (OpenCC(config).convert for config in ("t2s", "tw2s", "s2t"))
    simplify, normalize = as_stage(SimplifyChinese()), as_stage(NormalizeText())
    calls = {"textclean": simplify, "opencc t2s": t2s, "opencc tw2s": tw2s}
    speed("simplified, MB/s", sample, calls)
    speed("traditional, MB/s", [s2t(text) for text in sample], calls)
    normal = [text for text in sample if not NormalizeText()(Document("", text))]
    speed("nothing to normalise, MB/s", normal, {"textclean": normalize})
    terms = {f"詞{number:06}": f"词{number:06}" for number in range(100_000)}
    begin = time.process_time()
    SimplifyChinese(terms=terms, keep=["詞鄭乾"])(Document("", "詞000007說"))
    print(f"100,000 terms, to the end of the first call: {time.process_time() - begin:.3f} s")


main()
