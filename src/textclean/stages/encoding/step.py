"""Reading a GBK line in step again: the search behind :mod:`textclean.stages.encoding.slips`.

A beam over (the lead byte that waits for its other half, the character before
it). Out of step, each character shown gives its first byte to the one before it
and its second to the one after; what the decoder threw away (U+FFFD, or
nothing at all) is guessed from what it can have been.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from heapq import nlargest
from typing import NamedTuple

from textclean.models import characters, readings
from textclean.stages.encoding import gbk
from textclean.stages.encoding.glosses import SYLLABLE

THRESHOLD = 5.0
"""Nats a repair must gain beyond the cost of the slip."""

_READS = -8.5
"""Nats a character the repaired stretch must have. Right repairs have -8.0 and better; what a search for slips makes
of a misreading with bytes lost gains as much, and is one wreck for another."""

_FOLD_COST = 7.0  # a slip at punctuation, where most are
_LOSS_COST = 14.0  # a slip anywhere
_FOLD_AGAIN_COST = 4.0
_END_COST = 7.0  # the last half of the run is missing as well
_GAP_COST = 11.0  # a pair within the run that vanished
_SHOWN_GAP_COST = 3.0  # one that shows as U+FFFD
_BEAM = 24
_BEAM_AFTER_GAP = 400
_GUESSES = 18
_ENDING = 4  # of the beam, so many best are tried with a half lost
LONGEST = 600
"""Characters that a run out of step may have: lines without any ASCII are paragraphs."""
_GIVE_UP = -14.0
_MOST_STEPS = 30_000
_SAID_ELSEWHERE = 2.0
"""Nats for a pair of characters that the text has elsewhere: names and subjects come again, and no dictionary has them."""
_STRANGE = 3.0
_NEVER = -8.0
"""Nats for a mark after a mark that never stand so: the model only knows that both are frequent."""

FOLDED = {chr(c): c | 0x80 for c in range(0x21, 0x7F)} | {chr(c + 0xFEE0): c | 0x80 for c in range(0x21, 0x7F)}
ORPHANS = "?\ufffd"
_INJECTED = re.compile(rf"[?？\ufffd][(（]?({SYLLABLE})[)）]")
_STOPS = frozenset("。，、；：？！")
_CLOSING = frozenset("”’」』）》〉】")
_MATES = {"“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "《": "》", "〈": "〉", "【": "】"}


_QUOTES = {"「": "“", "」": "”", "『": "‘", "』": "’"}
"""Corner brackets, by what the model has seen where they would stand."""


_NOTHING: Mapping[str, str] = {}


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


@cache
def _vanishing() -> dict[int, tuple[int, ...]]:
    """The pairs that decoders throw away (no character, or private use): seconds by first byte."""
    table = gbk.tables().character
    found = {
        first: tuple(second for second in range(0x81, 0xFF) if gbk.private(table.get((first, second), "\ue000")))
        for first in range(0x81, 0xFF)
    }
    return {first: seconds for first, seconds in found.items() if seconds}


@cache
def _undecodable() -> dict[int, tuple[int, ...]]:
    """The pairs that are no character at all: what U+FFFD stands for."""
    table = gbk.tables().character
    found = {
        first: tuple(
            second for second in range(0x81, 0xFF) if (first, second) not in table or gbk.private(table[first, second])
        )
        for first in range(0x81, 0xFF)
    }
    return {first: seconds for first, seconds in found.items() if seconds}


def _pair(left: str, right: str) -> float:
    """The model's log probability, without marks that never stand together."""
    value = characters.load().pair(_QUOTES.get(left, left), _QUOTES.get(right, right))
    return value + _NEVER if left in _STOPS and right in _STOPS else value


@lru_cache(maxsize=8192)  # two kilobytes each; of 12,000 asked for in 4,000 damaged documents 95 % were asked again
def _best(before: str, candidates: str, count: int = _GUESSES) -> tuple[tuple[float, str], ...]:
    """The likeliest of *candidates* after *before*: (log probability, character)."""
    return tuple(nlargest(count, ((_pair(before, u), u) for u in candidates)))


@lru_cache(maxsize=10_000)
def _lost_before(lead: int, after: int) -> str:
    """The characters from *lead* on whose second byte makes nothing with the byte *after*, so that it was dropped."""
    table, pairs = gbk.tables().character, gbk.tables().pair
    return "".join(
        u
        for u in gbk.tables().with_lead[lead]
        if (second := pairs[u][1]) >= 0x80 and gbk.private(table.get((second, after), "\ue000"))
    )


@lru_cache(maxsize=128)
def _before_gap(lead: int) -> str:
    """The characters from *lead* on whose second byte opens a pair that vanishes."""
    table = gbk.tables().character
    return "".join(u for first in _vanishing() if not gbk.private(u := table.get((lead, first), "\ue000")))


@lru_cache(maxsize=10_000)
def _after_gap(first: int, trail: int) -> str:
    """The characters with *trail* whose first byte closes a pair that *first* opened and that vanishes."""
    table = gbk.tables().character
    return "".join(u for second in _vanishing()[first] if not gbk.private(u := table.get((second, trail), "\ue000")))


class Search:
    """The search for slips in one line."""

    def __init__(
        self, line: str, *, diseased: bool = False, own: Mapping[str, str] = _NOTHING, strange: str = ""
    ) -> None:
        self.line = line
        self.tables = gbk.tables()
        self.pair = _pair
        self.own = own  # what stands behind each character elsewhere in the text
        self.strange = strange  # quotation marks that the text has not, where it has others
        self.balance = 14.0 if diseased else 3.0  # what closing a quotation that nothing else closes is worth
        self.ease = 4.0 if diseased else 0.0  # what is known to have happened here costs less
        self.steps = 0
        self.made = 0
        """Ways looked at, by the thousand where U+FFFD stands for any pair: what the search cost."""
        self.stripped = not any(c == "\ufffd" or gbk.private(c) for c in line)  # what vanished left no mark

    def at(self, start: int) -> Slip | None:
        """The best repair of a slip at *start*, if it gains enough."""
        before = self.line[start - 1] if start else "。"
        best: Slip | None = None
        for place, paths, cost in self._openings(start, before):
            found = self._follow(start, place, paths, before)
            if found and (best is None or found.gain - cost > best.gain):
                best = found._replace(gain=found.gain - cost)
        return best if best and best.gain >= THRESHOLD and self._reads(best.text, before) else None

    def _reads(self, text: str, before: str) -> bool:
        total = 0.0
        for c in text:
            total += self.pair(before, c)
            before = c
        return total >= _READS * len(text)

    def _openings(self, start: int, before: str) -> Iterator[tuple[int, list[_Path], float]]:
        """(where the line goes on, the ways it may have begun, what that costs)."""
        line, tables = self.line, self.tables
        injected = _INJECTED.match(line, start)
        if injected:
            yield injected.end(), self._injected(before, injected[1]), 0.0
            return
        c = line[start]
        place, carry, cost = start, FOLDED.get(c), 0.0
        if c in ORPHANS and start + 1 < len(line) and line[start + 1] in FOLDED:
            place, carry, cost = start + 1, FOLDED[line[start + 1]], -3.0
        if carry is not None and carry >= 0xA1:
            if line[place] not in "!?！？;:":
                cost += 4.0
            guesses = self._guesses(before, tables.with_trail[0xA3])
            yield place + 1, [_Path(v, carry, u, u) for v, u in guesses], _FOLD_COST + cost - self.ease
        pair = tables.pair.get(c)
        if pair and pair[1] >= 0x81:
            guesses = self._guesses(before, tables.with_trail.get(pair[0], "") + tables.with_lead[pair[0]])
            yield start + 1, [_Path(v, pair[1], u, u) for v, u in guesses], _LOSS_COST

    def _injected(self, before: str, syllable: str) -> list[_Path]:
        """The byte before a gloss that was put between two halves: the one that made the glossed pair."""
        tables = self.tables
        owed = tables.pair.get(before, (0, 0))[1]
        read = readings.by_character()
        glossed = (
            carry for carry in range(0x81, 0xFF) if syllable in read.get(tables.character.get((owed, carry), ""), ())
        )
        paths = [_Path(0.0, carry, before, "") for carry in glossed]
        return paths or [_Path(-4.0, carry, before, "") for carry in range(0x81, 0xFF)]

    def _follow(self, start: int, place: int, paths: list[_Path], before: str) -> Slip | None:
        """Decode on from *place* until the line is in step again; the best of all ways."""
        line, pair = self.line, self.pair
        shown = 0.0  # the score of what is there, up to here
        last = before
        for c in line[start:place]:
            shown += pair(last, c)
            last = c
        best: Slip | None = None
        for at in range(place, min(len(line), place + LONGEST) + 1):
            self.steps += len(paths)
            if not paths or self.steps > _MOST_STEPS:
                break
            here = line[at] if at < len(line) else "\n"
            out: list[_Path] = []
            for rank, path in enumerate(paths):
                for end, done in self._ends(path, at, guess=rank < _ENDING):
                    after = line[end] if end < len(line) else "\n"
                    base, prior = shown, last
                    for c in line[at:end]:
                        base += pair(prior, c)
                        prior = c
                    gain = done.score + pair(done.last, after) - base - pair(prior, after)
                    if best is None or gain > best.gain:
                        best = Slip(start, end, done.out, gain)
                if here != "\ufffd":
                    out += self._steps(path, at, guess=rank < _ENDING)
            if here == "\ufffd":
                out = self._over_unknown(paths)
            if at >= len(line):
                break
            self.made += len(out)
            shown += pair(last, here)
            last = here
            floor = shown + (_GIVE_UP if at - place >= 3 else 3 * _GIVE_UP)
            paths = _prune([path for path in out if path.score > floor])
        return best

    def _ends(self, path: _Path, at: int, *, guess: bool) -> Iterator[tuple[int, _Path]]:
        """The ways *path* may be in step again from *at* on: (end, path)."""
        tables, line, carry = self.tables, self.line, path.carry
        here = line[at] if at < len(line) else "\n"
        if "@" <= here <= "~":
            u = tables.character.get((carry, ord(here)))
            if u and not gbk.private(u):
                yield at + 1, self._on(path, u)
        pair = tables.pair.get(here)
        if pair and pair[1] < 0x80:
            u = tables.character.get((carry, pair[0]))
            if u and not gbk.private(u):
                low = chr(pair[1])
                done = self._on(path, u)
                yield at + 1, done._replace(score=done.score + self.pair(u, low), last=low, out=done.out + low)
        if not guess:
            return
        # The other half is lost: a decoder drops it where what follows cannot complete it.
        end = at + 1 if here in ORPHANS else at
        cost = _END_COST - (3.0 if here == "\ufffd" else 0.0)
        lost = tables.with_lead[carry] if here in ORPHANS else _lost_before(carry, pair[0] if pair else ord(here))
        for value, u in self._guesses(path.last, lost, 8):
            done = _Path(path.score + value - cost, 0, u, path.out + u)
            if u in _CLOSING and _open(line, u, at):
                done = done._replace(score=done.score + self.balance)
            yield end, done

    def _steps(self, path: _Path, at: int, *, guess: bool) -> list[_Path]:
        """The ways *path* goes on out of step through the character at *at*."""
        table, pairs = self.tables.character, self.tables.pair
        here = self.line[at] if at < len(self.line) else "\n"
        found: list[_Path] = []
        pair = pairs.get(here)
        if pair is None:
            u = table.get((path.carry, 0xA3), "\ue000")
            if here in "!?,:;()" and not gbk.private(u):  # the fold struck again
                on = self._on(path, u)
                found.append(on._replace(score=on.score - _FOLD_AGAIN_COST, carry=FOLDED[here]))
            return found
        u = table.get((path.carry, pair[0]), "\ue000")
        if not gbk.private(u) and pair[1] >= 0x81:
            found.append(self._on(path, u)._replace(carry=pair[1]))
        if guess and self.stripped and pair[1] >= 0x81:
            found += self._over_gap(path, pair)
        return found

    def _over_unknown(self, paths: list[_Path]) -> list[_Path]:
        """Through U+FFFD, which stands for any pair that is no character.

        There are thousands of them. The score is that of what its first byte
        makes, so only the best of those are taken on.
        """
        table, undecodable = self.tables.character, _undecodable()
        found: list[tuple[float, int, int, str, _Path]] = []
        for path in paths:
            for first in undecodable:
                u = table.get((path.carry, first), "\ue000")
                if not gbk.private(u):
                    found.append((path.score + self.pair(path.last, u) - _SHOWN_GAP_COST, len(found), first, u, path))
        on: list[_Path] = []
        for score, _, first, u, path in nlargest(_BEAM_AFTER_GAP, found):
            on += [_Path(score, second, u, path.out + u) for second in undecodable[first]]
            if len(on) > 2 * _BEAM_AFTER_GAP:  # some come to the same state
                break
        return on

    def _over_gap(self, path: _Path, pair: tuple[int, int]) -> Iterator[_Path]:
        """Two characters whose inner halves made a pair that vanished."""
        for value, u in self._guesses(path.last, _before_gap(path.carry), 8):
            after = _after_gap(self.tables.pair[u][1], pair[0])
            for more, w in self._guesses(u, after, 8):
                yield _Path(path.score + value + more - _GAP_COST, pair[1], w, path.out + u + w)

    def _guesses(self, before: str, candidates: str, count: int = _GUESSES) -> list[tuple[float, str]]:
        """The likeliest of *candidates* after *before*, those first that stand there elsewhere in the text."""
        likely = _best(before, candidates, count)
        known = self.own.get(before, "")
        if not known and not self.strange:
            return list(likely)
        said = [(self._said(before, u), u) for u in known if u in candidates]
        return said + [(self._said(before, u), u) for _, u in likely if u not in known]

    def _said(self, before: str, u: str) -> float:
        value = self.pair(before, u)
        if u in self.own.get(before, ""):
            value += _SAID_ELSEWHERE
        return value - _STRANGE if u in self.strange else value

    def _on(self, path: _Path, u: str) -> _Path:
        return _Path(path.score + self._said(path.last, u), 0, u, path.out + u)


def _open(line: str, closing: str, at: int) -> bool:
    """Whether *closing* has an opening mark before *at* that nothing closes."""
    depth = 0
    for c in reversed(line[max(0, at - 300) : at]):
        if c == closing:
            depth += 1
        elif _MATES.get(c) == closing:
            if depth == 0:
                return True
            depth -= 1
    return False


def _prune(paths: list[_Path]) -> list[_Path]:
    """The best path to each state, and of those the best few."""
    best: dict[tuple[int, str], _Path] = {}
    for path in paths:
        state = (path.carry, path.last)
        if state not in best or path.score > best[state].score:
            best[state] = path
    # Right after a gap only the next character can tell.
    return nlargest(_BEAM if len(best) < 200 else _BEAM_AFTER_GAP, best.values())
