"""The letters that patterns for damage are about tell apart what the patterns are meant to tell apart."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclean.stages.encoding import alphabet, codepages, mojibake, order, slips
from textclean.stages.encoding.scan import Signs

EVERY_CHARACTER = "".join(map(chr, range(0x110000)))
SIGNS = {"gate": order._SIGNS, "slips": slips.SIGNS, "mojibake": mojibake.SIGNS}


@pytest.mark.parametrize("name", alphabet._SETS)
def test_a_set_of_letters_has_the_characters_of_its_class(name: str) -> None:
    inside = alphabet._SETS[name]
    letters = alphabet.alphabet().spell(EVERY_CHARACTER)
    found = [match.start() for match in alphabet.alphabet().pattern(f"[<{name}>]").finditer(letters)]
    assert found == [match.start() for match in re.finditer(f"[{inside}]", EVERY_CHARACTER)]


def test_what_stands_for_itself_is_alike_to_nothing() -> None:
    letters = alphabet.alphabet().spell(EVERY_CHARACTER)
    for character in [*map(chr, range(0x80)), *alphabet._ALONE]:
        assert letters.count(letters[ord(character)]) == 1, character


@pytest.mark.parametrize("signs", SIGNS.values(), ids=SIGNS)
@given(
    text=st.text(
        alphabet="中国的，。\n a(（qūx)）?？!！;:&#%=u45锟斤拷\ufffd谆瀵鍘錛é\x9d가ｱ☎Ⅱ\ue000\u200b\ud800\U00020000"
    )
)
def test_the_question_whether_there_is_any_is_answered_as_by_looking_for_all(signs: Signs, text: str) -> None:
    for longer in (text, text + "中" * 2000 + text):
        assert signs.search(longer) == any(True for _ in signs.spans(longer))


def test_pages_of_one_byte_have_none_of_the_characters_that_rule_them_out() -> None:
    assert [codec for codec in codepages.SINGLE if codepages.beyond_single("".join(codepages.letters(codec)))] == []
