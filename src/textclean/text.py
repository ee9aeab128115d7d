"""Where are the paragraphs, lines, sentences?

Spans of Chinese text and nothing else: every function here takes a str and
returns half-open spans in code points, so that whoever uses one can make edits
of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from itertools import accumulate, compress, count, repeat
from operator import add
from typing import NamedTuple

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Han ideographs, as the inside of a character class."""

_LINE = re.compile(r"[^\n]+")
_SPACE = r"[^\S\n]"
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


def line_around(text: str, at: int) -> Span:
    """The line in which the character at *at* is.

    >>> line_around("甲乙\\n丙", 1)
    Span(start=0, end=2)
    """
    end = text.find("\n", at)
    return Span(text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end)


def lines_at(text: str, places: Iterable[int]) -> list[Span]:
    """The lines in which *places*, which rise, are.

    >>> lines_at("甲乙\\n丙\\n丁戊", [0, 1, 5])
    [Span(start=0, end=2), Span(start=5, end=7)]
    """
    found: list[Span] = []
    end = -1
    for at in places:
        if at > end:
            found.append(line_around(text, at))
            end = found[-1].end
    return found


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
    return list(map(_AS_SPAN, pieces(text)[0]))


def pieces(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    """The :func:`segments` as plain pairs, and what they hold: naming the pairs of a page would be a third of it.

    >>> pieces("首页 新闻\\n江水涨了。")
    ([(0, 5), (6, 11)], ['首页 新闻', '江水涨了。'])
    """
    # What split and strip take for white space is what \s matches; a search for a set of it takes three times as long.
    if "\n" not in text and len(text.split(None, 1)) > 1 and _FLATTENED.search(text):
        found = list(_PIECE.finditer(text))
        return list(map(re.Match.span, found)), list(map(re.Match.group, found))
    lines = text.split("\n")
    stripped = list(map(str.strip, lines))
    ends = map(add, accumulate(map(len, lines)), count())
    starts = [0, *map(add, ends, repeat(1))]
    if stripped != lines:
        starts = list(map(add, starts, [len(line) - len(line.lstrip()) for line in lines]))
    pairs = list(zip(starts, map(add, starts, map(len, stripped)), strict=False))
    if "" not in stripped:
        return pairs, stripped
    return list(compress(pairs, stripped)), list(filter(None, stripped))
