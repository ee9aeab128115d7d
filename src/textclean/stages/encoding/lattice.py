"""Decode bytes of which some are unknown: the likeliest text they may have been.

Misread text has often lost bytes as well: a ``?`` where a pair meant nothing,
controls that a filter dropped, a character that a script conversion put in
another's place. So each character of the wreck stands for several possible byte
strings, with holes; UTF-8 and GBK allow few continuations; and the character
model chooses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import nlargest
from typing import NamedTuple

from textclean.models import characters
from textclean.stages.encoding import gbk

HOLE = -1
"""Any one byte."""
GONE = -2
"""One of the bytes that cp1252 leaves undefined, and that strict readers of it drop."""
BLANK = -3
"""A no-break space or a soft hyphen: filters drop them."""

_BEAM = 12
_GUESSES = 8
_HOLE_COST = 1.0
_GONE_COSTS = {GONE: 3.0, BLANK: 4.6}

Option = tuple[int, ...]


class _Path(NamedTuple):
    score: float
    last: str
    part: Option  # the bytes of a character not yet whole
    out: tuple[object, ...]  # the text so far, as nested pairs: sharing beats copying


class Reading(NamedTuple):
    """The likeliest text, its log probability, and how many of its characters were guessed."""

    text: str
    score: float


def lost_before(byte: int) -> int:
    """The hole of a byte that a reader of GBK threw away because *byte* came next: those two are no pair."""
    return -0x100 - byte


@lru_cache(maxsize=512)
def _allowed(hole: int) -> frozenset[int]:
    if hole == GONE:
        return frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))
    if hole == BLANK:
        return frozenset((0xA0, 0xAD))
    if hole == HOLE:
        return frozenset(range(0x80, 0x100))
    pairs = gbk.tables().character
    follows = -0x100 - hole
    return frozenset(x for x in range(0x80, 0x100) if gbk.private(pairs.get((x, follows), "\ue000")))


def decode(items: Iterable[Sequence[tuple[float, Option]]], codec: str, gone: Sequence[int] = ()) -> Reading | None:
    """The likeliest text in *codec* ("utf-8" or a double-byte one) of *items*.

    Each item lists what one character of the wreck may stand for: (cost in
    nats, bytes). The kinds of byte in *gone* are filled in where one must have
    been dropped. None if nothing fits.

    >>> raw = "经济发展".encode("gb18030")
    >>> items = [[(0.0, (byte,))] for byte in raw]
    >>> items[3] = [(0.0, (HOLE,))]
    >>> decode(items, "gb18030").text
    '经济发展'
    """
    utf8 = codec == "utf-8"
    paths = [_Path(0.0, "。", (), ())]
    for options in items:
        grown: dict[tuple[str, Option], _Path] = {}
        for path in paths:
            for cost, option in options:
                for new in _feed(path._replace(score=path.score - cost), option, codec, utf8, gone):
                    _keep(grown, new)
        if not grown:
            return None
        paths = nlargest(_BEAM, grown.values())
    whole = [path for path in paths if not path.part] or [
        path._replace(score=path.score - 8.0, out=(path.out, "\ufffd")) for path in paths
    ]
    best = max(whole)
    return Reading(_unroll(best.out), best.score)


def _keep(grown: dict[tuple[str, Option], _Path], new: _Path) -> None:
    state = (new.last, new.part)
    if state not in grown or new.score > grown[state].score:
        grown[state] = new


def _feed(path: _Path, option: Option, codec: str, utf8: bool, gone: Sequence[int]) -> list[_Path]:
    """*path* after the bytes of *option*."""
    paths = [path]
    for byte in option:
        grown: list[_Path] = []
        for one in paths:
            grown += _byte(one, byte, codec, utf8)
            for first in _fill(one, byte, codec, utf8, gone):
                grown += _byte(first, byte, codec, utf8)
                for second in _fill(first, byte, codec, utf8, gone) if first.part else ():
                    grown += _byte(second, byte, codec, utf8)
        paths = grown
    return paths


def _fill(path: _Path, byte: int, codec: str, utf8: bool, gone: Sequence[int]) -> Iterator[_Path]:
    """*path* after one dropped byte, where there may have been one before *byte*."""
    if path.part or (not utf8 and byte >= 0x40):
        for hole in gone:
            yield from _byte(path._replace(score=path.score - _GONE_COSTS[hole]), hole, codec, utf8)


def _byte(path: _Path, byte: int, codec: str, utf8: bool) -> list[_Path]:
    part = (*path.part, byte)
    size = _utf8_size(part[0]) if utf8 else _double_size(part[0])
    if size == 0 or (byte >= 0 and len(part) > 1 and not (0x80 <= byte < 0xC0 if utf8 else 0x40 <= byte < 0xFF)):
        return []
    if len(part) < size:
        return [path._replace(part=part)]
    if size == 1:
        return [_on(path, chr(byte), 0.0)] if 0 <= byte < 0x80 else []
    holes = sum(b < 0 for b in part)
    if not holes:
        try:
            c = bytes(part).decode(codec)
        except UnicodeDecodeError:
            return []
        return [_on(path, c, 0.0)] if len(c) == 1 else []
    pair = characters.load().pair
    return [
        _on(path, c, _HOLE_COST)
        for _, c in nlargest(_GUESSES, ((pair(path.last, c), c) for c in _fitting(part, codec)))
    ]


def _on(path: _Path, c: str, cost: float) -> _Path:
    score = path.score + characters.load().pair(path.last, c) - cost
    return _Path(score, c, (), (path.out, c))


def _utf8_size(lead: int) -> int:
    if lead < 0:
        return 3  # a lead byte that is lost: nearly every character of Chinese text has three
    return (
        1 if lead < 0x80 else 0 if lead < 0xC2 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4 if lead < 0xF5 else 0
    )


def _double_size(lead: int) -> int:
    return 2 if lead < 0 or lead >= 0x81 else 1 if lead < 0x80 else 0


@lru_cache(maxsize=4096)
def _fitting(part: Option, codec: str) -> tuple[str, ...]:
    """The characters in use whose bytes fit *part*."""
    exact = tuple(b if b >= 0 else HOLE for b in part)
    fitting = _by_pattern(codec, tuple(b >= 0 for b in part)).get(exact, ())
    holes = [(i, _allowed(b)) for i, b in enumerate(part) if b < 0]
    return tuple(c for c in fitting if all(c.encode(codec)[i] in allowed for i, allowed in holes))


@lru_cache(maxsize=32)
def _by_pattern(codec: str, known: tuple[bool, ...]) -> dict[Option, list[str]]:
    index: dict[Option, list[str]] = {}
    for c in characters.load().vocabulary:
        try:
            raw = c.encode(codec)
        except UnicodeEncodeError:
            continue
        if len(raw) == len(known):
            pattern = tuple(b if k else HOLE for b, k in zip(raw, known, strict=True))
            index.setdefault(pattern, []).append(c)
    return index


def _unroll(out: tuple[object, ...]) -> str:
    found = []
    while out:
        out, c = out  # type: ignore[assignment]
        found.append(c)
    return "".join(reversed(found))  # type: ignore[arg-type]
