"""Paragraphs of a text, and how a run of them is taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from textclean.text import Span


class Placed(Protocol):
    """What has a place in a text."""

    @property
    def start(self) -> int: ...  # noqa: D102  where it begins
    @property
    def end(self) -> int: ...  # noqa: D102  where it ends


def paragraphs(text: str) -> list[Span]:
    """The lines that are not blank, without their line feeds: ¶1 is the first of them.

    >>> paragraphs("甲\\n\\n  \\n乙")
    [Span(start=0, end=1), Span(start=6, end=7)]
    """
    return [Span(start, end) for _, start, end in numbered(text)]


def numbered(text: str) -> Iterator[tuple[int, int, int]]:
    """For each paragraph the line it is, counting blank ones, and its span."""
    start = 0
    for number, line in enumerate(text.split("\n")):
        if line and not line.isspace():
            yield number, start, start + len(line)
        start += len(line) + 1


def runs(indices: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbouring numbers.

    >>> list(runs([5, 1, 2]))
    [(1, 2), (5, 5)]
    """
    first = last = None
    for index in sorted(indices):
        if first is None or last is None:
            first = last = index
        elif index == last + 1:
            last = index
        else:
            yield first, last
            first = last = index
    if first is not None and last is not None:
        yield first, last


def removal(text: str, spans: Sequence[Placed], first: int, last: int) -> Span:
    """What goes with *spans* first to last: up to where the next paragraph begins.

    Blank lines between go along, so that none is left behind. At the end of the
    text those *before* go instead; the line feed that ended the text stays.

    >>> text = "甲\\n\\n乙\\n\\n丙\\n"
    >>> [removal(text, paragraphs(text), at, at) for at in (1, 2)]
    [Span(start=3, end=6), Span(start=4, end=7)]
    """
    if last + 1 < len(spans):
        return Span(spans[first].start, spans[last + 1].start)
    end = len(text) - text.endswith("\n")
    return Span(spans[first - 1].end if first else 0, max(end, spans[last].end))
