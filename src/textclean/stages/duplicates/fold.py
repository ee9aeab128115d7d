"""What is compared: forms of a text in which copies of it look the same.

A copy on another site is the same text in traditional characters, in full
width, with other quotes, with other spaces. Two texts are *the same* when these
four are all that differs: when their keys are equal, in which spaces are left
out. How *similar* two texts are that are not the same is measured on what they
say as they say it: in the plain form, which makes one of each kind (of scripts,
of digits and letters, of quotes, of spaces) and leaves nothing out, so that the
similarity of two texts written alike is that of the texts themselves.

Neither touches a digit: two weather reports or two lottery draws that differ
only in digits are two texts (a tool that maps digits to 0 removes all of them).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # numpy takes 70 ms to import, half of what importing textclean may take
    import numpy as np
    from numpy.typing import NDArray

SCHEME = "han+width+quotes+spaces/2"
"""Names this folding in anything that outlives the process, such as an index."""

LINE_FEED = 0x0A
_QUOTES = "\"'＂＇`｀´“”„‟‘’‚‛「」『』«»‹›〝〞〟﹁﹂﹃﹄｢｣"
_INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\ufeff"


@cache
def plain() -> NDArray[np.uint32]:
    """Code point → code point of the plain form, 0 where it is dropped (read-only, one entry for each code point).

    >>> [chr(plain()[ord(c)]) for c in "後Ａ，」\u30009"]
    ['后', 'A', '，', '"', ' ', '9']
    """
    import numpy as np  # noqa: PLC0415  see above

    fold = np.arange(0x110000, dtype=np.uint32)
    data = files("textclean").joinpath("models", "han_fold.txt").read_text(encoding="utf-8")
    han = "".join(line for line in data.splitlines() if not line.startswith("#"))
    codes = np.frombuffer(han.encode("utf-32-le"), np.uint32)
    fold[codes[0::2]] = codes[1::2]
    wide = [code for code in range(0xFF01, 0xFF5F) if chr(code).isalnum()]
    fold[wide] = np.array(wide) - 0xFEE0
    fold[[ord(quote) for quote in _QUOTES]] = ord('"')
    fold[[code for code in range(0x3001) if chr(code).isspace() or code < 0x20]] = ord(" ")
    fold[[0, *map(ord, _INVISIBLE)]] = 0
    fold[0xD800:0xE000] = 0xFFFD  # half a character is none, and texts are put aside in UTF-16
    fold.flags.writeable = False
    return fold


@cache
def table() -> NDArray[np.uint32]:
    """The same for the key: spaces go, and punctuation is as narrow as letters are.

    >>> [chr(table()[ord(c)]) for c in "後Ａ，」9"], table()[ord(" ")]
    (['后', 'A', ',', '"', '9'], np.uint32(0))
    """
    import numpy as np  # noqa: PLC0415  see above

    narrow = np.arange(0x110000, dtype=np.uint32)
    narrow[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)
    narrow[ord(" ")] = 0
    fold = narrow[plain()]
    fold.flags.writeable = False
    return fold


def key(text: str) -> str:
    """The key of one text, in plain Python terms: what the array kernels must agree with.

    >>> key("「臺灣」 ２０２４ 年"), key("“台湾”2024年")
    ('"台湾"2024年', '"台湾"2024年')
    """
    return _through(table(), text)


def plain_text(text: str) -> str:
    """The plain form of one text.

    >>> plain_text("「臺灣」　２０２４ 年，")
    '"台湾" 2024 年，'
    """
    return _through(plain(), text)


def _through(fold: NDArray[np.uint32], text: str) -> str:
    import numpy as np  # noqa: PLC0415  see above

    codes = fold[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)]
    return bytes(codes[codes != 0].data).decode("utf-32-le", "surrogatepass")


@cache
def narrow_table() -> NDArray[np.uint16]:
    """:func:`table` for the 16-bit units of UTF-16: surrogates stay themselves, and so do line feeds."""
    import numpy as np  # noqa: PLC0415  see above

    fold = table()[:0x10000].copy()
    fold[fold > 0xFFFF] = 0xFFFD  # a few rare characters become ones outside: for a look at repeats any one will do
    fold[0xD800:0xE000] = np.arange(0xD800, 0xE000)
    fold[LINE_FEED] = LINE_FEED
    return fold.astype(np.uint16)
