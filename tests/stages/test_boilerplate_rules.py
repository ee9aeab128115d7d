"""Every rule against its own example and counter-example, and against those of all the others."""

from __future__ import annotations

import pytest

from textclean.stages.boilerplate import metadata
from textclean.stages.boilerplate.gate import gate
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


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_gate_lets_a_rule_see_its_example_amid_other_lines(rule: Rule) -> None:
    lines = ["江水涨了，田里都是人。", rule.example, "", "船工们把缆绳又系紧了一道𠀀"]
    called = dict(gate()(lines))
    assert RULES.index(rule) in called[1]
    assert first_matches(lines)[0][1] is not None
    assert first_matches(lines)[0][::2] == [None, None]


def test_the_gate_keeps_plain_lines_from_the_rules() -> None:
    assert list(gate()(["江水涨了，田里都是人。", "", "船工们把缆绳又系紧了一道"])) == []
    assert list(gate()([])) == []


def test_rules_have_names_of_their_own() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.field}-{fact.value}")
def test_a_fact_is_read_from_its_example_and_not_from_its_counter_example(fact: Fact) -> None:
    match = fact.pattern.search(fact.example)
    assert match is not None
    assert match["value"] == fact.value
    assert fact.pattern.search(fact.counter) is None


@pytest.mark.parametrize("caption", caption_rules(), ids=lambda caption: caption.example)
def test_a_caption_matches_its_example_and_not_its_counter_example(caption: Caption) -> None:
    assert caption.pattern.search(caption.example)
    assert caption.pattern.search(caption.counter) is None
    assert is_caption(caption.example)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.field}-{fact.value}")
def test_the_gate_before_the_facts_lets_every_example_through(fact: Fact) -> None:
    assert metadata.stating(["江水涨了。", fact.example, "再会"])[fact.needs] == [1]
