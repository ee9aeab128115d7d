"""Which Han characters does text hardly use?

Misread text and text out of step are full of them; clean text has one in a few
hundred characters, and hardly ever three together.
"""

from __future__ import annotations

from functools import cache

from textclean.models import characters

RARE = -12.6
"""Nats: about the 5,000th character of either script."""

# What else such wrecks are sprinkled with: bopomofo, private use, vertical forms.
_SPRINKLED = "\u3105-\u3129\ue000-\uf8ff\ufe30-\ufe4f"


@cache
def characters_class() -> str:
    """The rare characters, as the inside of a character class."""
    alone = characters.load().alone
    spans: list[list[int]] = []
    for code in range(0x4E00, 0xA000):
        if alone[code] < RARE:
            if spans and spans[-1][1] == code - 1:
                spans[-1][1] = code
            else:
                spans.append([code, code])
    return "".join(chr(a) if a == b else f"{chr(a)}-{chr(b)}" for a, b in spans) + _SPRINKLED


@cache
def common() -> str:
    """The thousand characters used most, both scripts and marks together, as the inside of a character class."""
    return "".join(sorted(c for c in characters.load().vocabulary[:1000] if "\u4e00" <= c <= "\u9fff"))
