"""How well does StripBoilerplate tell the article from the site, and how fast?

    python benchmarks/boilerplate.py          # the table; its floors are kept by benchmarks/floors.py
    python benchmarks/boilerplate.py quick    # without HTML input and speed

The pages are the judging data beside the project (``../shared/eval``); where
they are absent a sentence says so and nothing is judged. Every page is judged
by a model that has not seen its site: the folder ``boilerplate_folds`` holds
one for each part of the sites, made by ``train_boilerplate.py``. Figures of
the shipped model on these pages would be worth nothing, it was trained on them.
"""

from __future__ import annotations

import io
import json
import random
import re
import sys
import tarfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from textclean import Document, Edit, Pipeline, StripBoilerplate
from textclean.html import render
from textclean.stages.boilerplate import model

HERE = Path(__file__).resolve().parent
PARTS, SEED = 4, 7
SETS = ("boilerplate_dev", "modern_dev")


@dataclass
class Page:
    """A labelled page: its lines, which of them are the article's (None: not judged), and what is known of it."""

    id: str
    family: str
    modern: bool
    kind: str
    lines: list[str]
    keep: list[bool | None]
    light: tuple[int, int]
    meta: dict[str, Any]
    tags: list[str]
    markup: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def body(self) -> tuple[int, int] | None:
        """First and last line of the article."""
        kept = [number for number, keep in enumerate(self.keep) if keep]
        return (kept[0], kept[-1]) if kept else None


def data() -> Path | None:
    """The folder with the judging data, if it is there."""
    for parent in HERE.parents:
        folder = parent / "shared" / "eval"
        if (folder / "boilerplate_dev.jsonl").exists():
            return folder
    return None


def folder_of_folds() -> Path:
    """Where the models of the parts lie."""
    return HERE / "boilerplate_folds"


def fold_of(families: Iterable[str], parts: int = PARTS, seed: int = SEED) -> dict[str, int]:
    """The part each family of sites is in; a family is never in two."""
    ordered = sorted(set(families))
    random.Random(seed).shuffle(ordered)
    return {family: number % parts for number, family in enumerate(ordered)}


def pages() -> list[Page]:
    """All labelled pages, with markup and what it says of each line where there is any."""
    folder = data()
    if folder is None:
        sys.exit(f"The judging data (../shared/eval beside {HERE.parent}) is not there: nothing to judge.")
    found = []
    for name in SETS:
        markup = dict(_markup(folder / f"{name}_html.tar.xz"))
        for row in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            page = json.loads(row)
            one = Page(
                page["id"],
                page["family"],
                name == "modern_dev",
                page.get("kind", page["genre"]),
                [line["text"] for line in page["lines"]],
                [line["keep"] for line in page["lines"]],
                (page["light_range"][0], page["light_range"][1]),
                page["meta"],
                page.get("tags", []),
                markup.get(Path(page.get("html_path") or "none").name, ""),
            )
            if one.markup:
                text, marks = render(one.markup)
                if text.split("\n") == one.lines:
                    one.notes = [mark.note for mark in marks if mark.reason == "html_line"]
            found.append(one)
    return found


def _markup(path: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                yield Path(member.name).name, _decoded(file.read())


def _decoded(raw: bytes) -> str:
    """Enough for these pages; the judging of decoding lies elsewhere."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", raw[:6000], re.IGNORECASE)
        name = named[1].decode().lower() if named else "gb18030"
        try:
            return io.TextIOWrapper(io.BytesIO(raw), "gb18030" if name.startswith("gb") else name, "replace").read()
        except LookupError:
            return raw.decode("gb18030", "replace")


Judged = tuple[Sequence[str], Sequence[bool | None], Sequence[bool]]


def judged(lines: Sequence[str], keep: Sequence[bool | None], mark: str = "\n", notes: Sequence[str] = ()) -> Judged:
    """What the stage keeps of a page of these lines, joined by *mark*."""
    text = mark.join(lines)
    doc = Document("page", text)
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])
    if notes:
        shown = zip(starts, lines, notes, strict=False)
        doc = doc.edit(
            "decode",
            [Edit(int(at), int(at) + len(line), line, "html_line", note) for at, line, note in shown],
        )
    gone = bytearray(len(text) + 1)
    for edit in StripBoilerplate()(doc):
        if not edit.text:
            gone[edit.start : edit.end] = b"\1" * (edit.end - edit.start)
    spans = zip(starts, lines, strict=False)
    return lines, keep, [sum(gone[at : at + len(line)]) * 2 < len(line) for at, line in spans]


def figures(name: str, results: Sequence[Judged]) -> dict[str, float]:
    """The mean F1 of lines a page, the share of pages right and of pages that lost a line, and the F1 of characters."""
    scores, exact, lossy = [], 0, 0
    characters = np.zeros(3)
    for lines, keep, kept in results:
        right = excess = lost = 0
        for line, want, got in zip(lines, keep, kept, strict=True):
            if want is None:
                continue
            size = len("".join(line.split()))
            characters += (size * (want and got), size * (got and not want), size * (want and not got))
            right, excess, lost = right + (want and got), excess + (got and not want), lost + (want and not got)
        scores.append(2 * right / (2 * right + excess + lost) if right else float(excess == lost == 0))
        exact += excess == lost == 0
        lossy += lost > 0
    both, more, less = characters
    return {
        f"{name} docF1": float(np.mean(scores)),
        f"{name} exact": exact / len(results),
        f"{name} lossy": lossy / len(results),
        f"{name} charF": float(2 * both / (2 * both + more + less)),
    }


def sites_apart(found: Sequence[Page]) -> Iterator[Page]:
    """Each page in turn, with the model in place that has not seen its site."""
    part = fold_of({page.family for page in found})
    shipped = model.line_model
    for number in range(PARTS):
        with np.load(folder_of_folds() / f"{number}.npz") as stored:
            unseen = model.unpacked({name: stored[name] for name in stored.files})
        model.line_model = lambda unseen=unseen: unseen  # type: ignore[assignment]
        yield from (page for page in found if part[page.family] == number)
    model.line_model = shipped


def quality(found: Sequence[Page], *, html: bool) -> dict[str, float]:
    """All figures of quality."""
    results: dict[str, list[Judged]] = {}
    touched = {"bodies touched": 0, "clean texts touched": 0}
    hits: dict[str, list[bool]] = {}
    for page in sites_apart(found):
        low, high = page.light
        window = page.lines[low:high], page.keep[low:high]
        if page.modern:
            results.setdefault("modern", []).append(judged(*window))
        else:
            results.setdefault("full", []).append(judged(page.lines, page.keep))
            results.setdefault("light", []).append(judged(*window))
            results.setdefault("flat", []).append(judged(*window, " "))
            for fact, hit in _facts(page):
                hits.setdefault(fact, []).append(hit)
        if html and page.notes:
            results.setdefault("html", []).append(judged(page.lines, page.keep, notes=page.notes))
        body = [line for line, keep in zip(page.lines, page.keep, strict=True) if keep]
        touched["bodies touched"] += not all(judged(body, [True] * len(body))[2])
        if "no-boilerplate" in page.tags:
            touched["clean texts touched"] += not all(judged(*window)[2])
    table: dict[str, float] = {}
    for name, rows in results.items():
        table |= figures(name, rows)
    return table | touched | {f"meta {fact}": float(np.mean(rows)) for fact, rows in hits.items()}


def _facts(page: Page) -> Iterator[tuple[str, bool]]:
    """Whether each fact that the labels know was read from the whole page."""
    meta = Pipeline([StripBoilerplate()])(Document("page", "\n".join(page.lines))).meta
    for fact, key in (("published", "date"), ("source", "source"), ("title", "title")):
        want, got = page.meta.get(key), str(meta.get(fact, ""))
        if want:
            yield fact, re.sub(r"\D", "", got)[:8] == re.sub(r"\D", "", want)[:8] if key == "date" else got == want


def speed(found: Sequence[Page]) -> dict[str, float]:
    """MB of UTF-8 a second of CPU time: whole pages, and the paragraphs of articles alone; median of five."""
    noisy = ["\n".join(page.lines) for page in found if not page.modern]
    paragraphs = [
        line for page in found for line, keep in zip(page.lines, page.keep, strict=True) if keep and len(line) > 80
    ]
    plain = ["\n".join(paragraphs[at : at + 10]) for at in range(0, len(paragraphs), 10)]
    return {f"MB/s {name}": _rate(texts) for name, texts in (("noisy", noisy), ("plain", plain))}


def _rate(texts: Sequence[str]) -> float:
    stage = StripBoilerplate()
    docs = [Document("page", text) for text in texts]
    stage(docs[0])
    times = []
    for _ in range(5):
        start = time.process_time()
        for doc in docs:
            stage(doc)
        times.append(time.process_time() - start)
    return sum(len(text.encode()) for text in texts) / 1e6 / float(np.median(times))


def main() -> None:
    """Print the table."""
    if data() is None:
        print("The judging data (../shared/eval) is not beside the project: nothing was judged.")
        return
    quick = "quick" in sys.argv
    found = pages()
    table = quality(found, html=not quick)
    if not quick:
        table |= speed(found)
    for name, figure in table.items():
        print(f"{name:22}{figure:8.3f}")


if __name__ == "__main__":
    main()
