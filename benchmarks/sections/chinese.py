"""Traditional to simplified, and normalising: beside OpenCC, its port to Rust, zhconv; ftfy and NFKC."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import corpora
from benchmarks.contest import Contestant, answers, contest
from benchmarks.tables import Table, data

CONVERTERS = {
    "textclean": Contestant("ours", "simplify", peer=False),
    "opencc t2s": Contestant("characters", "opencc_t2s"),
    "opencc tw2s": Contestant("characters", "opencc_tw2s"),
    "opencc tw2sp": Contestant("characters", "opencc_tw2sp"),
    "opencc-pyo3 t2s": Contestant("characters", "opencc_pyo3"),
    "zhconv, its start included": Contestant("characters", "zhconv"),
}
NORMALIZERS = {
    "textclean": Contestant("ours", "repair_and_normalize", peer=False),
    "ftfy, for Chinese": Contestant("characters", "ftfy_for_chinese"),
    "ftfy, as shipped": Contestant("characters", "ftfy_as_shipped"),
    "NFKC": Contestant("characters", "nfkc"),
}
TERMS = 100_000


def tables(*, quick: bool) -> Iterator[Table]:
    """All tables of the section."""
    yield conversion(quick=quick)
    yield terms()
    if cases := [row for row in corpora.judging("normalise_dev.jsonl") if row["default"] == "on"]:
        yield normalising(cases)
    yield normalising_speed(quick=quick)


def conversion(*, quick: bool) -> Table:
    """Right on hard cases, harmless on simplified text, and how fast."""
    texts = [text.replace("\n", "") for text in corpora.paragraphs(5_000 if quick else 20_000, every=3)]
    cases = [row for row in corpora.judging("t2s_dev.jsonl") if row["profile"] in ("zhs", "auto", "idem")]
    table = Table(
        "Traditional to simplified",
        (
            f"*hard cases*: share of {len(cases)} sentences with words that are often converted wrongly, of the development part "
            "of the judging data (ours were tuned on it; the peers have made other choices in some). "
            if cases
            else ""
        )
        + f"*simplified changed*: of {len(texts):,} simplified paragraphs of {corpora.kind()}, how many were changed: none should be. "
        "Speeds by paragraph, on these and on their traditional image.",
        chart="MB/s traditional",
    )
    rounds = 3 if quick else 5
    for script, given in (("traditional", corpora.traditional(texts)), ("simplified", texts)):
        edits_only = {"textclean, its edits alone": Contestant("ours", "simplify_edits", peer=False)}
        found = contest(data(given, f"script-{script}"), CONVERTERS | edits_only, rounds)
        if script == "simplified":
            for name, result in answers(found):
                if result is None:
                    continue
                changed = sum(a != b for a, b in zip(given, result, strict=True))
                table.add(name, simplified_changed=changed)
        table.speeds(found, corpora.megabytes(given), f"MB/s {script}")
    if cases:
        found = contest(data([row["source"] for row in cases], "script-cases"), CONVERTERS, rounds=1)
        for name, result in answers(found):
            right = sum(row["expected"] == got for row, got in zip(cases, result, strict=True))
            table.rows[name] = {"hard cases": right / len(cases), **table.rows[name]}
    return table


def terms() -> Table:
    """What a dictionary of the caller's own costs."""
    table = Table("A dictionary of 100,000 terms", "Given to `SimplifyChinese(terms=…)`, built, and used once.")
    path = data([(f"詞{number:06}", f"词{number:06}") for number in range(TERMS)], "terms")
    for name, outcome in contest(path, {"textclean": Contestant("ours", "terms", peer=False)}, rounds=5).items():
        table.add(name, seconds=outcome.median, came_out=str(outcome.result))
    return table


def normalising_speed(*, quick: bool) -> Table:
    """How fast, on text that needs nothing and on documents as they come."""
    texts = [text.replace("\n", "") for text in corpora.paragraphs(5_000 if quick else 20_000, every=3)]
    bare = [text for text in texts if not set(text) & set(",:;!?()\t\r\u3000\xa0 ．％•…-") and "..." not in text]
    programs = {"textclean": Contestant("ours", "normalize", peer=False)}
    programs |= {name: program for name, program in NORMALIZERS.items() if program.peer}
    table = Table(
        "Width, punctuation, spaces: speed",
        f"*nothing to do*: paragraphs of {corpora.kind()} without a mark that any rule looks for, one call each; *documents*: eight "
        "paragraphs each, most of which hold something to mend. NFKC and ftfy as shipped make half-width marks of Chinese ones.",
        chart="MB/s nothing to do",
    )
    for column, given in (
        ("nothing to do", bare),
        ("documents", corpora.documents(len(texts) // corpora.PARAGRAPHS_A_DOCUMENT)),
    ):
        found = contest(data(given, f"normalise-{column.replace(' ', '-')}"), programs, rounds=3 if quick else 5)
        table.speeds(found, corpora.megabytes(given), f"MB/s {column}")
    return table


def normalising(cases: list[dict[str, str]]) -> Table:
    """Width, punctuation, spaces: what is mended, and what must stay."""
    table = Table(
        "Width, punctuation, spaces",
        f"{len(cases)} texts of the development part of the judging data: *mended*, share of those to be changed that came out "
        "exactly; *kept*, share of those to be left that were.",
        chart="kept",
    )
    found = contest(data([row["input"] for row in cases], "normalise"), NORMALIZERS, rounds=1)
    for name, result in answers(found):
        results = [
            (row["input"] == row["expected"], got in (row["expected"], *row.get("accept", ())))
            for row, got in zip(cases, result, strict=True)
        ]
        for column, stays in (("mended", False), ("kept", True)):
            group = [right for kept, right in results if kept is stays]
            table.add(name, **{column: sum(group) / max(1, len(group))})
    return table
