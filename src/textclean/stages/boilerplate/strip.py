"""StripBoilerplate: the article whole, the site gone, each cut with its reason."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from textclean import text as spans_of
from textclean.document import Document, Edit
from textclean.stages.boilerplate import metadata
from textclean.stages.boilerplate.judge import judge
from textclean.stages.boilerplate.page import FEW_LINES, Page
from textclean.stages.boilerplate.quote import as_the_page_has_it
from textclean.stages.boilerplate.rules import is_caption
from textclean.stages.boilerplate.runs import Verdict, accuses

CHOICES = ("keep", "drop")
MOSTLY = 0.6
"""Cutting a greater share of the Han characters is noted in ``meta["boilerplate_share"]``: someone should look."""

LONGEST_BYLINE = 16
"""Characters of a line that is nothing but a byline."""

LONGEST_UNMARKED_CAPTION = 30

_NO_FACTS: Mapping[str, Any] = {}
_AS_EDIT = partial(tuple.__new__, Edit)  # what Edit._make does, without a call into Python for each line

_TORN = frozenset("，。、；：！？）》】”’的")
_FINISHED = frozenset("。！？；：…」』")


@dataclass(frozen=True)
class StripBoilerplate:
    """Removes from a page what is the site's; reads what the page says about itself.

    *title*, *byline* and *caption* say what becomes of lines that belong to the
    article without being its text: ``"keep"`` or ``"drop"``. What they state
    goes to ``meta`` either way: ``title``, ``published`` (ISO 8601 with a
    space), ``source``, ``author`` (a list), ``editor``, ``site``,
    ``original_title``. A key that ``meta`` already has is left alone. Where
    more than 60 % of the Han characters go, ``meta["boilerplate_share"]`` says
    how many.

    Marks of earlier stages are evidence: ``html_line`` (from HTML) and
    ``site_template`` (from :class:`~textclean.SiteTemplates`). A text in which
    no line shows that a site is speaking comes back untouched.

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
        # Where lines stand costs as much again as what they hold, and of most short texts nobody asks it.
        segments, lines = spans_of.pieces(doc.text) if doc.text.count("\n") >= FEW_LINES else (None, _lines(doc.text))
        page = Page(lines)
        marks = doc.marks("site_template")
        if not (page.tails or marks or accuses(page, {})):
            return _from_head(doc, {})
        if segments is None:
            segments, _ = spans_of.pieces(doc.text)
        if page.tails:
            segments = _without_tails(doc.text, segments, page.tails)
            page = Page([doc.text[start:end] for start, end in segments])
        templates = _by_segment(marks, segments)
        shown = _by_segment(doc.marks("html_line"), segments)
        markup = [shown.get(number, "") for number in range(len(segments))] if shown else None
        # Where line feeds were lost, a space before a comma is as likely the writer's.
        gone, facts, units = self._judged(page, templates, markup, doc.meta, torn="\n" in doc.text)
        for number, meta in facts.items():
            meta.update({key: as_the_page_has_it(doc, *segments[number], value) for key, value in meta.items()})
        _note_share(page, gone, facts)
        edits = _edits(doc.text, segments, gone, facts)
        if "\n" in doc.text and len(units) == 1 and len(units[0]) == 1 and units[0][0] not in gone:
            edits = self._of_one_line(doc, *segments[units[0][0]], edits)
        return [*edits, *_joins(segments, units), *_from_head(doc, facts)]

    def _of_one_line(self, doc: Document, start: int, end: int, edits: list[Edit]) -> list[Edit]:
        """*edits*, with what goes of the one line that is left: by itself it may read as a page that lost its line feeds."""
        known = dict(doc.meta)
        for edit in edits:
            known.update(edit.meta)
        line = Document(doc.id, doc.text[start:end], known)
        found = [edit._replace(start=edit.start + start, end=edit.end + start) for edit in self(line)]
        if not found:
            return edits
        # What the whole line states is said where it begins, so that parts of it can go.
        whole = (start, end)
        stated = [e._replace(end=e.start, text="") if (e.start, e.end) == whole else e for e in edits]
        return [*stated, *found]

    def _judged(
        self,
        page: Page,
        templates: Mapping[int, str],
        markup: Sequence[str] | None,
        known: Mapping[str, Any],
        *,
        torn: bool,
    ) -> tuple[dict[int, Verdict], dict[int, dict[str, Any]], list[tuple[int, ...]]]:
        """The lines that go, what lines state, and the lines that are left, those of one sentence together.

        Judged again and again until nothing more goes and nothing more is
        joined: what is left is then a text in which this stage finds nothing.
        *torn* says whether sentences may have been split into lines.
        """
        lines = page.lines
        units: list[tuple[int, ...]] = list(zip(range(len(lines))))
        gone: dict[int, Verdict] = {}
        facts: dict[int, dict[str, Any]] = {}
        stated = {key for key, value in known.items() if value is not None}
        marked, notes = templates, markup
        while units and accuses(page, marked):
            verdicts = judge(page, marked, notes)
            found = _facts(page, verdicts)
            self._settle(page, verdicts, found)
            for fact in found:
                if fact.field not in stated:
                    stated.add(fact.field)
                    facts.setdefault(units[fact.line][0], {})[fact.field] = fact.value
            if None not in verdicts:
                break
            row_of = {units[row][0]: row for row, verdict in enumerate(verdicts) if verdict is None}
            left = [units[row] for row in row_of.values()]
            left = joined(left, lines) if torn else left
            if len(left) == len(units):
                break
            for unit, verdict in zip(units, verdicts, strict=True):
                if verdict is not None:
                    for number in unit:
                        gone[number] = verdict
            rows = [row_of[unit[0]] if len(unit) == len(units[row_of[unit[0]]]) else None for unit in left]
            page = page.part(rows, ["".join([lines[number] for number in unit]) for unit in left])
            units = left
            marked = {n: templates[unit[0]] for n, unit in enumerate(units) if unit[0] in templates}
            notes = None if markup is None else [markup[unit[0]] for unit in units]
        return gone, facts, units

    def _settle(self, page: Page, verdicts: list[Verdict | None], found: Sequence[metadata.Found]) -> None:
        """Let the options decide over headlines, bylines and captions."""
        kept = [number for number, verdict in enumerate(verdicts) if verdict is None]
        low, high = (kept[0], kept[-1]) if kept else (0, -1)
        kinds = dict.fromkeys(self._captions(page, verdicts, found, low, high), "caption")
        for fact in found:
            if fact.field == "title":
                kinds[fact.line] = "title"
            elif fact.field == "author" and low - 1 <= fact.line <= high + 1 and _is_byline(page, fact.line, high):
                kinds[fact.line] = "byline"
        for number, kind in kinds.items():
            verdicts[number] = Verdict(kind, "") if getattr(self, kind) == "drop" else None

    def _captions(
        self, page: Page, verdicts: Sequence[Verdict | None], found: Sequence[metadata.Found], low: int, high: int
    ) -> list[int]:
        """The captions that the option decides over: of those that stay, if they shall go, and the other way round."""

        def undecided(numbers: range) -> list[int]:
            return [n for n in numbers if page.rules[n] is None and (verdicts[n] is None) == (self.caption == "drop")]

        near = undecided(range(low, high + 1))
        captions = [number for number in near if is_caption(page.lines[number])]
        line_of = {fact.field: fact.line for fact in found}
        title, author = line_of.get("title", -1), line_of.get("author", -1)
        if self.caption == "keep" and 0 <= title < author <= high and _is_byline(page, author, high):
            # In newspapers what stands between the headline and the byline are the words under the pictures.
            between = undecided(range(title + 1, author))
            captions += [number for number in between if len(page.lines[number]) <= LONGEST_UNMARKED_CAPTION]
        return captions


def joined(units: Sequence[tuple[int, ...]], lines: Sequence[str]) -> list[tuple[int, ...]]:
    """*units* with those put together that a sentence was split into.

    Bold words on a line of their own leave the rest of the sentence on the
    next: a comma, a closing bracket or 的 begins no line.

    >>> joined([(0,), (1,)], ["江水涨了", "，田里都是人。"])
    [(0, 1)]
    """
    whole: list[tuple[int, ...]] = []
    for unit in units:
        line = lines[unit[0]]
        if line[:1] in _TORN and whole:
            before = lines[whole[-1][-1]]
            torn = line[0] != "的" or (len(line) <= 12 and len(before) >= 20 and "，" in before)
            if torn and before and before[-1] not in _FINISHED:
                whole[-1] += unit
                continue
        whole.append(unit)
    return whole


def _joins(segments: Sequence[tuple[int, int]], units: Sequence[Sequence[int]]) -> Iterator[Edit]:
    for unit in units:
        for one in unit[:-1]:
            yield Edit(segments[one][1], segments[one + 1][0], "", "split_line", "a sentence goes on")


def _is_byline(page: Page, number: int, last: int) -> bool:
    """A name alone on a line; where it stands in a sentence, the sentence is text.

    Below the *last* line of the text a name in brackets signs it, while
    作者：陈江 states a fact about the page, as its source does.
    """
    line = page.lines[number]
    return page.rules[number] is None and len(line) <= LONGEST_BYLINE and not (number > last and line[0].isalnum())


def _facts(page: Page, verdicts: Sequence[Verdict | None]) -> list[metadata.Found]:
    body = [number for number, verdict in enumerate(verdicts) if verdict is None and page.prose[number]]
    return metadata.read(page, body[0], body[-1]) if body else []


def _from_head(doc: Document, facts: Mapping[int, Mapping[str, Any]]) -> list[Edit]:
    """What the head of a page of HTML adds to the facts that its lines state."""
    said = doc.meta.get("html")
    if not said:
        return []
    head = metadata.from_head(said)
    stated = {key for key, value in doc.meta.items() if value is not None}.union(*facts.values())
    head = {field: value for field, value in head.items() if field not in stated}
    return [Edit(0, 0, "", "html_head", "", head)] if head else []


def _without_tails(text: str, segments: Sequence[tuple[int, int]], tails: Mapping[int, int]) -> list[tuple[int, int]]:
    """*segments*, with the tail of a paragraph as a segment of its own.

    >>> _without_tails("江水涨了。 版权所有", [(0, 10)], {0: 6})
    [(0, 5), (6, 10)]
    """
    apart = []
    for number, (start, end) in enumerate(segments):
        if number in tails:
            head, tail = text[start : start + tails[number]].rstrip(), text[start + tails[number] : end].lstrip()
            apart += [(start, start + len(head)), (end - len(tail), end)]
        else:
            apart.append((start, end))
    return apart


def _lines(text: str) -> list[str]:
    """What the segments of *text* hold."""
    return list(filter(None, map(str.strip, text.split("\n")))) if "\n" in text else spans_of.pieces(text)[1]


def _by_segment(marks: Sequence[Edit], segments: Sequence[tuple[int, int]]) -> dict[int, str]:
    """The notes of *marks*, by the segment they begin in."""
    if not marks:
        return {}
    ends = [end for _, end in segments]
    notes = {}
    for mark in marks:
        number = bisect_right(ends, mark.start)
        if number < len(segments) and segments[number][0] < mark.end:
            notes[number] = mark.note
    return notes


def _note_share(page: Page, gone: Mapping[int, Verdict], facts: dict[int, dict[str, Any]]) -> None:
    if not gone:
        return
    han = page.measured.han
    share = float(han.take(list(gone)).sum()) / max(1.0, float(han.sum()))
    if share > MOSTLY:
        facts.setdefault(min(gone), {})["boilerplate_share"] = round(share, 2)


def _line_ends(text: str, segments: Sequence[tuple[int, int]], gone: Mapping[int, Verdict]) -> set[int]:
    """The segments that go from the end of a line of which the beginning stays.

    >>> gone = dict.fromkeys((1, 2, 3), Verdict("footer", ""))
    >>> _line_ends("江水 甲 乙\\n丙\\n涨了", [(0, 2), (3, 4), (5, 6), (7, 8), (9, 11)], gone)
    {1, 2}
    """
    found: set[int] = set()
    for last in gone:
        if last + 1 == len(segments) or "\n" not in text[segments[last][1] : segments[last + 1][0]]:
            continue
        first = last
        while first and "\n" not in text[segments[first - 1][1] : segments[first][0]]:
            if first - 1 not in gone:
                found.update(range(first, last + 1))
                break
            first -= 1
    return found


def _edits(
    text: str, segments: Sequence[tuple[int, int]], gone: Mapping[int, Verdict], facts: Mapping[int, dict[str, Any]]
) -> list[Edit]:
    """The removals, each with the white space that goes with it, and the facts about lines that stay.

    The space after a line goes, so that the next takes its place; but a run at
    the end of the text takes the space before it, so that the last line left is
    followed by what followed the last line before. So does the tail of a
    paragraph of which something stays.
    """
    tail = len(segments)
    while tail and tail - 1 in gone:
        tail -= 1
    line_ends = _line_ends(text, segments, gone)
    rows = []
    for number in sorted({*gone, *facts}):
        meta = facts.get(number, _NO_FACTS)
        verdict = gone.get(number)
        start, end = segments[number]
        if verdict is None:
            rows.append((start, end, text[start:end], next(iter(meta)), "", meta))
            continue
        if number < tail and number not in line_ends:
            end = segments[number + 1][0]
        elif number:
            start = segments[number - 1][1]
        rows.append((start, end, "", verdict[0], verdict[1], meta))
    return list(map(_AS_EDIT, rows))
