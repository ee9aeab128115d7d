"""The few letters that the patterns for damage tell apart: all of Unicode in less than 256.

To a pattern that looks for rare characters beside rare characters, all of them
are alike. So each text is spelled in letters, one for all characters that are in
the same of the sets below, and the patterns are about letters: a class of
thousands of characters takes 10 ms to compile, and the patterns have a dozen of
them; one of letters takes none, and is quicker to match as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from textclean.stages.classes import CODE_POINTS, look_up, members
from textclean.stages.encoding import rare

HAN = "\u4e00-\u9fff"
_STRONG = (
    "\x80-\x9f\u00a1-\u00a6\u00a8-\u00af\u00b2-\u00b6\u00b8-\u00d6\u00d8-\u024f\u02c6-\u02dd\u0384-\u045f\u0490\u0491"
    "\u05d0-\u05ea\u060c-\u06d2\u0e01-\u0e5b\u2017\u2020-\u2022\u2030\u2039\u203a\u20aa-\u20ac\u2116\u2122\u2126\u2202-\u2265"
    "\u2310\u2320\u2321\u2500-\u25a0\u25ca\uf8ff\ufb01\ufb02"
)
"""What text misread in an encoding of one byte a character is full of."""
UNSEEN = (
    "\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e01ef"
)

_SETS = {
    "han": HAN,
    "any_han": "\u3400-\u9fff\uf900-\ufaff",
    "closed": f"{HAN}”’」』》）】",
    # What half a character and half of the next make, and text has not: kana, bopomofo, enclosed and Roman numerals …
    "odd": "\u0391-\u0451\u2160-\u217f\u2460-\u2573\u3021-\u3029\u3041-\u30f6\u3105-\u3129\u3220-\u33d5\ue000-\uf8ff"
    "\ufe30-\ufe4f\ufffd",
    "private": "\ue000-\uf8ff",
    "greek": "\u0391-\u0451",  # and Cyrillic
    "kana": "\u3041-\u30f6",
    "strong": _STRONG,
    "hangul": "가-힣",
    "narrow": "\uff61-\uff9f",
    "control": "\x80-\x84\x86-\x9f",
    "leads": "\u00c2-\u00f4",  # the first byte of a character in UTF-8, as Latin-1 has it
    "continues": "\x80-\xbf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122",  # and what only continues one
    "no_text": f"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u2e80-\u2fd5\uf900-\ufaff\ue5e5\ue7c7\ue78d-\ue864{UNSEEN}"
    "\ud800-\udfff\U0002f800-\U0002fa1d",
}
# What misread text is sprinkled with, apart from rare ideographs: bopomofo, private use, vertical forms.
_SPRINKLED = "\u3105-\u3129\ue000-\uf8ff\ufe30-\ufe4f"
_ALONE = "üāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿêɑɡ（）！？，；：、.”“‘’—…\xa0·×°\ufffd锟斤拷"

_REMEMBERED = 100_000
"""Characters of a text, at most, that is remembered with its letters until the next one comes."""
_NAMED = re.compile(r"<(\w+)>|([^\x00-\x7f])")


class Alphabet:
    """Each character of Unicode as one of some letters: ASCII and *alone* as one each, any other by the *sets* it is in.

    >>> some = Alphabet({"early": members("à-ò"), "late": members("ï-ü")}, alone="é")
    >>> len(set(some.spell("aàâé")))
    3
    >>> [bool(some.pattern("[<early>]b").search(some.spell(text))) for text in ("éb", "öb")]
    [True, False]
    """

    def __init__(self, sets: Mapping[str, NDArray[np.int64]], alone: str) -> None:
        self._last = "", b""
        kinds = np.zeros(CODE_POINTS, np.int32)  # of each character a bit for each set, and above them its own number
        for number, characters in enumerate(sets.values()):
            kinds[characters] |= 1 << number
        for number, character in enumerate(alone, 1):
            kinds[ord(character)] |= number << len(sets)
        begins = np.concatenate(([0], (kinds[0x81:] != kinds[0x80:-1]).nonzero()[0] + 1))
        found, letters = np.unique(kinds[0x80:][begins], return_inverse=True)
        if len(found) > 0x80:
            raise ValueError(f"{len(found)} letters beyond ASCII: a byte has room for 128")
        self._table = np.zeros(CODE_POINTS, np.uint8)
        self._table[:0x80] = np.arange(0x80)
        self._table[0x80:] = np.repeat((0x80 + letters).astype(np.uint8), np.diff(begins, append=CODE_POINTS - 0x80))
        kinds = np.concatenate((kinds[:0x80], found))
        self._letters = {name: (kinds >> number & 1).nonzero()[0].tolist() for number, name in enumerate(sets)}
        self._letters |= {character: [int(self._table[ord(character)])] for character in alone}

    def spell(self, text: str) -> bytes:
        """*text*, one letter for each character."""
        last = self._last
        if last[0] is text:  # what has one sign is asked for the others
            return last[1]
        letters = look_up(text, self._table).tobytes()
        if len(text) <= _REMEMBERED:
            self._last = text, letters
        return letters

    def pattern(self, template: str) -> re.Pattern[bytes]:
        """A pattern about letters; ``<name>`` inside a character class stands for the set of that name."""
        return re.compile(_NAMED.sub(self._spelled, template).encode("ascii"))

    def _spelled(self, found: re.Match[str]) -> str:
        return "".join([f"\\x{letter:02x}" for letter in self._letters[found[1] or found[0]]])


@cache
def alphabet() -> Alphabet:
    """That of all the patterns for damage."""
    sets = {name: members(inside) for name, inside in _SETS.items()}
    sets["rare"] = np.concatenate((rare.rare(), members(_SPRINKLED)))
    return Alphabet({**sets, "common": rare.common()}, _ALONE)
