"""A million documents through one process: does it fail on one, and does its memory stay?

    python -m benchmarks.soak                      # 1,000,000 short documents, about half an hour of one core
    python -m benchmarks.soak --documents 50000
    python -m benchmarks.soak --lines 6 --longest 400    # longer ones, four times the time

The documents are made here by a fixed seed: lines of the example articles, damaged, re-encoded, mixed with markup, site furniture,
traditional text, odd code points and plain noise. Each goes the whole way, from bytes to clean text, and must come back from its ledger.
Memory is that of this process. The exit code is 1 if a document failed or the second half of the run took more memory than ``ALLOWED``
megabytes beyond the first. ``python -m benchmarks --only soak`` is the same with a table in the results.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import textclean
from textclean.decode import encode

ARTICLES = Path(__file__).resolve().parent.parent / "examples" / "articles"
LOOKS = 50
ALLOWED = 8
LINES, LONGEST = 2, 40
"""Lines of a document at most, and characters of a line: each visits every stage, and a million of them take half an hour."""
CODECS = ("utf-8", "gb18030", "big5hkscs", "utf-16", "utf-16-le", "hz", "euc_jp", "latin-1")
FURNITURE = (
    "首页 | 新闻 | 体育 | 财经",
    "来源：萍乡日报  编辑：肖文忠",
    "责任编辑：李四",
    "相关新闻",
    "2022-07-22 16:43:29",
    "版权所有 未经授权不得转载",
    "&#20013;&#22269; \\u4e2d\\u56fd %E4%B8%AD",
    "ÖÐ¹ú涓浗",
    "增添新的動力!睖O口區委書記",
    "淥口區(qū)以產(chǎn)業(yè)項目建設(shè)為契機。",
    "<p>江水<a href='/'>涨</a>了</p>",
    "日本語のテキスト 한국어",
)


def documents(count: int, seed: int = 11, most: int = LINES, longest: int = LONGEST) -> Iterator[bytes]:
    """*count* files, as a crawler might bring them home."""
    draw = random.Random(seed)
    lines = [line for path in sorted(ARTICLES.glob("*.txt")) for line in path.read_text("utf-8").splitlines()]
    lines = [line[:longest] for line in lines if line.strip()]
    for _ in range(count):
        body = [
            draw.choice(lines) if draw.random() < 0.7 else draw.choice(FURNITURE) for _ in range(draw.randint(1, most))
        ]
        text = draw.choice(("\n", "\n", "\r\n", " ")).join(body)
        if draw.random() < 0.2:
            text = f"<html><title>{body[0]}</title><body><div>{text}</div></body></html>"
        if draw.random() < 0.15:
            at = draw.randrange(len(text) + 1)
            text = text[:at] + "".join(chr(draw.randrange(1, 0xD7FF)) for _ in range(draw.randint(1, 20))) + text[at:]
        raw = bytearray(text.encode(draw.choice(CODECS) if draw.random() < 0.4 else "utf-8", "ignore"))
        if raw and draw.random() < 0.15:
            for _ in range(draw.randint(1, 4)):
                raw[draw.randrange(len(raw))] = draw.randrange(256)
        yield bytes(raw)


class Look(NamedTuple):
    """What was seen after so many documents: megabytes read, CPU seconds, megabytes of memory, documents that failed."""

    documents: int
    read: float
    seconds: float
    resident: float
    failed: int


def run(every: int, made: Iterator[bytes]) -> Iterator[Look]:
    """Clean and restore each of the documents *made*; a look after *every* so many."""
    pipeline = textclean.Pipeline.default()
    failed = size = 0
    began = time.process_time()
    for number, raw in enumerate(made, 1):
        size += len(raw)
        try:
            doc = pipeline(textclean.decode(raw, id=str(number)))
            trouble = "" if encode(doc.original, doc.meta) == raw else "did not come back"
        except Exception as error:  # noqa: BLE001  whatever it is, it is told with the document that did it
            trouble = f"{type(error).__name__}: {error}"
        if trouble:
            failed += 1
            if failed <= 20:
                print(f"document {number}, {raw!r}: {trouble}", file=sys.stderr, flush=True)
        if number % every == 0:
            yield Look(number, size / 1e6, time.process_time() - began, resident(), failed)


def resident() -> float:
    """Megabytes."""
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> int:
    """Run, look, say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=LINES, help="of a document, at most")
    parser.add_argument("--longest", type=int, default=LONGEST, help="characters of a line")
    asked = parser.parse_args()
    seen = []
    made = documents(asked.documents, most=asked.lines, longest=asked.longest)
    for look in run(max(1, asked.documents // LOOKS), made):
        seen.append(look)
        print(
            f"{look.documents:>9,} documents, {look.read:6.0f} MB, {look.seconds:6.0f} s CPU, {look.resident:5.0f} MB resident",
            flush=True,
        )
    half = len(seen) // 2
    grown = max(look.resident for look in seen[half:]) - max(look.resident for look in seen[:half])
    print(f"{seen[-1].failed} failed; the second half took {grown:+.1f} MB")
    return int(seen[-1].failed > 0 or grown > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
