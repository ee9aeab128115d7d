"""The byte pairs of GBK, as tables.

Pairs that GBK leaves to the user read as private use, as the web reads them:
a slipped stream is full of them.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from textclean.stages.encoding import codepages


class Tables(NamedTuple):
    """The two directions, and what shares a byte."""

    character: dict[tuple[int, int], str]
    pair: dict[str, tuple[int, int]]
    with_lead: dict[int, str]
    with_trail: dict[int, str]


def private(c: str) -> bool:
    """Whether *c* is of the private use area, where pairs without a character go."""
    return "\ue000" <= c <= "\uf8ff"


@cache
def tables() -> Tables:
    """All pairs of GBK; the private ones are in *character* and *pair* only.

    >>> tables().character[0xD6, 0xD0], tables().pair["中"]
    ('中', (214, 208))
    """
    decoded = zip(codepages.pairs(), codepages.of_pairs("gb18030"), strict=True)
    character = {(lead, trail): c for (lead, trail), c in decoded if len(c) == 1 and c > "\x7f"}
    pair = {c: at for at, c in character.items()}
    with_lead: dict[int, list[str]] = {lead: [] for lead in range(0x81, 0xFF)}
    with_trail: dict[int, list[str]] = {trail: [] for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF))}
    for (lead, trail), c in character.items():
        if not "\ue000" <= c <= "\uf8ff":
            with_lead[lead].append(c)
            with_trail[trail].append(c)
    return Tables(
        character,
        pair,
        {lead: "".join(cs) for lead, cs in with_lead.items()},
        {trail: "".join(cs) for trail, cs in with_trail.items()},
    )
