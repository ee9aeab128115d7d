"""What became of each character of one document?

The ledger tells what each stage did to the text it was shown. A person wants to
see it on one page: the original, in order, with what went, what took its place
and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from textclean.document import AuditRow, Document


class Segment(NamedTuple):
    """A stretch of the original (*before*) and what it is now (*after*), with the reasons for any difference.

    Equal: it stayed. *after* empty: it went. *before* empty: it was put in.
    """

    before: str
    after: str
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """``kept``, ``removed``, ``inserted``, ``respelled`` (character for character) or ``replaced``."""
        if self.before == self.after:
            return "kept"
        if not self.after:
            return "removed"
        if not self.before:
            return "inserted"
        return "respelled" if len(self.before) == len(self.after) else "replaced"


def segments(doc: Document) -> list[Segment]:
    """*doc* from its first to its last character.

    >>> from textclean import Edit
    >>> segments(Document("a", "新聞。電話123").edit("s", [Edit(1, 2, "闻", "script"), Edit(3, 8, "", "contact")]))
    ... # doctest: +NORMALIZE_WHITESPACE
    [Segment(before='新', after='新', reasons=(), notes=()), Segment(before='聞', after='闻', reasons=('script',), notes=()),
     Segment(before='。', after='。', reasons=(), notes=()), Segment(before='電話123', after='', reasons=('contact',), notes=())]
    """
    doc = shown(doc)
    original = doc.original
    rows = [row for row in doc.audit() if row.before != row.after]
    found: list[Segment] = []
    for low, high, text in _runs(doc, original):
        before = original[low:high]
        if before == text:
            found.append(Segment(before, text))
        elif text:
            found.append(Segment(before, text, *_why([row for row in rows if _touch(row, low, high)])))
        else:
            found += _removed(original, low, high, rows)
    return found


def shown(doc: Document) -> Document:
    """*doc* as a page shows it: from the lines of the page on, not from its markup."""
    pages = [
        number for number, change in enumerate(doc.history) if any(edit.reason == "markup" for edit in change.undo)
    ]
    return replace(doc, history=doc.history[pages[-1] + 1 :]) if pages else doc


def _removed(original: str, low: int, high: int, rows: list[AuditRow]) -> Iterator[Segment]:
    """A stretch that is gone, cut where the reason changes: what went first was not there to be removed again."""
    cuts = sorted({low, high, *(at for row in rows for at in (row.start, row.end) if low < at < high)})
    last: Segment | None = None
    for start, end in pairwise(cuts):
        piece = original[start:end]
        shorter = (row for row in rows if row.start <= start and end <= row.end and len(row.after) < len(row.before))
        first = next(shorter, None)
        why = _why([first] if first else [row for row in rows if _touch(row, start, end)])
        if last is not None and ((last.reasons, last.notes) == why or not piece.strip()):
            last = last._replace(before=last.before + piece)  # blanks between two removals need no reason of their own
            continue
        if last is not None:
            yield last
        last = Segment(piece, "", *why)
    if last is not None:
        yield last


class _Block(NamedTuple):
    low: int
    high: int
    text: str

    def kind(self, original: str) -> str:
        before = original[self.low : self.high]
        if before == self.text:
            return "kept"
        return "respelled" if len(before) == len(self.text) else "block"


def _runs(doc: Document, original: str) -> Iterator[_Block]:
    """Every stretch of the original, each of one kind, with its text now."""
    at = 0
    run: _Block | None = None
    for block in [*_blocks(doc), _Block(len(original), len(original), "")]:
        kind = block.kind(original)
        if run is not None and (block.low > at or kind == "block" or kind != run.kind(original)):
            yield run
            run = None
        if block.low > at:
            yield _Block(at, block.low, "")
        run = block if run is None else _Block(run.low, block.high, run.text + block.text)
        at = max(at, block.high)
    if run is not None and (run.text or run.low < run.high):
        yield run


def _blocks(doc: Document) -> list[_Block]:
    """The characters of the text with their place in the original; those of one replaced span together."""
    blocks: list[_Block] = []
    for at, character in enumerate(doc.text):
        low, high = doc.origin(at, at + 1)
        if blocks and low < blocks[-1].high:
            last = blocks.pop()
            blocks.append(_Block(last.low, max(last.high, high), last.text + character))
        else:
            blocks.append(_Block(low, high, character))
    return blocks


def _touch(row: AuditRow, low: int, high: int) -> bool:
    if row.start == row.end:
        return low <= row.start <= high
    return row.start < high and low < row.end


def _why(rows: list[AuditRow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    reasons = tuple(dict.fromkeys(row.reason for row in rows))
    return reasons, tuple(dict.fromkeys(row.note for row in rows if row.note))
