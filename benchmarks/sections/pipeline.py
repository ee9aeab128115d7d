"""A file of rows in, clean rows out: the command beside the script of four libraries and beside datatrove."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import corpora
from benchmarks.contest import CACHE, Contestant, answers, contest
from benchmarks.process import textclean, write_rows
from benchmarks.tables import Table
from textclean import Document, Learner, Pipeline, Stage
from textclean.pipeline import stage_name

PROGRAMS = {
    "textclean clean": Contestant("command", "clean", peer=False),
    "textclean, the stages of by hand": Contestant("command", "clean_without_boilerplate", peer=False),
    "by hand": Contestant("whole", "by_hand"),
    "datatrove": Contestant("whole", "datatrove"),
}


def tables(*, quick: bool) -> Iterator[Table]:
    """All tables of the section."""
    yield programs(megabytes=4 if quick else 20, rounds=1 if quick else 3)
    yield stages(documents=300 if quick else 1500, rounds=3)
    yield workers(megabytes=10 if quick else 40, rounds=1 if quick else 3)


def programs(megabytes: float, rounds: int) -> Table:
    """The same rows through each."""
    CACHE.mkdir(exist_ok=True)
    rows = CACHE / "rows.jsonl"
    size = write_rows(rows, megabytes) / 1e6
    table = Table(
        "The whole way, a file of rows",
        f"{size:.1f} MB of {corpora.kind()}, documents of eight paragraphs. *by hand* is what is written in an afternoon "
        "(`benchmarks/contestants/by_hand.py`: chardet, ftfy, OpenCC t2s, datasketch): no boilerplate, no ledger. *datatrove*: its ftfy "
        "formatter, Gopher's two filters with the limits that suit English off, MinHash with Chinese words; no conversion, no boilerplate "
        "of lines, no ledger. textclean's command is timed as a program, its start and its report included; the second row runs "
        "`RepairEncoding`, `SimplifyChinese` and `NearDuplicates` alone.",
        chart="MB/s",
    )
    found = contest(rows, PROGRAMS, rounds)
    for name, result in answers(found):
        table.add(name, rows_left=result)
    table.speeds(found, size)
    return table


def stages(documents: int, rounds: int) -> Table:
    """Each stage alone, on what the ones before it left."""
    docs = [Document(f"{number}", text) for number, text in enumerate(corpora.documents(documents))]
    size = corpora.megabytes([doc.text for doc in docs])
    table = Table(
        "Each stage alone",
        f"{size:.1f} MB of {corpora.kind()}; a stage is given what the ones before it left. *learns*: looking at the corpus first.",
        chart="MB/s",
        rounds=rounds,
    )
    for stage in Pipeline.default(corpus=True).stages:
        name = stage_name(stage)
        if isinstance(stage, Learner):
            learns = [_cpu(partial(_learned, stage, docs)) for _ in range(rounds)]
            table.add(name, learns=size / statistics.median(learns))
            stage = _learned(stage, docs)  # noqa: PLW2901
        list(stage(docs[0]))
        seconds = [_cpu(partial(_edits, stage, docs)) for _ in range(rounds)]
        table.add(name, **{"MB/s": size / statistics.median(seconds)})
        docs = [doc.edit(name, stage(doc)) for doc in docs]
    return table


def _learned(learner: Learner[Any], docs: list[Document]) -> Stage:
    return learner.decide([learner.observe(docs)])


def _edits(stage: Stage, docs: list[Document]) -> None:
    for doc in docs:
        list(stage(doc))


def _cpu(job: Callable[[], object]) -> float:
    began = time.process_time()
    job()
    return time.process_time() - began


def workers(megabytes: float, rounds: int) -> Table:
    """One worker and two."""
    table = Table(
        "Two workers beside one",
        f"`textclean clean` on {megabytes:.0f} MB: wall time, so this is only as good as the machine is idle.",
        rounds=rounds,
    )
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder, "rows.jsonl")
        write_rows(rows, megabytes)
        ran = {jobs: [textclean(rows, Path(folder, "out"), jobs) for _ in range(rounds)] for jobs in (1, 2)}
    for jobs, runs in ran.items():
        wall = statistics.median(one.wall for one in runs)
        first = statistics.median(one.wall for one in ran[1])
        cpu = statistics.median(one.cpu for one in runs)
        table.add(f"{jobs} workers" if jobs > 1 else "1 worker", wall_s=wall, CPU_s=cpu, times_as_fast=first / wall)
    return table
