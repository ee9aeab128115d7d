"""The bytes behind a character, for each encoding that text is misread in.

Decoders differ in what they do with bytes an encoding leaves undefined; here
they are the C1 control of the same number, as browsers have it.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from textclean import models

# Encodings of one byte a character. Those of one alphabet are tried in this order.
SINGLE = (
    "cp1252", "latin-1", "cp1250", "iso8859-2", "cp1254", "iso8859-9", "iso8859-15", "cp1257", "cp1258", "mac-roman",
    "cp437", "cp850", "cp852", "cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic",
    "cp874", "cp1253", "iso8859-7", "cp1255", "cp1256",
)  # fmt: skip
DOUBLE = ("gb18030", "big5hkscs", "cp949", "cp932")


@lru_cache(maxsize=len(SINGLE))
def single(codec: str) -> dict[int, int]:
    """The code points of *codec* and their bytes, ready for ``str.translate``.

    >>> "涓".translate(single("cp1252")), "é".translate(single("cp1252")).encode("latin-1")
    ('涓', b'\\xe9')
    """
    page = {byte: bytes((byte,)).decode(codec, "ignore") for byte in range(0x80, 0x100)}
    table = {ord(c): byte for byte, c in page.items() if c}
    for byte, c in page.items():
        if not c or byte < 0xA0:
            table.setdefault(byte, byte)
    return table


def beyond_single(text: str) -> int:
    """How many characters of *text* are in no encoding of one byte a character, which can be told without a look at them.

    >>> beyond_single("中文 é")
    2
    """
    return sum("\u2e80" <= c <= "\uf8fe" for c in text)


def has_blanks(codec: str) -> bool:
    """Whether the bytes A0 and AD of *codec* are the no-break space and the soft hyphen, which filters drop."""
    return codec not in DOUBLE and all(single(codec).get(byte) == byte for byte in (0xA0, 0xAD))


@lru_cache(maxsize=len(SINGLE))
def letters(codec: str) -> frozenset[str]:
    """Every character that text misread as *codec* may hold: those of the page, and ASCII."""
    return frozenset(map(chr, single(codec))) | frozenset(map(chr, range(0x80)))


@lru_cache(maxsize=len(DOUBLE))
def double(codec: str) -> dict[str, bytes]:
    """The characters of *codec* and their bytes.

    >>> double("gb18030")["涓"].hex(), double("cp949")["가"].hex()
    ('e4b8', 'b0a1')
    """
    table = {chr(byte): bytes((byte,)) for byte in range(0x80)}
    for byte in range(0xA1, 0xE0) if codec == "cp932" else ():
        table[bytes((byte,)).decode(codec)] = bytes((byte,))  # half-width katakana
    decoded = of_pairs(codec)
    first = dict(zip(reversed(decoded), reversed(pairs()), strict=True))  # of several pairs for one character
    table |= {c: first[c] for c in dict.fromkeys(decoded) if len(c) == 1 and c not in table}
    if codec == "gb18030":
        table["€"] = b"\x80"  # cp936; its own pair A2E3 is hardly ever what was misread
    return table


@cache
def pairs() -> list[bytes]:
    """All pairs of bytes that encodings of two bytes a character use."""
    trails = (*range(0x40, 0x7F), *range(0x80, 0xFF))
    return [bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in trails]


def of_pairs(codec: str) -> list[str]:
    """What each of :func:`pairs` reads as in *codec*, without what cannot be read.

    >>> of_pairs("gb18030")[pairs().index(b"\\xd6\\xd0")]
    '中'
    """
    # All in one call, a line feed behind each: one by one takes five times as long.
    return b"\n".join(pairs()).decode(codec, "ignore").split("\n")


@lru_cache(maxsize=len(DOUBLE))
def normalised(codec: str) -> dict[str, list[bytes]]:
    """Characters whose bytes a Unicode normalisation hid: several codes of *codec* come to one character.

    >>> [raw.hex() for raw in normalised("cp949")["車"]]
    ['cbe7']
    """
    found: dict[str, list[bytes]] = {}
    for c, raw in double(codec).items():
        whole = unicodedata.normalize("NFC", c)
        if whole != c:
            found.setdefault(whole, []).append(raw)
    return found


@cache
def simplified() -> dict[str, str]:
    """What a script conversion may have made of a character, and what it was.

    >>> simplified()["錛"]
    '锛'
    """
    text = Path(models.__file__).with_name("han_fold.txt").read_text(encoding="utf-8")
    pairs = "".join(line for line in text.splitlines() if not line.startswith("#"))
    return dict(zip(pairs[::2], pairs[1::2], strict=True))
