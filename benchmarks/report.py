"""How long does the report take to write, to open and to search at 10,000 documents?

    python benchmarks/report.py [DOCUMENTS]

Cleans a generated corpus (the example articles' paragraphs, shuffled by a fixed
seed, with the furniture of a few sites around them), writes the report, and
opens it in the headless Chromium found on the machine.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from textclean import Pipeline
from textclean.batch import report, runner
from textclean.batch.watch import Silence

ARTICLES = Path(__file__).parent.parent / "examples" / "articles"


def corpus(folder: Path, documents: int) -> None:
    """Write *documents* pages of about 1,000 characters below *folder*, of 40 sites."""
    lines = [line for path in sorted(ARTICLES.glob("*.txt")) for line in path.read_text("utf-8").splitlines()]
    lines = [line[:300] for line in lines if len(line) > 30]
    rng = random.Random(5)
    pages: list[str] = []
    for number in range(documents):
        site = f"site{number % 40:02d}"
        if pages and rng.random() < 0.05:
            page = rng.choice(pages)
        else:
            head = f"首页 > 新闻 > {site}要闻\n{rng.choice(lines)[:24]}\n2022-07-{number % 28 + 1:02d} 16:43:29 来源:{site}日报"
            foot = f"责任编辑:李{number % 7}\n相关新闻\n" + "\n".join(rng.choice(lines)[:18] for _ in range(6))
            page = "\n".join([head, *rng.sample(lines, 7), foot, f"{site}新闻网 投稿信箱 {site}@example.cn\n版权所有"])
            pages.append(page)
        path = folder / site / f"{number:05d}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(page, "utf-8")


def main() -> None:
    """Print each figure on a line."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as temporary:
        source, out = Path(temporary) / "in", Path(temporary) / "out"
        source.mkdir()
        corpus(source, documents)
        began = time.process_time()
        manifest = runner.run(runner.Request((str(source),), out, Pipeline.default(corpus=True), jobs=1), Silence())
        print(f"cleaning {time.process_time() - began:.1f} s CPU, {manifest['totals']['bytes'] / 1e6:.1f} MB")
        began = time.process_time()
        path = report.write(out)
        print(f"report   {time.process_time() - began:.1f} s CPU, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
