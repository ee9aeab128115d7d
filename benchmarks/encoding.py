"""decode and RepairEncoding: how fast, and what happens to clean and to hostile text.

    python benchmarks/encoding.py [dedup_corpus.jsonl.zst] [--whole] [--hostile]

The corpus is simplified news (the judging data beside the project); its
traditional image is made by OpenCC's s2t. Without --whole a tenth of it is
read. Speeds are UTF-8 (or GBK) megabytes a CPU second, one call a document,
median of five rounds; ftfy and chardet run in the same rounds. --hostile times
one and ten megabytes each of what might make a search run away.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import chardet
import ftfy
import zstandard
from opencc import OpenCC

from textclean import Document, RepairEncoding, decode

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "eval" / "dedup_corpus.jsonl.zst"
ROUNDS = 5
SAFE = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False, unescape_html=False, explain=False
)
HOSTILE = {
    "?": "?",
    "(": "(",
    "&#": "&#",
    "a slip, one line": "增添新的動力!睖O口區委書記",
    "a slip a line": "居然一個月就解決!敝曛拚啄軝C電科技有限公司\n",
    "glosses": "區(qū)",
    "misread, one line": "ÖÐ¹ú",
    "misread, bytes lost": "姝ｆ?垮彇浠ｄ簡",
    "rare characters": "饕餮魑魅",
    "U+FFFD": "中\ufffd",
    "escapes": "\\u4e2d",
}


def paragraphs(path: Path, every: int) -> Iterator[str]:
    """Every *every*-th paragraph of the packed corpus."""
    with path.open("rb") as packed:
        rows = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8")
        for number, row in enumerate(rows):
            if number % every == 0:
                yield json.loads(row)["text"]


def clean(name: str, texts: Sequence[str]) -> None:
    """What is changed in clean text."""
    repair = RepairEncoding()
    characters = sum(map(len, texts))
    changes = [
        (edit, text[max(0, edit.start - 8) : edit.end + 8]) for text in texts for edit in repair(Document("", text))
    ]
    print(f"{name}: {len(changes)} changes in {characters:,} characters")
    for edit, around in changes[:20]:
        print(f"    {edit.reason}: {around!r}: {edit.text!r} {edit.note}")


def speed(name: str, items: Sequence[object], size: int, work: Callable[[object], object]) -> None:
    """Megabytes a CPU second."""
    work(items[0])
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for item in items:
            work(item)
        seconds.append(time.process_time() - start)
    print(f"{name}: {size / 1e6 / statistics.median(seconds):.1f} MB/s")


def hostile(sizes: tuple[int, ...] = (1_000_000, 10_000_000)) -> None:
    """CPU seconds for one and for ten megabytes of each: linear is ten times as long."""
    repair = RepairEncoding()
    for name, piece in HOSTILE.items():
        seconds = []
        for size in sizes:
            text = piece * (size // len(piece.encode()))
            start = time.process_time()
            edits = len(list(repair(Document("", text))))
            seconds.append(time.process_time() - start)
        shown = ", ".join(f"{s:.2f} s for {size / 1e6:.0f} MB" for s, size in zip(seconds, sizes, strict=True))
        print(f"hostile, {name}: {shown} ({seconds[-1] / seconds[0]:.1f} times), {edits} edits", flush=True)


def main() -> None:
    """Run what the arguments ask for."""
    paths = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("--")]
    path = paths[0] if paths else CORPUS
    if not path.is_file():
        sys.exit(f"{path} is not there: give the corpus as an argument")
    texts = list(paragraphs(path, 1 if "--whole" in sys.argv else 10))
    repair = RepairEncoding()
    joined = "\n".join(texts[:20_000])
    documents = [joined[at : at + 1700] for at in range(0, min(len(joined), 1_700_000), 1700)]
    utf8 = [document.encode() for document in documents]
    gbk = [document.encode("gbk", "ignore") for document in documents]
    docs = [Document("", document) for document in documents]
    size = sum(map(len, utf8))
    speed("RepairEncoding, clean text in documents of 5 kB", docs, size, lambda doc: list(repair(doc)))  # type: ignore[call-overload]
    speed("ftfy, the Chinese-safe configuration", documents, size, lambda text: ftfy.fix_text(text, SAFE))  # type: ignore[arg-type]
    speed("decode, UTF-8", utf8, size, lambda raw: decode(raw, kind="text"))  # type: ignore[arg-type]
    speed("decode, GBK", gbk, sum(map(len, gbk)), lambda raw: decode(raw, kind="text"))  # type: ignore[arg-type]
    speed("chardet.detect, GBK", gbk[:50], sum(map(len, gbk[:50])), chardet.detect)  # type: ignore[arg-type]
    clean("simplified", texts)
    clean("traditional", list(map(OpenCC("s2t").convert, texts)))
    if "--hostile" in sys.argv:
        hostile()


if __name__ == "__main__":
    main()
