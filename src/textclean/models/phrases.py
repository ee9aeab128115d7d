"""Which words does OpenCC convert otherwise than character by character?

OpenCC's own list for simplification, TSPhrases, as ``build_opencc_phrases.py``
read it; its licence is in ``README.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("opencc_phrases.txt")


@cache
def simplified_phrases() -> Mapping[str, str]:
    """Each phrase, and what becomes of it; many stay as they are.

    >>> simplified_phrases()["情有獨鍾"], simplified_phrases()["乾坤"]
    ('情有独钟', '乾坤')
    """
    listed = _FILE.read_text(encoding="utf-8").partition("\n")[2].split()
    pairs = (entry.partition("→") for entry in listed)
    return {source: target if arrow else source for source, arrow, target in pairs}
