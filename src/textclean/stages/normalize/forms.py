"""The tables of ``rules/normalize.toml`` as patterns, compiled when first needed."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from textclean.rules import table
from textclean.stages.classes import CharacterClass
from textclean.text import HAN

NEAR = f"{HAN}々〇、。〈-】〔-〛“”‘’…—，：；！？（）"
"""Chinese letters and marks: a half-width mark beside one of these is Chinese."""

HAS_HAN = re.compile(f"[{HAN}]")
SPACED_OUT = re.compile(f"(?<![{HAN}] )(?<![{HAN}])[{HAN}](?: [{HAN}]){{3,}}(?! ?[{HAN}])")
LINE_ENDS = "\r\u2028\u2029\u0085\v\f"
# Patterns that begin with a literal are searched for ten times faster.
_BLANK = re.compile(f" (?:(?=[ \n]|\\Z|[{HAN}] [{HAN}] )|(?<=\n )|(?<=\\A ))")


class Forms(NamedTuple):
    """What is looked for, and what it becomes. Patterns begin with what is rare: a look behind it comes after it."""

    any: CharacterClass  # a line without one of these, and without the signs(), stays as it is
    equal: dict[str, str]  # character for character, wherever they stand
    beside: re.Pattern[str]  # after letters and digits
    beside_to: dict[str, str]
    combining: frozenset[str]
    decomposed: re.Pattern[str]
    chinese: frozenset[str]  # what the rest may have work with, in Chinese lines
    small: dict[str, str]
    marks: dict[str, str]  # half-width, but brackets, which go in pairs
    dots_from: frozenset[str]
    dots: re.Pattern[str]
    ellipsis: re.Pattern[str]
    dash: re.Pattern[str]


def _pairs(listed: str) -> dict[str, str]:
    return {entry[0]: entry[2:] for entry in listed.split()}


@cache
def forms() -> Forms:
    """The tables, ready for use."""
    rules = table("normalize")
    letters, spaces = "".join(rules["letters"]["ranges"]), rules["spaces"]["characters"]
    beside, small, full = (
        _pairs(rules[name][key]) for name, key in (("letters", "beside"), ("small", "pairs"), ("marks", "pairs"))
    )
    equal = dict.fromkeys(re.findall(f"[{spaces}]", "".join(map(chr, range(0x3001)))), " ")
    equal |= {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if re.match(f"[{letters}]", chr(code))}
    half = re.escape("".join(full))
    dots = rules["dots"]["characters"]
    accents, combining = "\u0300-\u036f", "\u0300-\u036f\u3099\u309a\u1100-\u1112"
    return Forms(
        any=CharacterClass(
            f"{half}{letters}{''.join(beside)}{spaces}{dots}{re.escape(''.join(small))}{combining}\t{LINE_ENDS}"
        ),
        equal=equal,
        beside=re.compile(f"[{''.join(beside)}](?<=[0-9A-Za-z].)(?![{''.join(beside)}])"),
        beside_to=beside,
        combining=frozenset(re.findall(f"[{combining}]", "".join(map(chr, range(0x3100))))),
        decomposed=re.compile(
            f"[A-Za-z\u00c0-\u024f][{accents}]+|[\u3041-\u30ff][\u3099\u309a]|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
        ),
        chinese=frozenset([*small, *full, *dots]),
        small=small,
        marks={mark: wide for mark, wide in full.items() if mark not in "()"},
        dots_from=frozenset(dots),
        dots=re.compile(  # between Chinese, or an initial and Chinese: 约翰・F・肯尼迪
            f"[{dots}](?:(?<=[{HAN}].)|(?<=[A-Z].)(?<![A-Za-z][A-Z].))(?=[{HAN}]|(?:[A-Z][{dots}·]){{1,2}}[{HAN}])"
        ),
        ellipsis=re.compile(f"(?<=[{HAN}”’》」）])(?:\\.{{3,}}|…(?:……)*(?!…))"),
        dash=re.compile(f"(?<=[{NEAR}])-{{2,4}}(?=[{NEAR}])"),
    )


def signs(text: str) -> bool:
    """Whether *text*, or one of its lines, has work that no single character gives away: runs, and blanks at an end.

    >>> signs("千帆竞发 百舸争流……"), signs("规划...实施"), signs("一 \\n二")
    (False, True, True)
    """
    # One character is looked for first: that is several times faster, and most text has none of them.
    return (" " in text and _BLANK.search(text) is not None) or ("-" in text and "--" in text) or has_ellipsis(text)


def has_ellipsis(text: str) -> bool:
    """Whether there is an ellipsis that is not of six dots."""
    return ("." in text and "..." in text) or ("…" in text and text.count("…") != 2 * text.count("……"))
