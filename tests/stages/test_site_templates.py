"""SiteTemplates: counts that merge in any order, marks that change nothing, a table that outlives the run."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclean.document import Document
from textclean.pipeline import Learner, Pipeline
from textclean.stages.boilerplate import SiteTable, SiteTemplates, StripBoilerplate

NUMBERS = "一二三四五六七八"


def page(number: str, folder: str = "river/") -> Document:
    return Document(
        f"{folder}{number}",
        f"清江两岸网\n滨江大道{number}号观察\n第{number}天，江水又涨了一尺，堤上的人更多了。\n"
        f"夜里第{number}班船工把缆绳系紧，谁也不敢合眼。\n摆渡人俱乐部\n渡口往事",
    )


PAGES = [page(number) for number in NUMBERS]


def learned(docs: list[Document]) -> SiteTable:
    learner = SiteTemplates()
    return learner.decide([learner.observe(docs)])


def marked(table: SiteTable, doc: Document) -> list[str]:
    return [doc.text[edit.start : edit.end] for edit in table(doc)]


def test_what_a_site_repeats_is_marked_and_nothing_is_changed() -> None:
    table = learned(PAGES)
    assert marked(table, PAGES[0]) == ["清江两岸网", "摆渡人俱乐部", "渡口往事"]
    assert PAGES[0].edit("sites", table(PAGES[0])).text == PAGES[0].text


def test_strip_boilerplate_weighs_the_marks() -> None:
    pipeline = Pipeline([SiteTemplates(), StripBoilerplate()]).learn(PAGES)
    out = pipeline(PAGES[0])
    assert out.text.split("\n")[-1].startswith("夜里第一班船工")
    assert [row.reason for row in out.audit() if row.after == ""] == ["site_template"] * 3
    assert pipeline(out) is out


def test_two_pages_prove_nothing() -> None:
    assert marked(learned(PAGES[:2]), PAGES[0]) == []


def test_a_sentence_needs_more_pages_than_a_word() -> None:
    sentence = "本网站由清江两岸的船工们共同维护，欢迎过江的人上船喝茶。"
    docs = [Document(doc.id, f"{doc.text}\n{sentence}") for doc in PAGES]
    assert sentence not in marked(learned(docs[:4]), docs[0])
    assert sentence in marked(learned(docs), docs[0])


def test_sites_do_not_mix() -> None:
    others = [Document(f"hill/{n}", f"山中岁月\n第{n}年，山门前的树又高了一截，没有人来。") for n in NUMBERS]
    table = learned([*PAGES, *others])
    assert marked(table, Document("hill/x", "清江两岸网\n山中岁月")) == ["山中岁月"]


def test_pages_without_a_site_are_put_together_by_the_lines_they_share() -> None:
    frame = [f"{word}频道" for word in ("春水", "夏渡", "秋帆", "冬雪", "夜航", "早市")]
    docs = [Document(n, "\n".join([*frame, f"第{n}天，江水又涨了一尺，堤上的人更多了。"])) for n in NUMBERS]
    strangers = [Document(f"x{n}", f"第{n}封信\n写给{n}年以后的人，愿你们还记得这条江。") for n in NUMBERS[:2]]
    table = learned([*docs, *strangers])
    assert marked(table, docs[3]) == frame
    assert marked(table, strangers[0]) == []


@pytest.mark.parametrize("above", [0, 1, 20])
@pytest.mark.parametrize("known", [4, 5])
def test_five_known_lines_are_enough_wherever_they_stand(above: int, known: int) -> None:
    frame = [f"{word}频道" for word in ("春水", "夏渡", "秋帆", "冬雪", "夜航")]
    table = learned([Document(n, "\n".join([*frame, f"第{n}天，江水又涨了一尺。"])) for n in NUMBERS])
    own = [f"{number:c}家渡口" for number in range(ord("甲"), ord("甲") + above)]
    shown = frame[:known]
    for lines in ([*own, *shown], [*shown, *own]):
        assert marked(table, Document("x", "\n".join(lines))) == (shown if known == 5 else [])


def test_a_page_with_too_few_lines_to_be_like_another_leaves_no_evidence() -> None:
    seen = SiteTemplates().observe([Document("a", "春水频道\n江水涨了。"), Document("b", "\n".join("甲乙丙丁戊"))])
    assert seen.homeless[1].tolist() == [5]


def test_a_mark_stands_where_its_line_does() -> None:
    table = learned([Document(doc.id, f" {doc.text}\n\n　渡口　") for doc in PAGES])
    doc = Document("river/x", "\n 　清江两岸网 \n\n江水涨了。\n渡口")
    assert [doc.text[edit.start : edit.end] for edit in table(doc)] == ["清江两岸网", "渡口"]
    assert doc.edit("sites", table(doc)).text == doc.text


def test_the_table_is_saved_and_read_back(tmp_path: Path) -> None:
    table = learned([*PAGES, *[page(number, "") for number in NUMBERS]])
    table.save(tmp_path / "sites.json")
    assert SiteTable.load(tmp_path / "sites.json") == table
    assert pickle.loads(pickle.dumps(table)) == table  # noqa: S301  our own bytes


@pytest.mark.parametrize("content", ["", "[]", '{"sites": {"a": 1}}', '{"sites": {"a": {"pages": "x", "lines": 2}}}'])
def test_another_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "sites.json").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"sites\.json"):
        SiteTable.load(tmp_path / "sites.json")


@given(st.lists(st.integers(0, 3), min_size=16, max_size=16), st.permutations(range(4)))
def test_the_order_of_shards_does_not_matter(placed: list[int], order: list[int]) -> None:
    docs = [*PAGES, *[page(number, "") for number in NUMBERS]]
    shards = [[doc for doc, where in zip(docs, placed, strict=True) if where == shard] for shard in range(4)]
    learner = SiteTemplates()
    evidence = [learner.observe(shards[number]) for number in order]
    assert learner.decide(evidence) == learned(docs)


def test_it_is_a_learner() -> None:
    assert isinstance(SiteTemplates(), Learner)
    assert not callable(SiteTemplates())
