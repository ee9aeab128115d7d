"""Can this text have a repeated paragraph at all? Mostly not, and that must cost next to nothing.

The look is taken on the whole text at once, on arrays: comparing the sets of its
paragraphs would take ten times as long.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from textclean.stages.duplicates import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FEW = 16
"""Fewer repeated 4-grams than this, and no paragraph of 40 characters has a copy."""

SHARE = 0.4
"""A copy has this share of its 4-grams twice, even with all its punctuation changed."""


def lines_in(text: str, min_chars: int, share: float = SHARE) -> set[int]:
    """The lines of *min_chars* or more, counted from 0, of whose 4-grams at least *share* stand elsewhere too.

    None at all where the whole text has too few of those for any copy.

    >>> body = "入夏以来，全市已有三十二处公园延长开放时间，方便市民夜间散步。"
    >>> lines_in(f"{body}\\n来源：本站\\n{body}", 20)
    {0, 2}
    """
    import numpy as np  # noqa: PLC0415  70 ms, needed by long documents only

    codes = fold.narrow_table().take(np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16))
    if not codes.all():
        codes = codes[codes != 0]
    grams = len(codes) - 3
    if grams < _FEW:
        return set()
    # Four characters of 16 bits are one number of 64. Its hash above its place: one sort, half the cost of an argsort,
    # brings equal ones together, and a hash of 40 bits or more hardly ever errs (if it does, a line is looked at).
    low = np.uint64((1 << max(16, grams.bit_length())) - 1)
    packed = np.ndarray((grams,), np.uint64, codes, 0, (2,)) * np.uint64(0x9E3779B97F4A7C15)
    packed &= ~low
    packed |= _places()[:grams] if grams <= len(_places()) else np.arange(grams, dtype=np.uint64)
    packed.sort()
    same = ((packed[1:] ^ packed[:-1]) <= low).nonzero()[0]
    if len(same) < _FEW:
        return set()
    repeated = np.zeros(grams, np.bool_)
    repeated[(packed[same] & low).astype(np.int64)] = True
    repeated[(packed[same + 1] & low).astype(np.int64)] = True
    bounds = np.concatenate(([0], (codes[:grams] == fold.LINE_FEED).nonzero()[0], [grams]))
    lengths = bounds[1:] - bounds[:-1]
    # reduceat takes the element itself where a span is empty, which only the last can be.
    counts = np.add.reduceat(repeated, bounds[:-1], dtype=np.int64)
    found: list[int] = ((counts >= share * lengths) & (lengths >= min_chars)).nonzero()[0].tolist()
    return set(found)


@cache
def _places() -> NDArray[np.uint64]:
    import numpy as np  # noqa: PLC0415  see above

    return np.arange(1 << 16, dtype=np.uint64)
