"""How is this traditional character read?

Only characters that simplified text does not have, and that GBK has: those
that a certain converter of the web furnishes with pinyin glosses. Sources and
licences: ``README.md``; ``build_readings.py`` makes the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("readings.txt")


@cache
def by_character() -> Mapping[str, frozenset[str]]:
    """The readings of each traditional-only character.

    >>> sorted(by_character()["長"]), "中" in by_character()
    (['cháng', 'zhàng', 'zhǎng'], False)
    """
    found: dict[str, set[str]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        reading, _, characters = line.partition("\t")
        for character in characters:
            found.setdefault(character, set()).add(reading)
    return {character: frozenset(readings) for character, readings in found.items()}
