"""What does a reader of the report want to know of a run?

One pass over the documents with their history. Figures are of all documents;
the texts shown are all of them, or of a large run a sample, drawn by the hash
of the id: the same one whatever the order, and no part of the run is favoured.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import add
from typing import Any, NamedTuple, Self

from textclean.batch.report.page import dumps
from textclean.batch.report.pieces import Mark, Piece, Story, Why, story
from textclean.document import Document
from textclean.stages.boilerplate.sites import site_of

DOCUMENTS = 10_000
CHARACTERS = 20_000_000
"""At most about so many are shown: 10,000 pages of news are 30 MB of report, 20 million characters 60 MB."""
LONGEST = 200_000
"""Characters shown of one document."""
TITLE = 60
"""Characters of a title."""
ROWS = 500
"""Clusters and templates listed, the largest first."""

SIZES = (0, 20, 50, 100, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10_000, 20_000, 50_000, 100_000)
"""Where the bars of the chart of sizes begin, in characters."""
DUPLICATES = ("exact_duplicate", "near_duplicate", "duplicate_paragraph")
TEMPLATE = "site_template"

_SAID = re.compile(r"\S.*")
_KEPT = re.compile(r"(?:same as|with) (?!¶)(.+?)(?: ¶\d+)?$")

Row = dict[str, Any]


def _no_pages() -> list[int]:
    return [0, 0]


@dataclass
class Listed:
    """The documents shown, column by column: what a list of 10,000 needs to be searched and sorted."""

    id: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    reasons: list[list[int]] = field(default_factory=list)
    """Of each document its reasons, as places in :attr:`Gathered.reasons`."""


@dataclass
class Gathered:
    """What the pass found; :meth:`add` or :meth:`take` is called once a document, in order."""

    share: float = 1.0
    """How much of the run is shown."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Each reason, and its number."""
    touched: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(stage, reason): how many documents it changed."""
    listed: Listed = field(default_factory=Listed)
    before: list[int] = field(default_factory=lambda: [0] * len(SIZES))
    after: list[int] = field(default_factory=lambda: [0] * len(SIZES))
    left: list[int] = field(default_factory=lambda: [0] * 11)
    """How many documents kept 0–10 %, …, 90–100 %, and all of their characters."""
    changed: int = 0
    gone: int = 0
    duplicates: list[tuple[str, Why, bool]] = field(default_factory=list)
    """(id, why, whether all of the document went)."""
    templates: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(_no_pages))
    """(site, line): pages marked, pages cut."""
    notes: dict[tuple[str, str], str] = field(default_factory=dict)

    def __iadd__(self, after: Gathered) -> Self:
        """Take in what was found in the documents *after* these."""
        numbers = [self.reasons.setdefault(reason, len(self.reasons)) for reason in after.reasons]
        self.touched.update(after.touched)
        for name, values in vars(after.listed).items():
            listed = [sorted(numbers[old] for old in row) for row in values] if name == "reasons" else values
            getattr(self.listed, name).extend(listed)
        for sums, more in ((self.before, after.before), (self.after, after.after), (self.left, after.left)):
            sums[:] = map(add, sums, more)
        self.changed += after.changed
        self.gone += after.gone
        self.duplicates += after.duplicates
        for key, counts in after.templates.items():
            self.templates[key] = list(map(add, self.templates[key], counts))
        self.notes.update(after.notes)
        return self

    def add(self, doc: Document) -> bytes:
        """Count *doc*; the row to show of it, nothing if it is none of those shown."""
        told, row = card(doc, *_changed(doc), lambda: dumps(doc.text), shown=is_shown(doc.id, self.share))
        self.take(doc.id, told)
        return row

    def take(self, name: str, told: Card) -> None:
        """Count the document *name* by what is *told* of it."""
        before, after, steps, duplicates, title, site, templates = told
        self.before[_bar(before)] += 1
        if after:
            self.after[_bar(after)] += 1
        self.gone += not after
        self.left[min(10, after * 10 // before) if before else 10] += 1
        if steps:
            self.changed += 1
            self.touched.update((stage, reason) for stage, reason in steps)
            self.duplicates += ((name, Why(*why), not after) for why in duplicates)
        for line, note, cut in templates:
            counts = self.templates[site, line]
            counts[0] += 1
            counts[1] += cut
            self.notes[site, line] = note
        if title is not None:
            self.listed.id.append(name)
            self.listed.title.append(title)
            self.listed.before.append(before)
            self.listed.after.append(after)
            self.listed.reasons.append(
                sorted({self.reasons.setdefault(reason, len(self.reasons)) for _, reason in steps})
            )

    def plain(self) -> Row:
        """As JSON values, for :meth:`of`."""
        return {
            **vars(self),
            "touched": [[*step, count] for step, count in self.touched.items()],
            "listed": vars(self.listed),
            "templates": [[*key, *counts] for key, counts in self.templates.items()],
            "notes": [[*key, note] for key, note in self.notes.items()],
        }

    @classmethod
    def of(cls, row: Row) -> Gathered:
        """What :meth:`plain` gave."""
        found = cls(**row)
        found.touched = Counter({(stage, reason): count for stage, reason, count in row["touched"]})
        found.listed = Listed(**row["listed"])
        found.duplicates = [(name, Why(*why), whole) for name, why, whole in row["duplicates"]]
        found.templates = defaultdict(_no_pages, {(site, line): counts for site, line, *counts in row["templates"]})
        found.notes = {(site, line): note for site, line, note in row["notes"]}
        return found


class Card(NamedTuple):
    """What the figures need of one document; plain JSON values."""

    before: int
    after: int
    steps: list[list[str]]
    """(stage, reason) of the edits that changed it, each once, in order."""
    duplicates: list[list[str]]
    """The edits that took something as a copy: stage, reason, note."""
    title: str | None
    """None where it is not one of those shown."""
    site: str
    templates: list[list[Any]]
    """Lines marked as its site's: the line, the evidence, whether it was cut."""


def card(doc: Document, whys: list[Why], before: int, json: Callable[[], bytes], *, shown: bool) -> tuple[Card, bytes]:
    """What is counted of *doc*, and its row for the page, if it is to be *shown*.

    *whys* are the edits that changed it, *before* is how long it was before them all; *json* gives its text as JSON.
    """
    size = len(doc.text)
    if not doc.history:
        if not shown:
            return Card(size, size, [], [], None, "", []), b""
        return Card(size, size, [], [], _title(doc, doc.text), "", []), _untouched(doc, json())
    steps = sorted({(stage, reason) for stage, reason, _ in whys})
    duplicates = [list(why) for why in whys if why.reason in DUPLICATES]
    marked = any(edit.reason == TEMPLATE for change in doc.history for edit in change.undo)
    told = story(doc) if shown or marked else None  # a tenth of a millisecond, and of a large run few are shown
    templates = _templates_of(told) if told is not None and marked else []
    title = _title(doc, told.original) if told is not None and shown else None
    site = site_of(doc) if templates else ""
    row = dumps(row_of(doc, told)) if told is not None and shown else b""
    return Card(before, size, [list(step) for step in steps], duplicates, title, site, templates), row


def is_shown(name: str, share: float) -> bool:
    """Whether the document *name* is one of those shown."""
    if share >= 1:
        return True
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2**64


def _templates_of(told: Story) -> list[list[Any]]:
    marks = [mark for mark in told.marks if mark.why.reason == TEMPLATE]
    gone = list(_gone(told.pieces)) if marks else []
    return [
        [
            told.original[mark.start : mark.end].strip()[:120],
            mark.why.note,
            any(low <= mark.start and mark.end <= high for low, high in gone),
        ]
        for mark in marks
    ]


def shown_of(totals: Mapping[str, Any]) -> float:
    """The share of a run's documents that the report can show.

    >>> shown_of({"documents": 1_000_000, "characters_in": 900_000_000})
    0.01
    """
    documents, characters = totals.get("documents", 0), totals.get("characters_in", 0)
    share: float = min(1.0, DOCUMENTS / max(documents, 1), CHARACTERS / max(characters, 1))
    return share


def summary(gathered: Gathered, manifest: Mapping[str, Any], problems: Iterable[Row]) -> Row:
    """All that the page shows before a document is opened."""
    totals = manifest.get("totals", {})
    edits, removed = totals.get("edits", {}), totals.get("removed", {})
    order = {row["stage"]: number for number, row in enumerate(manifest.get("pipeline", ()))}
    steps = []
    for name in edits:
        stage, _, reason = name.rpartition("/")
        steps.append([stage, reason, edits[name], removed.get(name, 0), gathered.touched[stage, reason]])
    steps.sort(key=lambda step: (order.get(step[0], len(order)), step[0], -step[3], -step[2], step[1]))
    listed = list(problems)
    return {
        "version": manifest.get("textclean", ""),
        "inputs": manifest.get("inputs", []),
        "limit": manifest.get("limit"),
        "pipeline": manifest.get("pipeline", []),
        "totals": {name: totals.get(name, 0) for name in ("documents", "left", "characters_in", "characters_out")}
        | {"changed": gathered.changed, "gone": gathered.gone, "problems": len(listed)},
        "steps": steps,
        "sizes": [SIZES, gathered.before, gathered.after],
        "left": gathered.left,
        "clusters": _clusters(gathered),
        "templates": _templates(gathered),
        "problems": listed[:ROWS],
        "reasons": list(gathered.reasons),
        "docs": vars(gathered.listed),
    }


def _clusters(gathered: Gathered) -> Row:
    """Documents that others repeat: ``[kept, [[id, reason, note, all of it went], …]]``, the most repeated first."""
    found: dict[str, list[list[Any]]] = defaultdict(list)
    within = Counter[str]()
    for name, why, whole in gathered.duplicates:
        for part in why.note.split("; "):
            kept = kept_in(part)
            if kept and kept != name:
                found[kept].append([name, why.reason, part, whole])
            else:
                within[name] += 1
    rows = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    inside = sorted(within.items(), key=lambda item: (-item[1], item[0]))
    return {
        "all": len(rows),
        "rows": [[kept, len(members), members[:ROWS]] for kept, members in rows[:ROWS]],
        "within_all": len(inside),
        "within": inside[:ROWS],
    }


def kept_in(note: str) -> str:
    """The document that the note on a duplicate names; "" when it names a paragraph of its own.

    >>> kept_in("jaccard 0.93 with news/a b.txt ¶3"), kept_in("same as ¶1–¶5")
    ('news/a b.txt', '')
    """
    found = _KEPT.search(note)
    return found[1] if found else ""


def _templates(gathered: Gathered) -> Row:
    """Lines that sites repeat: ``[site, line, evidence, pages marked, pages cut]``, the most common first."""
    rows = sorted(gathered.templates.items(), key=lambda item: (-item[1][0], item[0]))
    return {"all": len(rows), "rows": [[*key, gathered.notes[key], *counts] for key, counts in rows[:ROWS]]}


def _changed(doc: Document) -> tuple[list[Why], int]:
    """The edits that changed the text of *doc*, each once, oldest first, and how long it was before them all."""
    found: list[Why] = []
    text, size = doc.text, len(doc.text)
    for change in reversed(doc.history):
        changed = [edit for edit in change.undo if edit.text != text[edit.start : edit.end]]
        found += (Why(change.stage, edit.reason, edit.note) for edit in reversed(changed))
        size += sum(len(edit.text) - (edit.end - edit.start) for edit in changed)
        if changed:
            text = change.before(text)
    return list(dict.fromkeys(reversed(found))), size


def _bar(size: int) -> int:
    return bisect_right(SIZES, size) - 1


def _title(doc: Document, original: str) -> str:
    title = doc.meta.get("title")
    if not isinstance(title, str) or not title.strip():
        found = _SAID.search(doc.text or original)
        title = found[0] if found else ""
    title = title.strip()
    return title if len(title) <= TITLE else title[: TITLE - 1] + "…"


def _gone(pieces: Iterable[Piece]) -> Iterator[tuple[int, int]]:
    """The stretches of the original of which nothing is left, neighbours joined."""
    at, start = 0, -1
    for piece in pieces:
        if piece.before and piece.after and start >= 0:
            yield start, at
            start = -1
        elif piece.before and not piece.after and start < 0:
            start = at
        at += len(piece.before)
    if start >= 0:
        yield start, at


def _untouched(doc: Document, text: bytes) -> bytes:
    """:func:`row_of` of a document without a history, whose *text* need not be spelled as JSON again."""
    if 0 < len(doc.text) <= LONGEST:
        return b'{"meta":%b,"pieces":[%b],"marks":[],"why":[]}' % (dumps(dict(doc.meta)), text)
    return dumps(row_of(doc, story(doc)))


def row_of(doc: Document, told: Story) -> Row:
    """One document as the page reads it; every edit is written once, and referred to by its number."""
    whys: dict[Why, int] = {}
    pieces: list[Any] = []
    for before, after, why in _up_to(LONGEST, told, doc):
        pieces.append([before, after, [whys.setdefault(each, len(whys)) for each in why]] if why else before)
    marks = [_marked(mark, whys) for mark in told.marks if mark.end <= LONGEST]
    row: Row = {"meta": dict(doc.meta), "pieces": pieces, "marks": marks, "why": [list(why) for why in whys]}
    if max(len(told.original), len(doc.text)) > LONGEST:
        row["short"] = LONGEST
    return row


def _up_to(longest: int, told: Story, doc: Document) -> Iterable[Piece]:
    """The pieces of *doc*, the last cut so that no more than *longest* characters are shown."""
    if len(told.original) + len(doc.text) <= longest:
        return told.pieces
    pieces = []
    for piece in told.pieces:
        if longest <= 0:
            break
        pieces.append(Piece(piece.before[:longest], piece.after[:longest], piece.why))
        longest -= max(len(piece.before), len(piece.after))
    return pieces


def _marked(mark: Mark, whys: dict[Why, int]) -> list[int]:
    return [mark.start, mark.end, whys.setdefault(mark.why, len(whys))]
