"""NormalizeText: full-width marks, half-width letters, plain spaces, and no meaning lost.

Unicode's own normalisation (NFKC) is not used: it makes ASCII of ，：（ and
flattens ①, ², ½ and ℃. Every rule here maps a form to another of the same
meaning, looks at its neighbours first, and leaves lines, headline spaces,
addresses, code, numbers and foreign sentences as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from textclean.document import Document, Edit
from textclean.scripts import HANGUL, KANA, is_japanese, is_korean
from textclean.stages.foreign import foreign, is_code
from textclean.text import HAN, Span, lines

_LETTERS = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_SPACES = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
_LINE_END = re.compile("\r\n?|[\u2028\u2029\u0085\u000b\u000c]")

_FULL = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？", "(": "（", ")": "）"}
_HALF = "".join(_FULL)
_NEAR = f"{HAN}々〇、。〈-】〔-〛“”‘’…—，：；！？（）"
"""Chinese letters and marks: a half-width mark beside one of these is Chinese."""

# One character class first, because a search for it runs at 800 MB/s; the rest is for str.find.
_ANY = re.compile(f"[{_HALF}{_SPACES}\u0085\u2028\u2029\t\r\v\f・•‧･∙⋅０-９Ａ-Ｚａ-ｚ％．]")
_SIGNS = ("...", "--", "…", "  ", " \n", "\n ")
_EDGE = re.compile(r"\A | \Z")
_SPACED = re.compile(f" [{HAN}] [{HAN}] ")

_HAS_HAN = re.compile(f"[{HAN}]")
_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]|(?<=[0-9A-Za-z０-９Ａ-Ｚａ-ｚ])[％．](?![％．])")
_DOT = re.compile(f"(?<=[{HAN}])[・•‧･∙⋅](?=[{HAN}])")
_ELLIPSIS = re.compile(f"(?<=[{HAN}”’》」）])(?:\\.{{3,}}|…+)")
_DASH = re.compile(f"(?<=[{_NEAR}])-{{2,4}}(?=[{_NEAR}])")
_MARKS = re.compile(f"(?:(?<=[{_NEAR}])[,:;!?]+)|(?:[,:;!?]+(?=[{_NEAR}]))")
_SPACED_OUT = re.compile(f"(?<![{HAN}] )(?<![{HAN}])[{HAN}](?: [{HAN}]){{3,}}(?! ?[{HAN}])")
_BLANKS = re.compile("[ \t]{2,}|\t")


class _Cut(NamedTuple):
    """A span of the line that becomes shorter."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True)
class NormalizeText:
    """One form for each mark, letter and space of Chinese text; safe to run twice.

    >>> from textclean import Document
    >>> doc = Document("a", "今年以来,全区完成３２６亿元(增长８．８％);8:30见...")
    >>> doc.edit("n", NormalizeText()(doc)).text
    '今年以来，全区完成326亿元（增长8.8%）；8:30见……'
    """

    def __call__(self, doc: Document, /) -> list[Edit]:
        """The edits, labelled ``punctuation``, ``width``, ``space`` or ``line_end``."""
        text = doc.text
        if not _needs(text):
            return []
        edits = [Edit(*match.span(), "\n", "line_end") for match in _LINE_END.finditer(text)]
        bilingual = KANA.search(text) is not None or HANGUL.search(text) is not None
        for span in _split(text, edits):
            line = text[span.start : span.end]
            if _needs(line):
                edits += _line(line, span.start, foreign_page=bilingual)
        return edits


def _needs(text: str) -> bool:
    return (
        _ANY.search(text) is not None
        or any(sign in text for sign in _SIGNS)
        or _EDGE.search(text) is not None
        or _SPACED.search(f" {text} ") is not None
    )


def _split(text: str, ends: list[Edit]) -> Iterator[Span]:
    at = 0
    for end in [*ends, None]:
        stop = end.start if end else len(text)
        for span in lines(text[at:stop]):
            yield Span(at + span.start, at + span.end)
        at = end.end if end else stop


def _line(line: str, at: int, *, foreign_page: bool) -> Iterator[Edit]:
    prose = _HAS_HAN.search(line) is not None and not is_code(line)
    new = re.sub(f"[{_SPACES}]", " ", line)
    cuts: list[_Cut] = []
    new = _WIDTH.sub(lambda found: found.group().translate(_LETTERS).replace("％", "%").replace("．", "."), new)
    if prose and not (foreign_page and (is_japanese(line) or is_korean(line))):
        hidden = list(foreign(line))
        new, cuts = _marks(new, hidden)
    if prose or line[:1] in "\u3000\u00a0":
        cuts += _blanks(new, prose=prose)
    elif new[-1:] in " \t":
        cuts.append(_Cut(len(new.rstrip(" \t")), len(new), "", "space"))
    yield from _edits(line, new, sorted(cuts), at)


def _marks(line: str, hidden: list[tuple[int, int]]) -> tuple[str, list[_Cut]]:
    """*line* with its marks in full width, character for character, and the marks that get shorter or longer."""
    was = line
    for start, end in hidden:
        line = line[:start] + "\x00" * (end - start) + line[end:]
    line = _brackets(_DOT.sub("·", line))
    cuts = [_Cut(*found.span(), "……", "punctuation") for found in _ELLIPSIS.finditer(line) if found.group() != "……"]
    line = _ELLIPSIS.sub(lambda found: "…" * len(found.group()), line)
    line = _MARKS.sub(_full, line)
    cuts += [_Cut(*found.span(), "——", "punctuation") for found in _DASH.finditer(line) if len(found.group()) > 2]
    line = _DASH.sub(lambda found: "—" * len(found.group()), line)
    for start, end in hidden:
        line = line[:start] + was[start:end] + line[end:]
    return line, cuts


def _full(found: re.Match[str]) -> str:
    marks, line = found.group(), found.string
    before, after = line[found.start() - 1 : found.start()], line[found.end() : found.end() + 1]
    if marks in (",", ":") and before.isdigit() and after.isdigit():
        return marks
    if marks == ":" and (after in ("/", ")", "(", "D", "P") or (after and before == " ")):
        return marks
    return "".join(_FULL[mark] for mark in marks)


def _brackets(line: str) -> str:
    """Pairs of brackets that hold Chinese or stand behind it, in full width."""
    if "(" not in line and ")" not in line:
        return line
    out, opened = list(line), []
    for at, char in enumerate(line):
        if char in "(（":
            opened.append(at)
        elif char in ")）" and opened:
            start = opened.pop()
            if (
                line[start] == "（"
                or char == "）"
                or _HAS_HAN.search(line, start, at)
                or (start and _HAS_HAN.match(line[start - 1]))
            ):
                out[start], out[at] = "（", "）"
    return "".join(out)


def _blanks(line: str, *, prose: bool) -> list[_Cut]:
    """The blanks at both ends, and in prose the runs of blanks and those between spaced-out characters."""
    head = len(line) - len(line.lstrip(" \t"))
    tail = max(head, len(line.rstrip(" \t")))
    cuts = [_Cut(start, end, "", "space") for start, end in ((0, head), (tail, len(line))) if start < end]
    if prose:
        cuts += [_Cut(*found.span(), " ", "space") for found in _BLANKS.finditer(line, head, tail)]
        cuts += [
            _Cut(gap, gap + 1, "", "space")
            for found in _SPACED_OUT.finditer(line)
            for gap in range(found.start() + 1, found.end(), 2)
        ]
    return cuts


def _edits(old: str, new: str, cuts: list[_Cut], at: int) -> Iterator[Edit]:
    """The characters that differ, in one edit for each stretch with one reason; the cuts between them."""
    start = 0
    for cut in [*cuts, None]:
        stop = cut.start if cut else len(old)
        yield from _stretches(old, new, start, stop, at)
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
