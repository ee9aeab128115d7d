"""SimplifyChinese, the stage: route, convert, and say exactly what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from textclean.document import Document, Edit
from textclean.stages.simplify.align import changed
from textclean.stages.simplify.converter import STOCK, characters_only, converter
from textclean.stages.simplify.protected import Terms, broken, protected
from textclean.stages.simplify.router import Page, gate, might_convert_again, would_convert_again
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
        every_line = bool(self.terms or self.keep or self.idioms)
        gated = self.to == "zhs" and not every_line
        paragraphs = gate().lines(text) if gated else []
        if gated and not paragraphs:
            return []  # all but one in ten paragraphs of simplified text
        to = self.to
        edits: list[Edit] = []
        pieces: list[Span] = []
        if to != "zhs":
            for line in lines(text):
                pieces += self._between(text, line, broken(text, line), edits)
        else:
            page = Page(text)
            for paragraph in lines(text) if every_line else paragraphs:
                for part in page.to_convert(paragraph):
                    shielded = protected(text, paragraph, plain=page.is_plain)
                    if part == paragraph:
                        pieces += self._between(text, part, shielded, edits)
                    elif not any(span.start < part.end and part.start < span.end for span in shielded):
                        # A passage in a simplified paragraph; inside code or an address it is none.
                        pieces += self._between(text, part, [], edits)
            if self.idioms and page.has_traditional:
                # A page without one traditional character may be simplified, where these words have other senses.
                to = "zhs+idioms"
        return edits + list(_differences(text, pieces, to))

    @cached_property
    def _terms(self) -> Terms:
        return Terms({**self.terms, **{word: word for word in self.keep}})

    def _between(self, text: str, part: Span, shielded: list[Span], edits: list[Edit]) -> Iterable[Span]:
        """What of *part* is left to convert between the *shielded* spans and the caller's terms; terms go to *edits*."""
        if not (shielded or self.terms or self.keep):
            return (part,)
        fixed = [(start, end, text[start:end]) for start, end in shielded]
        if self.terms or self.keep:
            starts, ends = (
                [part.start, *(span.end for span in shielded)],
                [*(span.start for span in shielded), part.end],
            )
            fixed += [found for gap in zip(starts, ends, strict=True) for found in self._terms.find(text, *gap)]
            fixed.sort()
        edits += [
            Edit(start, end, target, "script", note="term") for start, end, target in fixed if text[start:end] != target
        ]
        starts, ends = [part.start, *(end for _, end, _ in fixed)], [*(start for start, _, _ in fixed), part.end]
        return [Span(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _differences(text: str, pieces: list[Span], to: str) -> Iterator[Edit]:
    """What *to* changes in the *pieces* of *text*: one edit each, but for words that may change their length."""
    if not pieces:
        return
    # All in one call, for a call costs as much as sixty characters; no entry of a dictionary reaches over a line's end.
    before = "\n".join([text[start:end] for start, end in pieces])
    after = converter(to)(before)
    if to.startswith("zhs") and might_convert_again(after):
        after = "\n".join(map(_settled, after.split("\n")))
    news = [after] if len(pieces) == 1 else after.split("\n")
    plain = characters_only(to)
    if plain is None:
        for (start, end), new in zip(pieces, news, strict=True):
            if new != text[start:end]:
                yield Edit(start, end, new, "script")
        return
    # Characters keep their places; the words that were changed on top of that stand out against them.
    rows = zip(pieces, before.split("\n"), plain(before).split("\n"), news, strict=True)
    for (start, _), old, characters, new in rows:
        at = 0
        for low, high, word in [*changed(characters, new), (len(old), len(old), "")]:
            if characters[at:low] != old[at:low]:
                yield Edit(start + at, start + low, characters[at:low], "script")
            if old[low:high] != word:
                yield Edit(start + low, start + high, word, "idiom")
            at = high


def _settled(converted: str) -> str:
    """*converted*, or, where so little was said that it would be converted again, what becomes of it, so that twice is once."""
    for _ in range(3):
        if not would_convert_again(converted) or (again := converter("zhs")(converted)) == converted:
            break
        converted = again
    return converted
