"""The overlay: ``rules/simplify.toml`` as the dictionaries that go before and into OpenCC's own.

Three steps, because they answer different questions. The first two decide 著/着
and 於/于, which depend on the word before as much as on the word after; there our
entries must be read alone, left to right, with no phrase of OpenCC in between:
first what the word after 著 says for sure (拿著名單), then what the word before
says (等著名景點). The last simplifies.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from textclean.rules import table


class Overlay(NamedTuple):
    """*sure* and *first* are applied on their own, then *main* together with OpenCC's dictionaries."""

    sure: dict[str, str]
    first: dict[str, str]
    main: dict[str, str]


def pairs(listed: str) -> dict[str, str]:
    """``from→to`` or a word that stays.

    >>> pairs("牠→它 神祇")
    {'牠': '它', '神祇': '神祇'}
    """
    entries = (entry.partition("→") for entry in listed.split())
    return {source: target if arrow else source for source, arrow, target in entries}


def overlay(simplified: Callable[[str], str]) -> Overlay:
    """The overlay; *simplified* is OpenCC's own conversion, which gives each entry its forms in half-converted text."""
    simplified = cache(simplified)  # each character once, of tens of thousands
    rules = table("simplify")
    zhe, yu = rules["zhe"], rules["yu"]

    variants = pairs(rules["variants"]["characters"])
    verbs = [*zhe["verbs"].split(), *zhe["verb_pairs"].split()]
    verbs += [variant for variant, standard in variants.items() if standard in verbs]
    first = {"著": zhe["default"], "於": yu["default"]}
    for verb in verbs:
        first[verb + "著"] = verb + zhe["default"]
        for word in zhe["zhu_after_verb"].split():
            first[verb + word] = verb + word
    kept = [*zhe["zhu"].split(), *zhe["authored"].split(), *yu["words"].split()]
    first |= {word: word for word in kept}
    sure = {
        f"{before}著{after}": f"{before}{zhe['default']}{after}"
        for before in zhe["crossed"].split()
        for after in zhe["crossed_by"].split()
    }
    sure |= pairs(zhe["sure"])
    for entries in (sure, first):
        entries |= {_but(simplified, source): _but(simplified, target) for source, target in entries.items()}

    main = variants | pairs(rules["only"]["entries"]) | pairs(rules["words"]["entries"])
    main |= pairs(rules["qian"]["dry"]) | pairs(rules["stable"]["entries"])
    main |= {word: _but(simplified, word) for word in [*yu["words"].split(), *rules["qian"]["words"].split()]}
    main |= {_but(simplified, word): target for word, target in main.items() if target == _but(simplified, word)}
    return Overlay(sure, first, main)


def _but(simplified: Callable[[str], str], word: str) -> str:
    """*word* in simplified characters, but for the ones that the overlay is about."""
    return "".join(char if char in "著於乾祇" else simplified(char) for char in word)
