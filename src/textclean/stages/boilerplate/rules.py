"""Which lines say by themselves that they are the site's and not the article's?

The patterns are data (``textclean/rules/*.toml``); here they are only read and
tried. A pattern is tried on a line only if one of its anchors stands in it, so
that a paragraph of an article costs one scan and nothing else.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
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


def first_match(line: str) -> Rule | None:
    """The first rule that says what kind of chrome *line* is."""
    gate, by_anchor = _anchors()
    found = set(gate.findall(line))
    if not found:
        return None
    rules = chrome_rules()
    numbers = sorted({number for anchor in found for number in by_anchor[anchor]})
    return next((rules[number] for number in numbers if rules[number].matches(line)), None)


@cache
def _anchors() -> tuple[re.Pattern[str], dict[str, Sequence[int]]]:
    """A pattern that finds every anchor, overlapping ones too, and the rules each one calls."""
    by_anchor: dict[str, list[int]] = {}
    for number, rule in enumerate(chrome_rules()):
        for anchor in rule.anchors:
            by_anchor.setdefault(anchor, []).append(number)
    for anchor, numbers in by_anchor.items():
        # A longer anchor hides the shorter one it begins with.
        for other, more in by_anchor.items():
            if anchor != other and anchor.startswith(other):
                numbers.extend(more)
    words = sorted(by_anchor, key=lambda word: (-len(word), word))
    return re.compile("(?=(" + "|".join(map(re.escape, words)) + "))"), dict(by_anchor)


def _rows(name: str, kind: str) -> list[dict[str, Any]]:
    text = files("textclean.rules").joinpath(name).read_text(encoding="utf-8")
    return list(tomllib.loads(text)[kind])
