"""What a page looks like line by line, before anybody decides anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from textclean.stages.boilerplate.rules import Rule, first_match, spell_out

if TYPE_CHECKING:
    from textclean.stages.boilerplate.features import Measured

_STAMPED = re.compile(spell_out(r"^\W*<date>\s*<time>"))
# Lists are cut with "..." or one "…"; the prose of people trails off with two, "……".
_TRUNCATED = re.compile(r"(?:\.{2,}|(?<!…)…)\W?$")


@dataclass(frozen=True)
class Page:
    """The lines of a page, stripped, in order."""

    lines: Sequence[str]

    @cached_property
    def rules(self) -> list[Rule | None]:
        """The first rule each line matches."""
        return [first_match(line) for line in self.lines]

    @cached_property
    def stamped(self) -> list[bool]:
        """Whether each line begins with a date and a time."""
        # A line that begins with a letter or an ideograph, as most do, begins with no date.
        return [not line[:1].isalpha() and _STAMPED.match(line) is not None for line in self.lines]

    @cached_property
    def truncated(self) -> list[bool]:
        """Whether each line was cut by a template."""
        return [
            len(line) >= 12 and not line[-1].isalnum() and _TRUNCATED.search(line, len(line) - 4) is not None
            for line in self.lines
        ]

    @cached_property
    def measured(self) -> Measured:
        """The lines in numbers."""
        # numpy and the weights are loaded when the first page with chrome comes: most texts have none.
        from textclean.stages.boilerplate.features import Measured  # noqa: PLC0415
        from textclean.stages.boilerplate.model import line_model  # noqa: PLC0415

        return Measured(self.lines, line_model().fold)

    @cached_property
    def prose(self) -> list[bool]:
        """Whether each line reads as text and matches no rule."""
        return [rule is None and prose for rule, prose in zip(self.rules, self.measured.prose.tolist(), strict=True)]

    @cached_property
    def window(self) -> tuple[int, int]:
        """First and last line of the densest stretch of prose; (0, -1) if there is none."""
        from textclean.stages.boilerplate.features import densest, text_scores  # noqa: PLC0415

        against = [
            (rule is not None and rule.use != "edge") or stamped or truncated
            for rule, stamped, truncated in zip(self.rules, self.stamped, self.truncated, strict=True)
        ]
        slight = [rule is not None and rule.use == "edge" for rule in self.rules]
        return densest(text_scores(self.measured, against, slight)) or (0, -1)

    def chances(self, links: Sequence[float] | None) -> list[float]:
        """For each line the chance that it is the article's; *links* is the share of each in links, if that is known."""
        from textclean.stages.boilerplate.model import line_model  # noqa: PLC0415

        return line_model()(self.measured, self.lines, self.rules, links)
