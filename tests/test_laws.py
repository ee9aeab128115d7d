"""Laws that hold for every shipped stage, present and future: the catalogue is read, not listed."""

from __future__ import annotations

import pickle
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import textclean
from textclean import Document, Pipeline, config, stages
from textclean.pipeline import Learner

ARTICLES = [
    Document(path.name, path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent.parent / "examples" / "articles").glob("*.txt"))
]
# Pieces that wake every stage: damage, traditional text, chrome, duplicates, odd code points.
PIECES = st.sampled_from(
    [
        "今年以来，全区完成财政总收入17.9亿元，同比增长8.8%。",
        "淥口區(qū)以產(chǎn)業(yè)項目建設(shè)為契機。",
        "相关新闻",
        "来源：萍乡日报  编辑：肖文忠",
        "2022-07-22 16:43:29",
        "新闻热线：0799-6321110",
        "首页 | 新闻 | 体育 | 财经",
        "&#20013;&#22269; \\u4e2d\\u56fd",
        "ÖÐ¹ú涓浗",
        "增添新的動力!睖O口區委書記",
        "看著對方說:「好」,然後走了",
        "Ｈｅｌｌｏ　ｗｏｒｌｄ １２３",
        "日本語のテキスト",
        "\ufeff\u200b⼀\x00\r\n",
        "…… ...",
        "|",
        "(",
        "锟斤拷�",
        "\n",
        " ",
    ]
)
PAGES = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12).map("\n".join)


def each_stage() -> list[object]:
    return [getattr(stages, name)() for name in stages.__all__ if name != "SiteTable"]


def learned(stage: object, docs: list[Document]) -> Pipeline:
    return Pipeline([stage]).learn(docs)  # type: ignore[list-item]


@pytest.mark.parametrize("stage", each_stage(), ids=lambda stage: type(stage).__name__)
@given(text=PAGES)
def test_a_second_run_adds_nothing(stage: object, text: str) -> None:
    doc = Document("x", text)
    once = learned(stage, [doc])(doc)
    again = Document("x", once.text, once.meta)
    assert list(learned(stage, [again])(again).audit()) == []


@pytest.mark.parametrize("stage", each_stage(), ids=lambda stage: type(stage).__name__)
@given(text=PAGES)
def test_the_original_stays(stage: object, text: str) -> None:
    doc = Document("x", text)
    out = learned(stage, [doc])(doc)
    assert out.original == text
    if out.text == text:
        assert all(row.before == row.after for row in out.audit())


@given(text=st.text(max_size=200))
def test_any_text_at_all_goes_through_the_whole_pipeline(text: str) -> None:
    doc = textclean.clean(text)
    assert doc.original == text
    doc.text.encode("utf-8")  # whatever came in, what goes out can be written


@given(text=PAGES)
def test_the_whole_pipeline_is_finished_after_one_run(text: str) -> None:
    once = textclean.clean(text)
    assert textclean.clean(once.text).text == once.text


@pytest.mark.parametrize("stage", each_stage(), ids=lambda stage: type(stage).__name__)
def test_a_pipeline_file_says_everything_about_a_stage(stage: object) -> None:
    pipeline = Pipeline([stage])  # type: ignore[list-item]
    assert config.loads(config.dumps(pipeline)) == pipeline


@pytest.mark.parametrize("stage", each_stage(), ids=lambda stage: type(stage).__name__)
def test_a_stage_travels_to_a_worker(stage: object) -> None:
    ready = learned(stage, ARTICLES)
    there = pickle.loads(pickle.dumps(ready))  # noqa: S301  our own bytes
    assert list(there.run(ARTICLES)) == list(ready.run(ARTICLES))


@pytest.mark.parametrize(
    "learner", [stage for stage in each_stage() if isinstance(stage, Learner)], ids=lambda stage: type(stage).__name__
)
@given(
    corpus=st.lists(PAGES, min_size=1, max_size=8),
    cuts=st.lists(st.integers(0, 8), max_size=3),
    order=st.randoms(use_true_random=False),
)
def test_evidence_does_not_know_its_order(
    learner: Learner[object], corpus: list[str], cuts: list[int], order: object
) -> None:
    docs = [Document(f"site/{number}", text) for number, text in enumerate(corpus)]
    whole = Pipeline([learner.decide([learner.observe(docs)])])
    edges = sorted({0, *(min(cut, len(docs)) for cut in cuts), len(docs)})
    shards = [learner.observe(docs[start:end]) for start, end in pairwise(edges)]
    order.shuffle(shards)  # type: ignore[attr-defined]
    parts = Pipeline([learner.decide(shards)])
    assert [doc.text for doc in parts.run(docs)] == [doc.text for doc in whole.run(docs)]


def test_the_default_pipelines_are_what_the_readme_says() -> None:
    names = [type(stage).__name__ for stage in Pipeline.default().stages]
    assert names == ["RepairEncoding", "NormalizeText", "StripBoilerplate", "SimplifyChinese", "RemoveDuplicates"]
    names = [type(stage).__name__ for stage in Pipeline.default(corpus=True).stages]
    assert names == [
        "RepairEncoding",
        "NormalizeText",
        "SiteTemplates",
        "StripBoilerplate",
        "SimplifyChinese",
        "RemoveDuplicates",
        "NearDuplicates",
    ]
