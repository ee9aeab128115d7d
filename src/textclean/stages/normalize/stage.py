"""NormalizeText, the stage: line by line, and where each change stands.

Unicode's own normalisation (NFKC) is not used: it makes ASCII of ，：（ and
flattens ①, ², ½ and ℃. Every rule here maps a form to another of the same
meaning, looks at its neighbours first, and leaves lines, headline spaces,
addresses, code, numbers and foreign sentences as they are.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from textclean.document import Document, Edit
from textclean.scripts import HANGUL, KANA, is_japanese, is_korean
from textclean.stages.classes import CharacterClass
from textclean.stages.foreign import foreign, is_code
from textclean.stages.normalize.forms import HAS_HAN, LINE_ENDS, SPACED_OUT, forms, signs
from textclean.stages.normalize.marks import Cut, chinese, has_quotes
from textclean.text import Span, lines_at

_LINE = re.compile(f"[^\n{LINE_ENDS}]+")
_BLANKS = re.compile("[ \t]{2,}|\t")

_BILINGUAL = CharacterClass(KANA.pattern[1:-1] + HANGUL.pattern[1:-1])


@dataclass(frozen=True)
class NormalizeText:
    """One form for each mark, letter and space of Chinese text; safe to run twice.

    *corner_quotes* turns 「」 and 『』 into “” and ‘’ by their nesting,
    *curl_quotes* straight pairs into curled ones; both are off, for they are
    matters of style. The tables are in ``rules/normalize.toml``.

    >>> from textclean import Document
    >>> doc = Document("a", "今年以来,全区完成３２６亿元(增长８．８％);8:30见...")
    >>> doc.edit("n", NormalizeText()(doc)).text
    '今年以来，全区完成326亿元（增长8.8%）；8:30见……'
    """

    corner_quotes: bool = False
    curl_quotes: bool = False

    def __post_init__(self) -> None:
        for name in ("corner_quotes", "curl_quotes"):
            value: object = getattr(self, name)
            if not isinstance(value, bool):
                raise ValueError(f"{name}={value!r}: it is a switch, True or False")

    def __call__(self, doc: Document, /) -> list[Edit]:
        """The edits, labelled ``punctuation``, ``width``, ``space``, ``line_end`` or ``code_point``."""
        text = doc.text
        places = forms().any.places(text)
        ends = [_line_end(text, at) for at in places if text[at] in LINE_ENDS]
        # Each line is looked at only when the text has what might stand in any of them.
        anywhere = self._signs(text) or any(
            " " in (text[end.start - 1 : end.start], text[end.end : end.end + 1]) for end in ends
        )
        if not places and not anywhere:
            return []
        bilingual = _BILINGUAL.search(text)
        edits = ends
        here = 0
        for span in _lines(text, only_feeds=not ends) if ends or anywhere else lines_at(text, places):
            first, here = here, bisect_left(places, span.end, here)
            signs_here = anywhere and self._signs(text[span.start : span.end])
            if first < here or signs_here:
                inside = [at - span.start for at in places[first:here] if at >= span.start]
                line = text[span.start : span.end]
                edits += self._line(line, span.start, inside, signs_here=signs_here, bilingual=bilingual)
        return edits

    def _signs(self, text: str) -> bool:
        return signs(text) or has_quotes(text, corner=self.corner_quotes, straight=self.curl_quotes)

    def _line(self, line: str, at: int, places: Sequence[int], *, signs_here: bool, bilingual: bool) -> Iterator[Edit]:
        """The edits of *line*, which stands at *at*; at *places* in it are the characters that rules look for."""
        rules = forms()
        kinds = {line[place] for place in places}
        prose = HAS_HAN.search(line) is not None and not is_code(line)
        new = line
        for char in rules.equal.keys() & kinds:
            new = new.replace(char, rules.equal[char])
        if not kinds.isdisjoint(rules.beside_to):
            new = rules.beside.sub(lambda found: rules.beside_to[found[0]], new)
        cuts = []
        if not kinds.isdisjoint(rules.combining):
            for found in rules.decomposed.finditer(new):
                composed = unicodedata.normalize("NFC", found[0])
                if composed != found[0]:
                    cuts.append(Cut(*found.span(), composed, "code_point"))
        marks = prose and (signs_here or not kinds.isdisjoint(rules.chinese))
        if marks and not (bilingual and (is_japanese(line) or is_korean(line))):
            hidden = list(foreign(line))
            shown = _with("\0" * len(new), hidden, new) if hidden else new
            shown, more = chinese(shown, kinds, corner_quotes=self.corner_quotes, curl_quotes=self.curl_quotes)
            cuts += more
            new = _with(new, hidden, shown) if hidden else shown
        cuts += _blanks(line, new, prose=prose)
        return _edits(line, new, sorted(cuts), at, range(len(line)) if signs_here else places)


def _lines(text: str, *, only_feeds: bool) -> Iterator[Span]:
    """The lines of *text*; a search for one character is much faster than one for any line end."""
    if not only_feeds:
        for found in _LINE.finditer(text):
            yield Span(*found.span())
        return
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if start < end:
            yield Span(start, end)
        start = end + 1


def _line_end(text: str, at: int) -> Edit:
    return Edit(at, at + 1 + (text[at : at + 2] == "\r\n"), "\n", "line_end")


def _with(hiding: str, spans: list[tuple[int, int]], line: str) -> str:
    """*line*, but *hiding* at the *spans*; both are of one length."""
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces += (line[at:start], hiding[start:end])
        at = end
    pieces.append(line[at:])
    return "".join(pieces)


def _blanks(was: str, line: str, *, prose: bool) -> list[Cut]:
    """The blanks at both ends, and in prose the runs of blanks and those between spaced-out characters.

    A line without Chinese keeps an indent of plain blanks, which may be a
    program's, and its inner runs, which may be a table's.
    """
    if " " not in line and "\t" not in line:
        return []
    head = len(line) - len(line.lstrip(" \t"))
    tail = max(head, len(line.rstrip(" \t")))
    ends = [(0, head)] if prose or was[:head].strip(" \t") or head == len(line) else []
    cuts = [Cut(start, end, "", "space") for start, end in (*ends, (tail, len(line))) if start < end]
    if prose:
        cuts += [Cut(*found.span(), " ", "space") for found in _BLANKS.finditer(line, head, tail)]
        cuts += [
            Cut(gap, gap + 1, "", "space")
            for found in SPACED_OUT.finditer(line)
            for gap in range(found.start() + 1, found.end(), 2)
        ]
    return cuts


def _edits(old: str, new: str, cuts: list[Cut], at: int, places: Sequence[int]) -> Iterator[Edit]:
    """The characters that differ, in one edit for each stretch with one reason, and the cuts between them."""
    start = 0
    for cut in [*cuts, None]:
        stop = cut.start if cut else len(old)
        yield from _stretches(old, new, places[bisect_left(places, start) : bisect_left(places, stop)], at)
        if cut:
            yield Edit(at + cut.start, at + cut.end, cut.text, cut.reason)
            start = cut.end


def _stretches(old: str, new: str, places: Iterable[int], at: int) -> Iterator[Edit]:
    first = last = -1
    reason = ""
    for place in places:
        if old[place] == new[place]:
            continue
        why = "space" if new[place] == " " else "width" if new[place].isascii() else "punctuation"
        if why != reason and reason:
            yield Edit(at + first, at + last + 1, new[first : last + 1], reason)
            first = -1
        first, last, reason = (place if first < 0 else first), place, why
    if reason:
        yield Edit(at + first, at + last + 1, new[first : last + 1], reason)
