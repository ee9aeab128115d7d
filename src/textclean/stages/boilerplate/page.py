"""What a page looks like line by line, before anybody decides anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from textclean.stages.boilerplate.rules import Rule, first_match, spell_out

_SENTENCE = re.compile(r"[。！？；!?;]")
_COMMA = re.compile(r"[，、,]")
_CLOSED = re.compile(r"[。！？!?；;…：:][”\"』」）)】]*$")
_STAMPED = re.compile(spell_out(r"^\W*<date>\s*<time>"))
# Two dots more than an ellipsis of the author: lists cut with "..." or one "…", prose trails off with "……".
_TRUNCATED = re.compile(r"(?:\.{2,}|(?<!…)…)\W?$")

LONG_LINE = 25
"""From this many characters on, a line with a comma reads as prose (headlines in lists are shorter)."""


@dataclass(frozen=True)
class Page:
    """The lines of a page, stripped, in order."""

    lines: Sequence[str]

    @cached_property
    def rules(self) -> list[Rule | None]:
        """The first rule each line matches."""
        return [first_match(line) for line in self.lines]

    @cached_property
    def prose(self) -> list[bool]:
        """Whether each line reads as text and matches no rule."""
        return [rule is None and is_prose(line) for line, rule in zip(self.lines, self.rules, strict=True)]

    @cached_property
    def stamped(self) -> list[bool]:
        """Whether each line begins with a date and a time."""
        return [bool(_STAMPED.match(line)) for line in self.lines]

    @cached_property
    def truncated(self) -> list[bool]:
        """Whether each line was cut by a template."""
        return [len(line) >= 12 and bool(_TRUNCATED.search(line)) for line in self.lines]

    @cached_property
    def window(self) -> tuple[int, int]:
        """First and last line of the densest stretch of prose; (0, -1) if there is none.

        The stretch with the greatest sum of scores, prose counted by its length
        and other lines against it (Kadane's algorithm), as in Pasternack and
        Roth, "Extracting article text from the web with maximum subsequence
        segmentation" (2009).
        """
        best, span = 0.0, (0, -1)
        total, start = 0.0, 0
        for number, score in enumerate(self._scores):
            if total <= 0:
                total, start = 0.0, number
            total += score
            if total > best:
                best, span = total, (start, number)
        return span

    @property
    def _scores(self) -> list[float]:
        scores = []
        for number, line in enumerate(self.lines):
            rule = self.rules[number]
            if self.stamped[number] or self.truncated[number] or (rule is not None and rule.use != "edge"):
                scores.append(-20.0)
            elif rule is not None:
                scores.append(-8.0)  # a telephone number in a notice must not end the notice
            elif self.prose[number]:
                scores.append(float(min(len(line), 200)))
            elif _CLOSED.search(line):
                scores.append(float(min(len(line), 60)))
            else:
                scores.append(-min(30.0, max(8.0, 0.6 * len(line))))
        return scores


def is_prose(line: str) -> bool:
    """Whether *line* is a sentence or more, by its punctuation.

    >>> is_prose("江水涨了。"), is_prose("首页 新闻 社会")
    (True, False)
    """
    return bool(_SENTENCE.search(line)) or (len(line) >= LONG_LINE and bool(_COMMA.search(line)))
