"""Which line is the headline? Near above the dateline or the text, made of the text's own words, and a line of words."""

from __future__ import annotations

import re
from collections.abc import Collection

from textclean.stages.boilerplate.page import Page
from textclean.text import HAN

REACH = 14
"""A headline stands at most this many lines above the text or its dateline; between them are bars and counters."""
LEAST = 0.0
"""Below this score no headline is named. Found on the training pages, like the weights below."""
LONGEST = 80
SHORT, SHORT_REACH = 6, 2
"""A line of fewer characters is a headline only this close above; further away it is a menu's word."""
LONGEST_OF_TEXT = 60
"""The first line of a text may be its headline, though it reads like text, up to this length."""

_BYLINE = re.compile(r"記者|记者|報導|报道|综合|編譯|编译|訊|╱|／.*報|^【.*[報社電]")
_UNFINISHED = re.compile(r"[。；;，,、：:]$")
_PATH = re.compile(r"[>»→]|http|\|.*\|")
_HAN = re.compile(f"[{HAN}]")
_HAN_TWICE = re.compile(f"[{HAN}][^{HAN}]*[{HAN}]")
_LETTER = re.compile(r"[^\W\d_]")


def headline(page: Page, first: int, last: int, date: int | None, dated: Collection[int]) -> int | None:
    """The number of the headline.

    *first* and *last* are the lines the text begins and ends with, *date* the
    line that says when the page appeared, *dated* the lines with a date.
    """
    lines = page.lines
    anchor = date if date is not None and date <= last else first
    original = [number for number, rule in enumerate(page.rules) if rule is not None and rule.name == "original_title"]
    low = max(0, min(anchor, first) - REACH if anchor <= first else anchor - 4)
    high = max(anchor, first + 1)
    # The beginning of a text says what it is about.
    text = [*range(first, min(last + 1, first + 8)), *original]
    shares = page.measured.shared(text, low, high)
    headed = low <= first < high and heads(page, first, last)
    if headed:  # a line shares all it has with itself
        shares[first - low] = page.measured.shared(text[1:], first, first + 1)[0]
    latin = not _HAN.search(lines[first])
    # Under a dateline stand subheads; a date amid a menu says nothing of the kind.
    ruled = date is not None and page.rules[date] is not None
    best: tuple[float, int] = (LEAST, -1)
    whole = "\n".join(lines)
    for number in range(low, high):
        line, rule = lines[number], page.rules[number]
        if (
            number == date
            or not 4 <= len(line) <= LONGEST
            or (rule is not None and rule.firm)
            or (len(line) < 40 and number in dated)
            or not has_words(line, latin=latin)
        ):
            continue
        if number >= first and (page.prose[number] or anchor <= first) and not (number == first and headed):
            continue
        if len(line) < SHORT and anchor - number > SHORT_REACH:
            continue
        overlap = float(shares[number - low])
        if date is None and not original and overlap < (0.5 if number < first else 0.2):
            continue
        distance = anchor - number if number < anchor else min(2 * (number - anchor), first - number + 2)
        score = 3 - 0.55 * distance + 5 * overlap * min(1, len(line) / 10) - 2 * (ruled and number > anchor)
        if score + 3 <= best[0]:  # as it stands after the deductions too
            continue
        score -= 4 * (rule is not None) + 3 * bool(_BYLINE.search(line)) + 2 * bool(_PATH.search(line))
        score -= 2 * bool(_UNFINISHED.search(line)) + 1.5 * (len(line) < 8) + 2 * (number >= first)
        if score + 3 <= best[0]:
            continue
        if len(line) > 7:
            # A headline also stands in the path above it, in the window's title, among the most read.
            alone = lines.count(line)
            repeats = alone - 1
            if whole.count(line) > alone:
                repeats += sum(line in other for other in lines if len(line) < len(other) < 150)
            score += 1.5 * min(repeats, 2)
        best = max(best, (score, number))
    return best[1] if best[1] >= 0 else None


def has_words(line: str, *, latin: bool = False) -> bool:
    """Whether *line* says something in the writing of its page: a number, a time or Share with Facebook is no headline.

    >>> has_words("江水涨了"), has_words("2819"), has_words("22:18:34"), has_words("Share with Facebook")
    (True, False, False, False)
    >>> has_words("The river rose in the night", latin=True)
    True
    """
    return _HAN_TWICE.search(line) is not None or (latin and " " in line and len(_LETTER.findall(line)) >= 8)


def heads(page: Page, first: int, last: int) -> bool:
    """Whether the first line of a text may be its headline: shorter than what follows, and no finished sentence."""
    line = page.lines[first]
    return (
        len(line) <= LONGEST_OF_TEXT
        and "。" not in line
        and _UNFINISHED.search(line) is None
        and any(len(other) > len(line) for other in page.lines[first + 1 : min(first + 4, last + 1)])
    )
