"""Every rule against its own example and counter-example, and against those of all the others."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclean.stages.boilerplate import metadata
from textclean.stages.boilerplate.gate import gate
from textclean.stages.boilerplate.letters import Letters
from textclean.stages.boilerplate.rules import (
    USES,
    Caption,
    Fact,
    Rule,
    caption_rules,
    chrome_rules,
    fact_rules,
    first_match,
    first_matches,
    is_caption,
)

RULES = chrome_rules()
FACTS = fact_rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_matches_its_example(rule: Rule) -> None:
    assert rule.matches(rule.example)
    assert first_match(rule.example) is not None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_rule_matches_a_counter_example(rule: Rule) -> None:
    assert first_match(rule.counter) is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_well_formed(rule: Rule) -> None:
    assert rule.use in USES
    assert rule.shortest <= len(rule.example) <= rule.longest
    assert sum(map(rule.example.count, rule.anchors)) >= rule.times >= 1
    assert len(set(rule.anchors)) == len(rule.anchors)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_gate_lets_a_rule_see_its_example_amid_other_lines(rule: Rule) -> None:
    lines = ["江水涨了，田里都是人。", rule.example, "", "船工们把缆绳又系紧了一道𠀀"]
    for called in (gate()(lines), gate().of_page(Letters(lines))):
        assert RULES.index(rule) in dict(called)[1]
    for found in (first_matches(lines), first_matches(lines, Letters(lines))):
        assert found[0][1] is not None
        assert found[0][::2] == [None, None]


_WORDS = ["甲", "，", "。", "：", " ", "代表", "声明", "本站", "有权", "删除", "留言", "公众号", "回复", "领取"]


@given(
    st.lists(st.text(st.sampled_from("甲来源：|· 版权所有©完-2024年古\U00020000\ud800.…a"), max_size=30), max_size=8)
)
def test_lines_match_the_same_rules_one_by_one_and_all_at_once(lines: list[str]) -> None:
    assert first_matches(lines) == first_matches(lines, Letters(lines))
    assert first_matches(lines)[0] == [
        next((rule for rule in RULES if rule.matches(line) and _has_anchors(rule, line)), None) for line in lines
    ]


def _has_anchors(rule: Rule, line: str) -> bool:
    return sum(map(line.count, rule.anchors)) >= rule.times


@given(
    st.lists(
        st.sampled_from(
            [*_WORDS, "本网站", "平台不承担", "本文仅代表", "如有", "侵权请联系", "凡转载", "请注明", "来源"]
        ),
        max_size=10,
    )
)
def test_looking_for_a_rule_finds_what_its_pattern_finds(words: list[str]) -> None:
    line = "".join(words)
    for rule in RULES:
        if _has_anchors(rule, line):
            assert (rule.look(line) is None) == (re.search(rule.pattern, line) is None)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_looking_for_a_rule_finds_its_example(rule: Rule) -> None:
    assert rule.look(rule.example) is not None


def test_a_long_menu_that_ends_in_a_sentence_is_given_up_at_once() -> None:
    assert first_match("甲|" * 150 + "一二三四五六七八九十十一") is None
    assert first_match("--|" * 120 + "一二三四五六七八九十十一") is None


def test_the_gate_keeps_plain_lines_from_the_rules() -> None:
    for lines in (["江水涨了，田里都是人。", "", "船工们把缆绳又系紧了一道"], []):
        assert list(gate()(lines)) == []
        assert list(gate().of_page(Letters(lines))) == []


def test_rules_have_names_of_their_own() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.field}-{fact.value}")
def test_a_fact_is_read_from_its_example_and_not_from_its_counter_example(fact: Fact) -> None:
    match = fact.search(fact.example)
    assert match is not None
    assert match["value"] == fact.value
    assert fact.search(fact.counter) is None


@pytest.mark.parametrize("caption", caption_rules(), ids=lambda caption: caption.example)
def test_a_caption_matches_its_example_and_not_its_counter_example(caption: Caption) -> None:
    assert caption.pattern.search(caption.example)
    assert caption.pattern.search(caption.counter) is None
    assert is_caption(caption.example)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.field}-{fact.value}")
def test_the_gate_before_the_facts_lets_every_example_through(fact: Fact) -> None:
    lines = ["江水涨了。", fact.example, "再会"]
    assert metadata.stating(lines, Letters(lines))[fact.needs] == [1]
    assert metadata.stating([*lines, "𠀀"], Letters([*lines, "𠀀"]))[fact.needs] == [1]
