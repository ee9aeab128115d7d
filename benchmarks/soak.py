"""A million documents through one process: does it fail on one, and does its memory stay?

    python -m benchmarks.soak                      # 1,000,000 documents, about half an hour of one core
    python -m benchmarks.soak --documents 50000

The documents are made here by a fixed seed: lines of the example articles, damaged, re-encoded, mixed with markup, site furniture,
traditional text, odd code points and plain noise. Each goes the whole way, from bytes to clean text, and must come back from its ledger.
Memory (the resident set of this process) is looked at fifty times. The exit code is 1 if a document failed or the second half of the run
took more memory than ``ALLOWED`` megabytes beyond the first.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import textclean
from textclean.decode import encode

ARTICLES = Path(__file__).resolve().parent.parent / "examples" / "articles"
LOOKS = 50
ALLOWED = 24
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


def documents(count: int, seed: int = 11) -> Iterator[bytes]:
    """*count* files, as a crawler might bring them home."""
    draw = random.Random(seed)
    lines = [line for path in sorted(ARTICLES.glob("*.txt")) for line in path.read_text("utf-8").splitlines()]
    lines = [line[:400] for line in lines if line.strip()]
    for _ in range(count):
        body = [
            draw.choice(lines) if draw.random() < 0.7 else draw.choice(FURNITURE) for _ in range(draw.randint(1, 6))
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


def resident() -> float:
    """Megabytes."""
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> int:
    """Run, look, say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    asked = parser.parse_args()
    pipeline = textclean.Pipeline.default()
    seen: list[float] = []
    failed = size = 0
    began = time.process_time()
    for number, raw in enumerate(documents(asked.documents)):
        size += len(raw)
        try:
            doc = pipeline(textclean.decode(raw, id=str(number)))
            came_back = encode(doc.original, doc.meta) == raw
        except Exception as error:  # noqa: BLE001  whatever it is, it is told with the document that did it
            came_back, doc = False, None
            print(f"document {number}: {type(error).__name__}: {error}", flush=True)
        if not came_back:
            failed += 1
            if failed <= 20:
                print(f"document {number} {'did not come back' if doc else 'failed'}: {raw!r}", flush=True)
        if (number + 1) % max(1, asked.documents // LOOKS) == 0:
            seen.append(resident())
            spent = time.process_time() - began
            print(
                f"{number + 1:>9,} documents, {size / 1e6:6.0f} MB, {spent:6.0f} s CPU, {seen[-1]:5.0f} MB resident",
                flush=True,
            )
    half = len(seen) // 2
    grown = max(seen[half:]) - max(seen[:half])
    print(f"{failed} failed; the second half took {grown:+.1f} MB")
    return int(failed > 0 or grown > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
