"""NormalizeText, the stage: line by line, and where each change stands.

Unicode's own normalisation (NFKC) is not used: it makes ASCII of ，：（ and
flattens ①, ², ½ and ℃. Every rule here maps a form to another of the same
meaning, looks at its neighbours first, and leaves lines, headline spaces,
addresses, code, numbers and foreign sentences as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from textclean.document import Document, Edit
from textclean.scripts import HANGUL, KANA, is_japanese, is_korean
from textclean.stages.foreign import foreign, is_code
from textclean.stages.normalize.forms import HAS_HAN, LINE_END, SPACED_OUT, forms, needs
from textclean.stages.normalize.marks import Cut, chinese, has_quotes
from textclean.text import Span, lines

_BLANKS = re.compile("[ \t]{2,}|\t")


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
        if not self._needs(text):
            return []
        edits = [Edit(*match.span(), "\n", "line_end") for match in LINE_END.finditer(text)]
        bilingual = KANA.search(text) is not None or HANGUL.search(text) is not None
        for span in _split(text, edits):
            line = text[span.start : span.end]
            if self._needs(line):
                edits += self._line(line, span.start, bilingual=bilingual)
        return edits

    def _needs(self, text: str) -> bool:
        return needs(text) or has_quotes(text, corner=self.corner_quotes, straight=self.curl_quotes)

    def _line(self, line: str, at: int, *, bilingual: bool) -> Iterator[Edit]:
        rules = forms()
        prose = HAS_HAN.search(line) is not None and not is_code(line)
        new = rules.beside.sub(lambda found: rules.beside_to[found[0]], line.translate(rules.equal))
        cuts = []
        for found in rules.decomposed.finditer(new):
            composed = unicodedata.normalize("NFC", found[0])
            if composed != found[0]:
                cuts.append(Cut(*found.span(), composed, "code_point"))
        if prose and not (bilingual and (is_japanese(line) or is_korean(line))):
            hidden = list(foreign(line))
            shown, more = chinese(_blanked(new, hidden), corner_quotes=self.corner_quotes, curl_quotes=self.curl_quotes)
            cuts += more
            for start, end in hidden:
                shown = shown[:start] + new[start:end] + shown[end:]
            new = shown
        cuts += _blanks(line, new, prose=prose)
        return _edits(line, new, sorted(cuts), at)


def _split(text: str, ends: list[Edit]) -> Iterator[Span]:
    """The lines of *text*, parted by line feeds and by the line ends found."""
    at = 0
    for end in [*ends, None]:
        stop = end.start if end else len(text)
        for span in lines(text[at:stop]):
            yield Span(at + span.start, at + span.end)
        at = end.end if end else stop


def _blanked(line: str, hidden: list[tuple[int, int]]) -> str:
    for start, end in hidden:
        line = line[:start] + "\x00" * (end - start) + line[end:]
    return line


def _blanks(was: str, line: str, *, prose: bool) -> list[Cut]:
    """The blanks at both ends, and in prose the runs of blanks and those between spaced-out characters.

    A line without Chinese keeps an indent of plain blanks, which may be a
    program's, and its inner runs, which may be a table's.
    """
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


def _edits(old: str, new: str, cuts: list[Cut], at: int) -> Iterator[Edit]:
    """The characters that differ, in one edit for each stretch with one reason, and the cuts between them."""
    start = 0
    for cut in [*cuts, None]:
        yield from _stretches(old, new, start, cut.start if cut else len(old), at)
        if cut:
            yield Edit(at + cut.start, at + cut.end, cut.text, cut.reason)
            start = cut.end


def _stretches(old: str, new: str, start: int, stop: int, at: int) -> Iterator[Edit]:
    if old[start:stop] == new[start:stop]:
        return
    first = last = -1
    reason = ""
    for place in range(start, stop):
        if old[place] == new[place]:
            continue
        why = "space" if new[place] == " " else "width" if new[place].isascii() else "punctuation"
        if why != reason and reason:
            yield Edit(at + first, at + last + 1, new[first : last + 1], reason)
            first = -1
        first, last, reason = (place if first < 0 else first), place, why
    yield Edit(at + first, at + last + 1, new[first : last + 1], reason)
