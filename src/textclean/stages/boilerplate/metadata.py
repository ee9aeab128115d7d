"""What do the lines say about their page: its title, its date, who wrote it?

Facts are read from the lines as they stand, before any of them goes. A fact is
only taken from where a page states it: a year inside a paragraph is part of the
story. Where nothing is stated nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from textclean.stages.boilerplate.page import Page
from textclean.stages.boilerplate.rules import Fact, fact_rules

_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s?[-年/.]\s?(?P<m>1[0-2]|0?[1-9])\s?[-月/.]\s?(?P<d>3[01]|[12]\d|0?[1-9])\s?日?"
    r"(?:[\sT|,，]{0,6}(?:星期.|周.)?\s{0,3}(?P<H>[01]?\d|2[0-3])\s?[:：时時点]\s?(?P<M>[0-5]\d)(?:\s?[:：分]\s?(?P<S>[0-5]\d))?)?"
)
_AUTHORS = re.compile(r"[、,，/\s]+")
_LABELLED = re.compile(
    r"(?:发稿|發稿|发布|發佈|發布|发表|發表|更新|建立|刊登|时间|時間|日期|来源|來源|稿源)",
)
_TITLE_END = re.compile(r"[。；;，,、:：]$")
_ABOVE_DATE = 3
"""A title stands at most this many lines above its dateline; between them are bars and counters."""


class Found(NamedTuple):
    """A fact and the line it was read from."""

    line: int
    field: str
    value: Any


def read(page: Page) -> list[Found]:
    """The facts *page* states, at most one a field."""
    found: dict[str, Found] = {}
    date = _dateline(page)
    if date is not None:
        found["published"] = date
    title = _title(page, date)
    if title is not None:
        found["title"] = title
    first, last = page.window
    near = date.line if date is not None else first
    for fact in fact_rules():
        for number in _by_distance(len(page.lines), near):
            if fact.field in found:
                break
            if len(page.lines[number]) > 120 or not _place(fact, number, first, last, near):
                continue
            match = fact.pattern.search(page.lines[number])
            if match:
                value: Any = match["value"].strip()
                if fact.field == "author":
                    value = [name for name in _AUTHORS.split(value) if name]
                found[fact.field] = Found(number, fact.field, value)
    return list(found.values())


def iso(match: Mapping[str, str | None] | re.Match[str]) -> str:
    """A date as ``2024-03-05``, with the time if there is one: ``2024-03-05 08:30:00``."""
    text = f"{match['y']}-{int(match['m'] or 0):02d}-{int(match['d'] or 0):02d}"
    if match["H"] is not None:
        text += f" {int(match['H']):02d}:{match['M']}"
        if match["S"] is not None:
            text += f":{match['S']}"
    return text


def _dateline(page: Page) -> Found | None:
    """The line that says when the page appeared: a date among nothing but labels, near the text."""
    first, last = page.window
    best: tuple[float, int, re.Match[str]] | None = None
    for number, line in enumerate(page.lines):
        if len(line) > 120:
            continue
        match = _DATE.search(line)
        if match is None:
            continue
        rule = page.rules[number]
        ruled = rule is not None and rule.reason == "metadata"
        if not ruled or (page.stamped[number] and len(line) - match.end() > 40):
            continue
        distance = first - number if number < first else max(0, number - last) * 3 if number > last else 5
        score = 20.0 - min(distance, 40) + 10 * bool(_LABELLED.search(line)) + 6 * (match["H"] is not None)
        if best is None or score > best[0]:
            best = (score, number, match)
    if best is None:
        return None
    return Found(best[1], "published", iso(best[2]))


def _title(page: Page, date: Found | None) -> Found | None:
    """The headline: the nearest free-standing line above the dateline, or above 原标题."""
    anchors = [date.line] if date is not None else []
    anchors += [n for n, rule in enumerate(page.rules) if rule is not None and rule.name == "original_title"]
    for anchor in anchors:
        for number in range(anchor - 1, max(-1, anchor - 1 - _ABOVE_DATE), -1):
            line = page.lines[number]
            if page.rules[number] is None and 5 <= len(line) <= 80 and not _TITLE_END.search(line):
                return Found(number, "title", line)
    return None


def _place(fact: Fact, number: int, first: int, last: int, near: int) -> bool:
    if fact.where == "top":
        return number <= first or abs(number - near) <= _ABOVE_DATE
    return fact.where == "any" or number >= last


def _by_distance(count: int, near: int) -> Sequence[int]:
    return sorted(range(count), key=lambda number: (abs(number - near), number))
