"""A class of characters is the same by pattern and by table, whatever the length of the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclean.stages.classes import CharacterClass

INSIDES = ["a-c", r"\-\]x-z\\", "\x00-\x1f\ud800-\udfff\U00020000-\U0003ffff", "（）・\u3041-\u3096"]


@pytest.mark.parametrize("inside", INSIDES)
@given(text=st.text(alphabet=st.characters(exclude_categories=()) | st.sampled_from("abx-]\\（ぁ\ud800\U00020000")))
def test_every_character_is_found_and_no_other(inside: str, text: str) -> None:
    cls = CharacterClass(inside)
    for repeats in (1, 1 + 800 // (len(text) + 1), 1 + 70_000 // (len(text) + 1)):  # the pattern, the table, its parts
        longer = text * repeats
        places = [found.start() for found in re.finditer(f"[{inside}]", longer)]
        assert cls.places(longer) == places
        assert cls.search(longer) == bool(places)
