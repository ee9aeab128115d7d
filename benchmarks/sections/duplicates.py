"""Near duplicates against exact truth: beside datasketch, rensa, SetSimilaritySearch and datatrove."""

from __future__ import annotations

import lzma
from collections.abc import Iterator, Mapping

from benchmarks import corpora
from benchmarks.contest import Contestant, Outcome, answers, contest
from benchmarks.tables import Table, data

ALL_ROWS = 149_198
DEDUPERS = {
    "textclean": Contestant("ours", "minhash", peer=False),
    "textclean, complete": Contestant("ours", "complete", peer=False),
    "textclean, numpy only": Contestant("ours", "minhash_numpy", peer=False),
    "rensa": Contestant("copies", "rensa"),
    "datasketch, as shipped": Contestant("copies", "datasketch"),
    "datasketch, 16 bands of 8": Contestant("copies", "datasketch_sensitive"),
    "SetSimilaritySearch": Contestant("copies", "set_similarity_search"),
    "datatrove": Contestant("copies", "datatrove"),
}
SKETCHERS = {
    "textclean": Contestant("ours", "signatures", peer=False),
    "rensa": Contestant("copies", "rensa_signatures"),
    "datasketch": Contestant("copies", "datasketch_signatures"),
}
OURS = {name: contestant for name, contestant in DEDUPERS.items() if not contestant.peer}


def tables(*, quick: bool) -> Iterator[Table]:
    """All tables of the section."""
    some = 10_000 if quick else 30_000
    yield signatures(some, rounds=3)
    yield duplicates(some, DEDUPERS, rounds=1 if quick else 3)
    yield duplicates(ALL_ROWS, OURS, rounds=1 if quick else 3)


def signatures(count: int, rounds: int) -> Table:
    """MinHash alone."""
    texts = corpora.paragraphs(count)
    table = Table(
        "MinHash signatures",
        f"128 permutations of character 5-grams, {count:,} paragraphs of {corpora.kind()}.",
        chart="MB/s",
    )
    table.speeds(contest(data(texts, "copies"), SKETCHERS, rounds), corpora.megabytes(texts))
    return table


def duplicates(count: int, contestants: Mapping[str, Contestant], rounds: int) -> Table:
    """From texts to what is to go."""
    rows = [row for _, row in zip(range(count), corpora.rows(), strict=False)]
    texts = [row["text"] for row in rows]
    table = Table(
        f"Near duplicates among {len(texts):,} paragraphs",
        "From texts to the paragraphs that are to go, at Jaccard 0.8 of character 5-grams. *pairs left*: of the true pairs, by exact "
        "comparison of all with all, those of which both stayed; *wrong*: paragraphs taken that have no true twin; *templates*: "
        "those of them that are bulletins in one wording with other figures. textclean takes texts, too, that are the "
        "same but for width, script and punctuation, which the truth does not know. Only textclean and SetSimilaritySearch compare what "
        "they found; the others remove by their estimate.",
        chart="MB/s",
    )
    found = contest(data(texts, "copies"), contestants, rounds)
    if truth := _true_pairs(len(texts)):
        _judge(table, found, truth, [row["kind"] in ("templ", "weather") for row in rows])
    table.speeds(found, corpora.megabytes(texts))
    return table


def _judge(table: Table, found: Mapping[str, Outcome], pairs: set[tuple[int, int]], template: list[bool]) -> None:
    near = {number for pair in pairs for number in pair}
    for name, result in answers(found):
        gone = set(result)
        left = sum(a not in gone and b not in gone for a, b in pairs)
        wrong = gone - near
        table.add(
            name,
            removed=len(gone),
            **{"pairs left": f"{left} of {len(pairs):,}"},
            wrong=len(wrong),
            templates=sum(template[number] for number in wrong),
        )


def _true_pairs(count: int) -> set[tuple[int, int]]:
    path = corpora.JUDGING / "dedup_pairs_j70.txt.xz"
    if not path.is_file():
        return set()
    with lzma.open(path, "rt") as lines:
        pairs = (line.split() for line in lines)
        return {
            (int(a), int(b)) for a, b, jaccard in pairs if float(jaccard) >= 0.8 and int(a) < count and int(b) < count
        }
