"""Which parts of a page are Chinese to convert, and which stay as they are?

Simplified text must not be converted: 乾隆, 著作, 皇天後土 and names like 毕昇 are
right as they stand, and no converter can tell. So each paragraph is weighed by
the characters that only one script uses; one with little evidence of its own
follows the page.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, cached_property

from textclean.rules import table
from textclean.scripts import HANGUL, KANA, is_japanese, is_korean, may_be_japanese, outweighs, patterns
from textclean.stages.classes import CharacterClass
from textclean.stages.foreign import is_code
from textclean.stages.simplify.converter import zhs
from textclean.stages.simplify.dictionaries import pairs
from textclean.text import HAN, Span

_RUN = re.compile(f"[{HAN}]{{2,}}")
_ODD = f"{KANA.pattern[1:-1]}{HANGUL.pattern[1:-1]}\x00\ud800-\udfff`~"
_HAS_ODD = re.compile(f"[{_ODD}]")
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.DOTALL | re.MULTILINE)


@cache
def gate() -> CharacterClass:
    """Without one of these characters a text stays as it is; the search costs a tenth of OpenCC's own pass."""
    return CharacterClass(f"{_gate_characters()}\U00020000-\U0003ffff")


@cache
def _gate_characters() -> str:
    rules = table("simplify")
    ours = pairs(rules["variants"]["characters"]) | pairs(rules["only"]["entries"]) | pairs(rules["words"]["entries"])
    rest = {old for source, target in ours.items() for old, new in zip(source, target, strict=True) if old != new}
    rest = (rest | set(rules["gate"]["characters"])) - set(rules["gate"]["but"])
    traditional: str = table("script")["traditional"]["characters"].replace("\n", "")
    return traditional + "".join(sorted(rest))


@cache
def _left_over() -> re.Pattern[str]:
    """What of the gate can come out of a conversion: 著 in words, 乾 in names."""
    return re.compile(f"[{''.join(sorted(zhs().outputs.intersection(_gate_characters())))}]")


@cache
def _not_only_traditional() -> re.Pattern[str]:
    return re.compile(f"{patterns().not_traditional.pattern[:-1]}{_ODD}]")


def might_convert_again(converted: str) -> bool:
    """Whether a conversion left anything in *converted* that another might change; a quick look."""
    return _left_over().search(converted) is not None


def would_convert_again(converted: str) -> bool:
    """Whether a second run might take a paragraph that came out as *converted* for traditional."""
    if not might_convert_again(converted):
        return False
    known = patterns()
    traditional = _kinds(known.traditional, converted)
    if not traditional and _kinds(known.simplified, converted) > 1:
        return False
    return traditional < 2 or outweighs(*_evidence(converted))


class Page:
    """A text, and what its paragraphs may lean on when they say little themselves."""

    def __init__(self, text: str) -> None:
        self.text = text
        # Whether nothing speaks against traditional text. On a simplified page the search ends at once.
        self._is_pure = _not_only_traditional().search(text) is None
        # One search instead of five: most pages have no kana, no Hangul, no fenced code and no broken character.
        self.is_plain = self._is_pure or _HAS_ODD.search(text) is None

    def to_convert(self, paragraph: Span) -> Sequence[Span]:
        """The parts of *paragraph* that are to be converted."""
        words = self.text[paragraph.start : paragraph.end]
        if self._is_pure:
            return () if is_code(words) else (paragraph,)
        known = patterns()
        traditional = _kinds(known.traditional, words)
        if not traditional and _kinds(known.simplified, words) > 1:
            return ()  # nine in ten paragraphs that pass the gate on simplified pages
        others = known.not_traditional.search(words) is not None
        if is_code(words) or (others and is_japanese(words)):
            return ()
        if not self.is_plain and self._is_foreign(paragraph, words):
            return ()
        simplified = _kinds(known.simplified, words) if others else 0
        if traditional < 2 and simplified < 2:
            return (paragraph,) if self._is_traditional else ()
        if not simplified or outweighs(*_evidence(words)):
            return (paragraph,)
        # Simplified text that may quote a traditional passage.
        runs = [run for run in _RUN.finditer(words) if _kinds(known.traditional, run[0]) > 1]
        return [
            Span(paragraph.start + run.start(), paragraph.start + run.end())
            for run in runs
            if not known.simplified.search(run[0])
        ]

    @cached_property
    def has_traditional(self) -> bool:
        """Whether the page has any character that only traditional text uses."""
        return patterns().traditional.search(self.text) is not None

    @cached_property
    def _is_traditional(self) -> bool:
        traditional, simplified = _evidence(self.text)
        return outweighs(traditional, simplified) or not simplified

    def _is_foreign(self, paragraph: Span, words: str) -> bool:
        return (
            is_japanese(words)
            or is_korean(words)
            or (self._is_japanese and may_be_japanese(words))
            or self._is_fenced(paragraph.start)
        )

    def _is_fenced(self, at: int) -> bool:
        index = bisect_right(self._fences, at, key=lambda fence: fence.start) - 1
        return index >= 0 and at < self._fences[index].end

    @cached_property
    def _is_japanese(self) -> bool:
        return KANA.search(self.text) is not None and is_japanese(self.text)

    @cached_property
    def _fences(self) -> list[Span]:
        return [Span(*match.span()) for match in _FENCE.finditer(self.text)]


def _kinds(pattern: re.Pattern[str], text: str) -> int:
    """How many different characters *pattern* finds in *text*, up to two: the second one ends the search."""
    first = found = pattern.search(text)
    while found is not None:
        found = pattern.search(text, found.end())
        if found is not None and first is not None and found[0] != first[0]:
            return 2
    return 0 if first is None else 1


@cache
def _sets() -> tuple[frozenset[str], frozenset[str]]:
    listed = table("script")
    return frozenset(listed["traditional"]["characters"]), frozenset(listed["simplified"]["characters"])


def _evidence(text: str) -> tuple[int, int]:
    """How many different characters of *text* are traditional only, and simplified only."""
    characters = set(text) - {"\n"}
    traditional, simplified = _sets()
    return len(characters & traditional), len(characters & simplified)
