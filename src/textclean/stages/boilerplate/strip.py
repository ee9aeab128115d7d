"""StripBoilerplate: the article whole, the site gone, each cut with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from textclean import text as spans_of
from textclean.document import Document, Edit
from textclean.stages.boilerplate import metadata
from textclean.stages.boilerplate.page import Page
from textclean.stages.boilerplate.quote import as_the_page_has_it
from textclean.stages.boilerplate.runs import Verdict, by_rules
from textclean.text import Span

CHOICES = ("keep", "drop")


@dataclass(frozen=True)
class StripBoilerplate:
    """Removes from a page what is the site's; reads what the page says about itself.

    *title*, *byline* and *caption* say what becomes of lines that belong to the
    article without being its text: ``"keep"`` or ``"drop"``. What they state
    goes to ``meta`` either way: ``title``, ``published`` (ISO 8601 with a
    space), ``source``, ``author`` (a list), ``editor``, ``site``,
    ``original_title``. A key that ``meta`` already has is left alone.

    A text in which no line shows that a site is speaking comes back untouched.

    Raises ValueError for any other option.

    >>> page = "清江两岸春耕忙\\n2024-03-05 08:30 来源：清江日报\\n江水涨了，田里都是人。\\n责任编辑：陈江"
    >>> doc = Document("a", page)
    >>> out = doc.edit("strip", StripBoilerplate()(doc))
    >>> out.text
    '清江两岸春耕忙\\n江水涨了，田里都是人。'
    >>> out.meta["published"], out.meta["source"], out.meta["editor"]
    ('2024-03-05 08:30', '清江日报', '陈江')
    """

    title: str = "keep"
    byline: str = "keep"
    caption: str = "keep"

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) not in CHOICES:
                raise ValueError(
                    f"StripBoilerplate: {field.name}={getattr(self, field.name)!r} is neither "
                    + " nor ".join(repr(choice) for choice in CHOICES)
                )

    def __call__(self, doc: Document, /) -> Iterable[Edit]:
        """The removals and the facts; nothing for a text on which nothing is found."""
        segments = spans_of.segments(doc.text)
        if not segments:
            return []
        lines = [doc.text[start:end].strip() for start, end in segments]
        shares = {mark.start: mark.note for mark in doc.marks("site_template")}
        templates = {number: shares[start] for number, (start, _) in enumerate(segments) if start in shares}
        verdicts, facts = self._judge(lines, templates, doc.meta)
        for number, (_, meta) in facts.items():
            meta.update({key: as_the_page_has_it(doc, *segments[number], value) for key, value in meta.items()})
        return _edits(doc.text, segments, verdicts, facts)

    def _judge(
        self, lines: Sequence[str], templates: Mapping[int, str], known: Mapping[str, Any]
    ) -> tuple[dict[int, Verdict], dict[int, tuple[str, dict[str, Any]]]]:
        """The lines that go, and what lines state; run until nothing more goes, so that a second run finds nothing."""
        left = list(range(len(lines)))
        gone: dict[int, Verdict] = {}
        facts: dict[int, tuple[str, dict[str, Any]]] = {}
        stated = {key for key, value in known.items() if value is not None}
        while left:
            page = Page([lines[number] for number in left])
            for fact in metadata.read(page):
                if fact.field not in stated:
                    stated.add(fact.field)
                    facts.setdefault(left[fact.line], (fact.field, {}))[1][fact.field] = fact.value
            marked = {n: templates[number] for n, number in enumerate(left) if number in templates}
            new = {left[n]: verdict for n, verdict in enumerate(by_rules(page, marked)) if verdict is not None}
            if not new or len(new) == len(left):
                break
            gone.update(new)
            left = [number for number in left if number not in new]
        return gone, facts


def _edits(
    text: str,
    segments: Sequence[Span],
    verdicts: dict[int, Verdict],
    facts: dict[int, tuple[str, dict[str, Any]]],
) -> list[Edit]:
    edits = []
    for number, (start, end) in enumerate(segments):
        field, meta = facts.get(number, ("", {}))
        verdict = verdicts.get(number)
        if verdict is not None:
            edits.append(Edit(*_with_gap(segments, number, verdicts), "", verdict.reason, verdict.note, meta))
        elif meta:
            edits.append(Edit(start, end, text[start:end], field, "", meta))
    return edits


def _with_gap(segments: Sequence[Span], number: int, gone: dict[int, Verdict]) -> Span:
    """The segment and the white space that goes with it.

    The space after it, so that the next line takes its place; but a run at the
    end of the text takes the space before it, so that the last line left is
    followed by what followed the last line before.
    """
    start, end = segments[number]
    if all(later in gone for later in range(number + 1, len(segments))):
        if number:
            start = segments[number - 1].end
        return Span(start, end)
    return Span(start, segments[number + 1].start)
