"""Which lines are items of a list, and which stand between two of them?

``六、联系方式`` says that the text goes on: five such parts stand above it. An
address or a short line between two parts of a notice belongs to the notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FAR: Final = 60
"""Items further apart than this many lines are not of one list."""
_ITEM: Final = re.compile(
    r"(第?)\s?([(（【\[]?)\s?([0-9]{1,2}|[一二三四五六七八九十]{1,3})\s?([)）】\]、.．:：，章节節条條步]|(?=\s))"
)
ITEM_STARTS: Final = frozenset("0123456789一二三四五六七八九十第(（【[")
_HAN_DIGITS: Final = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}


def _value(number: str) -> int:
    """The value of *number*, in figures or in Han: "12" and 十二 are 12."""
    if number[0] in "0123456789":
        return int(number)
    tens, ten, ones = number.rpartition("十")
    return (_HAN_DIGITS.get(tens[-1:], 1) * 10 if ten else 0) + _HAN_DIGITS.get(ones[-1:], 0)


def numbered(lines: Sequence[str], rows: Iterable[int] | None = None) -> NDArray[np.float32]:
    """For each line its number in a list (0: none), the way to the items before and after it, and whether it is amid them.

    *rows* are those lines that begin with one of :data:`ITEM_STARTS`, if they are known.

    >>> numbered(["一、报名", "江边见。", "二、联系", "再会"]).tolist()
    [[1.0, 0.0, 2.0, 0.0], [60.0, 60.0, 2.0, 60.0], [2.0, 60.0, 60.0, 60.0], [0.0, 1.0, 0.0, 0.0]]
    """
    result = np.zeros((4, len(lines)), np.float32)
    result[1:3] = _FAR
    seen: dict[tuple[str, str, bool, int], int] = {}
    for row in [row for row, line in enumerate(lines) if line[:1] in ITEM_STARTS] if rows is None else rows:
        match = _ITEM.match(lines[row])
        if match is None:
            continue
        before, opening, number, closing = match.groups()
        value = _value(number)
        style = (before + opening, closing, number.isascii())
        result[0, row] = min(value, 20)
        above = seen.get((*style, value - 1), -1)
        if above >= 0 and row - above < _FAR:
            result[1, row] = result[2, above] = row - above
            result[3, above + 1 : row] = 1
        seen[*style, value] = row
    return result
