"""Which lines go? Rules accuse, the line model is heard, and doubt keeps a line.

The rules alone lose almost nothing and leave most of the chrome that carries no
word of its own (menus, headlines of other articles). The model sees those and
errs on unusual text. So: without an accusation by a rule, a run or a site's
template nothing goes at all; a rule is overruled where the model is sure of
the text; the model alone may take a line, more easily on a page full of chrome
than on one with little of it, and between the first and the last sure line of
the text only when it has no doubt. Where there is little chrome, text does not
end in the middle: what follows a kept line, a list, an address, the last item,
stays unless the model is all but sure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import compress
from operator import and_
from typing import TYPE_CHECKING

from textclean.stages.boilerplate.page import Page
from textclean.stages.boilerplate.runs import Verdict, by_rules

if TYPE_CHECKING:
    from textclean.stages.boilerplate.measure import Floats

# Thresholds on the chance that a line is the article's, chosen on sites the model had not seen.
OVERRULED = 0.95
"""From this chance on the model's word stands against a rule, unless the rule is firm."""
FULL, SPARSE = 0.7, 0.5
"""Below this chance a line goes, on a page with much chrome and on one with little."""
PROSE = 0.5
"""Below this chance a line goes that reads as text; a lost sentence costs more than a headline left standing."""
MUCH = 0.25
"""A page has much chrome when this share of its lines is accused, or as good as certain, to be chrome."""
NO_DOUBT, SURE = 0.05, 0.9
"""Between two lines with a chance above SURE only those below NO_DOUBT go; on a sparse page as on a full one."""
NEAR, NEAR_PROSE = 0.2, 0.12
"""On a sparse page a line next to one that stays goes only below this chance; it may hold the next one in turn."""
NEAR_FULL, NEAR_PROSE_FULL = 0.6, 0.35
"""The same on a page with much chrome: what the model half believes is the text's where it touches the text."""
NEAR_ITEM = 12
"""Items of one list stand fewer lines apart than this."""
SLIGHT = frozenset({"residue", "caption"})
"""What a stray bar or an empty 【资料图】 proves about itself proves nothing about other lines."""
MENU_LINKS = 0.8
"""A line with this share in links is a menu's or a list's, says the note."""


def judge(page: Page, templates: Mapping[int, str], markup: Sequence[str] | None) -> list[Verdict | None]:
    """What becomes of each line of *page*; *templates* are the site's lines, *markup* what HTML says of each."""
    verdicts = by_rules(page, templates)
    accused = [number for number, verdict in enumerate(verdicts) if verdict is not None]
    if _slight(verdicts, accused):
        return verdicts
    # A page has a hundred lines: going through a list of them costs as much as two calls of numpy.
    exact = page.chances(markup)
    chances: list[float] = exact.tolist()
    for number in accused:
        verdict = verdicts[number]
        if chances[number] >= OVERRULED and verdict is not None and not verdict.firm:
            verdicts[number] = None
    accused = [number for number in accused if verdicts[number] is not None]
    if _slight(verdicts, accused):
        return verdicts
    rules, lines, prose = page.rules, page.lines, page.prose
    free = [verdict is None for verdict in verdicts]
    sure = [number for number, chance in enumerate(chances) if chance >= SURE and free[number]]
    doubtless = [chance for chance, may in zip(chances, free, strict=True) if chance < NO_DOUBT or not may]
    much = len(doubtless) >= MUCH * len(verdicts)
    limit = FULL if much else SPARSE
    likeliest = max(compress(chances, map(and_, free, prose)), default=0.0)
    # On a page full of chrome there is a text, however odd: the likeliest line that reads as text is part of it.
    doubt = min(1, likeliest / PROSE) if much and likeliest > 0 else 1
    limits = doubt * limit, doubt * min(limit, PROSE)
    stays = [may and chance >= limits[reads] for chance, may, reads in zip(chances, free, prose, strict=True)]
    if sure:
        for number in range(sure[0], sure[-1] + 1):
            if free[number] and chances[number] > NO_DOUBT and rules[number] is None:
                stays[number] = True
    near = (NEAR_FULL, NEAR_PROSE_FULL) if much else (NEAR, NEAR_PROSE)
    _hold_on(page, chances if doubt == 1 else (exact / doubt).tolist(), free, stays, near)
    _go_on(page, exact, verdicts, free, stays)
    if not any(map(and_, stays, prose)):
        # The model sees no article on this page. Where the rules leave one, they are believed; else nothing goes.
        return verdicts if any(map(and_, free, prose)) else [None] * len(verdicts)
    first, last = (sure[0], sure[-1]) if sure else (0, len(verdicts))
    for number, (may, stay) in enumerate(zip(free, stays, strict=True)):
        if stay or not may:
            continue
        percent = round(100 * chances[number])
        rule = rules[number]
        if rule is not None:
            verdicts[number] = _said(rule.reason, f"{rule.name}, ", percent)
        elif markup is not None and (links := _links(markup[number])) >= MENU_LINKS:
            verdicts[number] = _said("navigation", f"{links:.0%} in links, ", percent)
        elif number > last:
            reason = "related_news" if len(lines[number]) > 8 else "footer"
            verdicts[number] = _said(reason, "after the text, ", percent)
        else:
            verdicts[number] = _said("navigation", "before the text, " if number < first else "", percent)
    return verdicts


def _slight(verdicts: Sequence[Verdict | None], accused: Sequence[int]) -> bool:
    """Whether what is said of the *accused* lines, if any are left, says nothing of others."""
    return all(verdict is not None and verdict.reason in SLIGHT for verdict in map(verdicts.__getitem__, accused))


def _links(note: str) -> float:
    return float(note.split(maxsplit=1)[0]) if note else 0.0


def _hold_on(
    page: Page, chances: Sequence[float], free: Sequence[bool], stays: list[bool], near: tuple[float, float]
) -> None:
    """Let lines stay that no rule knows and that follow, or go before, one that stays."""
    held = [
        number
        for number, (chance, may, stay, reads) in enumerate(zip(chances, free, stays, page.prose, strict=True))
        if may and not stay and chance >= near[reads] and page.rules[number] is None
    ]
    for numbers, step in ((held, -1), (held[::-1], 1)):
        for number in numbers:
            if 0 <= number + step < len(stays) and stays[number + step]:
                stays[number] = True


def _go_on(page: Page, chances: Floats, verdicts: list[Verdict | None], free: list[bool], stays: list[bool]) -> None:
    """Let a list go on: where 四 stays, 五 does, and with it the address between them."""
    number, above = page.measured.items[:2]
    going_on = (number > 1) & (above < NEAR_ITEM) & (chances >= NO_DOUBT) & (page.uses == 0)
    for row in going_on.nonzero()[0].tolist():
        before = row - int(above[row])
        if not stays[before]:
            continue
        for one in range(before + 1, row + 1):
            verdict, rule = verdicts[one], page.rules[one]
            if verdict is None or (not verdict.firm and (rule is None or rule.name == "contact")):
                verdicts[one] = None
                free[one] = stays[one] = True


@lru_cache(maxsize=4096)
def _said(reason: str, evidence: str, percent: int) -> Verdict:
    """One verdict for all lines of which the same is said: there are thousands, and a few hundred things to say."""
    return Verdict(reason, f"{evidence}line model {percent / 100:.2f}")
