"""Where are the paragraphs, lines, sentences?

Spans of Chinese text and nothing else: every function here takes a str and
returns half-open spans in code points, so that whoever uses one can make edits
of it.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import accumulate, compress
from operator import add
from typing import NamedTuple

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Han ideographs, as the inside of a character class."""

_LINE = re.compile(r"[^\n]+")
_SPACE = r"[^\S\n]"
_BLANK = re.compile("[\\t-\\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
"""What str.isspace says of, spelled out: ten times as fast to scan for as a category."""
_FLATTENED = re.compile(rf"[{HAN}，。！？；：”」』）]{_SPACE}|{_SPACE}[{HAN}“「『（【]")
# A run of white space ends a piece unless a Latin word or a number stands on both sides.
_PIECE = re.compile(r"\S+(?:(?<=[A-Za-z0-9.,:;)%])\s+(?=[A-Za-z0-9($])\S+)*")


class Span(NamedTuple):
    """``text[start:end]``, half-open, in code points."""

    start: int
    end: int


_AS_SPAN = partial(tuple.__new__, Span)  # what Span._make does, without a call into Python for each line


def lines(text: str) -> list[Span]:
    """The non-empty lines, without their line feeds.

    >>> lines("甲\\n\\n乙丙")
    [Span(start=0, end=1), Span(start=3, end=5)]
    """
    return [Span(*match.span()) for match in _LINE.finditer(text)]


def segments(text: str) -> list[Span]:
    """The pieces a page was put together from: its lines, or, where the line feeds were lost, what stood between spaces.

    A text without a line feed in which spaces stand beside Han characters was
    flattened: Chinese puts no space between words, so each of them is what is
    left of a line's end. A space between two Latin words is no such place. White
    space around a segment is not part of it, and empty segments are left out.

    >>> text = "首页 新闻\\n江水涨了。"
    >>> [text[start:end] for start, end in segments(text)]
    ['首页 新闻', '江水涨了。']
    >>> text = "首页 江水涨了，Hello World 号停航。 下一篇"
    >>> [text[start:end] for start, end in segments(text)]
    ['首页', '江水涨了，Hello World', '号停航。', '下一篇']
    """
    return list(map(_AS_SPAN, bounds(text)))


def bounds(text: str) -> list[tuple[int, int]]:
    """The :func:`segments` as plain pairs, for those who look at every line of a page: naming them is a third of it."""
    if "\n" not in text and _BLANK.search(text) and _FLATTENED.search(text):
        return list(map(re.Match.span, _PIECE.finditer(text)))
    pieces = text.split("\n")
    stripped = list(map(str.strip, pieces))
    starts = list(accumulate([len(piece) + 1 for piece in pieces], initial=0))
    if stripped != pieces:
        starts = list(map(add, starts, [len(piece) - len(piece.lstrip()) for piece in pieces]))
    pairs = [(start, start + len(line)) for start, line in zip(starts, stripped, strict=False)]
    return list(compress(pairs, stripped)) if "" in stripped else pairs


def with_line_end(text: str, start: int, end: int) -> Span:
    """*start:end* widened by the one line feed that goes when its line goes.

    The one after it; on the last line, the one before it, so that a removed
    footer leaves no blank line behind.

    >>> with_line_end("甲\\n乙", 0, 1), with_line_end("甲\\n乙", 2, 3)
    (Span(start=0, end=2), Span(start=1, end=3))
    """
    if end < len(text) and text[end] == "\n":
        return Span(start, end + 1)
    if end == len(text) and start > 0 and text[start - 1] == "\n":
        return Span(start - 1, end)
    return Span(start, end)
