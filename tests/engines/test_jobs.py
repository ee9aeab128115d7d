"""The same corpus on every engine: the same kept ids, the same text, the same counts as on one machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_corpus import rows
from textclean import NearDuplicates, NormalizeText, Pipeline, SiteTemplates, StripBoilerplate
from textclean.arrow import apply, scan
from textclean.engines import Engine, EngineError, jobs, union
from textclean.engines.texts import Columns
from toy_stages import DropSeen, half_width, refuses_four

pytestmark = pytest.mark.filterwarnings("default")

PIPELINES = {
    "documents": Pipeline([NearDuplicates()]),
    "paragraphs": Pipeline([NearDuplicates(scope="paragraph", min_chars=20)]),
    "by edits, the longest": Pipeline([NearDuplicates(edits=0.05, keep="longest")]),
    "by date": Pipeline([NearDuplicates(keep="earliest published")]),
    "templates": Pipeline([SiteTemplates()]),
    "a learner of yours": Pipeline([half_width, DropSeen()]),
    "all": Pipeline([NormalizeText(), SiteTemplates(), StripBoilerplate(), NearDuplicates()]),
}
COLUMNS = Columns(facts=("published",))


@pytest.fixture(scope="module")
def corpus() -> Any:
    made = list(rows())
    return pa.table({name: [row[name] for row in made] for name in ("id", "text", "published")})


@pytest.fixture(scope="module")
def files(corpus: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """In four files, in another order than that of the ids."""
    folder = tmp_path_factory.mktemp("corpus")
    paths = [folder / f"{number}.parquet" for number in range(4)]
    for number, path in enumerate(paths):
        pq.write_table(corpus.take(np.arange(len(corpus))[number::4]), path)
    return paths


@pytest.fixture(scope="module")
def expected(corpus: Any) -> Callable[[str], Pipeline]:
    known: dict[str, Pipeline] = {}

    def get(name: str) -> Pipeline:
        if name not in known:
            known[name] = scan([corpus], pipeline=PIPELINES[name], facts=COLUMNS.facts)
        return known[name]

    return get


@pytest.mark.parametrize("name", PIPELINES)
def test_every_engine_learns_the_same(engine: Engine, files: list[Path], expected: Any, name: str) -> None:
    if engine.name != "local" and name not in {"paragraphs", "all"}:
        pytest.skip("on clusters, where a job takes a minute, two pipelines stand for all")
    assert jobs.learn(engine, files, PIPELINES[name], columns=COLUMNS) == expected(name)


def test_the_corpus_has_what_it_is_there_for(expected: Any, corpus: Any) -> None:
    """A conformance test on a corpus without duplicates would pass on anything."""
    removed = {name: expected(name).stages[-1].removed for name in ("documents", "paragraphs", "by date")}
    assert {len(each) > 10 for each in removed.values()} == {True}
    verdicts = [verdict for _, numbers in removed["paragraphs"].values() for verdict in numbers.values()]
    assert {verdict.jaccard is None for verdict in verdicts} == {True, False}
    assert removed["documents"] != removed["by date"]
    assert expected("templates").stages[0].sites


def test_every_engine_writes_the_same(
    engine: Engine, files: list[Path], expected: Any, corpus: Any, tmp_path: Path
) -> None:
    state = expected("all")
    jobs.clean(engine, files, tmp_path / "out", state, columns=COLUMNS)
    written = pa.concat_tables(map(pq.read_table, sorted((tmp_path / "out").glob("*.parquet")))).sort_by("id")
    wanted = apply(corpus, state, facts=COLUMNS.facts).sort_by("id")
    assert written.schema.names == wanted.schema.names
    for name in ("id", "text", "meta"):
        assert written[name].to_pylist() == wanted[name].to_pylist()
    assert [row and len(row) for row in written["edits"].to_pylist()] == [
        row and len(row) for row in wanted["edits"].to_pylist()
    ]


def test_beyond_the_driver(engine: Engine, files: list[Path], expected: Any) -> None:
    """Spark unites on the cluster what is too much for one process; the others say so."""
    if engine.name == "spark":
        state = jobs.learn(engine, files, PIPELINES["paragraphs"], columns=COLUMNS, driver_edges=0)
        assert state == expected("paragraphs")
    else:
        with pytest.raises(EngineError, match=r"more than 0 pairs.*engine spark"):
            jobs.learn(engine, files, PIPELINES["paragraphs"], columns=COLUMNS, driver_edges=0)


def test_rows_on_which_a_stage_fails(engines: Any, tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["a", "b", "c"], "text": ["三", "四", "三"]}), tmp_path / "in.parquet")
    pipeline = Pipeline([refuses_four, NearDuplicates()])
    engine = engines("local")
    with pytest.raises(Exception, match="four is unlucky"):
        jobs.learn(engine, [tmp_path / "in.parquet"], pipeline)
    state = jobs.learn(engine, [tmp_path / "in.parquet"], pipeline, columns=Columns(on_error="keep"))
    jobs.clean(engine, [tmp_path / "in.parquet"], tmp_path / "out", state, columns=Columns(on_error="keep"))
    out = pq.read_table(tmp_path / "out")
    assert out["text"].to_pylist() == ["三", "四", ""]
    assert [bool(error) for error in out["error"].to_pylist()] == [False, True, False]


def test_what_engines_cannot_do_is_said(engines: Any, files: list[Path], tmp_path: Path) -> None:
    engine = engines("local")
    with pytest.raises(EngineError, match="run it on one machine"):
        jobs.learn(engine, files, Pipeline([NearDuplicates(exact=True)]))
    with pytest.raises(TypeError, match="NearDuplicates has not seen a corpus"):
        jobs.clean(engine, files, tmp_path / "out", Pipeline([NearDuplicates()]))
    pq.write_table(pa.table({"id": [None], "text": ["甲"]}), tmp_path / "in.parquet")
    with pytest.raises(Exception, match="a row has no 'id'"):
        jobs.learn(engine, [tmp_path / "in.parquet"], PIPELINES["documents"])


edges = st.lists(st.tuples(st.integers(-5, 30), st.integers(-5, 30)), max_size=40)


@given(edges)
def test_components_are_those_of_a_plain_search(pairs: list[tuple[int, int]]) -> None:
    one, other = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    nodes, labels = union.components(one, other)
    assert dict(zip(nodes.tolist(), labels.tolist(), strict=True)) == plain(pairs)


def plain(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    label: dict[int, int] = {}
    for one, other in pairs:
        label.setdefault(one, one)
        label.setdefault(other, other)
        low, high = sorted((label[one], label[other]))
        label = {node: low if was == high else was for node, was in label.items()}
    return label


def test_a_long_chain_takes_few_rounds() -> None:
    order = np.random.default_rng(3).permutation(100_000)
    nodes, labels = union.components(order[:-1], order[1:])
    assert len(nodes) == 100_000
    assert not labels.any()
