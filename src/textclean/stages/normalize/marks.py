"""Punctuation of a Chinese line, character for character.

Every rule looks at its neighbours, so the order matters: brackets, which look
only at letters, come first, and what a rule makes never calls an earlier one.
That is what makes a second run find nothing.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from textclean.stages.normalize.forms import HAS_HAN, NEAR, forms, has_ellipsis
from textclean.text import HAN

_MARKS = re.compile("[,:;!?]+")
_BRACKETS = re.compile("[()（）]")
_LATIN = re.compile("[A-Za-z]")
_NEAR = re.compile(f"[{NEAR}]")
_BEFORE_BRACKET = re.compile(f"[{HAN}》”’」』】]")
_OPEN = {"「": ("“", "‘"), "『": ("“", "‘")}
_CLOSE = {"」": ("”", "’"), "』": ("”", "’")}
_STRAIGHT = {'"': ("“", "”"), "'": ("‘", "’")}


class Cut(NamedTuple):
    """A span of the line that gets another length."""

    start: int
    end: int
    text: str
    reason: str


def chinese(line: str, kinds: AbstractSet[str], *, corner_quotes: bool, curl_quotes: bool) -> tuple[str, list[Cut]]:
    """*line* with Chinese marks, every character at its place, and the ellipses and dashes that change length.

    *kinds* are the characters in it that the rules look for.
    """
    rules = forms()
    for char in rules.small.keys() & kinds:
        line = line.replace(char, rules.small[char])
    if not kinds.isdisjoint(rules.dots_from):
        line = rules.dots.sub("·", line)
    if corner_quotes:
        line = _without_corners(line)
    if curl_quotes:
        line = _curled(line)
    if "(" in kinds or ")" in kinds:
        line = _brackets(line)
    cuts = []
    if has_ellipsis(line):
        cuts += [Cut(*found.span(), "……", "punctuation") for found in rules.ellipsis.finditer(line)]
        line = rules.ellipsis.sub(lambda found: "…" * len(found[0]), line)
    if not kinds.isdisjoint(rules.marks):
        line = _ended(_MARKS.sub(_full, line))
    if "--" in line:
        cuts += [Cut(*found.span(), "——", "punctuation") for found in rules.dash.finditer(line) if len(found[0]) > 2]
        line = rules.dash.sub(lambda found: "—" * len(found[0]), line)
    return line, cuts


def has_quotes(line: str, *, corner: bool, straight: bool) -> bool:
    """Whether *line* has any of the quotation marks that are asked for."""
    return (corner and any(mark in line for mark in "「」『』")) or (
        straight and any(mark in line for mark in _STRAIGHT)
    )


def _full(found: re.Match[str]) -> str:
    marks, line = found[0], found.string
    start, end = found.span()
    if not (_NEAR.match(line, end) or (start and _NEAR.match(line, start - 1))):
        return marks
    before, after = line[start - 1 : start], line[end : end + 1]
    if marks in (",", ":") and before.isdigit() and after.isdigit():
        return marks  # 1,234 and 8:30
    if marks == ":" and (after in ("/", ")", "(", "D", "P") or (after and before == " ")):
        return marks  # an address, a smiley
    return "".join([forms().marks[mark] for mark in marks])


def _ended(line: str) -> str:
    """*line*, its end in full width after a number or a Latin word, when most of it is Chinese.

    1,500 lines in 31 million characters of news end so, on a full-width mark without exception.
    """
    whole = line.rstrip(" \t")
    sentence = whole.rstrip(";!?")
    if (
        sentence == whole
        or not sentence
        or not (sentence[-1].isascii() and (sentence[-1].isalnum() or sentence[-1] in "%)"))
    ):
        return line
    if len(HAS_HAN.findall(line)) < max(4, 1 + len(_LATIN.findall(line))):
        return line
    marks = "".join([forms().marks[mark] for mark in whole[len(sentence) :]])
    return sentence + marks + line[len(whole) :]


def _brackets(line: str) -> str:
    """Pairs of brackets that hold Chinese or stand behind it, in full width."""
    full: list[int] = []
    opened: list[int] = []
    brackets = list(_BRACKETS.finditer(line))
    for found in brackets:
        at, char = found.start(), found[0]
        if char in "(（":
            opened.append(at)
        elif opened:
            start = opened.pop()
            behind = start > 0 and _BEFORE_BRACKET.match(line, start - 1)
            if line[start] == "（" or char == "）" or behind or HAS_HAN.search(line, start, at):
                full += (start, at)
    if not full:
        return line
    if len(full) == len(brackets):
        return line.replace("(", "（").replace(")", "）")
    out = list(line)
    for at in full:
        out[at] = "（" if line[at] in "(（" else "）"
    return "".join(out)


def _without_corners(line: str) -> str:
    """「」 and 『』 as “” outside and ‘’ inside, whichever of the two was used for which."""
    out, depth = list(line), 0
    for at, char in enumerate(line):
        if char in _OPEN:
            out[at] = _OPEN[char][depth % 2]
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)  # a speech that began in a paragraph before
            out[at] = _CLOSE[char][depth % 2]
    return "".join(out)


def _curled(line: str) -> str:
    """Straight marks curled, in pairs that hold Chinese or have it on both sides."""
    for straight, (opening, closing) in _STRAIGHT.items():
        places = [at for at, char in enumerate(line) if char == straight and not _is_apostrophe(line, at)]
        if len(places) % 2:
            continue  # one is an inch, a minute or a slip: no telling which
        out = list(line)
        for start, end in zip(places[::2], places[1::2], strict=True):
            around = line[max(0, start - 1) : start] + line[end + 1 : end + 2]
            if HAS_HAN.search(line, start, end) or len(HAS_HAN.findall(around)) == 2:
                out[start], out[end] = opening, closing
        line = "".join(out)
    return line


def _is_apostrophe(line: str, at: int) -> bool:
    before, after = line[at - 1 : at], line[at + 1 : at + 2]
    return before.isascii() and before.isalnum() and (line[at] == "'" or before.isdigit()) and not HAS_HAN.match(after)
