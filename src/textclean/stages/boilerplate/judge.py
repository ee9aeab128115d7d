"""Which lines go? Rules accuse, the line model is heard, and doubt keeps a line.

The rules alone lose almost nothing and leave most of the chrome that carries no
word of its own (menus, headlines of other articles). The model sees those and
errs on unusual text. So: without an accusation by a rule, a run or a site's
template nothing goes at all; a rule is overruled where the model is sure of
the text; the model alone may take a line, more easily on a page full of chrome
than on one with little of it, and between the first and the last sure line of
the text only when it has no doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textclean.stages.boilerplate.page import Page
from textclean.stages.boilerplate.runs import Verdict, by_rules

# Thresholds on the chance that a line is the article's, chosen on sites the model had not seen.
OVERRULED = 0.95
"""From this chance on the model's word stands against a rule, unless the rule is firm."""
FULL, SPARSE = 0.65, 0.5
"""Below this chance a line goes, on a page with much chrome and on one with little."""
PROSE = 0.5
"""Below this chance a line goes that reads as text; a lost sentence costs more than a headline left standing."""
MUCH = 0.3
"""A page has much chrome when this share of its lines is accused, or as good as certain, to be chrome."""
NO_DOUBT, SURE = 0.05, 0.9
"""Between two lines with a chance above SURE only those below NO_DOUBT go; on a sparse page as on a full one."""
SLIGHT = frozenset({"residue", "caption"})
"""What a stray bar or an empty 【资料图】 proves about itself proves nothing about other lines."""
MENU_LINKS = 0.8
"""A line with this share in links is a menu's or a list's, says the note."""


def judge(page: Page, templates: Mapping[int, str], links: Sequence[float] | None) -> list[Verdict | None]:
    """What becomes of each line of *page*; *templates* are the site's lines, *links* the shares the markup shows."""
    verdicts = by_rules(page, templates)
    if all(verdict is None or verdict.reason in SLIGHT for verdict in verdicts):
        return verdicts
    chances = page.chances(links)
    verdicts = [
        verdict if verdict is not None and (verdict.firm or chance < OVERRULED) else None
        for verdict, chance in zip(verdicts, chances, strict=True)
    ]
    if all(verdict is None or verdict.reason in SLIGHT for verdict in verdicts):
        return verdicts
    certain = sum(verdict is not None or chance < 0.05 for verdict, chance in zip(verdicts, chances, strict=True))
    limit = FULL if certain >= MUCH * len(verdicts) else SPARSE
    sure = [number for number, chance in enumerate(chances) if chance >= SURE and verdicts[number] is None]
    taken = {}
    for number, chance in enumerate(chances):
        if verdicts[number] is not None or chance >= (min(limit, PROSE) if page.prose[number] else limit):
            continue
        inside = bool(sure) and sure[0] <= number <= sure[-1]
        if not inside or chance <= NO_DOUBT or page.rules[number] is not None:
            taken[number] = _by_model(page, number, chance, links, sure)
    if any(verdict is None and number not in taken and page.prose[number] for number, verdict in enumerate(verdicts)):
        return [taken.get(number, verdict) for number, verdict in enumerate(verdicts)]
    # The model sees no article on this page. Where the rules leave one, they are believed; else nothing goes.
    left = any(verdict is None and page.prose[number] for number, verdict in enumerate(verdicts))
    return verdicts if left else [None] * len(verdicts)


def _by_model(page: Page, number: int, chance: float, links: Sequence[float] | None, sure: Sequence[int]) -> Verdict:
    """The verdict with the strongest evidence as its reason."""
    said = f"line model {chance:.2f}"
    rule = page.rules[number]
    if rule is not None:
        return Verdict(rule.reason, f"{rule.name}, {said}")
    if links is not None and links[number] >= MENU_LINKS:
        return Verdict("navigation", f"{links[number]:.0%} in links, {said}")
    if sure and number > sure[-1]:
        return Verdict("related_news" if len(page.lines[number]) > 8 else "footer", f"after the text, {said}")
    if sure and number < sure[0]:
        return Verdict("navigation", f"before the text, {said}")
    return Verdict("navigation", said)
