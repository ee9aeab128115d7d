"""Which lines say by themselves that they are the site's and not the article's?

The patterns are data (``textclean/rules/*.toml``); here they are only read and
tried. A pattern is tried on a line only if one of its anchors stands in it, so
that a paragraph of an article costs one scan and nothing else.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, NamedTuple

SHORT = {
    "<date>": r"(?:(?:19|20)\d\d\s?[-年/.]\s?(?:1[0-2]|0?[1-9])\s?[-月/.]\s?(?:3[01]|[12]\d|0?[1-9])\s?日?)",
    "<time>": r"(?:[T ]?(?:[01]?\d|2[0-3])\s?[:：时時点]\s?[0-5]\d(?:\s?[:：分]\s?[0-5]\d)?分?)",
    "<colon>": "[:：︰∶]",
    "<given>": r"(?:[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8})",
    "<name>": r"(?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8}|[A-Za-z][\w.\-]{1,20})",
}
"""What the short forms in the rule files stand for."""

USES = ("always", "edge", "head", "tail", "hint")


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern of site chrome; see the head of ``rules/boilerplate.toml``."""

    name: str
    reason: str
    use: str
    firm: bool
    anchors: tuple[str, ...]
    longest: int
    pattern: re.Pattern[str]
    example: str
    counter: str

    def matches(self, line: str) -> bool:
        """Whether *line* looks like this."""
        return len(line) <= self.longest and self.pattern.search(line) is not None


class Fact(NamedTuple):
    """One way a line states something about its page; see the head of ``rules/facts.toml``."""

    field: str
    where: str
    pattern: re.Pattern[str]
    example: str
    value: str
    counter: str


def spell_out(pattern: str) -> str:
    """*pattern* with the short forms written out.

    >>> spell_out("来源<colon>")
    '来源[:：︰∶]'
    """
    for short, long in SHORT.items():
        pattern = pattern.replace(short, long)
    return pattern


@cache
def chrome_rules() -> tuple[Rule, ...]:
    """The rules for site chrome, in the order of the file: the first that matches names the line."""
    return tuple(
        Rule(
            row["name"],
            row["reason"],
            row["use"],
            row.get("firm", False),
            tuple(row["anchors"]),
            row["max"],
            re.compile(spell_out(row["pattern"])),
            row["example"],
            row["counter"],
        )
        for row in _rows("boilerplate.toml", "rule")
    )


@cache
def fact_rules() -> tuple[Fact, ...]:
    """The rules for facts, in the order of the file."""
    return tuple(
        Fact(
            row["field"],
            row["where"],
            re.compile(spell_out(row["pattern"])),
            row["example"],
            row["value"],
            row["counter"],
        )
        for row in _rows("facts.toml", "fact")
    )


class Caption(NamedTuple):
    """One way to write under a picture; see the end of ``rules/boilerplate.toml``."""

    pattern: re.Pattern[str]
    example: str
    counter: str


@cache
def caption_rules() -> tuple[Caption, ...]:
    """The rules for captions."""
    return tuple(
        Caption(re.compile(row["pattern"]), row["example"], row["counter"])
        for row in _rows("boilerplate.toml", "caption")
    )


LONGEST_CAPTION = 90


def is_caption(line: str) -> bool:
    """Whether *line* says that it stands under a picture.

    >>> is_caption("▲清江大桥夜景。"), is_caption("大桥的夜景很美。")
    (True, False)
    """
    return len(line) <= LONGEST_CAPTION and any(rule.pattern.search(line) for rule in caption_rules())


@lru_cache(maxsize=1 << 15)
def first_match(line: str) -> Rule | None:
    """The first rule that says what kind of chrome *line* is.

    Remembers lines: chrome is what stands on every page.
    """
    return search_rules(line)


def search_rules(line: str) -> Rule | None:
    """:func:`first_match` without a memory, for lines that will not come again."""
    size = len(line)
    gate = next((gate for gate in _gates() if size <= gate.longest), None)
    if gate is None or not gate.any.search(line):
        return None
    rules = chrome_rules()
    numbers = sorted({number for anchor in gate.any.findall(line) for number in gate.calls[anchor]})
    return next((rules[number] for number in numbers if rules[number].matches(line)), None)


class _Gate(NamedTuple):
    """What lines up to *longest* must contain: some anchor of a rule for lines of that length."""

    longest: int
    any: re.Pattern[str]
    calls: dict[str, tuple[int, ...]]


LENGTHS = (0, 24, 60, 120)
"""Lines of these lengths have gates of their own: most paragraphs are longer than most rules allow."""


@cache
def _gates() -> tuple[_Gate, ...]:
    rules = chrome_rules()
    gates = []
    for shortest, longest in pairwise((*LENGTHS, max(rule.longest for rule in rules))):
        calls: dict[str, list[int]] = {}
        for number, rule in enumerate(rules):
            for anchor in rule.anchors if rule.longest > shortest else ():
                calls.setdefault(anchor, []).append(number)
        # The search goes on behind what it found, so an anchor answers for all that may begin inside it.
        full = {
            found: tuple({n for inside, numbers in calls.items() if _may_begin_in(found, inside) for n in numbers})
            for found in calls
        }
        gates.append(_Gate(longest, re.compile(_any_of(full)), full))
    return tuple(gates)


def _may_begin_in(found: str, word: str) -> bool:
    """Whether *word* can begin at one of the characters of *found*.

    >>> _may_begin_in("新闻线索", "线索"), _may_begin_in("新闻", "闻名"), _may_begin_in("新闻", "名")
    (True, True, False)
    """
    rests = (found[at:] for at in range(len(found)))
    return any(rest.startswith(word) or word.startswith(rest) for rest in rests)


def _any_of(words: Iterable[str]) -> str:
    """A pattern for the longest of *words* at a place, as a tree of their beginnings.

    A flat list of three hundred alternatives is tried one by one at each
    character; of a tree only the branch that fits.

    >>> _any_of(["版权", "版權", "来源"])
    '(?:来源|版(?:权|權))'
    """
    branches: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        if word:
            branches.setdefault(word[0], []).append(word[1:])
    options = []
    for first, rest in branches.items():
        tail = _any_of(rest) if any(rest) else ""
        options.append(re.escape(first) + (f"(?:{tail})?" if tail and "" in rest else tail))
    return options[0] if len(options) == 1 else "(?:" + "|".join(options) + ")"


def _rows(name: str, kind: str) -> list[dict[str, Any]]:
    text = files("textclean.rules").joinpath(name).read_text(encoding="utf-8")
    return list(tomllib.loads(text)[kind])
