"""Which parts of a page are Chinese to convert, and which stay as they are?

Simplified text must not be converted: 乾隆, 著作, 皇天後土 and names like 毕昇 are
right as they stand, and no converter can tell. So each paragraph is weighed by
the characters that only one script uses; one with little evidence of its own
follows the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property

from textclean.rules import table
from textclean.scripts import HANGUL, KANA, is_japanese, is_korean, may_be_japanese, outweighs
from textclean.stages.foreign import is_code
from textclean.text import HAN, Span

_RUN = re.compile(f"[{HAN}]{{2,}}")
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.DOTALL | re.MULTILINE)


@cache
def _sets() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    listed = table("script")
    traditional, simplified, japanese = (
        frozenset(listed[name]["characters"]) - {"\n"} for name in ("traditional", "simplified", "japanese")
    )
    return traditional, simplified, japanese


class Page:
    """A text, and what its paragraphs may lean on when they say little themselves."""

    def __init__(self, text: str) -> None:
        self.text = text

    def to_convert(self, start: int, end: int) -> Iterator[Span]:
        """The parts of the paragraph *start:end* that are to be converted."""
        if any(low < end and start < high for low, high in self._fences):
            return
        paragraph = self.text[start:end]
        if is_code(paragraph):
            return
        traditional, simplified, japanese = self._evidence(paragraph)
        if (self._has_kana or japanese or (traditional and simplified)) and (
            is_japanese(paragraph) or (self._is_japanese and may_be_japanese(paragraph))
        ):
            return
        if self._has_hangul and is_korean(paragraph):
            return
        if traditional <= 1 and simplified <= 1:
            if self._is_traditional:
                yield Span(start, end)
        elif outweighs(traditional, simplified):
            yield Span(start, end)
        elif traditional >= 2:
            # Simplified text that quotes a traditional passage.
            for run in _RUN.finditer(paragraph):
                own = self._evidence(run.group())
                if own[0] >= 2 and not own[1]:
                    yield Span(start + run.start(), start + run.end())

    @staticmethod
    def _evidence(text: str) -> tuple[int, int, int]:
        """How many different characters are traditional, simplified, Japanese only."""
        characters = set(text)
        traditional, simplified, japanese = _sets()
        return len(characters & traditional), len(characters & simplified), len(characters & japanese)

    @cached_property
    def _is_traditional(self) -> bool:
        traditional, simplified, _ = self._evidence(self.text)
        return outweighs(traditional, simplified) or not simplified

    @cached_property
    def _has_kana(self) -> bool:
        return KANA.search(self.text) is not None

    @cached_property
    def _has_hangul(self) -> bool:
        return HANGUL.search(self.text) is not None

    @cached_property
    def _is_japanese(self) -> bool:
        return self._has_kana and is_japanese(self.text)

    @cached_property
    def _fences(self) -> list[tuple[int, int]]:
        return (
            [match.span() for match in _FENCE.finditer(self.text)] if "```" in self.text or "~~~" in self.text else []
        )


@cache
def gate() -> re.Pattern[str]:
    """Without one of these characters a text stays as it is: 770 MB/s instead of 160 for OpenCC itself."""
    traditional = "".join(sorted(_sets()[0]))
    rest = table("simplify")["gate"]["characters"].replace("\n", "")
    # A range for what lies beyond the BMP: listed singly it would make the class 250 times slower.
    return re.compile(f"[{traditional}{rest}\U00020000-\U0003ffff]")
