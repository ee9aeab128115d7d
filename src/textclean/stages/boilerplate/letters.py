"""The characters of a page as one array, which everything that counts them looks at."""

from __future__ import annotations

from codecs import utf_16_le_encode  # looking a codec up by name takes as long as a short text
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

_LINE_FEED: Final = 10
_FULL_STOP: Final = ord(".")
_ELLIPSIS: Final = ord("…")
_MAY_BEGIN_A_DATE: Final = np.ones(0x10000, np.bool_)
_MAY_BEGIN_A_DATE[0x4E00:0x9FFC] = False
_MAY_BEGIN_A_DATE[[code for code in range(128) if chr(code).isalnum() and chr(code) not in "12"]] = False


class Letters:
    """The lines of a page in UTF-16, each between two line feeds, so that no line is the first or the last."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.text = text = "\n".join(["", *lines, ""])
        self.codes = np.frombuffer(utf_16_le_encode(text, "surrogatepass")[0], np.uint16)
        self._wide = len(self.codes) != len(text)
        self.feeds = feeds = (self.codes == _LINE_FEED).nonzero()[0]
        self.starts, self.ends = feeds[:-1] + 1, feeds[1:]
        self.sizes = self.ends - self.starts

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many characters each line has; :attr:`sizes` counts those beyond the first plane twice."""
        return np.fromiter(map(len, self._lines), np.int64, len(self._lines)) if self._wide else self.sizes

    @cached_property
    def feeds_in_text(self) -> list[int]:
        """Where the line feeds are in :attr:`text`."""
        if self._wide:
            return [at for at, character in enumerate(self.text) if character == "\n"]
        feeds: list[int] = self.feeds.tolist()
        return feeds

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """The codes as places in a table: what take would make of them each time."""
        return self.codes.astype(np.int64)

    @cached_property
    def begun_as_dates_are(self) -> list[int]:
        """The lines that do not begin with a common ideograph, a Latin letter or a figure that begins no year."""
        rows: list[int] = _MAY_BEGIN_A_DATE.take(self.codes.take(self.starts)).nonzero()[0].tolist()
        return rows

    @cached_property
    def ended_in_dots(self) -> list[int]:
        """The lines of whose last two characters one is a full stop or an ellipsis."""
        dots = (self.codes == _FULL_STOP) | (self.codes == _ELLIPSIS)
        rows: list[int] = (dots.take(self.ends - 1) | dots.take(self.ends - 2, mode="clip")).nonzero()[0].tolist()
        return rows

    def rows_that_begin_with(self, characters: frozenset[str]) -> list[int]:
        """The lines that begin with one of *characters*."""
        rows: list[int] = _among(characters).take(self.codes.take(self.starts)).nonzero()[0].tolist()
        return rows


@lru_cache(maxsize=8)
def _among(characters: frozenset[str]) -> NDArray[np.bool_]:
    among = np.zeros(0x10000, np.bool_)
    among[list(map(ord, characters))] = True
    return among
