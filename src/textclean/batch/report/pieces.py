"""What became of each stretch of one document, and which edits did it?

The ledger says what each stage did to the text it was shown. A reader wants one
line from the original to the clean text: what stayed, what went, what was
respelled, each with the edits that touched exactly this stretch. So the changes
are laid over one another, oldest first, on a list of pieces.

(Asking ``origin()`` for every character gives the same stretches, but costs 10
to 30 ms a page, and names every edit that touches a paragraph, also where it
changed none of the characters in question.)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from textclean.batch.ledger import SHORT, codes
from textclean.document import Document


class Why(NamedTuple):
    """An edit without its place: who, why, on what evidence."""

    stage: str
    reason: str
    note: str = ""


class Piece(NamedTuple):
    """A stretch of the original (*before*) and what it is now (*after*), with the edits that made the difference.

    Equal, and without edits: it stayed. *after* empty: it went. *before* empty:
    it was put in.
    """

    before: str
    after: str
    why: tuple[Why, ...] = ()


class Mark(NamedTuple):
    """A fact a stage stated about ``original[start:end]``, changing nothing."""

    start: int
    end: int
    why: Why


class Story(NamedTuple):
    """A document from its first character to its last, and the facts stated on the way."""

    original: str
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]


def story(doc: Document) -> Story:
    """What became of each stretch of *doc*.

    >>> from textclean import Edit
    >>> doc = Document("a", "新聞。電話123").edit("s", [Edit(1, 2, "闻", "script"), Edit(3, 8, "", "contact")])
    >>> [(piece.before, piece.after, [why.reason for why in piece.why]) for piece in story(doc).pieces]
    [('新', '新', []), ('聞', '闻', ['script']), ('。', '。', []), ('電話123', '', ['contact'])]
    """
    if not doc.history:
        return Story(doc.text, (Piece(doc.text, doc.text),) if doc.text else (), ())
    texts = [doc.text]
    for change in reversed(doc.history):
        texts.append(change.before(texts[-1]))
    original = texts[-1]
    strips: list[_Strip] = [(0, len(original), original, ())] if original else []
    marks: list[Mark] = []
    for change, now in zip(doc.history, reversed(texts[:-1]), strict=True):
        cuts: list[_Cut] = []
        facts: list[tuple[int, int, Why]] = []
        shift = 0
        for low, high, before, reason, note, _ in change.undo:
            start, end = low + shift, low + shift + len(before)
            shift += len(before) - (high - low)
            why = Why(change.stage, reason, note)
            after = now[low:high]
            if before == after:
                facts.append((start, end, why))
            else:
                cuts += _finest(start, end, before, after, why)
        if facts:
            marks += _marks(strips, facts)
        if cuts:
            strips = _laid(strips, cuts) if len(strips) != 1 or strips[0][3] else _first(original, cuts)
    return Story(original, tuple(_pieces(original, strips)), tuple(marks))


# Some hundred of each are made for a page, so they are plain tuples.
_Strip = tuple[int, int, str, tuple[Why, ...]]
"""``original[low:high]``, what it is at this moment, and why."""
_Cut = tuple[int, int, str, Why]
"""An edit in the coordinates of the text it was made on: start, end, what takes its place, why."""


def _finest(start: int, end: int, before: str, after: str, why: Why) -> Iterator[_Cut]:
    """The least that must change: differing runs of an edit of equal length, else all but what both ends share."""
    if len(before) == len(after) and len(before) < SHORT:
        low = -1
        for at, (was, now) in enumerate(zip(before, after, strict=True)):
            if was == now and low >= 0:
                yield start + low, start + at, after[low:at], why
                low = -1
            elif was != now and low < 0:
                low = at
        if low >= 0:
            yield start + low, end, after[low:], why
        return
    if len(before) == len(after):
        differs = np.flatnonzero(codes(before) != codes(after))
        ends = [*np.flatnonzero(np.diff(differs) > 1).tolist(), len(differs) - 1]
        places, first = differs.tolist(), 0
        for last in ends:
            low, high = places[first], places[last] + 1
            yield start + low, start + high, after[low:high], why
            first = last + 1
        return
    least = min(len(before), len(after))
    head = next((n for n in range(least) if before[n] != after[n]), least)
    tail = next((n for n in range(least - head) if before[-n - 1] != after[-n - 1]), least - head)
    yield start + head, end - tail, after[head : len(after) - tail], why


def _laid(strips: list[_Strip], cuts: list[_Cut]) -> list[_Strip]:
    """*strips* after *cuts*, which are disjoint and in order of place."""
    out: list[_Strip] = []
    waiting = iter(strips)
    strip = next(waiting, None)
    at = 0  # where the text of *strip* begins
    for cut in cuts:
        start, end = cut[:2]
        while strip is not None and len(strip[2]) <= start - at:
            out.append(strip)
            at += len(strip[2])
            strip = next(waiting, None)
        if strip is not None and at < start:
            head, strip = _divided(strip, start - at)
            out.append(head)
            at = start
        met: list[_Strip] = []
        while strip is not None and at < end:
            if len(strip[2]) > end - at:
                head, strip = _divided(strip, end - at)
                met.append(head)
                at = end
            else:
                met.append(strip)
                at += len(strip[2])
                strip = next(waiting, None)
        here = strip[0] if strip is not None else out[-1][1] if out else 0
        out += _rewritten(met, cut, here)
    if strip is not None:
        out.append(strip)
    out += waiting
    return out


def _first(original: str, cuts: list[_Cut]) -> list[_Strip]:
    """What :func:`_laid` makes of an *original* that nothing has touched: most documents are changed by one stage."""
    out: list[_Strip] = []
    at = 0
    for start, end, new, why in cuts:
        if at < start:
            out.append((at, start, original[at:start], ()))
        out.append((start, end, new, (why,)))
        at = end
    if at < len(original):
        out.append((at, len(original), original[at:], ()))
    return out


def _divided(strip: _Strip, at: int) -> tuple[_Strip, _Strip]:
    """Cut *strip* in two; where its characters have no place of their own, the first part stands for the whole span."""
    low, high, text, why = strip
    middle = low + at if high - low == len(text) else high
    return (low, middle, text[:at], why), (middle, high, text[at:], why)


def _rewritten(met: list[_Strip], cut: _Cut, here: int) -> list[_Strip]:
    """What *cut* makes of the strips it covers, or puts in *here*."""
    start, end, new, reason = cut
    if not met:
        return [(here, here, new, (reason,))]
    if new and len(new) != end - start:
        why = dict.fromkeys(why for strip in met for why in strip[3])
        return [(met[0][0], met[-1][1], new, (*why, reason))]
    out, at = [], 0
    for strip in met:
        low, high, text, why_so_far = strip
        # What went before stays as it went.
        out.append((low, high, new[at : at + len(text)], (*why_so_far, reason)) if text else strip)
        at += len(text)
    return out


def _marks(strips: list[_Strip], facts: list[tuple[int, int, Why]]) -> Iterator[Mark]:
    """*facts* about spans of the text *strips* make, at their places in the original."""
    lengths = (len(strip[2]) for strip in strips)
    starts = list(accumulate(lengths, initial=0))
    for start, end, why in facts:
        first = bisect_right(starts, start) - 1
        if first == len(strips):
            low = strips[-1][1] if strips else 0
        else:
            low = _divided(strips[first], start - starts[first])[1][0]
        last = bisect_left(starts, end) - 1
        high = _divided(strips[last], end - starts[last])[0][1] if start < end else low
        yield Mark(low, max(low, high), why)


def _pieces(original: str, strips: list[_Strip]) -> Iterator[Piece]:
    """*strips* as pieces, neighbours that tell the same made one."""
    was, now = "", ""
    why: tuple[Why, ...] = ()
    for low, high, text, whys in strips:
        before = text
        if whys:
            before = original[low:high]
            if before == text:  # changed back again is not changed
                whys = ()  # noqa: PLW2901
        if not before and not text:
            continue
        if whys == why and (not why or (bool(before), bool(text)) == (bool(was), bool(now))):
            was += before
            now += text
            continue
        if was or now:
            yield Piece(was, now, why)
        was, now, why = before, text, whys
    if was or now:
        yield Piece(was, now, why)
