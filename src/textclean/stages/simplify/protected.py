"""What stays as it is inside a converted paragraph: addresses, code, Japanese words, and the caller's own terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from textclean.stages.foreign import foreign
from textclean.text import HAN

_KANA = "\u3041-\u306d\u306f-\u3096\u30a1-\u30fa\u30fc"  # without の, which stands in Chinese names too
# Lone surrogates have no UTF-8, which is all that OpenCC takes.
_UNCONVERTIBLE = re.compile(f"[{_KANA}](?:[{HAN}の]{{0,4}}[{_KANA}])+|[\ud800-\udfff]+")


def protected(text: str) -> list[tuple[int, int]]:
    """The spans of *text* that are addresses, code or Japanese, in order.

    >>> [text[slice(*span)] for text in ["他說「食べ物の時間です」", "見a@b.tw"] for span in protected(text)]
    ['べ物の時間です', 'a@b.tw']
    """
    spans = sorted([*foreign(text), *(match.span() for match in _UNCONVERTIBLE.finditer(text))])
    return [span for span, before in zip(spans, [(0, 0), *spans], strict=False) if span[0] >= before[1]]


class Terms:
    """Words that are replaced as given, wherever they stand: the longest at each place, from left to right."""

    def __init__(self, targets: Mapping[str, str]) -> None:
        self._targets = targets
        lengths: dict[str, set[int]] = {}
        for term in targets:
            lengths.setdefault(term[0], set()).add(len(term))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def __bool__(self) -> bool:
        return bool(self._targets)

    def find(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """``(start, end, replacement)`` of each term in ``text[start:end]``."""
        at = start
        while at < end:
            for length in self._lengths.get(text[at], ()):
                if at + length <= end and (target := self._targets.get(text[at : at + length])) is not None:
                    yield at, at + length, target
                    at += length
                    break
            else:
                at += 1
