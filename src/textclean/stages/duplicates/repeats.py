"""Can this text have a repeated paragraph at all? Mostly not, and that must cost next to nothing.

Both looks are taken on the whole text at once, on arrays: comparing the sets of
its paragraphs would take ten times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textclean.stages.duplicates import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FEW = 16
"""Fewer repeated 4-grams than this, and no paragraph of 40 characters has a copy."""

_SHARE = 0.4
"""A copy has this share of its 4-grams twice, even with all its punctuation changed."""


def any_in(text: str) -> bool:
    """Whether enough 4-grams of *text* stand in it twice for a repeated paragraph to be possible."""
    import numpy as np  # noqa: PLC0415  70 ms, needed by long documents only

    grams = np.sort(_grams(_folded(text)))
    return int(np.count_nonzero(grams[1:] == grams[:-1])) >= _FEW


def lines_in(text: str, min_chars: int) -> set[int]:
    """The lines of *min_chars* or more, counted from 0, that consist to a good part of repeated 4-grams.

    A page whose paragraphs all begin with the agency's name gets this far, and no further.
    """
    import numpy as np  # noqa: PLC0415  see above

    codes = _folded(text)
    grams = _grams(codes)
    order = np.argsort(grams)
    equal = np.flatnonzero(grams[order[1:]] == grams[order[:-1]])
    before = np.zeros(len(grams) + 1, np.int64)
    before[order[equal] + 1] = before[order[equal + 1] + 1] = 1
    np.cumsum(before, out=before)
    bounds = np.concatenate([[0], np.flatnonzero(codes == 0x0A), [len(grams)]]).clip(max=len(grams))
    lengths = np.diff(bounds)
    shares = np.diff(before[bounds]) >= _SHARE * np.maximum(lengths, 1)
    return set(np.flatnonzero(shares & (lengths >= min_chars)).tolist())


def _folded(text: str) -> NDArray[np.uint16]:
    import numpy as np  # noqa: PLC0415  see above

    codes = fold.narrow_table().take(np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16))
    kept: NDArray[np.uint16] = codes[codes != 0]
    return kept


def _grams(codes: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """The overlapping 4-grams, as a view: four characters of 16 bits are one number of 64."""
    import numpy as np  # noqa: PLC0415  see above

    return np.ndarray((max(len(codes) - 3, 0),), np.uint64, codes, 0, (2,)) if len(codes) else np.empty(0, np.uint64)
