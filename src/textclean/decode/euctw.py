"""EUC-TW, which Python has no codec for: CNS 11643, planes 1 and 2, which hold all of Big5.

Two bytes for plane 1, four for the others. Bytes of planes beyond the second
(rare names) are kept as what could not be decoded.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from textclean import models

_CODE = re.compile(r"\x8e[\xa1-\xb0][\xa1-\xfe]{2}|[\xa1-\xfe]{2}|[\x80-\xff]")
_SIZE = 94


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Codes (each byte as a latin-1 character) to characters, and back."""
    text = Path(models.__file__).with_name("cns11643.txt").read_text(encoding="utf-8")
    rows = [line for line in text.split("\n") if line and not line.startswith("#")]
    there = {}
    for number, row in enumerate(rows):
        plane = "" if number < _SIZE else "\x8e\xa2"
        for column, c in enumerate(row):
            if c != "\ufffd":
                there[f"{plane}{chr(0xA1 + number % _SIZE)}{chr(0xA1 + column)}"] = c
    back: dict[str, str] = {}
    for code, c in there.items():
        back.setdefault(c, code)
    for code, c in list(there.items()):
        if len(code) == 2:
            there[f"\x8e\xa1{code}"] = c  # plane 1 at length
    return there, back


def decode(raw: bytes, lost: str | None = None) -> str:
    """*raw* as text; bytes that are no character become *lost*, or (None) the code points of PEP 383.

    >>> decode(b"\\xc4\\xa1\\xc4\\xa4")
    '一七'
    """
    there = _tables()[0]

    def read(code: re.Match[str]) -> str:
        c = there.get(code[0])
        if c is not None:
            return c
        return "".join(chr(0xDC00 + ord(b)) for b in code[0]) if lost is None else lost

    return _CODE.sub(read, raw.decode("latin-1"))


def encode(text: str) -> bytes:
    """The bytes of *text*; a character that EUC-TW has not becomes "?"."""
    back = _tables()[1]

    def write(c: str) -> str:
        if c < "\x80":
            return c
        return chr(ord(c) - 0xDC00) if "\udc80" <= c <= "\udcff" else back.get(c, "?")

    return "".join(map(write, text)).encode("latin-1")
