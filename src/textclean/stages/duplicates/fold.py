"""What is compared: the key of a text, in which copies of it look the same.

A copy on another site is the same text in traditional characters, in full
width, with other quotes, with spaces between the columns. The key folds these
four away, one character at a time, and nothing else: above all no digits,
because two weather reports or two lottery draws that differ only in digits are
two texts (a tool that maps digits to 0 removes all of them).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # numpy takes 70 ms to import, half of what importing textclean may take
    import numpy as np
    from numpy.typing import NDArray

SCHEME = "han+width+quotes+spaces/1"
"""Names this folding in anything that outlives the process, such as an index."""

_LINE_FEED = 0x0A
_QUOTES = "\"'＂＇`´“”„‟‘’‚‛「」『』«»‹›〝〞〟﹁﹂﹃﹄｢｣"
_INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\ufeff"


@cache
def table() -> NDArray[np.uint32]:
    """Code point → code point of the key, 0 where it is dropped (read-only, one entry for each code point).

    >>> [chr(table()[ord(c)]) for c in "後Ａ，」9"]
    ['后', 'A', ',', '"', '9']
    """
    import numpy as np  # noqa: PLC0415  see above

    fold = np.arange(0x110000, dtype=np.uint32)
    data = files("textclean").joinpath("models", "han_fold.txt").read_text(encoding="utf-8")
    han = "".join(line for line in data.splitlines() if not line.startswith("#"))
    codes = np.frombuffer(han.encode("utf-32-le"), np.uint32)
    fold[codes[0::2]] = codes[1::2]
    fold[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)  # full-width ASCII
    fold[[ord(quote) for quote in _QUOTES]] = ord('"')
    fold[[code for code in range(0x3001) if chr(code).isspace()]] = 0
    fold[:0x20] = 0
    fold[[ord(mark) for mark in _INVISIBLE]] = 0
    fold[0xD800:0xE000] = 0xFFFD  # half a character is none, and keys are stored in UTF-16
    fold.flags.writeable = False
    return fold


def key(text: str) -> str:
    """The key of one text, in plain Python terms: what the array kernels must agree with.

    >>> key("「臺灣」 ２０２４ 年"), key("“台湾”2024年")
    ('"台湾"2024年', '"台湾"2024年')
    """
    import numpy as np  # noqa: PLC0415  see above

    codes = table()[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)]
    return bytes(codes[codes != 0].data).decode("utf-32-le", "surrogatepass")


def line_keys(text: str) -> list[str]:
    """The key of each line of *text*, blank ones too: one pass for all of them.

    >>> line_keys("「臺灣」\\n\\n２０２４ 年")
    ['"台湾"', '', '2024年']
    """
    import numpy as np  # noqa: PLC0415  see above

    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    folded = np.where(codes == _LINE_FEED, codes, table()[codes])
    return bytes(folded[folded != 0].data).decode("utf-32-le").split("\n")


@cache
def narrow_table() -> NDArray[np.uint16]:
    """:func:`table` for the 16-bit units of UTF-16: surrogates stay themselves, and so do line feeds."""
    import numpy as np  # noqa: PLC0415  see above

    fold = table()[:0x10000].copy()
    fold[fold > 0xFFFF] = 0xFFFD  # a few rare characters become ones outside: for a look at repeats any one will do
    fold[0xD800:0xE000] = np.arange(0xD800, 0xE000)
    fold[_LINE_FEED] = _LINE_FEED
    return fold.astype(np.uint16)
