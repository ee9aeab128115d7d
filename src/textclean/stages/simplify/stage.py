"""SimplifyChinese, the stage: route, convert, and say exactly what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from textclean.document import Document, Edit
from textclean.stages.simplify.align import changed
from textclean.stages.simplify.converter import STOCK, characters_only, converter
from textclean.stages.simplify.protected import Terms, broken, protected
from textclean.stages.simplify.router import Page, gated, would_convert_again
from textclean.text import Span, lines

_FACTS = ("title", "original_title", "source", "author", "editor", "site")
"""What StripBoilerplate reads in words. Other keys belong to whoever wrote them."""


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
            for start, end, word in kept.find(source, 0, len(source)):
                if word not in target:
                    raise ValueError(
                        f"terms would turn {source!r} into {target!r}, but keep says that {source[start:end]!r} stays: "
                        "take it out of one of the two"
                    )

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def __call__(self, doc: Document, /) -> list[Edit]:
        """One ``script`` edit a paragraph; words that idioms change are ``idiom`` edits of their own.

        What earlier stages read from a page that is converted is restated in the new script.
        """
        edits = self._converted(doc.text)
        return edits + self._restated(doc.meta) if edits and doc.meta else edits

    def _restated(self, meta: Mapping[str, Any]) -> list[Edit]:
        """The facts of *meta* in the script of the text, stated by an edit that inserts nothing."""

        def simplified(value: str) -> str:
            return Document("", value).edit("meta", self._converted(value)).text

        new: dict[str, Any] = {}
        for key in _FACTS:
            value = meta.get(key)
            if isinstance(value, str):
                new[key] = simplified(value)
            elif isinstance(value, list) and all(isinstance(item, str) for item in value):
                new[key] = [simplified(item) for item in value]
        changed_facts = {key: value for key, value in new.items() if value != meta[key]}
        return [Edit(0, 0, "", "script", "what was read from the page", changed_facts)] if changed_facts else []

    def _converted(self, text: str) -> list[Edit]:
        if self.to != "zhs":
            return [edit for line in lines(text) for edit in self._edits(text, line, broken(text, line), self.to)]
        page = Page(text)
        edits = []
        for paragraph in lines(text) if self.terms or self.keep or self.idioms else gated(text):
            for part in page.to_convert(paragraph):
                # A page without one traditional character may be simplified, where these words have other senses.
                to = "zhs+idioms" if self.idioms and page.has_traditional else "zhs"
                shielded = protected(text, paragraph, plain=page.is_plain)
                if part == paragraph:
                    edits += self._edits(text, part, shielded, to)
                elif not any(span.start < part.end and part.start < span.end for span in shielded):
                    # A passage in a simplified paragraph; inside code or an address it is none.
                    edits += self._edits(text, part, [], to)
        return edits

    @cached_property
    def _terms(self) -> Terms:
        return Terms({**self.terms, **{word: word for word in self.keep}})

    def _edits(self, text: str, part: Span, shielded: list[Span], to: str) -> list[Edit]:
        """*part* converted but for the *shielded* spans in it and for the caller's terms."""
        fixed = [(start, end, text[start:end]) for start, end in shielded]
        if self.terms or self.keep:
            starts, ends = (
                [part.start, *(span.end for span in shielded)],
                [*(span.start for span in shielded), part.end],
            )
            fixed += [found for gap in zip(starts, ends, strict=True) for found in self._terms.find(text, *gap)]
            fixed.sort()
        edits = []
        at = part.start
        for start, end, target in fixed:
            edits += _difference(text, at, start, to)
            if text[start:end] != target:
                edits.append(Edit(start, end, target, "script", note="term"))
            at = end
        return edits + _difference(text, at, part.end, to)


def _difference(text: str, start: int, end: int, to: str) -> list[Edit]:
    """What *to* changes in ``text[start:end]``: one edit, but for words that may change their length."""
    before = text[start:end]
    if not before:
        return []
    after = converter(to)(before)
    if to.startswith("zhs"):
        # So little was said that it would be converted again: be done with it now, so that twice is once.
        for _ in range(3):
            if not would_convert_again(after) or (again := converter("zhs")(after)) == after:
                break
            after = again
    plain = characters_only(to)
    if plain is None:
        return [Edit(start, end, after, "script")] if after != before else []
    # Characters keep their places; the words that were changed on top of that stand out against them.
    characters = plain(before)
    edits = []
    at = 0
    for low, high, word in [*changed(characters, after), (len(before), len(before), "")]:
        if characters[at:low] != before[at:low]:
            edits.append(Edit(start + at, start + low, characters[at:low], "script"))
        if before[low:high] != word:
            edits.append(Edit(start + low, start + high, word, "idiom"))
        at = high
    return edits
