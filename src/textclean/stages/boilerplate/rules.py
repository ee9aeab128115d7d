"""Which lines say by themselves that they are the site's and not the article's?

The patterns are data (``textclean/rules/*.toml``); here they are only read and
tried. A pattern is tried on a line only where :mod:`~textclean.stages.boilerplate.gate`
admits it, and compiled for the first such line: that takes a millisecond, and
texts without chrome ask for few of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from textclean.rules import table

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

LONG_LINES = 200
"""A rule for lines of so many characters is tried on paragraphs, too."""

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
    pattern: str
    example: str
    counter: str

    @cached_property
    def look(self) -> Look:
        """The search for the pattern: each choice by itself, as one that begins the line is tried there only.

        A search for a choice that begins with known letters skips to these, a search for a choice of choices does not.
        Where lines are long, and few words are needed for a choice, these are looked for first: that a line lacks a
        word is known in a tenth of the time.
        """
        choices = _choices(self.pattern.removeprefix("(?i)"))
        flags = re.IGNORECASE if self.pattern.startswith("(?i)") else re.NOFLAG
        first = "|".join(choice for choice in choices if choice.startswith("^"))
        looks: list[Look] = [re.compile(first, flags).match] if first else []
        for choice in choices:
            if not choice.startswith("^"):
                words = () if flags or self.longest < LONG_LINES else _needed(choice)
                looks.append(_with_one_of(words, choice) if words else re.compile(choice, flags).search)
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
        return self.shortest <= len(line) <= self.longest and re.search(self.pattern, line) is not None


def _choices(pattern: str) -> list[str]:
    """What *pattern* is a choice of.

    >>> _choices("^(?:版权|版權)[|]|所有")
    ['^(?:版权|版權)[|]', '所有']
    """
    # What stands in groups is blanked out, too; the bars that are left part the choices.
    bare = _without_sets(pattern)
    while (inner := re.sub(r"\([^()]*\)", _blank, bare)) != bare:
        bare = inner
    bars = [-1, *(place for place, character in enumerate(bare) if character == "|"), len(pattern)]
    return [pattern[bar + 1 : after] for bar, after in pairwise(bars)]


_WORD = r"[^\W\d_]{2,}"
_WORDS = re.compile(rf"(?:\(\?:({_WORD}(?:\|{_WORD}){{0,2}})\)|({_WORD}))(?![?*+{{])")


def _needed(choice: str) -> tuple[str, ...]:
    """Three words or fewer of which a line must have one for *choice* to match; none where it says no such thing.

    >>> _needed("(?:凡|如).{0,20}(?:转载|轉載|注明)"), _needed("[仅只]代表(?:其)?"), _needed("(?:涨(?:水|潮))?(?:春汛|夏汛)?")
    (('转载', '轉載', '注明'), ('代表',), ())
    """
    bare = _without_sets(choice)
    depth = 0
    found: list[tuple[str, ...]] = []
    for place, character in enumerate(bare):
        if not depth and (words := _WORDS.match(bare, place)):
            found.append(tuple((words[1] or words[2]).split("|")))
        depth += (character == "(") - (character == ")")
    return min(found, key=len, default=())


def _with_one_of(words: Sequence[str], choice: str) -> Look:
    """A look for *choice* in lines that have one of *words*; that they lack even its first letter is known soonest."""
    letters = [(word[0], word) for word in words]

    def look(line: str) -> re.Match[str] | None:
        for letter, word in letters:
            if letter in line and word in line:
                return _search(choice)(line)
        return None

    return look


@lru_cache(maxsize=4096)  # there are some hundreds
def _search(choice: str) -> Look:
    return re.compile(choice).search


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


def _without_sets(pattern: str) -> str:
    """*pattern* with sets, and what is escaped, blanked out."""
    return re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", _blank, pattern)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


@dataclass(frozen=True, eq=False)
class Fact:
    """One way a line states something about its page; see the head of ``rules/facts.toml``."""

    field: str
    where: str
    needs: str
    pattern: str
    example: str
    value: str
    counter: str

    @cached_property
    def search(self) -> Look:
        """The search for the pattern."""
        return re.compile(self.pattern).search


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
            spell_out(row["pattern"]),
            row["example"],
            row["counter"],
        )
        for row in table("boilerplate")["rule"]
    )


@cache
def fact_rules() -> tuple[Fact, ...]:
    """The rules for facts, in the order of the file."""
    return tuple(
        Fact(
            row["field"],
            row["where"],
            row["needs"],
            spell_out(row["pattern"]),
            row["example"],
            row["value"],
            row["counter"],
        )
        for row in table("facts")["fact"]
    )


class Caption(NamedTuple):
    """One way to write under a picture; see the end of ``rules/boilerplate.toml``."""

    pattern: re.Pattern[str]
    example: str
    counter: str


@cache
def caption_rules() -> tuple[Caption, ...]:
    """The rules for captions."""
    rows = table("boilerplate")["caption"]
    return tuple(Caption(re.compile(row["pattern"]), row["example"], row["counter"]) for row in rows)


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
    rules = chrome_rules()
    for row, called in gate()(lines) if letters is None else gate().of_page(letters):
        line = lines[row]
        for number in called:
            if (match := rules[number].look(line)) is None:
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
