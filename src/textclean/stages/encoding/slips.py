"""One byte out of step: ``增添新的動力!睖O口`` is ``增添新的動力。”淥口``.

GBK writes a character with two bytes. Programs that edit such text byte by
byte take the second half of one character and the first half of the next for a
character of their own. Whatever they do there puts the rest of the line one
byte out of step, until a character of one byte stands where a half is missing:

* the folding of full-width punctuation (A3 A1 becomes ``!``) also hits
  ``L A3 | A1 T``: L is left alone and vanishes (or shows as ``?``), ``!`` *is*
  the byte A1, and T pairs with the next lead;
* the glossing converter puts ``(jiǎng)`` between the halves;
* a byte gets lost.

The inverse is a decoding of the same bytes in step again. Only L (or the lost
byte) is unknown; everything after it is forced. So: take the places that look
like a slip, decode on from there, and let the character model say whether what
comes out is better than what is there, and which L fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from heapq import nlargest
from typing import NamedTuple

from textclean.document import Edit
from textclean.models import characters, readings
from textclean.stages.encoding import gbk
from textclean.stages.encoding.glosses import SYLLABLE

THRESHOLD = 5.0
"""Nats a repair must gain beyond the cost of the slip: 0 of 1,200 clean passages reach it."""

_FOLD_COST = 7.0  # a slip at punctuation, where most are
_LOSS_COST = 14.0  # a slip anywhere
_END_COST = 7.0  # the last half of the run is missing as well
_GAP_COST = 11.0  # a pair within the run that the decoder threw away
_BEAM = 24
_GUESSES = 18
_LONGEST = 600
_GIVE_UP = -14.0

_RARE = -13.5
"""Nats: about the 5,000th character."""

_FOLDED = {chr(c): c | 0x80 for c in range(0x21, 0x7F)} | {chr(c + 0xFEE0): c | 0x80 for c in range(0x21, 0x7F)}
_ORPHANS = "?\ufffd"
_INJECTED = re.compile(rf"[?？\ufffd][(（]?({SYLLABLE})[)）]")


class Slip(NamedTuple):
    """What was found: the span, what it reads in step, the gain in nats."""

    start: int
    end: int
    text: str
    gain: float


class _Path(NamedTuple):
    score: float
    carry: int  # the lead byte that waits for its other half; 0: in step
    last: str
    out: str


class Search:
    """The search for slips in one line."""

    def __init__(self, line: str, *, diseased: bool = False) -> None:
        self.line = line
        self.tables = gbk.tables()
        self.pair = characters.load().pair
        self.ease = 4.0 if diseased else 0.0  # what is known to have happened here costs less
        self.budget = 40 * len(line) + 4000  # steps; keeps the search linear on hostile lines

    def at(self, start: int) -> Slip | None:
        """The best repair of a slip at *start*, if it gains enough."""
        before = self.line[start - 1] if start else "。"
        best: Slip | None = None
        for place, paths, cost in self._openings(start, before):
            found = self._follow(start, place, paths, before)
            if found and (best is None or found.gain - cost > best.gain):
                best = found._replace(gain=found.gain - cost)
        return best if best and best.gain >= THRESHOLD else None

    def _openings(self, start: int, before: str) -> Iterable[tuple[int, list[_Path], float]]:
        """(where the line goes on, the ways it may have begun, what that costs)."""
        line, tables = self.line, self.tables
        c = line[start]
        injected = _INJECTED.match(line, start)
        if injected:
            yield injected.end(), self._injected(before, injected[1]), 0.0
            return
        place, carry, cost = start, _FOLDED.get(c), 0.0
        if c in _ORPHANS and start + 1 < len(line) and line[start + 1] in _FOLDED:
            place, carry, cost = start + 1, _FOLDED[line[start + 1]], -3.0
        if carry is not None and carry >= 0xA1:
            if line[place] not in "!?！？":
                cost += 4.0
            guesses = self._best(before, tables.with_trail[0xA3])
            yield place + 1, [_Path(v, carry, u, u) for v, u in guesses], _FOLD_COST + cost - self.ease
            return
        bytes_ = tables.pair.get(c)
        if bytes_ is None or bytes_[1] < 0x81:
            return
        guesses = self._best(before, tables.with_trail.get(bytes_[0], "") + tables.with_lead[bytes_[0]])
        yield start + 1, [_Path(v, bytes_[1], u, u) for v, u in guesses], _LOSS_COST

    def _injected(self, before: str, syllable: str) -> list[_Path]:
        """The byte before a gloss that was put between two halves: the one that made the glossed pair."""
        tables = self.tables
        owed = tables.pair.get(before, (0, 0))[1]
        read = readings.by_character()
        paths = []
        for carry in range(0x81, 0xFF):
            glossed = tables.character.get((owed, carry))
            if glossed and syllable in read.get(glossed, ()):
                paths.append(_Path(0.0, carry, before, ""))
        return paths or [_Path(-4.0, carry, before, "") for carry in range(0x81, 0xFF)]

    def _best(self, before: str, candidates: str) -> list[tuple[float, str]]:
        return nlargest(_GUESSES, ((self.pair(before, u), u) for u in candidates))

    def _follow(self, start: int, place: int, paths: list[_Path], before: str) -> Slip | None:
        """Decode on from *place* until the line is in step again; the best of all ways."""
        line, pair = self.line, self.pair
        shown = 0.0  # the score of what is there, up to here
        last = before
        for c in line[start:place]:
            shown += pair(last, c)
            last = c
        best: Slip | None = None
        for at in range(place, min(len(line), place + _LONGEST) + 1):
            self.budget -= len(paths)
            if not paths or self.budget < 0:
                break
            here = line[at] if at < len(line) else "\n"
            out: list[_Path] = []
            for path in paths:
                for end, done in self._ends(path, at):
                    after = line[end] if end < len(line) else "\n"
                    base, prior = shown, last
                    for c in line[at:end]:
                        base += pair(prior, c)
                        prior = c
                    gain = done.score + pair(done.last, after) - base - pair(prior, after)
                    if best is None or gain > best.gain:
                        best = Slip(start, end, done.out, gain)
                out += self._steps(path, here)
            if at >= len(line):
                break
            shown += pair(last, here)
            last = here
            floor = shown + (_GIVE_UP if at - place >= 3 else 3 * _GIVE_UP)
            paths = _prune([path for path in out if path.score > floor])
        return best

    def _ends(self, path: _Path, at: int) -> Iterable[tuple[int, _Path]]:
        """The ways *path* may be in step again from *at* on: (end, path)."""
        tables, line = self.tables, self.line
        carry = path.carry
        here = line[at] if at < len(line) else "\n"
        if "@" <= here <= "~":
            u = tables.character.get((carry, ord(here)))
            if u and not _private(u):
                yield at + 1, self._on(path, u)
        pair = tables.pair.get(here)
        if pair and pair[1] < 0x80:
            u = tables.character.get((carry, pair[0]))
            if u and not _private(u):
                low = chr(pair[1])
                done = self._on(path, u)
                yield at + 1, done._replace(score=done.score + self.pair(u, low), last=low, out=done.out + low)
        # The other half is lost: a decoder drops it where what follows cannot complete it.
        cost = _END_COST if here in _ORPHANS or here < "@" else _END_COST + 4.0
        end = at + 1 if here in _ORPHANS else at
        for value, u in self._best(path.last, tables.with_lead[carry]):
            yield end, _Path(path.score + value - cost + (3.0 if here == "\ufffd" else 0.0), 0, u, path.out + u)

    def _steps(self, path: _Path, here: str) -> list[_Path]:
        """The ways *path* goes on out of step through the character *here*."""
        tables = self.tables
        pair = tables.pair.get(here)
        if pair is None or pair[1] < 0x81:
            return []
        found = []
        u = tables.character.get((path.carry, pair[0]))
        if u and not _private(u):
            found.append(self._on(path, u)._replace(carry=pair[1]))
        return found

    def _on(self, path: _Path, u: str) -> _Path:
        return _Path(path.score + self.pair(path.last, u), 0, u, path.out + u)


def _private(c: str) -> bool:
    return "\ue000" <= c <= "\uf8ff"


def _prune(paths: list[_Path]) -> list[_Path]:
    """The best path to each state, and of those the best few."""
    best: dict[tuple[int, str], _Path] = {}
    for path in paths:
        state = (path.carry, path.last)
        if state not in best or path.score > best[state].score:
            best[state] = path
    return nlargest(_BEAM, best.values())


# Where a slip may be. Exact: what these do not match is not searched.
_HAN = "\u4e00-\u9fff"
GATE = re.compile(
    rf"(?<=[{_HAN}])[?\ufffd]?[!?！？](?=[{_HAN}\u3040-\u30ff\u3100-\u312f\ue000-\uf8ff\u2460-\u24ff])"
    rf"|[?？\ufffd][(（]?{SYLLABLE}[)）]"
)


def injected(text: str) -> int:
    """How many glosses stand between the halves of a character, and put a line out of step."""
    return len(_INJECTED.findall(text))


def find(text: str, *, diseased: bool = False) -> list[Edit]:
    """The slips of *text*, repaired; *diseased* says that its glosses show the converter at work.

    >>> [edit.text for edit in find("增添新的動力!睖O口區委書記")]
    ['。”淥']
    """
    edits = []
    start = 0
    for line in text.split("\n"):
        search: Search | None = None
        at = 0
        while match := GATE.search(line, at):
            search = search or Search(line, diseased=diseased)
            slip = search.at(match.start())
            at = match.end()
            if slip:
                note = f"gain {slip.gain:.1f} nats"
                edits.append(Edit(start + slip.start, start + slip.end, slip.text, "byte_slip", note))
                at = max(at, slip.end)
        start += len(line) + 1
    return edits
