"""The tables of ``rules/normalize.toml`` as patterns, compiled when first needed."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from textclean.rules import table
from textclean.text import HAN

NEAR = f"{HAN}々〇、。〈-】〔-〛“”‘’…—，：；！？（）"
"""Chinese letters and marks: a half-width mark beside one of these is Chinese."""

HAS_HAN = re.compile(f"[{HAN}]")
SPACED_OUT = re.compile(f"(?<![{HAN}] )(?<![{HAN}])[{HAN}](?: [{HAN}]){{3,}}(?! ?[{HAN}])")
LINE_END = re.compile("\r\n?|[\u2028\u2029\u0085\u000b\u000c]")
_SPACED = re.compile(f" [{HAN}] [{HAN}] ")  # begins with a literal, which is searched for ten times faster


class Forms(NamedTuple):
    """What is looked for, and what it becomes."""

    any: re.Pattern[str]  # a line without one of these, and without the signs of needs(), stays as it is
    equal: dict[int, str]  # character for character, wherever they stand
    small: dict[int, str]  # in Chinese lines
    beside: re.Pattern[str]  # after letters and digits
    beside_to: dict[str, str]
    full: dict[str, str]  # half-width marks
    marks: re.Pattern[str]
    dots: re.Pattern[str]
    ellipsis: re.Pattern[str]
    dash: re.Pattern[str]
    decomposed: re.Pattern[str]


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
    equal = {ord(char): " " for char in re.findall(f"[{spaces}]", "".join(map(chr, range(0x3001))))}
    equal |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if re.match(f"[{letters}]", chr(code))}
    half = re.escape("".join(full))
    dots = rules["dots"]["characters"]
    combining = "\u0300-\u036f"
    return Forms(
        any=re.compile(
            f"[{half}{letters}{''.join(beside)}{spaces}{dots}{re.escape(''.join(small))}"
            f"{combining}\u3099\u309a\u1100-\u1112\t\r\v\f\u0085\u2028\u2029]"
        ),
        equal=equal,
        small={ord(char): to for char, to in small.items()},
        beside=re.compile(f"(?<=[0-9A-Za-z])[{''.join(beside)}](?![{''.join(beside)}])"),
        beside_to=beside,
        full=full,
        marks=re.compile(f"(?<=[{NEAR}])[,:;!?]++|(?<![,:;!?])[,:;!?]++(?=[{NEAR}])"),
        dots=re.compile(f"(?<=[{HAN}])[{dots}](?=[{HAN}])"),
        ellipsis=re.compile(f"(?<=[{HAN}”’》」）])(?:\\.{{3,}}|…(?:……)*(?!…))"),
        dash=re.compile(f"(?<=[{NEAR}])-{{2,4}}(?=[{NEAR}])"),
        decomposed=re.compile(
            f"[A-Za-z\u00c0-\u024f][{combining}]+|[\u3041-\u30ff][\u3099\u309a]|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
        ),
    )


def needs(text: str) -> bool:
    """Whether there is anything in *text* to look at more closely; most clean text ends here.

    >>> needs("两会期间，代表们认真履职。"), needs("两会期间,代表们认真履职。")
    (False, True)
    """
    return (
        forms().any.search(text) is not None
        or "  " in text
        or "..." in text
        or "--" in text
        or text.count("…") != 2 * text.count("……")  # an odd one somewhere
        or " \n" in text
        or "\n " in text
        or text[:1] == " "
        or text[-1:] == " "
        or _SPACED.search(text) is not None
    )
