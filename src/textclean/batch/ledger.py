"""How does a history look on disk?

As rows of plain JSON, newest change first, because that is the direction it is
read in: the text as it is now, and the way back, step by step. What a span was
is stored only where it differs from what it became: an edit of equal length (a
converted paragraph) keeps the characters that changed and a filler for the
others, which deflate shrinks to almost nothing.

    [stage, [[gap, length, was, reason, note?, meta?], …]]

*gap* counts from the end of the edit before it; *length* is the length of the
span after the change. *was* begins with ``+`` for the whole text, or with the
filler.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from textclean.document import Change, Document, Edit

Packed = list[list[Any]]

_FILLERS = "=~^|_"
SHORT = 40
"""Characters up to which they are compared one by one: arrays take longer to be made."""


def pack(doc: Document) -> Packed:
    """The history of *doc* as JSON values; :func:`unpack` needs them and the text."""
    text = doc.text
    packed: Packed = []
    for change in reversed(doc.history):
        items, at = [], 0
        for start, end, was, reason, note, meta in change.undo:
            item = [start - at, end - start, _less(was, text[start:end]), reason]
            if meta:
                item += [note, dict(meta)]
            elif note:
                item.append(note)
            items.append(item)
            at = end
        packed.append([change.stage, items])
        if len(packed) < len(doc.history):
            text = change.before(text)
    return packed


def unpack(text: str, packed: Packed) -> tuple[Change, ...]:
    """The history that led to *text*, oldest change first.

    Raises ValueError when *packed* does not belong to *text*.
    """
    changes = []
    for stage, items in packed:
        undo, at = [], 0
        for item in items:
            gap, length, was, reason = item[:4]
            note = item[4] if len(item) > 4 else ""
            meta = item[5] if len(item) > 5 else {}
            start, end = at + gap, at + gap + length
            if end > len(text):
                raise ValueError(f"the ledger has an edit at {start}:{end} of a text of {len(text)} characters")
            undo.append(Edit(start, end, _more(was, text[start:end]), reason, note, meta))
            at = end
        changes.append(Change(stage, tuple(undo)))
        text = changes[-1].before(text)
    return tuple(reversed(changes))


def _less(was: str, now: str) -> str:
    """*was*, without what *now* tells already."""
    if was == now:
        return "="
    if len(was) != len(now):
        return "+" + was
    filler = "=" if "=" not in was else next((mark for mark in _FILLERS if mark not in was), "")
    if not filler:
        return "+" + was
    if len(was) < SHORT:
        return filler + "".join([filler if a == b else a for a, b in zip(was, now, strict=True)]).rstrip(filler)
    differs = codes(was).copy()
    differs[differs == codes(now)] = ord(filler)
    return filler + _text(differs).rstrip(filler)


def _more(stored: str, now: str) -> str:
    """What :func:`_less` made short."""
    if stored[:1] == "+":
        return stored[1:]
    if len(stored) == 1:
        return now
    filler, kept = stored[0], codes(now).copy()
    differs = codes(stored[1:])
    head = kept[: len(differs)]
    kept[: len(differs)] = np.where(differs == ord(filler), head, differs)
    return _text(kept)


def codes(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """The code points of *text*, which may hold lone surrogates, as it may before a repair."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _text(points: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> str:
    return points.tobytes().decode("utf-32-le", "surrogatepass")
