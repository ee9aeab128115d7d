"""Several repairs, one after the other, as one list of edits.

Each repair must see what the one before it made, but a stage may only answer
with edits of the text it was shown. :class:`Repairs` keeps both: the text as
it is now, and the changed regions with their place at the beginning.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from textclean.document import Edit


class _Region(NamedTuple):
    start: int  # in the text as it is now
    end: int
    first: int  # in the text as it was at the beginning
    last: int
    reason: str
    note: str
    meta: Mapping[str, Any] = {}


class Repairs:
    """A text under repair.

    >>> repairs = Repairs("甲乙丙丁")
    >>> repairs.apply([Edit(1, 2, "", "control")])
    >>> repairs.text
    '甲丙丁'
    >>> repairs.apply([Edit(2, 3, "戊己", "byte_slip")])
    >>> repairs.edits()
    [Edit(start=1, end=2, text='', reason='control', note='', meta={}), Edit(start=3, end=4, text='戊己', reason='byte_slip', note='', meta={})]
    """

    def __init__(self, text: str) -> None:
        self.text = self._original = text
        self._regions: list[_Region] = []
        self._marks: list[_Region] = []

    def apply(self, edits: Iterable[Edit], mode: str = "fix") -> None:
        """Take in what one repair found; with *mode* "mark", only note what it would do.

        An edit that changes nothing is a fact, and kept as it is with "mark".
        """
        ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
        if mode == "mark":
            for edit in ordered:
                first, last = self._place(edit.start, edit.end)
                if edit.text == self.text[edit.start : edit.end]:
                    self._marks.append(_Region(edit.start, edit.end, first, last, edit.reason, edit.note, edit.meta))
                    continue
                shown = edit.text if len(edit.text) <= 40 else edit.text[:39] + "…"
                note = f"{edit.note}; would read “{shown}”" if edit.note else f"would read “{shown}”"
                self._marks.append(_Region(edit.start, edit.end, first, last, edit.reason, note))
            return
        if ordered:
            self._merge(ordered)

    def edits(self) -> list[Edit]:
        """All of it, in code points of the text at the beginning.

        A mark whose characters were repaired by something else is left out.
        """
        original, found = self._original, []
        for region in self._regions:
            now = self.text[region.start : region.end]
            if now != original[region.first : region.last]:
                found.append(Edit(region.first, region.last, now, region.reason, region.note))
        taken = [(edit.start, edit.end) for edit in found]
        for mark in sorted(self._marks, key=lambda mark: (mark.first, mark.last)):
            at = bisect_left(taken, (mark.last, -1))
            if mark.first < mark.last and (at == 0 or taken[at - 1][1] <= mark.first):
                taken.insert(at, (mark.first, mark.last))
                span = original[mark.first : mark.last]
                found.append(Edit(mark.first, mark.last, span, mark.reason, mark.note, mark.meta))
        return sorted(found, key=lambda edit: (edit.start, edit.end))

    def _place(self, start: int, end: int) -> tuple[int, int]:
        shift = 0
        first = last = None
        for region in self._regions:
            if region.end <= start and not (region.start == region.end == start == end):
                shift = region.last - region.end
                continue
            if region.start >= end:
                break
            first = min(region.first, start + shift) if first is None else first
            last = max(region.last, end + region.last - region.end)
            shift = region.last - region.end
        return (start + shift if first is None else first, end + shift if last is None else last)

    def _merge(self, edits: list[Edit]) -> None:
        if not self._regions and _are_apart(edits):
            self._begin(edits)
            return
        out: list[str] = []
        merged: list[_Region] = []
        text, regions = self.text, self._regions
        at = 0  # how far the text is copied
        back = 0  # place at the beginning minus place now, after the regions passed
        grown = 0  # place after this merge minus place now, after the edits passed
        i = j = 0
        while i < len(regions) or j < len(edits):
            # The next cluster: regions and edits that share a character, taken together.
            start = min(
                regions[i].start if i < len(regions) else len(text), edits[j].start if j < len(edits) else len(text)
            )
            end = start
            labels: list[str] = []
            notes: list[str] = []
            first = start + back
            opening = start + grown
            out.append(text[at:start])
            at = start
            while True:
                if i < len(regions) and _joins(regions[i].start, regions[i].end, start, end, bool(labels)):
                    region = regions[i]
                    labels.append(region.reason)
                    notes.append(region.note)
                    end, back, i = max(end, region.end), region.last - region.end, i + 1
                elif j < len(edits) and _joins(edits[j].start, edits[j].end, start, end, bool(labels)):
                    edit = edits[j]
                    labels.append(edit.reason)
                    notes.append(edit.note)
                    out += (text[at : edit.start], edit.text)
                    grown += len(edit.text) - (edit.end - edit.start)
                    at, end, j = edit.end, max(end, edit.end), j + 1
                else:
                    break
            out.append(text[at:end])
            at = end
            said = "; ".join(dict.fromkeys(note for note in notes if note))
            merged.append(_Region(opening, end + grown, first, end + back, labels[0], said))
        out.append(text[at:])
        self.text, self._regions = "".join(out), merged

    def _begin(self, edits: list[Edit]) -> None:
        """What merging comes to where nothing was repaired before, as in most texts: each edit is a region of its own."""
        out: list[str] = []
        at = grown = 0
        for start, end, new, reason, note, _ in edits:
            out += (self.text[at:start], new)
            moved = start + grown
            self._regions.append(_Region(moved, moved + len(new), start, end, reason, note))
            grown += len(new) - (end - start)
            at = end
        out.append(self.text[at:])
        self.text = "".join(out)


def _are_apart(edits: list[Edit]) -> bool:
    """Whether each of *edits* replaces something, and none anything of another."""
    return edits[0].start < edits[0].end and all(one.end <= after.start < after.end for one, after in pairwise(edits))


def _joins(start: int, end: int, low: int, high: int, begun: bool) -> bool:
    """Whether ``start:end`` belongs to the cluster ``low:high``."""
    if not begun:
        return start == low
    return start < high or start == end == low == high
