"""SimplifyChinese, the stage: route, convert, and say exactly what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from textclean.document import Document, Edit
from textclean.stages.simplify.align import changed
from textclean.stages.simplify.converter import STOCK, Convert, converter
from textclean.stages.simplify.protected import Terms, protected
from textclean.stages.simplify.router import Page, gate
from textclean.text import Span, lines


@dataclass(frozen=True)
class SimplifyChinese:
    """Traditional Chinese to simplified, character by character, and nothing else.

    Simplified, Japanese and Korean paragraphs, addresses and code stay as they
    are; a paragraph with too little evidence follows its page. *to* ``"zhs"``
    is OpenCC's dictionaries under an overlay of ours; ``"t2s"``, ``"tw2s"``,
    ``"tw2sp"``, ``"hk2s"`` and ``"hk2sp"`` are OpenCC's own configurations, for
    the whole text, with OpenCC's own defaults. *idioms* also turns Taiwan's
    words into the mainland's (網路 → 网络); it is off because those words are
    ordinary in other senses. *keep* lists words that stay as they are, *terms*
    maps words to what takes their place; both hold where text is converted.

    Raises ValueError for an unknown *to*, or for *terms* that would change a
    word of *keep*.

    >>> from textclean import Document
    >>> SimplifyChinese()(Document("a", "她看著窗外"))
    [Edit(start=0, end=5, text='她看着窗外', reason='script', note='', meta={})]
    >>> SimplifyChinese(keep=["鄭乾"])(Document("a", "鄭乾說"))
    [Edit(start=2, end=3, text='说', reason='script', note='', meta={})]
    """

    to: str = "zhs"
    idioms: bool = False
    keep: Iterable[str] = ()
    terms: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.to not in ("zhs", *STOCK):
            raise ValueError(
                f"to={self.to!r} is no conversion to simplified Chinese; there are zhs, {', '.join(STOCK)}"
            )
        if self.idioms and self.to != "zhs":
            raise ValueError('idioms=True is for to="zhs"; the stock configurations with idioms are tw2sp and hk2sp')
        if isinstance(self.keep, str):
            raise ValueError(f"keep={self.keep!r} is one string; give a list of words: keep=[{self.keep!r}]")
        object.__setattr__(self, "keep", tuple(self.keep))
        object.__setattr__(self, "terms", dict(self.terms))
        words: tuple[Any, ...] = (*self.keep, *self.terms)  # out of a file, so of any type
        for word in words:
            if not isinstance(word, str) or not word or "\n" in word:
                raise ValueError(
                    f"{word!r} in keep or terms: each must be a word of at least one character, on one line"
                )
        kept = Terms({word: word for word in self.keep})
        target: Any
        for source, target in self.terms.items():
            if not isinstance(target, str) or "\n" in target:
                raise ValueError(f"terms[{source!r}] = {target!r}: the replacement must be a string without line feeds")
            for start, end, word in kept.find(source, 0, len(source)) if kept else ():
                if word not in target:
                    raise ValueError(
                        f"terms would turn {source!r} into {target!r}, but keep says that {source[start:end]!r} stays: "
                        "take it out of one of the two"
                    )

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def __call__(self, doc: Document, /) -> list[Edit]:
        """One edit a paragraph (``script``); where a word changes its length, one for it alone."""
        parts = self._routed(doc.text) if self.to == "zhs" else lines(doc.text)
        return [edit for part in parts for edit in self._edits(doc.text, part)]

    @cached_property
    def _terms(self) -> Terms:
        return Terms({**self.terms, **{word: word for word in self.keep}})

    def _routed(self, text: str) -> Iterator[Span]:
        """The parts of *text* to convert, a paragraph at a time."""
        search = gate().search
        page = Page(text)
        at = 0
        while (hit := search(text, at)) is not None:
            start = text.rfind("\n", at, hit.start()) + 1 or at
            end = text.find("\n", hit.end())
            end = len(text) if end < 0 else end
            yield from page.to_convert(start, end)
            at = end

    def _edits(self, text: str, part: Span) -> Iterator[Edit]:
        convert = converter(self.to, idioms=self.idioms)
        fixed = sorted(self._fixed(text, part))
        if not fixed:
            yield from _difference(text, part, convert)
            return
        at = part.start
        for start, end, target in fixed:
            yield from _difference(text, Span(at, start), convert)
            if text[start:end] != target:
                yield Edit(start, end, target, "script", note="term")
            at = end
        yield from _difference(text, Span(at, part.end), convert)

    def _fixed(self, text: str, part: Span) -> Iterator[tuple[int, int, str]]:
        """What stays or is replaced as the caller says; addresses and code before terms."""
        at = part.start
        for low, high in protected(text[part.start : part.end]):
            start, end = part.start + low, part.start + high
            if self._terms:
                yield from self._terms.find(text, at, start)
            yield start, end, text[start:end]
            at = end
        if self._terms:
            yield from self._terms.find(text, at, part.end)


def _difference(text: str, part: Span, convert: Convert) -> Iterator[Edit]:
    before = text[part.start : part.end]
    after = convert(before) if before else before
    if after == before:
        return
    if len(after) == len(before):
        yield Edit(part.start, part.end, after, "script")
        return
    for start, end, piece in changed(before, after):
        yield Edit(part.start + start, part.start + end, piece, "script")
