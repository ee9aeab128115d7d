"""How can text change and still be traced?

A :class:`Document` is a text and the ledger of everything that was done to it.
Stages never write text; they return :class:`Edit` values, and
:meth:`Document.edit`, here, is the only place where new text is made.

What is kept of each step is not a copy but *the way back*: the inverse edits,
of the same type and applied by the same function. The text plus its history is
therefore enough to rebuild every earlier state, and nothing is stored twice.
(The alternative, one alignment entry per character as some tokenizers keep,
costs 16 bytes a byte; the alternative of marking spans and cutting them at the
end cannot work here, because a later stage must see the repaired text.)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by *text*, and say why.

    *start* and *end* are a half-open span in code points of the text the stage
    was shown. ``text=""`` removes the span; ``start == end`` inserts. An edit
    whose *text* equals its span changes nothing and only states a fact: *meta*
    read from the span, or evidence for a later stage (see
    :meth:`Document.marks`).

    *reason* is a stable snake_case label, *note* is evidence for a person,
    *meta* are facts read from the span (values must be plain JSON values).

    >>> Edit(0, 4, "", "contact", note="hotline number")
    Edit(start=0, end=4, text='', reason='contact', note='hotline number', meta={})
    """

    start: int
    end: int
    text: str
    reason: str
    note: str = ""
    meta: Mapping[str, Any] = {}


class AuditRow(NamedTuple):
    """One line of the ledger as a person reads it.

    *start* and *end* say where in the **original** text; *before* and *after*
    are the span as the stage saw it and what it became (equal for a fact).
    """

    stage: str
    reason: str
    note: str
    start: int
    end: int
    before: str
    after: str
    meta: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What one stage did, written as the way back.

    Applying *undo* to the text after the change gives the text before it.
    Facts stand in the same list: their text equals the span they are about.
    """

    stage: str
    undo: tuple[Edit, ...]

    @cached_property
    def _starts(self) -> tuple[list[int], list[int]]:
        """Where each edit begins: after the change, and before it."""
        after, before, shift = [], [], 0
        for edit in self.undo:
            after.append(edit.start)
            before.append(edit.start + shift)
            shift += len(edit.text) - (edit.end - edit.start)
        return after, before

    @cached_property
    def _moves(self) -> bool:
        """Whether any character has another place after the change than before it."""
        return any(len(edit.text) != edit.end - edit.start for edit in self.undo)

    def __getstate__(self) -> dict[str, Any]:
        return {"stage": self.stage, "undo": self.undo}  # the offset tables are cheaper to rebuild than to send

    def before(self, text: str) -> str:
        """The text before this change, given the *text* it left.

        >>> Document("a", "中。文").edit("s", [Edit(1, 2, "", "r")]).history[0].before("中文")
        '中。文'
        """
        return _spliced(text, self.undo)

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The span before this change that ``start:end`` after it came from."""
        if start < end:
            return self._character_back(start)[0], self._character_back(end - 1)[1]
        index = bisect_right(self._starts[0], start) - 1
        if index >= 0:
            edit, was = self.undo[index], self._starts[1][index]
            if edit.start < start < edit.end and len(edit.text) != edit.end - edit.start:
                return was, was + len(edit.text)
        point = self._character_back(start)[0]
        return point, point

    def _character_back(self, at: int) -> tuple[int, int]:
        after, before = self._starts
        index = bisect_right(after, at) - 1
        if index < 0:
            return at, at + 1
        edit, was = self.undo[index], before[index]
        if at >= edit.end:
            here = was + len(edit.text) + at - edit.end
            return here, here + 1
        if len(edit.text) == edit.end - edit.start:
            # Equal length: every character keeps its own place.
            here = was + at - edit.start
            return here, here + 1
        return was, was + len(edit.text)

    def forward(self, start: int, end: int) -> tuple[int, int] | None:
        """Where ``start:end`` before this change stands after it; None if nothing of it is left whole.

        Edits inside the span stretch or shrink it; one that reaches over its
        edge takes its own part away.
        """
        low, high = self._edge_forward(start, opens=True), self._edge_forward(end, opens=False)
        return (low, high) if low < high else None

    def _edge_forward(self, at: int, *, opens: bool) -> int:
        before = self._starts[1]
        # Insertions exactly at the edge stay outside the span: after an opening edge's left neighbour, not inside.
        index = (bisect_right if opens else bisect_left)(before, at) - 1
        if index < 0:
            return at
        edit, was = self.undo[index], before[index]
        past = at - was - len(edit.text)
        if past >= 0:
            return edit.end + past
        if len(edit.text) == edit.end - edit.start or at == was:
            return edit.start + at - was
        return edit.end if opens else edit.start


@dataclass(frozen=True, slots=True)
class Document:
    """A text, what is known about it, and everything that was done to it.

    *id* names the document (for a file: its path relative to the input),
    *meta* holds JSON-like facts, *history* is the ledger. Immutable: every
    method that "changes" something returns a new Document.

    >>> doc = Document("a", "正文。\\n責編:李四").edit("strip", [Edit(3, 9, "", "byline", meta={"editor": "李四"})])
    >>> doc.text, doc.meta["editor"], doc.original
    ('正文。', '李四', '正文。\\n責編:李四')
    """

    id: str
    text: str
    meta: Mapping[str, Any] = field(default_factory=dict)
    history: tuple[Change, ...] = ()

    def edit(self, stage: str, edits: Iterable[Edit]) -> Document:
        """Apply *edits*, signed by *stage*; the same document if there is nothing to do.

        Edits may come in any order and must not overlap. Two insertions at one
        place keep the order they came in.

        Raises ValueError when an edit overlaps its neighbour or leaves the text.
        """
        ordered = sorted(edits, key=_place)
        if not ordered:
            return self
        _refuse_bad_spans(ordered, self)
        ordered = list(self._news(stage, ordered))
        if not ordered:
            return self
        text, undo = _splice(self.text, ordered)
        meta = self.meta
        for edit in ordered:
            if edit.meta:
                meta = {**meta, **edit.meta}
        return Document(self.id, text, meta, (*self.history, Change(stage, undo)))

    def _news(self, stage: str, edits: Iterable[Edit]) -> Iterator[Edit]:
        """Those of *edits* that change the text or state something the ledger does not hold yet."""
        held: set[tuple[int, int, str, str]] | None = None
        for edit in edits:
            if self.text[edit.start : edit.end] != edit.text:
                yield edit
            elif edit.meta or edit.start == edit.end:
                if any(self.meta.get(key) != value for key, value in edit.meta.items()):
                    yield edit
            else:
                if held is None:
                    # Asked once for all: a page of HTML brings a mark on every line.
                    rows = (row for row in self.audit() if row.stage == stage and row.before == row.after)
                    held = {(row.start, row.end, row.reason, row.note) for row in rows}
                if not held or (*self.origin(edit.start, edit.end), edit.reason, edit.note) not in held:
                    yield edit

    @property
    def original(self) -> str:
        """The text as it came in, whatever was done since."""
        text = self.text
        for change in reversed(self.history):
            text = change.before(text)
        return text

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` came from, as a span of :attr:`original`.

        Characters no stage touched, and characters inside an edit of equal
        length, map to exactly themselves; a character inside any other
        replacement maps to the whole span it replaced.

        Raises IndexError when the span leaves the text.

        >>> Document("a", "臺北市").edit("zh", [Edit(0, 2, "台北", "script")]).origin(1, 3)
        (1, 3)
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(
                f"span {start}:{end} leaves the text of {self.id!r}, which has {len(self.text)} characters"
            )
        for change in reversed(self.history):
            start, end = change.back(start, end)
        return start, end

    def audit(self) -> Iterator[AuditRow]:
        """Every change and every fact, oldest first, with its place in the original."""
        text = self.text
        stages: list[tuple[int, str]] = []
        for number in range(len(self.history) - 1, -1, -1):
            stages.append((number, text))
            text = _spliced(text, self.history[number].undo)
        for number, after in reversed(stages):
            change = self.history[number]
            stage = change.stage
            moving = [earlier for earlier in reversed(self.history[:number]) if earlier._moves]  # noqa: SLF001
            starts = change._starts[1]  # noqa: SLF001  one room, two classes
            for (low, high, before, reason, note, meta), start in zip(change.undo, starts, strict=True):
                end = start + len(before)
                for earlier in moving:
                    start, end = earlier.back(start, end)  # noqa: PLW2901
                yield AuditRow(stage, reason, note, start, end, before, after[low:high], meta)

    def marks(self, reason: str) -> list[Edit]:
        """The facts with this *reason*, at their place in the text as it is now.

        How one stage leaves evidence for a later one without touching the text.
        A mark whose characters were cut, or rewritten together with others
        outside it, is no longer listed.
        """
        found = []
        for number, change in enumerate(self.history):
            for mark in change.undo:
                if mark.reason != reason or mark.start == mark.end:
                    continue
                span: tuple[int, int] | None = (mark.start, mark.end)
                if len(mark.text) != mark.end - mark.start:
                    continue
                for later in self.history[number + 1 :]:
                    if span is None:
                        break
                    span = later.forward(*span)
                if span is not None:
                    found.append(mark._replace(start=span[0], end=span[1], text=self.text[slice(*span)]))
        return found


def _place(edit: Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _refuse_bad_spans(ordered: Sequence[Edit], doc: Document) -> None:
    """Raise ValueError unless *ordered* (by place) is disjoint and inside the text."""
    at = 0
    for edit in ordered:
        if not 0 <= edit.start <= edit.end <= len(doc.text):
            raise ValueError(
                f"{edit!r} leaves the text of document {doc.id!r}, which has {len(doc.text)} characters: "
                "spans count code points of the text the stage was shown"
            )
        if edit.start < at:
            raise ValueError(
                f"{edit!r} overlaps the edit before it in document {doc.id!r}: "
                "return one edit for a span, or split it so that each character is named once"
            )
        at = edit.end


def _splice(text: str, edits: Sequence[Edit]) -> tuple[str, tuple[Edit, ...]]:
    """Apply disjoint edits in order of place; the new text, and the edits that lead back."""
    back: list[Edit] = []
    shift = 0
    for start, end, new, reason, note, meta in edits:
        head = start + shift
        back.append(Edit(head, head + len(new), text[start:end], reason, note, meta))
        shift += len(new) - (end - start)
    return _spliced(text, edits), tuple(back)


def _spliced(text: str, edits: Sequence[Edit]) -> str:
    """The text that disjoint edits make, in order of place."""
    out: list[str] = []
    at = 0
    for edit in edits:
        out.append(text[at : edit.start])
        out.append(edit.text)
        at = edit.end
    out.append(text[at:])
    return "".join(out)
