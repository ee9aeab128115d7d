"""What stays as it is inside a converted paragraph: addresses, code, Japanese words, and the caller's own terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from textclean.stages.foreign import foreign
from textclean.text import HAN, Span

_KANA = "\u3041-\u306d\u306f-\u3096\u30a1-\u30fa\u30fc"  # without の, which stands in Chinese names too
# Lone surrogates have no UTF-8, which is all that OpenCC takes, and between two of its steps a NUL ends the text.
_BROKEN = re.compile("[\x00\ud800-\udfff]+")
_JAPANESE = re.compile(f"[{_KANA}](?:[{HAN}の]{{0,4}}[{_KANA}])+")


def protected(text: str, part: Span, *, plain: bool) -> list[Span]:
    """The spans of *part* that are addresses, code, Japanese or broken, in order.

    *plain* says that the text holds no kana, no NUL and no lone surrogate.

    >>> text = "他說「食べ物の時間です」，見a@b.tw"
    >>> [text[start:end] for start, end in protected(text, Span(0, len(text)), plain=False)]
    ['べ物の時間です', 'a@b.tw']
    """
    words = text[part.start : part.end]
    spans = [Span(part.start + start, part.start + end) for start, end in foreign(words)]
    if plain:
        return spans
    japanese = [Span(*found.span()) for found in _JAPANESE.finditer(text, part.start, part.end)]
    found = sorted([*spans, *japanese, *broken(text, part)])
    return [span for span, before in zip(found, [Span(0, 0), *found], strict=False) if span.start >= before.end]


def broken(text: str, part: Span) -> list[Span]:
    """The NULs and lone surrogates of *part*."""
    return [Span(*found.span()) for found in _BROKEN.finditer(text, part.start, part.end)]


class Terms:
    """Words that are replaced as given, wherever they stand: the longest at each place, from left to right."""

    def __init__(self, targets: Mapping[str, str]) -> None:
        self._targets = targets
        lengths: dict[str, set[int]] = {}
        for term in targets:
            lengths.setdefault(term[0], set()).add(len(term))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}
        firsts = "".join(sorted(first for first in lengths if first <= "\uffff"))
        beyond = "\U00010000-\U0010ffff" if len(firsts) < len(lengths) else ""
        self._first = re.compile(f"[{re.escape(firsts)}{beyond}]" if lengths else r"(?!)")

    def find(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """``(start, end, replacement)`` of each term in ``text[start:end]``.

        >>> list(Terms({"網路": "网络", "網": "网"}).find("上網路與網", 0, 5))
        [(1, 3, '网络'), (4, 5, '网')]
        """
        at = start
        while (found := self._first.search(text, at, end)) is not None:
            at = found.start()
            for length in self._lengths.get(found[0], ()):
                target = self._targets.get(text[at : at + length]) if at + length <= end else None
                if target is not None:
                    yield at, at + length, target
                    at += length
                    break
            else:
                at += 1
