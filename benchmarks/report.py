"""How long does the report take to write, to open and to search at 10,000 documents?

    python benchmarks/report.py [DOCUMENTS]

Cleans a generated corpus (the example articles' paragraphs, shuffled by a fixed
seed, with the furniture of a few sites around them), writes the report, and
opens it in the headless Chromium found on the machine.
"""

from __future__ import annotations

import random
import shutil
import statistics
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
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else temporary)
        source, out = folder / "in", folder / "out"
        if not out.exists():
            source.mkdir(parents=True)
            corpus(source, documents)
        began = time.process_time()
        request = runner.Request((str(source),), out, Pipeline.default(corpus=True), jobs=1)
        manifest = runner.run(request, Silence())
        print(f"cleaning       {time.process_time() - began:8.1f} s CPU  {manifest['totals']['bytes'] / 1e6:.1f} MB")
        began = time.process_time()
        path = report.write(out)
        print(f"report         {time.process_time() - began:8.1f} s CPU  {path.stat().st_size / 1e6:.1f} MB")
        if chromium := shutil.which("chromium"):
            in_browser(path, chromium)


def in_browser(path: Path, chromium: str) -> None:
    """What a person waits for, in milliseconds: the median of five."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  absent on most machines

    flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=flags.split())
        page = browser.new_page()
        for name, part, script in STEPS:
            times = []
            for _ in range(5):
                if name == "open":
                    page.goto("about:blank")
                    page.goto(path.as_uri(), wait_until="commit")
                    page.wait_for_selector("html[data-ready]")
                    times.append(page.evaluate("performance.now()"))
                else:
                    page.evaluate("part => { location.hash = part; }", part)
                    page.wait_for_timeout(300)
                    times.append(page.evaluate(script))
            print(f"{name:15}{statistics.median(times):8.0f} ms")
        memory = page.evaluate("performance.memory.usedJSHeapSize")
        print(f"heap           {memory / 1e6:8.0f} MB")
        browser.close()


_TYPED = """() => new Promise((done) => {
    const box = document.getElementById("search");
    const count = document.getElementById("count");
    document.getElementById("in-texts").checked = TEXTS;
    document.getElementById("in-texts").dispatchEvent(new Event("change"));
    box.value = "";
    box.dispatchEvent(new Event("input"));
    setTimeout(() => {
        const began = performance.now();
        const all = count.textContent;
        new MutationObserver((_, observer) => {
            if (count.textContent === all || count.textContent.includes("%") || (TEXTS && / 0 |^0 /.test(count.textContent))) return;
            observer.disconnect();
            requestAnimationFrame(() => done(performance.now() - began));
        }).observe(count, { childList: true, characterData: true, subtree: true });
        box.value = "WORD";
        box.dispatchEvent(new Event("input"));
    }, 500);
})"""
_OPENED = """() => new Promise((done) => {
    const began = performance.now();
    const main = document.getElementById("main");
    new MutationObserver((_, observer) => {
        if (!document.getElementById("text")) return;
        observer.disconnect();
        requestAnimationFrame(() => done(performance.now() - began));
    }).observe(main, { childList: true });
    location.hash = `#/document/${Math.floor(Math.random() * 10000)}`;
})"""
STEPS = (
    ("open", "", ""),
    ("search names", "#/documents", _TYPED.replace("TEXTS", "false").replace("WORD", "site17/0")),
    ("search texts", "#/documents", _TYPED.replace("TEXTS", "true").replace("WORD", "全区完成财政总收入")),
    ("open document", "#/documents", _OPENED),
)


if __name__ == "__main__":
    main()
