"""What a page looks like line by line, before anybody decides anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from textclean.stages.boilerplate.rules import Rule, first_matches, spell_out

if TYPE_CHECKING:
    from textclean.stages.boilerplate.letters import Letters
    from textclean.stages.boilerplate.measure import Flags, Floats, Ints, Measured

_STAMPED = re.compile(spell_out(r"^\W*<date>\s*<time>"))
# Lists are cut with "..." or one "…"; the prose of people trails off with two, "……".
_TRUNCATED = re.compile(r"(?:\.{2,}|(?<!…)…)\W?$")

_DOTS = frozenset(".…")

FEW_LINES = 16
"""Up to this many lines are searched one by one for what calls a rule; see :mod:`.gate`."""

SHORTEST_TEASER = 12
"""Characters: what is shorter was not cut."""


@dataclass(frozen=True)
class Page:
    """The lines of a page, stripped, in order."""

    lines: Sequence[str]

    def part(self, rows: Sequence[int | None], lines: Sequence[str]) -> Page:
        """The page of *lines*, of which those with a row are lines of this page and need not be looked at again."""
        page = Page(lines)
        new = [number for number, row in enumerate(rows) if row is None]
        fresh = Page([lines[number] for number in new])
        rules = [None if row is None else self.rules[row] for row in rows]
        for number, rule in zip(new, fresh.rules if new else (), strict=True):
            rules[number] = rule
        page.__dict__["rules"] = rules
        for name in ("stamped", "truncated"):
            mine = getattr(self, name)
            values = {number for number, row in enumerate(rows) if row in mine} if mine else set()
            page.__dict__[name] = values.union([new[row] for row in getattr(fresh, name)] if new else ())
        return page

    @cached_property
    def rules(self) -> list[Rule | None]:
        """The first rule each line matches."""
        return self._matches[0]

    @property
    def tails(self) -> dict[int, int]:
        """The paragraphs that end in what a rule matches, and where in each that begins."""
        return self._matches[1]

    @cached_property
    def _matches(self) -> tuple[list[Rule | None], dict[int, int]]:
        return first_matches(self.lines, None if self._is_short else self.letters)

    @property
    def _is_short(self) -> bool:
        return len(self.lines) <= FEW_LINES

    @cached_property
    def letters(self) -> Letters:
        """The characters of all lines."""
        from textclean.stages.boilerplate.letters import Letters  # noqa: PLC0415  needs numpy

        return Letters(self.lines)

    @cached_property
    def stamped(self) -> AbstractSet[int]:
        """The lines that begin with a date and a time."""
        lines = self.lines
        rows = range(len(lines)) if self._is_short else self.letters.begun_as_dates_are
        return {row for row in rows if _is_stamped(lines[row])}

    @cached_property
    def truncated(self) -> AbstractSet[int]:
        """The lines that were cut by a template."""
        lines = self.lines
        rows = range(len(lines)) if self._is_short else self.letters.ended_in_dots
        return {row for row in rows if _is_truncated(lines[row])}

    @cached_property
    def teasers(self) -> list[int]:
        """The lines that are stamped or truncated, in order."""
        return sorted(self.stamped | self.truncated)

    def may_have_teasers(self, together: int) -> bool:
        """Whether there may be *together* teasers in a row: one of them is then among every so many lines."""
        some = self.lines[together - 1 :: together]
        return bool(some) and (not self._is_short or any(_is_stamped(line) or _is_truncated(line) for line in some))

    @cached_property
    def measured(self) -> Measured:
        """The lines in numbers."""
        # The weights are loaded when the first page with chrome comes: most texts have none.
        from textclean.stages.boilerplate.measure import Measured  # noqa: PLC0415
        from textclean.stages.boilerplate.model import line_model  # noqa: PLC0415

        return Measured(self.lines, line_model().fold, self.letters)

    @cached_property
    def uses(self) -> Ints:
        """For each line the number of the use of its rule; 0 where it matches none."""
        from textclean.stages.boilerplate.measure import uses  # noqa: PLC0415

        return uses(self.rules)

    @cached_property
    def reads(self) -> Flags:
        """Whether each line reads as text and matches no rule."""
        reads: Flags = self.measured.prose & (self.uses == 0)
        return reads

    @cached_property
    def prose(self) -> list[bool]:
        """:attr:`reads` as a list."""
        prose: list[bool] = self.reads.tolist()
        return prose

    @cached_property
    def window(self) -> tuple[int, int]:
        """First and last line of the densest stretch of prose; (0, -1) if there is none."""
        from textclean.stages.boilerplate.measure import densest, text_scores  # noqa: PLC0415

        return densest(text_scores(self.measured, self.uses, self.teasers)) or (0, -1)

    def chances(self, markup: Sequence[str] | None) -> Floats:
        """For each line the chance that it is the article's; *markup* is what a page of HTML says of each."""
        from textclean.stages.boilerplate.markup import Markup  # noqa: PLC0415
        from textclean.stages.boilerplate.model import line_model  # noqa: PLC0415

        return line_model()(self.measured, self.uses, None if markup is None else Markup(markup))


def _is_stamped(line: str) -> bool:
    # A line that begins with a letter or an ideograph, as most do, begins with no date.
    return not line[:1].isalpha() and _STAMPED.match(line) is not None


def _is_truncated(line: str) -> bool:
    size = len(line)
    return size >= SHORTEST_TEASER and not _DOTS.isdisjoint(line[-2:]) and _TRUNCATED.search(line, size - 4) is not None
