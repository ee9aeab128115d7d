"""The article out of a page: beside readability-lxml, trafilatura and jusText on HTML, a line rule on text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from benchmarks import boilerplate, corpora
from benchmarks.boilerplate import Judged, Page
from benchmarks.contest import Contestant, Outcome, answers, contest
from benchmarks.tables import Table, data

ON_HTML = {
    "textclean": Contestant("ours", "pages", peer=False),
    "readability-lxml": Contestant("web", "readability"),
    "jusText, set to Chinese": Contestant("web", "justext_for_chinese"),
    "trafilatura, precise": Contestant("web", "trafilatura_precise"),
    "trafilatura, as shipped": Contestant("web", "trafilatura_as_shipped"),
    "keep everything": Contestant("web", "everything"),
}
ON_TEXT = {
    "textclean": Contestant("ours", "lines", peer=False),
    "the line rule of the Chinese C4": Contestant("web", "chinese_c4"),
    "keep everything": Contestant("web", "everything"),
}
WHOSE = (
    "Development part of the judging data. textclean is judged with models that have not seen the site of the page, while the speed "
    "is that of the shipped one. *docF1*: mean F1 of lines a page; *exact*: share of pages without a wrong line; *lossy*: share of "
    "pages that lost a line of the article."
)


def tables(*, quick: bool) -> Iterator[Table]:
    """All tables of the section."""
    if boilerplate.data() is None:
        return
    rounds = 1 if quick else 3
    pages = boilerplate.pages()
    # Once, and for all pages: which sites a model has not seen is a matter of the whole set.
    unseen = {page.id: _ours(page) for page in boilerplate.sites_apart(pages)}
    yield html([page for page in pages if page.notes], unseen, rounds)
    yield text(
        [page for page in pages if not page.modern],
        unseen,
        rounds,
        "2011 to 2024",
        "lines before and after the article",
    )
    yield text(
        [page for page in pages if page.modern],
        unseen,
        rounds,
        "2013 to 2025",
        "modern pages: WeChat, companies, offices",
    )
    yield sound_text(rounds, quick=quick)


def _ours(page: Page) -> tuple[Judged, Judged]:
    """What is kept of the page as HTML, and of the text around its article."""
    window = slice(*page.light)
    return (
        boilerplate.judged(page.lines, page.keep, notes=page.notes),
        boilerplate.judged(page.lines[window], page.keep[window]),
    )


Unseen = Mapping[str, tuple[Judged, Judged]]


def html(pages: Sequence[Page], unseen: Unseen, rounds: int) -> Table:
    """Pages as they were served."""
    table = Table(
        "The article out of HTML",
        f"{len(pages)} Chinese pages. {WHOSE} A line counts as kept where its text stands in what a tool gave.",
        chart="docF1",
    )
    found = contest(data([page.markup for page in pages], "html"), ON_HTML, rounds)
    for name, result in answers(found):
        if name == "textclean":
            kept = [unseen[page.id][0] for page in pages]
        elif name == "keep everything":
            kept = [(page.lines, page.keep, [True] * len(page.lines)) for page in pages]
        else:
            kept = [_lines(page.lines, page.keep, text) for page, text in zip(pages, result, strict=True)]
        _add(table, name, kept)
    _speeds(table, found, corpora.megabytes([page.markup for page in pages]), "MB/s HTML")
    return table


def text(pages: Sequence[Page], unseen: Unseen, rounds: int, years: str, what: str) -> Table:
    """Plain text of pages: the article with a few lines around it."""
    windows = [(page, slice(*page.light)) for page in pages]
    texts = ["\n".join(page.lines[window]) for page, window in windows]
    table = Table(
        f"The article out of plain text ({years})",
        f"{len(pages)} texts; {what}. {WHOSE}",
        chart="docF1",
    )
    found = contest(data(texts, "lines"), ON_TEXT, rounds)
    for name, result in answers(found):
        kept = [unseen[page.id][1] for page in pages]
        if name != "textclean":
            kept = [_lines(p.lines[w], p.keep[w], r) for (p, w), r in zip(windows, result, strict=True)]
        _add(table, name, kept)
    _speeds(table, found, corpora.megabytes(texts))
    return table


def sound_text(rounds: int, *, quick: bool) -> Table:
    """Articles without a line of a site: nothing is to go."""
    texts = corpora.documents(300 if quick else 2000)
    table = Table(
        "Articles alone",
        f"{len(texts):,} documents of eight paragraphs of {corpora.kind()}, without any line of a site: how many lose something.",
    )
    found = contest(data(texts, "articles"), ON_TEXT, rounds)
    for name, result in answers(found):
        losers = sum(len(b) < len(a) for a, b in zip(texts, result, strict=True))
        table.add(name, documents_cut=losers)
    _speeds(table, found, corpora.megabytes(texts))
    return table


def _lines(lines: Sequence[str], keep: Sequence[bool | None], result: str) -> Judged:
    """Which of *lines* stand in *result*, spaces aside."""
    there = "".join(result.split())
    return lines, keep, [("".join(line.split()) in there) for line in lines]


def _add(table: Table, name: str, judged: Sequence[Judged]) -> None:
    figures = boilerplate.figures("", judged)
    table.add(
        name, **{key.strip(): value for key, value in figures.items() if key.strip() in ("docF1", "exact", "lossy")}
    )


def _speeds(table: Table, found: dict[str, Outcome], size: float, column: str = "MB/s") -> None:
    """Of all but the one that does nothing."""
    table.speeds({name: outcome for name, outcome in found.items() if name != "keep everything"}, size, column)
