"""Which lines are chrome because of the lines around them?

A head such as 相关新闻 says little about itself and much about what follows. A
teaser is a sentence like any other; that thirty of them stand in a row, each
with a timestamp or cut short, is what gives them away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from textclean.stages.boilerplate.page import Page

SHORTEST_TEASER_RUN = 3
"""Two stamped lines in a row can be a chronicle's; three after the article are a list."""

NEAR_FOOTER = 3
"""An address this many lines above a line of the site belongs to its footer."""

HEAD_LINES = 3
"""A dateline stands in the first lines of its page."""


class Verdict(NamedTuple):
    """Why a line goes: the label, the evidence for a person, and whether it stands on more than the line's own words."""

    reason: str
    note: str
    firm: bool = False


def by_rules(page: Page, templates: Mapping[int, str] = MappingProxyType({})) -> list[Verdict | None]:
    """What the rules, the runs and the site's *templates* (line → how many pages carry it) say about each line."""
    first, last = page.window
    verdicts: list[Verdict | None] = [None] * len(page.lines)
    for number, rule in enumerate(page.rules):
        if rule is not None and (
            rule.use == "always" or (rule.use in {"edge", "tail"} and not first <= number <= last)
        ):
            verdicts[number] = Verdict(rule.reason, rule.name, rule.firm)
    _addresses(page, verdicts)
    _teasers(page, verdicts)
    _lists(page, verdicts)
    for number, share in templates.items():
        # Between the first and the last line of the article what recurs is a refrain, a series' subhead, a reprint.
        if verdicts[number] is None and not first <= number <= last:
            verdicts[number] = Verdict("site_template", share, firm=True)
    accused = [number for number, verdict in enumerate(verdicts) if verdict is not None]
    return [None] * len(verdicts) if _alone(page, accused) else verdicts


def accuses(page: Page, templates: Mapping[int, str]) -> bool:
    """Whether anything on *page* says that a site is speaking.

    Most texts are text: this is all that is ever asked of them.
    """
    if templates:
        return True
    ruled = [number for number, rule in enumerate(page.rules) if rule is not None] if any(page.rules) else []
    if ruled and not _alone(page, ruled):
        return True
    if not page.may_have_teasers(SHORTEST_TEASER_RUN):
        return False
    teasers = page.teasers
    reach = SHORTEST_TEASER_RUN - 1
    return any(last - first == reach for first, last in zip(teasers, teasers[reach:], strict=False))


def _alone(page: Page, accused: Sequence[int]) -> bool:
    """Whether all that is said of the page is one weak thing: 微博 and 微信 alone are subheads, three dates are a list."""
    said = {page.rules[number] for number in accused}
    rule = said.pop() if len(said) == 1 else None
    if rule is None or not rule.weak:
        return False
    return rule.weak != "once" or len(accused) > 1 or accused[0] >= HEAD_LINES


def _addresses(page: Page, verdicts: list[Verdict | None]) -> None:
    """Pardon the address under a notice or a letter: it is the site's only among other words of the site."""
    last = page.window[1]
    if not any(verdict is not None and verdict.reason == "contact" and not verdict.firm for verdict in verdicts):
        return
    others = [n for n, v in enumerate(verdicts) if v is not None and n > last and v.reason != "contact"]
    firm = [n for n, v in enumerate(verdicts) if v is not None and n > last and v.reason == "contact" and v.firm]
    for number in range(last + 1, len(verdicts)):
        verdict = verdicts[number]
        if verdict is None or verdict.reason != "contact" or verdict.firm:
            continue
        if not any(other < number or other - number <= NEAR_FOOTER for other in (*others, *firm)):
            verdicts[number] = None


def _teasers(page: Page, verdicts: list[Verdict | None]) -> None:
    """Runs of stamped or truncated lines after the article, which must be there."""
    last = page.window[1]
    if last < 0:
        return
    teasers = [number for number in page.teasers if number > last]
    at = 0
    while at < len(teasers):
        end = at + 1
        while end < len(teasers) and teasers[end] == teasers[end - 1] + 1:
            end += 1
        if end - at >= SHORTEST_TEASER_RUN:
            for teaser in teasers[at:end]:
                what = "begins with a time" if teaser in page.stamped else "cut short"
                verdicts[teaser] = Verdict("related_news", f"teaser, {what}, one of {end - at} in a row", firm=True)
        at = end


def _lists(page: Page, verdicts: list[Verdict | None]) -> None:
    """A head, and the lines under it that are no prose; heads inside the article are titles of its parts."""
    first, last = page.window
    if last < 0:
        return
    under: Verdict | None = None
    for number, (rule, prose, verdict) in enumerate(zip(page.rules, page.prose, verdicts, strict=True)):
        if first <= number <= last or (prose and verdict is None):
            under = None
        elif rule is not None and rule.use in {"head", "tail"}:
            under = _under(page.lines[number])
            verdicts[number] = Verdict(rule.reason, rule.name)
        elif number > last and verdict is not None and rule is not None and not (rule.weak or rule.name == "contact"):
            under = under or _under(page.lines[number])
        elif under is not None and verdict is None:
            verdicts[number] = under if number < len(verdicts) - 1 else under._replace(reason="footer")


def _under(head: str) -> Verdict:
    return Verdict("related_news", f"under “{head[:12]}”")
