"""StripBoilerplate: what goes, what stays, what is read, and what no text may make it do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import textclean
from textclean.document import Document
from textclean.pipeline import Pipeline
from textclean.stages.boilerplate import StripBoilerplate
from textclean.stages.boilerplate.page import Page
from textclean.stages.boilerplate.rules import chrome_rules
from textclean.stages.boilerplate.runs import accuses

TESTS = Path(__file__).parents[1]
CASES = [json.loads(line) for line in (TESTS / "cases" / "boilerplate.jsonl").read_text(encoding="utf-8").splitlines()]
ARTICLES = sorted((TESTS.parent / "examples" / "articles").glob("*.txt"))
STRIP = Pipeline([StripBoilerplate()])

PROSE = ["江水涨了，田里都是人。", "船工们把缆绳又系紧了一道。", "抢抓农时不放松", "“堤上有灯吗？”他问。", "", "  "]
LINES = [rule.example for rule in chrome_rules()] + [rule.counter for rule in chrome_rules()] + PROSE * 6


def pages() -> st.SearchStrategy[str]:
    """``'江水涨了，田里都是人。\\n相关新闻\\n|'``: lines of chrome and of text in any order."""
    return st.builds(
        lambda lines, end, mark: mark.join(lines) + end,
        st.lists(st.sampled_from(LINES), max_size=14),
        st.sampled_from(["", "\n", "\n\n"]),
        st.sampled_from(["\n", "\n", "\n\n", " "]),
    )


def strip(text: str) -> Document:
    return STRIP(Document("a", text))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["label"]))
def test_case(case: dict[str, Any]) -> None:
    out = strip(case["input"])
    assert out.text == case["expected"]
    for key, value in case["meta"].items():
        assert out.meta.get(key) == value
    if case["expected"] == case["input"] and not case["meta"]:
        assert not out.history


@pytest.mark.parametrize("above", [3, 4, 5, 30])
@pytest.mark.parametrize(
    "teaser", ["2024-03-05 08:30 江边新开了渡口，等船的人多了。", "江边新开的渡口今天迎来第一批过江的人..."]
)
def test_three_teasers_in_a_row_are_seen_wherever_they_stand(above: int, teaser: str) -> None:
    text = (PROSE[:2] * 15)[:above]
    for last in (2, 3):
        page = Page([*text, *[teaser] * last, "江上"])
        assert accuses(page, {}) == (last == 3)


@settings(max_examples=60)  # each example is a page judged two or three times
@given(pages())
def test_a_second_run_finds_nothing(text: str) -> None:
    once = strip(text)
    assert STRIP(once) is once
    assert strip(once.text).text == once.text


@settings(max_examples=60)
@given(pages())
def test_the_original_is_in_the_ledger(text: str) -> None:
    assert strip(text).original == text


@settings(max_examples=60)
@given(pages())
def test_only_whole_segments_go(text: str) -> None:
    out = strip(text)
    assert [line for line in out.text.split() if line not in text.split()] == []


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem[:3])
def test_the_articles_twice(path: Path) -> None:
    once = strip(path.read_text(encoding="utf-8"))
    assert STRIP(once) is once
    assert strip(once.text).text == once.text


FACTS: dict[str, dict[str, Any]] = {
    "000": {"title": None, "published": None, "source": None, "author": None, "editor": None},
    "001": {
        "title": "萍乡经开区做强工业经济推动高质量发展",
        "published": "2022-07-22 16:43:29",
        "source": "萍乡日报",
        "author": ["韩睿佳", "吴申良"],
        "editor": "肖文忠",
        "site": "中国江西网萍乡频道",
    },
    "002": {"title": None, "published": None, "source": None, "author": None, "editor": None},
    "003": {
        "title": "南昌经开区 铆足干劲不放松 融合发展向前冲",
        "original_title": "南昌经开区(赣江新区经开组团) 铆足干劲不放松 融合发展向前冲",
        "published": None,
        "source": None,
        "author": ["刘磊"],
        "editor": None,
    },
    "004": {
        "title": "萍乡湘东区:景美人和产业兴",
        "published": "2023-03-26 20:45:00",
        "source": "萍乡日报",
        "author": ["谢晨"],
        "editor": None,
    },
}


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem[:3])
def test_the_articles_state_these_facts(path: Path) -> None:
    meta = strip(path.read_text(encoding="utf-8")).meta
    assert {key: meta.get(key) for key in FACTS[path.stem[:3]]} == FACTS[path.stem[:3]]


def test_the_articles_lose_what_is_not_theirs() -> None:
    texts = {path.stem[:3]: path.read_text(encoding="utf-8") for path in ARTICLES}
    out = {name: strip(text).text for name, text in texts.items()}
    assert out["000"] == texts["000"].removesuffix(" |")
    for mark in ("热线", "0799", "1642308157", "djwpxpd", "@qq", "中国人保", "县市区", "编辑:"):
        assert mark not in out["001"], mark
    assert out["002"] == texts["002"][: texts["002"].index("\n更多>>")]
    for line in ("争分夺秒紧抓项目", "不断刷新“经开速度”", "完善产业发展布局", "描绘幸福民生画卷", "(刘磊)"):
        assert line in out["003"].split("\n"), line
    assert "【资料图】" not in out["003"]
    assert "关键词" not in out["003"]
    assert out["004"].endswith("累累硕果。")
    assert "发稿时间" not in out["004"]
    assert "...\n" not in out["004"]
    assert "■谢晨\n" in out["004"]


@pytest.mark.parametrize("option", ["title", "byline", "caption"])
def test_options_are_checked(option: str) -> None:
    with pytest.raises(ValueError, match=option):
        StripBoilerplate(**{option: "cut"})


def test_what_meta_already_holds_is_left_alone() -> None:
    doc = Document("a", "春耕\n清江两岸春耕忙\n2024-03-05 08:30\n江水涨了，田里都是人。", {"published": "2001-01-01"})
    assert STRIP(doc).meta["published"] == "2001-01-01"


PAGE = (
    "清江两岸春耕忙\n2024-03-05 08:30 来源：清江日报\n■陈江\n▲清江大桥夜景\n"
    "江水涨了，田里都是人，连孩子也来帮忙。\n船工们把缆绳又系紧了一道，谁也不敢合眼。\n责任编辑：李湖"
)


def test_options_decide_over_headline_byline_and_caption() -> None:
    def left(**options: str) -> list[str]:
        return Pipeline([StripBoilerplate(**options)])(Document("a", PAGE)).text.split("\n")

    assert left()[0] == "清江两岸春耕忙"
    assert "清江两岸春耕忙" not in left(title="drop")
    assert "■陈江" in left()
    assert "■陈江" not in left(byline="drop")
    assert "▲清江大桥夜景" not in left(caption="drop")
    assert Pipeline([StripBoilerplate(title="drop", byline="drop")])(Document("a", PAGE)).meta["author"] == ["陈江"]


def test_the_share_that_went_is_noted_when_it_is_most_of_the_page() -> None:
    menu = "\n".join(f"清江新闻频道{number} | 财经频道 | 体育频道 | 娱乐频道 | 更多" for number in range(12))
    text = "江水涨了，田里都是人，连孩子也来帮忙。\n船工们把缆绳又系紧了一道，谁也不敢合眼。"
    assert strip(f"{menu}\n{text}").meta["boilerplate_share"] > 0.6
    assert "boilerplate_share" not in strip(PAGE).meta


def test_the_head_of_a_page_says_what_its_lines_do_not() -> None:
    head = (
        '<meta property="og:title" content="春汛"><meta name="author" content="陈江"><meta name="source" content="无">'
    )
    body = "<h1>清江两岸春耕忙</h1><p>2024-03-05 08:30 来源：清江日报</p><p>江水涨了，田里都是人。</p>"
    doc = STRIP(textclean.decode(f"<html><head>{head}</head><body>{body}</body></html>", kind="html"))
    assert (doc.meta["title"], doc.meta["source"], doc.meta["author"]) == ("清江两岸春耕忙", "清江日报", ["陈江"])
    assert STRIP(doc) is doc


CAPTIONS = (
    "清江两岸春耕忙\n2024-03-05 08:30\n摆渡老人\n北渡口的新桥\n■陈江\n"
    "江水涨了，田里都是人，连孩子也来帮忙。\n▲清江大桥夜景\n船工们把缆绳又系紧了一道，谁也不敢合眼。\n责任编辑：李湖"
)


def test_captions_stay_though_the_model_takes_them_for_the_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    def unkind(page: Page, _: object) -> np.ndarray:
        return np.where(page.reads, 0.99, 0.01).astype(np.float32)

    monkeypatch.setattr(Page, "chances", unkind)
    captions = {"摆渡老人", "北渡口的新桥", "▲清江大桥夜景"}
    assert captions <= set(strip(CAPTIONS).text.split("\n"))
    out = Pipeline([StripBoilerplate(caption="drop")])(Document("a", CAPTIONS)).text.split("\n")
    assert not captions & set(out)
