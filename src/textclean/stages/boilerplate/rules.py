"""Which lines say by themselves that they are the site's and not the article's?

The patterns are data (``textclean/rules/*.toml``); here they are only read and
tried. A pattern is tried on a line only where :mod:`~textclean.stages.boilerplate.gate`
admits it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from textclean.stages.boilerplate.letters import Letters

SHORT = {
    "<date>": r"(?:(?:19|20)\d\d\s?[-年/.]\s?(?:1[0-2]|0?[1-9])\s?[-月/.]\s?(?:3[01]|[12]\d|0?[1-9])\s?日?)",
    "<time>": r"(?:[T ]?(?:[01]?\d|2[0-3])\s?[:：时時点]\s?[0-5]\d(?:\s?[:：分]\s?[0-5]\d)?分?)",
    "<colon>": "[:：︰∶]",
    "<given>": r"(?:[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8})",
    "<name>": r"(?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8}|[A-Za-z][\w.\-]{1,20})",
}
"""What the short forms in the rule files stand for."""

Look = Callable[[str], re.Match[str] | None]

LONG_PROSE = 60
"""Characters in two finished sentences or more: what comes after them says nothing about the line they stand in."""

USES = ("always", "edge", "head", "tail", "hint")


@dataclass(frozen=True, eq=False)  # each is there once: hashing all it holds was a thirtieth of a page
class Rule:
    """One pattern of site chrome; see the head of ``rules/boilerplate.toml``."""

    name: str
    reason: str
    use: str
    firm: bool
    weak: str
    anchors: tuple[str, ...]
    times: int
    shortest: int
    longest: int
    pattern: re.Pattern[str]
    example: str
    counter: str

    @cached_property
    def look(self) -> Look:
        """The search for the pattern: each choice by itself, as one that begins the line is tried there only.

        A search for a choice that begins with known letters skips to these, a search for a choice of choices does not.
        """
        choices, flags = _choices(self.pattern.pattern.removeprefix("(?i)")), self.pattern.flags
        first = "|".join(choice for choice in choices if choice.startswith("^"))
        looks: list[Look] = [re.compile(first, flags).match] if first else []
        looks += [re.compile(choice, flags).search for choice in choices if not choice.startswith("^")]
        look = looks[0] if len(looks) == 1 else _any_of(looks)
        if self.times == 1:
            return look
        return lambda line: look(line) if sum(map(line.count, self.anchors)) >= self.times else None

    @cached_property
    def number_of_use(self) -> int:
        """A number for the model: which of :data:`USES`, counted from 1, and higher for facts about the page."""
        return USES.index(self.use) + 1 + (len(USES) + 1) * (self.reason == "metadata")

    def matches(self, line: str) -> bool:
        """Whether *line* looks like this."""
        return self.shortest <= len(line) <= self.longest and self.pattern.search(line) is not None


def _choices(pattern: str) -> list[str]:
    """What *pattern* is a choice of.

    >>> _choices("^(?:版权|版權)[|]|所有")
    ['^(?:版权|版權)[|]', '所有']
    """
    # What stands in sets and groups, and what is escaped, is blanked out; the bars that are left part the choices.
    bare = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", _blank, pattern)
    while (inner := re.sub(r"\([^()]*\)", _blank, bare)) != bare:
        bare = inner
    bars = [-1, *(place for place, character in enumerate(bare) if character == "|"), len(pattern)]
    return [pattern[bar + 1 : after] for bar, after in pairwise(bars)]


def _any_of(looks: Sequence[Look]) -> Look:
    """A look for what any of *looks* finds: the first found early in the line, else the one that begins first."""

    def look(line: str) -> re.Match[str] | None:
        first: re.Match[str] | None = None
        for one in looks:
            match = one(line)
            if match is not None:
                if match.start() < LONG_PROSE:
                    return match
                if first is None or match.start() < first.start():
                    first = match
        return first

    return look


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


class Fact(NamedTuple):
    """One way a line states something about its page; see the head of ``rules/facts.toml``."""

    field: str
    where: str
    needs: str
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
            row.get("weak", ""),
            tuple(row["anchors"]),
            row.get("times", 1),
            row.get("min", 0),
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
            row["needs"],
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


_FINISHED = re.compile("[。！？!?]+[”’」』）》]*")


def first_match(line: str) -> Rule | None:
    """The first rule that says what kind of chrome *line* is."""
    return first_matches([line])[0][0]


def first_matches(lines: Sequence[str], letters: Letters | None = None) -> tuple[list[Rule | None], dict[int, int]]:
    """For each line, which holds no line feed, the first rule that says what kind of chrome it is; and tails.

    A rule that matches behind two finished sentences does not speak of the
    line: of 42,905 lines of pages no line of chrome is like that, and a
    paragraph that ends in 关注微信公众号 is. Where white space follows the last
    of those sentences the paragraph has a tail: the row, and where in the line
    the tail begins. With their *letters* many lines are looked at faster.

    >>> story = "江水涨了，田里都是人，岸上的柳树也绿了，孩子们在堤上放风筝。" * 2
    >>> first_matches([f"{story}版权所有 清江网"]), first_matches([f"{story} 版权所有 清江网"])
    (([None], {}), ([None], {0: 61}))
    """
    from textclean.stages.boilerplate.gate import gate  # noqa: PLC0415  numpy is loaded with the first text

    found: list[Rule | None] = [None] * len(lines)
    tails: dict[int, int] = {}
    rules, looks = chrome_rules(), _looks()
    for row, called in gate()(lines) if letters is None else gate().of_page(letters):
        line = lines[row]
        for number in called:
            if (match := looks[number](line)) is None:
                continue
            if match.start() < LONG_PROSE or len(ends := _ends(line[: match.start()])) < 2:
                found[row] = rules[number]
                tails.pop(row, None)
                break
            if line[ends[-1] : ends[-1] + 1].isspace():
                tails.setdefault(row, ends[-1] + 1)
    return found, tails


def _ends(text: str) -> list[int]:
    """Where the sentences of *text* end.

    >>> _ends("他说：“涨了！”江水涨了。")
    [8, 13]
    """
    return [match.end() for match in _FINISHED.finditer(text)]


@cache
def _looks() -> list[Look]:
    """The search of each rule, at hand: it is asked for a hundred times a page."""
    return [rule.look for rule in chrome_rules()]


def _rows(name: str, kind: str) -> list[dict[str, Any]]:
    text = files("textclean.rules").joinpath(name).read_text(encoding="utf-8")
    return list(tomllib.loads(text)[kind])
