"""What waits for a last stage in its finished form is what it would have been."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import batching
from batching import tree
from reporting import many, news
from strategies import histories
from textclean import Document, Edit, Pipeline, Stage
from textclean.batch import report, rows, spool
from textclean.batch.finish import Batch, finish, valid
from textclean.batch.records import Record
from textclean.batch.report.gather import row_of
from textclean.batch.report.page import dumps
from textclean.batch.report.pieces import story
from textclean.batch.runner import Request, run
from textclean.batch.watch import Silence
from textclean.stages import NearDuplicates, SiteTemplates

PAGES = (SiteTemplates(), batching.swap, batching.footer)


@given(histories())
def test_a_document_comes_back_from_its_finished_form(history: tuple[str, Document]) -> None:
    doc = history[1]
    whole = Record("p", doc, ["file"], {"a": 1}, 1)
    for record in (whole, Record("p", doc, ["file"], doc.meta, 0, failed=True), Record("p", None, ["raw", "x"])):
        for share in (None, 0.5, 1.0):
            done = finish(valid(record), share)
            other = finish(Record("q", None, ["raw", "y"]))
            file = io.BytesIO()
            for some in ([done], [other, done, done]):
                spool.put_finished(file, Batch.of(some))
            file.seek(0)
            alone, among = spool.finished(file)
            assert list(alone.each()) == [done]
            assert list(among.each()) == [other, done, done]
            assert spool.record(done) == record


@given(histories())
def test_a_finished_document_is_the_line_its_values_make(history: tuple[str, Document]) -> None:
    record = valid(Record("p", history[1], ["file"]))
    doc = record.doc
    assert doc is not None
    done = finish(record, 1.0)
    row = {"id": doc.id, "path": "p", "text": doc.text, "meta": dict(doc.meta)}
    assert done.document == (rows.line(row) if doc.text else b"")
    assert done.shown == dumps(row_of(doc, story(doc)))


@dataclass(frozen=True)
class Twice(batching.Same):
    """Says which documents it will change, or with *fib* that it changes none."""

    fib: bool = False

    def decide(self, shards: Any, /) -> Stage:
        only = super().decide(shards)
        assert isinstance(only, batching.Only)
        return Known(only.kept, self.fib)


@dataclass(frozen=True)
class Known(batching.Only):
    fib: bool = False

    def may_change(self, name: str) -> bool:
        return not self.fib and name not in self.kept.values()


def cleaned(source: Path, out: Path, *stages: Any, **options: Any) -> dict[str, bytes]:
    run(Request((str(source),), out, Pipeline((*PAGES, *stages)), **{"jobs": 1, **options}), Silence())
    files = {name: raw for name, raw in tree(out).items() if name not in {"manifest.json", "_SUCCESS"}}
    return {
        name: (gzip.decompress(raw) if name.startswith("ledger") else raw).replace(b'"Known"', b'"Only"')
        for name, raw in files.items()
    }


def leave(_: Document) -> list[Edit]:
    return []


def test_the_output_is_the_same_as_when_every_document_is_looked_at(tmp_path: Path) -> None:
    source = news(tmp_path / "in")
    usual = cleaned(source, tmp_path / "usual", batching.Same(), leave)
    assert cleaned(source, tmp_path / "finished", batching.Same()) == usual
    assert cleaned(source, tmp_path / "asked", Twice()) == usual


def test_a_stage_that_says_it_changes_nothing_is_not_asked(tmp_path: Path) -> None:
    source = news(tmp_path / "in")
    found = cleaned(source, tmp_path / "out", Twice(fib=True))
    assert b"exact_duplicate" not in found["removed.jsonl"]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("last", [(batching.Same(),), (NearDuplicates(),), (batching.Same(), leave), ()])
def test_the_report_made_in_passing_is_that_of_the_folder(tmp_path: Path, jobs: int, last: tuple[Any, ...]) -> None:
    source = news(tmp_path / "in")
    many(source / "more", 400)
    out = tmp_path / "out"
    run(Request((str(source),), out, Pipeline((*PAGES, *last)), jobs=jobs, report=True), Silence())
    page = (out / "report.html").read_bytes()
    assert report.write(out).read_bytes() == page
    run(Request((str(source),), out, Pipeline(PAGES), jobs=jobs, fresh=True), Silence())
    assert not (out / "report.html").exists(), "it is about another run"


def test_a_run_that_goes_on_may_ask_for_a_report_then(tmp_path: Path) -> None:
    class Tired(Silence):
        def phase(self, name: str, total: int) -> None:
            if name == "last stages":
                raise KeyboardInterrupt

    source, out = news(tmp_path / "in"), tmp_path / "out"
    stages = Pipeline((*PAGES, Twice()))
    with pytest.raises(KeyboardInterrupt):
        run(Request((str(source),), out, stages, jobs=1), Tired())
    run(Request((str(source),), out, stages, jobs=1, report=True), Silence())
    assert (out / "_SUCCESS").exists()
    assert not (out / "report.html").exists(), "what it needs was not kept: it is written from the folder"


def test_a_second_run_into_the_same_folder_learns_anew(tmp_path: Path) -> None:
    for head in ("某網", "別網"):
        source = tmp_path / head
        source.mkdir()
        for number in range(3):
            (source / f"{number}.txt").write_text(f"{head}\n第{number}篇。", encoding="utf-8")
        run(Request((str(source),), tmp_path / "out", Pipeline([batching.Common()]), jobs=1, fresh=True), Silence())
        assert (tmp_path / "out" / "text" / "1.txt").read_text(encoding="utf-8") == "第1篇。"
