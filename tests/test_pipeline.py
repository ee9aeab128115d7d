"""In what order, and what if one fails?"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies import texts
from textclean import Document, Edit, Pipeline, Stage, StageError


def drop_first(doc: Document) -> list[Edit]:
    """A plain function is a stage."""
    return [Edit(0, 1, "", "first")] if doc.text else []


def fail(doc: Document) -> list[Edit]:
    raise KeyError(doc.id)


def overlap(doc: Document) -> list[Edit]:
    return [Edit(0, 2, "", "r"), Edit(1, 3, "", "r")]


@dataclass(frozen=True)
class CutLongest:
    length: int

    def __call__(self, doc: Document, /) -> list[Edit]:
        return [Edit(0, len(doc.text), "", "longest")] if len(doc.text) == self.length else []


@dataclass(frozen=True)
class Longest:
    """A learner: what is cut depends on the corpus."""

    def observe(self, docs: Iterable[Document], /) -> int:
        return max((len(doc.text) for doc in docs), default=0)

    def decide(self, shards: Iterable[int], /) -> Stage:
        return CutLongest(max(shards, default=0))


@given(texts())
def test_an_empty_pipeline_changes_nothing(text: str) -> None:
    doc = Document("x", text)
    assert Pipeline([])(doc) is doc


def test_stages_run_in_order_and_the_pipeline_signs() -> None:
    doc = Pipeline([drop_first, CutLongest(1)])(Document("x", "中文"))
    assert doc.text == ""
    assert [row.stage for row in doc.audit()] == ["drop_first", "CutLongest"]


@pytest.mark.parametrize(("stage", "problem"), [(fail, "KeyError"), (overlap, "overlaps")])
def test_a_failing_stage_names_itself_and_the_document(stage: Stage, problem: str) -> None:
    doc = Document("news/7", "中文字字")
    with pytest.raises(StageError, match=problem) as caught:
        Pipeline([drop_first, stage])(doc)
    assert (caught.value.stage, caught.value.doc_id) == (stage.__name__, "news/7")  # type: ignore[attr-defined]
    assert doc.text == "中文字字"
    assert caught.value.__cause__ is not None


@given(st.lists(texts(), max_size=5))
def test_together_is_one_by_one(found: list[str]) -> None:
    pipeline = Pipeline([drop_first, CutLongest(3)])
    docs = [Document(str(number), text) for number, text in enumerate(found)]
    assert pipeline.together(docs) == [pipeline(doc) for doc in docs]


def test_one_that_fails_does_not_touch_the_others() -> None:
    def picky(doc: Document) -> list[Edit]:
        return fail(doc) if doc.id == "b" else drop_first(doc)

    done = Pipeline([drop_first, picky]).together(Document(name, "中文字") for name in "abc")
    assert [doc.text for doc in done if isinstance(doc, Document)] == ["字", "字"]
    assert isinstance(done[1], StageError)
    assert (done[1].stage, done[1].doc_id) == ("picky", "b")
    assert isinstance(done[1].__cause__, KeyError)
    with pytest.raises(TypeError, match="corpus"):
        Pipeline([Longest()]).together([])


def test_a_stage_error_survives_the_way_home_from_a_worker() -> None:
    error = pickle.loads(pickle.dumps(StageError("s", "d", "why")))  # noqa: S301  our own bytes
    assert str(error) == "s failed on document 'd': why"


def test_a_learner_sees_what_the_stages_before_it_left() -> None:
    docs = [Document("a", "中"), Document("b", "中文字")]
    learned = Pipeline([drop_first, Longest()]).learn(docs)
    assert [doc.text for doc in learned.run(docs)] == ["", ""]
    assert learned.stages[1] == CutLongest(2)


def test_an_unlearned_pipeline_says_what_to_call() -> None:
    with pytest.raises(TypeError, match=r"learn\(docs\) first"):
        Pipeline([Longest()])(Document("a", "中"))


def test_learn_refuses_an_iterator_that_runs_dry() -> None:
    with pytest.raises(TypeError, match="pass a list"):
        Pipeline([Longest()]).learn(iter([Document("a", "中")]))


def test_a_class_or_a_string_is_no_stage() -> None:
    with pytest.raises(TypeError, match=r"put CutLongest\(\) in the pipeline"):
        Pipeline([CutLongest])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="is no stage"):
        Pipeline(["CutLongest"])  # type: ignore[list-item]
