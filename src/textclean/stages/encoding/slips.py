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
byte) is unknown; everything after it is forced. So: find the places that look
like a slip, decode on from there (:mod:`textclean.stages.encoding.step`), and
let the character model say whether what comes out is better than what is
there, and which L fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from textclean.document import Edit
from textclean.models import characters
from textclean.stages.encoding import gbk
from textclean.stages.encoding.alphabet import HAN
from textclean.stages.encoding.effort import Effort
from textclean.stages.encoding.glosses import SYLLABLE
from textclean.stages.encoding.scan import Signs
from textclean.stages.encoding.step import LONGEST, Search, Slip
from textclean.stages.encoding.stretch import unlikely
from textclean.text import lines_at

_ORPHAN = "?？\ufffd"
_INJECTED = (_ORPHAN, f"[(（]?{SYLLABLE}[)）]")

KINDS = (
    # Each is hung on its rarest character: a scan that stops at every comma takes three times as long.
    # Full width only after the orphan: in step, a ！ before a character is how text looks.
    (_ORPHAN, f"(?:{_INJECTED[1]}|(?<!？)[！？][<han><odd>]|(?<=\ufffd))"),
    ("!?", "(?<=[<closed>?\ufffd].)[<han><odd>]"),
    # 编辑:李 and the like are many. Half of one character and half of the next hardly ever make a common one.
    (";:", "(?<=[<closed>?\ufffd].)(?![<common>])[<han><odd>]"),
    ("<odd>", "(?<=[<han>][,;:，；：.、].)"),
    ("<odd><rare>", "(?<=[<han>][,;:].).?[<odd><rare>]"),
)
"""What a line with a slip shows somewhere: pairs of a character class and what must be around such a character."""
SIGNS = Signs(*KINDS, ("<rare>", "(?:.{0,3}[<rare>]){2}"))


# What is searched however likely the characters around it are: one Greek letter or kana can be all that shows.
_CERTAIN = Signs(_INJECTED, ("\ufffd<private>", ""), ("<greek><kana>", "(?<=[<han>][,;:].)"))


def _suspicious(line: str) -> bool:
    """Whether *line*, which has the signs, is worth the search.

    A question mark of half width between characters, or three rare characters
    near each other, are in one clean document of fifty; a stretch that no text
    has is in every line out of step.
    """
    return _CERTAIN.search(line) or unlikely(line, SIGNS.spans(line))


_ENOUGH = 10.0
"""Nats that a stretch must gain by being read one byte later to be searched: clean text loses five a character."""
_HAS_INJECTED = Signs(_INJECTED)


def injected(text: str) -> int:
    """How many glosses stand between the halves of a character, and put a line out of step."""
    return sum(1 for _ in _HAS_INJECTED.spans(text)) if _HAS_INJECTED.search(text) else 0


def find(text: str, *, diseased: bool = False) -> list[Edit]:
    """The slips of *text*, repaired; *diseased* says that its glosses show the converter at work.

    >>> [edit.text for edit in find("增添新的動力!睖O口區委書記")]
    ['。”淥']
    """
    edits = []
    effort = Effort(_STEPS + _STEPS_EACH * len(text))
    known = _Known(text, diseased)
    places = [low for low, _ in SIGNS.spans(text)]
    if diseased:
        places = sorted(places + [match.start() for match in _LAST.finditer(text)])
    for start, end in lines_at(text, places):
        line = text[start:end]
        if diseased or _suspicious(line):
            for slip in _line(line, known, effort):
                note = f"gain {slip.gain:.1f} nats"
                edits.append(Edit(start + slip.start, start + slip.end, slip.text, "byte_slip", note))
    return edits


_STEPS = 200_000
_STEPS_EACH = 10
"""Steps of the search for a document, and a character of it: a slip takes 2,000, and one comes in 1,000 characters."""
_MADE_A_STEP = 8
"""Ways looked at that count as one: U+FFFD opens hundreds at a step."""


@dataclass
class _Known:
    """What the text around a line tells; most lines never ask."""

    text: str
    diseased: bool

    @cached_property
    def pairs(self) -> Mapping[str, str]:
        """Which characters stand behind each Han character."""
        found: dict[str, set[str]] = {}
        for here, after in pairwise(self.text[:_LEARNT]):
            if "\u4e00" <= here <= "\u9fff" and "\u4e00" <= after <= "\u9fff":
                found.setdefault(here, set()).add(after)
        return {here: "".join(sorted(after)) for here, after in found.items()}

    @cached_property
    def strange(self) -> str:
        """The quotation marks it has not, where it has those of the other kind."""
        curly = "“" in self.text or "”" in self.text
        corner = "「" in self.text or "」" in self.text
        return "" if curly == corner else "「」『』" if curly else "“”‘’"


_LEARNT = 100_000
"""Characters of a text that are learnt from."""


def _line(line: str, known: _Known, effort: Effort) -> Iterator[Slip]:
    """The slips of one line, from left to right."""
    at = 0
    for starts in _places(line, diseased=known.diseased):
        found = [slip for start in starts if start >= at and (slip := _at(line, start, known, effort))]
        if found:
            best = max(found, key=lambda slip: slip.gain)
            yield best
            at = best.end


def _at(line: str, start: int, known: _Known, effort: Effort) -> Slip | None:
    """The slip at *start*, by what is around it: the same surroundings have the same answer."""
    low = max(0, start - _BEHIND)
    key = (line[low : start + LONGEST], start - low)
    found = effort.known.get(key, _UNKNOWN)
    if found is _UNKNOWN:
        if effort.left <= 0:
            return None
        search = Search(key[0], diseased=known.diseased, own=known.pairs, strange=known.strange)
        found = effort.known[key] = search.at(start - low)
        effort.spend(min(max(search.steps, search.made // _MADE_A_STEP), effort.left))
        if len(effort.known) > _KNOWN_MOST:
            effort.known.clear()
    return found._replace(start=found.start + low, end=found.end + low) if found else None


_BEHIND = 120
_KNOWN_MOST = 2000
_UNKNOWN = Slip(-1, -1, "", 0.0)


# Where the fold shows beyond doubt that something was there, and where it may be a mark as good as any.
_PLACE = Signs(
    _INJECTED,
    ("?\ufffd", "(?<=[<closed>].)[!?;:！？](?=[<han><odd>])"),
    ("\ufffd", "[!?,;:！？]"),
    ("!?,;:，；：.、", "(?<=[<closed>].)(?=[<odd>])"),
)
_MARK = Signs(("!?;:", "(?<=[<closed>].)(?=[<han>])"))
_GAP = Signs(("\ufffd", "(?<=[<han>].)(?=[<han>])"))
# A fold that left nothing out of step: only a quotation that never closes can tell, and only where others were found.
_LAST = re.compile(rf"(?<=[{HAN}])[!?](?=\s|\Z)")


def _places(line: str, *, diseased: bool) -> list[range]:
    """Where slips may begin: the marks that a fold leaves, and the stretches that read better one byte later."""
    scores = characters.load().scores(_plain(line)).tolist()
    places = [(start, start + 1) for start, _ in _PLACE.spans(line)]
    places += [(at, end) for at, end in _MARK.spans(line) if sum(scores[end : end + 2]) < 2 * _UNLIKELY or diseased]
    if diseased:
        places += [(match.start(), match.start() + 1) for match in _LAST.finditer(line)]
    places += [(max(0, start - 2), start) for start, _ in _GAP.spans(line)]
    places += [(max(0, start - 3), start + 2) for start in _out_of_step(line, scores)]
    return [range(*place) for place in sorted(places)]


_UNLIKELY = -10.5
"""Nats a character of the two behind a mark: clean text has it behind one mark in forty."""


def _out_of_step(line: str, scores: list[float]) -> Iterator[int]:
    """The beginnings of the stretches of *line*, of these *scores*, whose second halves go better with what follows."""
    pairs = gbk.tables().pair
    table = gbk.tables().character
    shifted = []
    for here, after in zip(line, line[1:] + "\n", strict=True):
        pair, other = pairs.get(here), pairs.get(after)
        second = other[0] if other else ord(after) if "@" <= after <= "~" else 0
        shifted.append(table.get((pair[1], second), "\ufffd") if pair and pair[1] >= 0x81 else "\ufffd")
    gains = [a - b for a, b in zip(characters.load().scores(_plain("".join(shifted))).tolist(), scores, strict=True)]
    total, start, best, reported = 0.0, 0, 0.0, False
    for at, gain in enumerate(gains):
        if total <= 0 or shifted[at] == "\ufffd":
            total, start, reported = 0.0, at, False
            best = 0.0
        if shifted[at] == "\ufffd":
            start = at + 1
            continue
        total += gain
        best = max(best, total)
        if best > _ENOUGH and not reported:
            yield start
            reported = True


_BEYOND = re.compile("[\U00010000-\U0010ffff]")


def _plain(text: str) -> str:
    """*text* with one code unit a character."""
    return _BEYOND.sub("㐀", text)
