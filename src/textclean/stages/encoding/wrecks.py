"""Misread lines that have lost bytes as well: what each character may stand for.

Which losses are tried, and how each arises:

* ``?`` or U+FFFD where UTF-8 read as GBK made no pair (one byte, or the two);
* controls that cp1252 has no character for, dropped by strict readers;
* no-break space and soft hyphen, dropped or made a space by filters;
* a conversion of 简 to 繁 that followed the misreading;
* hanja of EUC-KR with several codes, made one by a Unicode normalisation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from textclean.stages.encoding import codepages, lattice

Options = list[tuple[float, lattice.Option]]

_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_MOSTLY = 0.5
"""Share of the bytes that are whole UTF-8 characters as they stand: chance has 0.1, half the characters hit has 0.5."""
_ONE_PAGE = 0.95
"""Share of the characters that are in one encoding of one byte, if the line was misread in it."""


class Wreck(NamedTuple):
    """One way a line may have come about: read *wrong*, being *right*; for :func:`lattice.decode`."""

    wrong: str
    right: str
    items: list[Options]
    gone: tuple[int, ...]


def wrecks(line: str, *, blanks: bool) -> Iterator[Wreck]:
    """The ways worth a search.

    *blanks*: the text has no-break spaces or soft hyphens, so no filter dropped them.
    """
    pages = []
    for wrong in codepages.SINGLE if codepages.beyond_single(line) < (1 - _ONE_PAGE) * len(line) else ():
        table = codepages.single(wrong)
        raw = bytes(b for c in line if (b := table.get(ord(c), ord(c))) < 0x100)
        if len(raw) > _ONE_PAGE * len(line):
            pages.append((_utf8_share(raw), wrong))
    pages.sort(key=lambda page: -page[0])
    for share, wrong in pages[:2]:
        items = [_single(c, codepages.single(wrong)) for c in line]
        if share > _MOSTLY:
            yield Wreck(wrong, "utf-8", items, (lattice.GONE,) if blanks else (lattice.GONE, lattice.BLANK))
        elif not blanks and codepages.has_blanks(wrong):
            yield Wreck(wrong, "gb18030", items, (lattice.BLANK,))
            yield Wreck(wrong, "big5hkscs", items, (lattice.BLANK,))
    if any("가" <= c <= "힣" for c in line):
        yield Wreck("cp949", "gb18030", [_hanja(c) for c in line], ())
    pairs = codepages.double("gb18030")
    if _utf8_share(b"".join(pairs.get(codepages.simplified().get(c, c), b"") for c in line)) > _MOSTLY:
        yield Wreck("gb18030", "utf-8", [_gbk(c, after) for c, after in zip(line, line[1:] + "\n", strict=True)], ())


def _utf8_share(raw: bytes) -> float:
    high = len(_HIGH.findall(raw))
    return sum(map(len, _UTF8.findall(raw))) / high if high else 0.0


def _single(c: str, table: dict[int, int]) -> Options:
    if c == "\ufffd":
        return [(0.0, (lattice.HOLE,))]
    if c == " ":
        return [(0.0, (0x20,)), (1.0, (0xA0,))]
    byte = ord(c) if c < "\x80" else table.get(ord(c))
    return [] if byte is None else [(0.0, (byte,))]


def _gbk(c: str, after: str) -> Options:
    table = codepages.double("gb18030")
    found: Options = []
    if c in "?\ufffd":
        known = after in table and after not in "?\ufffd"
        found += [(0.0, (lattice.lost_before(table[after][0]) if known else lattice.HOLE,))]
        found += [(2.0, (lattice.HOLE, lattice.HOLE))]
    if c in table:
        found.append((0.0, tuple(table[c])))
    was = codepages.simplified().get(c)
    if was in table:
        found.append((0.5, tuple(table[was])))
    return found


def _hanja(c: str) -> Options:
    raw = codepages.double("cp949").get(c)
    found: Options = [(0.0, tuple(raw))] if raw else []
    return found + [(0.3, tuple(other)) for other in codepages.normalised("cp949").get(c, ())]
