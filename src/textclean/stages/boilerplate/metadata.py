"""What do the lines say about their page: its title, its date, who wrote it?

Facts are read from the lines as they stand, before any of them goes. A fact is
only taken from where a page states it: a year inside a paragraph is part of the
story. Where nothing is stated nothing is said.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textclean.stages.boilerplate.page import Page
from textclean.stages.boilerplate.rules import Fact, fact_rules
from textclean.stages.boilerplate.title import headline, heads

if TYPE_CHECKING:
    from textclean.stages.boilerplate.letters import Letters

_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s?[-年/.]\s?(?P<m>1[0-2]|0?[1-9])\s?[-月/.]\s?(?P<d>3[01]|[12]\d|0?[1-9])\s?日?"
    r"(?:[\sT|,，]{0,6}(?:星期.|周.)?\s{0,3}"
    r"(?P<H>[01]?\d|2[0-3])\s?[:：时時点]\s?(?P<M>[0-5]\d)(?:\s?[:：分]\s?(?P<S>[0-5]\d))?)?"
)
_NAMES = re.compile(r"[、,，/\s]+")
_LABELLED = re.compile(r"发稿|發稿|发布|發佈|發布|发表|發表|更新|建立|刊登|时间|時間|日期|来源|來源|稿源")
# What the rules for facts need, looked for on all lines of a page at once; the first letter tells which it is.
# Each choice begins with a letter, not with a set or a group: so the search skips in C what begins none of them.
_NEEDED = re.compile(
    r"19\d\d\s?[-年/.]|20\d\d\s?[-年/.]|管理[员員人]|原(?:标题|標題|题|題)[为為]?<colon>"
    r"|来源<colon>|來源<colon>|稿源<colon>|出[处處]<colon>|编[辑輯]?<colon>|編[辑輯]?<colon>"
    r"|作\s?者<colon>|撰文<colon>|记者<colon>|記者<colon>|文字<colon>|网<end>|網<end>|线<end>|線<end>".replace(
        "<colon>", r"\s*[:：︰∶]"
    ).replace("<end>", r"(?=[^，。\n]{0,6}$)"),
    re.MULTILINE,
)
_NEED_OF = {
    letter: need
    for need, letters in {
        "date": "12",
        "staff": "管",
        "original_title": "原",
        "source": "来來稿出",
        "editor": "编編",
        "author": "作撰记記文",
        "site": "网網线線",
    }.items()
    for letter in letters
}
_BEGINS = {"(": "bracket", "（": "bracket"} | dict.fromkeys("■●▲□◆", "bullet")
_OPENERS = frozenset(_BEGINS)
_BEGIN = re.Match.start

LONGEST_STATEMENT = 120
"""Characters: a longer line tells a story and states nothing about its page."""
STATEMENT_REACH = 80
"""Lines above and below the text in which facts are looked for: further away stand other articles and their facts."""
DATE_SCORE = 4.0
"""Below this score nothing is said. Found on the training pages, like the weights in :func:`_dateline`."""


class Found(NamedTuple):
    """A fact and the line it was read from."""

    line: int
    field: str
    value: Any


def read(page: Page, first: int, last: int) -> list[Found]:
    """The facts *page* states, at most one a field; *first* and *last* are the lines its text begins and ends with."""
    found: dict[str, Found] = {}
    stated = stating(page.lines, page.letters)
    dates = ((number, _DATE.search(page.lines[number])) for number in stated.get("date", []))
    dated = {number: date for number, date in dates if date is not None}
    if heads(page, first, last):
        # A headline may read like text; then the dateline stands under the first line of the text.
        second = next((number for number in range(first + 1, last + 1) if page.prose[number]), first)
        first = second if any(first < number < second for number in dated) else first
    date = _dateline(page, first, last, dated)
    if date is not None:
        found["published"] = date
    title = headline(page, first, last, date.line if date is not None else None, dated)
    if title is not None:
        found["title"] = Found(title, "title", page.lines[title])
    near = date.line if date is not None else first
    low, high = max(0, min(first, near) - STATEMENT_REACH), max(last, near) + STATEMENT_REACH
    for fact in fact_rules():
        if fact.field in found or fact.needs not in stated:
            continue
        lines = [n for n in stated[fact.needs] if low <= n <= high and _is_place(fact, n, first, last, near)]
        if len(lines) > 1:
            lines.sort(key=lambda number: (abs(number - near), number))
        for number in lines:
            match = fact.search(page.lines[number])
            if match:
                found[fact.field] = Found(number, fact.field, _value(fact.field, match["value"].strip()))
                break
    return list(found.values())


def from_head(head: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that the head of a page of HTML states; what its lines say goes first.

    >>> from_head({"title": "春汛", "published": "2024-03-05T08:30:00+08:00", "author": "陈江 李湖", "page_title": "春汛_清江网"})
    {'title': '春汛', 'published': '2024-03-05 08:30:00', 'author': ['陈江', '李湖']}
    """
    facts = {field: str(head[field]) for field in ("title", "source", "site") if head.get(field)}
    match = _DATE.search(str(head.get("published", "")))
    if match:
        facts["published"] = iso(match)
    if head.get("author"):
        facts["author"] = _value("author", str(head["author"]))
    return {field: facts[field] for field in ("title", "published", "source", "author", "site") if facts.get(field)}


def stating(lines: Sequence[str], letters: Letters) -> dict[str, list[int]]:
    """For each of the things that the rules for facts need the lines that have it, in order; long lines state nothing.

    >>> from textclean.stages.boilerplate.letters import Letters
    >>> lines = ["江水涨了。", "2024-03-05 来源：清江网", "（陈江）"]
    >>> stating(lines, Letters(lines))
    {'date': [1], 'source': [1], 'site': [1], 'bracket': [2]}
    """
    text, feeds = letters.text, letters.feeds_in_text
    hits = [(_NEED_OF[text[at]], bisect_left(feeds, at) - 1) for at in map(_BEGIN, _NEEDED.finditer(text))]
    hits += [(_BEGINS[lines[number][0]], number) for number in letters.rows_that_begin_with(_OPENERS)]
    found: dict[str, list[int]] = {}
    for need, number in hits:
        if len(lines[number]) > LONGEST_STATEMENT:
            continue
        having = found.setdefault(need, [])
        if not having or having[-1] != number:
            having.append(number)
    return found


def iso(match: re.Match[str]) -> str:
    """A date as ``2024-03-05``, with the time if there is one: ``2024-03-05 08:30:00``."""
    text = f"{match['y']}-{int(match['m'] or 0):02d}-{int(match['d'] or 0):02d}"
    if match["H"] is not None:
        text += f" {int(match['H']):02d}:{match['M']}"
        if match["S"] is not None:
            text += f":{match['S']}"
    return text


def _value(field: str, value: str) -> Any:
    return [name for name in _NAMES.split(value) if name] if field == "author" else value


def _dateline(page: Page, first: int, last: int, dated: Mapping[int, re.Match[str]]) -> Found | None:
    """The line that says when the page appeared: close above the text, else in a block of facts, else below."""
    best = (DATE_SCORE, 0, "")
    for number, match in dated.items():
        line, rule = page.lines[number], page.rules[number]
        ruled = rule is not None and rule.reason == "metadata"
        if number < first:
            score = 12 - 0.7 * min(first - number, 25)
        elif number <= last:
            if not ruled or match.start() > 20:
                continue
            score = 4.0
        elif number in page.stamped and not ruled:
            continue
        else:
            score = 2 - 0.5 * min(number - last, 20)
        score += 4 * (match["H"] is not None) + 3 * bool(_LABELLED.search(line)) + 3 * ruled
        score -= 0.05 * max(0, len(line) - len(match[0]) - 20)
        if score > best[0]:
            best = (score, number, iso(match))
    return Found(best[1], "published", best[2]) if best[2] else None


def _is_place(fact: Fact, number: int, first: int, last: int, near: int) -> bool:
    if fact.where == "top":
        return number <= first or abs(number - near) <= 3
    return fact.where == "any" or number >= last
