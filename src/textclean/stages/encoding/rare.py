"""Which Han characters does text hardly use, and which does it use most?

Misread text and text out of step are full of rare ones; clean text has one in a
few hundred characters, and hardly ever three together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textclean.models import characters

RARE = -12.6
"""Nats: about the 5,000th character of either script."""

_FIRST, _LAST = 0x4E00, 0x9FFF
_COMMON = 1000


def rare() -> NDArray[np.int64]:
    """The code points of the rare ones."""
    return _FIRST + (characters.load().alone[_FIRST : _LAST + 1] < RARE).nonzero()[0]


def common() -> NDArray[np.int64]:
    """The code points of those among the thousand characters used most, both scripts and marks together."""
    most = np.array([ord(character) for character in characters.load().vocabulary[:_COMMON]])
    return most[(most >= _FIRST) & (most <= _LAST)]
