"""What tests of the report share: an output folder to report on, and what is packed into a page."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import batching
from textclean import Document, Edit, Pipeline
from textclean.batch.report import gather, page
from textclean.batch.runner import Request, run
from textclean.batch.watch import Silence
from textclean.stages import SiteTemplates

HOSTILE = [
    "<script>window.hit = 1</script>",
    '</script><script>window.hit = 2</script>"',
    "<!-- <img src=x onerror=window.hit=3>",
    "]]> {{facts}} &lt;b&gt; <b>bold</b>",
    "a\u2028b\u2029c\x07d\u202ee",
]
"""Lines that would be more than text on a careless page."""

STAGES = (SiteTemplates(), batching.swap, batching.footer, batching.Same())


def loud(doc: Document) -> list[Edit]:
    """A reason nobody knows, with evidence that is markup."""
    return [Edit(i, i + 1, "", "<b>loud", "<i>note</i>") for i, c in enumerate(doc.text) if c == "!"]


def news(folder: Path) -> Path:
    """Three pages of a site (two of them the same), one with a footer, one of hostile lines, and one nothing is done to."""
    site = folder / "site"
    site.mkdir(parents=True)
    for name, body in {"a": "中國新聞一", "b": "中國新聞一", "c": "別國的事"}.items():
        (site / f"{name}.txt").write_text(f"某某新闻网首页\n{body}\n責編:李四", encoding="utf-8")
    (folder / "hostile.txt").write_text("\n".join(["<b>國</b> !", *HOSTILE, "完"]), encoding="utf-8")
    (folder / "same.txt").write_text("一字未动。\n第二行。\n", encoding="utf-8")
    line = json.dumps({"id": '"><script>window.hit=4</script>', "text": "國國"})
    (folder / "rows.jsonl").write_text(f"{line}\nno json\n", encoding="utf-8")
    return folder


def many(folder: Path, documents: int) -> Path:
    """*documents* rows; every third is changed, and their numbers stand in their texts alone."""
    folder.mkdir()
    texts = ("國" * (n % 3 == 0) + f"正文之{n}号。" for n in range(documents))
    rows = (json.dumps({"id": f"row{n:04d}", "text": text}) for n, text in enumerate(texts))
    (folder / "rows.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return folder


def cleaned(source: Path, out: Path, **options: Any) -> Path:
    """*out* after a run over *source*."""
    request = Request((str(source),), out, Pipeline((*STAGES, loud)), **{"jobs": 1, **options})
    run(request, Silence())
    return out


def written(docs: list[Document], folder: Path) -> Path:
    """A report on *docs* with the history they have, without a run."""
    gathered = gather.Gathered()
    rows = [gathered.add(doc) for doc in docs]
    head, tail = page.frame(gather.summary(gathered, {}, []) | {"blocks": [len(rows)]})
    path = folder / "report.html"
    path.write_bytes(b"".join((head, *page.block(0, page.together(rows)), tail)))
    return path


def facts(html: bytes) -> Any:
    """What a page knows before a document is opened."""
    return _unpacked(re.findall(rb'id="facts">([^<]*)<', html)[0])


def documents(html: bytes) -> list[Any]:
    """The documents of a page."""
    return [row for block in re.findall(rb'id="block-\d+">([^<]*)<', html) for row in json.loads(block)]


def _unpacked(text: bytes) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(text)))
