"""Can this text have a repeated paragraph at all? Mostly not, and that must cost next to nothing.

The look is taken on the whole text at once, on arrays: comparing the sets of its
paragraphs would take ten times as long. What it needs is what the keys of the
paragraphs are made of, so a text is folded once.
"""

from __future__ import annotations

from codecs import utf_16_le_decode, utf_16_le_encode  # looking a codec up by name takes as long as a short text

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.stages.duplicates import fold

SHARE = 0.4
"""A copy has this share of its 4-grams twice, even with all its punctuation changed."""

# What the compiled twin saves here a character is a sixth of what it saves in a corpus.
_WEIGHT = 6
_SURROGATES = 0xD800


def folded(text: str) -> NDArray[np.uint16]:
    """*text* in UTF-16, each unit folded to that of the key; 0 where the key has nothing, and line feeds as they are."""
    return fold.narrow_table().take(np.frombuffer(utf_16_le_encode(text, "surrogatepass")[0], np.uint16))


def lines_in(codes: NDArray[np.uint16], min_chars: int, share: float = SHARE) -> set[int]:
    """The lines of *min_chars* or more, counted from 0, of whose 4-grams at least *share* stand elsewhere too.

    *codes* are those of a :func:`folded` text. None at all where the whole text
    has too few 4-grams twice for any copy.

    >>> body = "入夏以来，全市已有三十二处公园延长开放时间，方便市民夜间散步。"
    >>> lines_in(folded(f"{body}\\n来源：本站\\n{body}"), 20)
    {0, 2}
    """
    return set(kernels.best(len(codes) // _WEIGHT).repeated_lines(codes, min_chars, share).tolist())


def shadow(text: str, codes: NDArray[np.uint16]) -> str:
    """The characters of the key, each at the place it has in *text*; NUL where the key has nothing.

    *codes* are those of the :func:`folded` text.

    >>> text = "「臺灣」\\n２０２４ 年"
    >>> shadow(text, folded(text))
    '"台湾"\\n2024\\x00年'
    """
    # Characters outside 16 bits, and those that stand for them, are above all others but the rarest.
    if len(codes) != len(text) or (len(codes) and codes.max() >= _SURROGATES):
        wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        return bytes(np.where(wide == fold.LINE_FEED, wide, fold.table()[wide]).data).decode("utf-32-le")
    return utf_16_le_decode(codes.data)[0]
