"""Characters that only look right, and characters that are not there to be seen.

Kangxi radicals and compatibility ideographs for the ordinary character
(extracted from PDFs), private use for what Unicode has long had, variation
selectors, zero-width characters, controls, odd line ends. What other scripts
need stays: joiners in emoji and in Persian, ZWSP in Thai, bidi marks beside
Arabic and Hebrew.
"""

from __future__ import annotations

import re

from textclean.document import Edit
from textclean.rules.code_points import COMPATIBILITY, PRIVATE_USE, RADICALS
from textclean.stages.classes import CharacterClass
from textclean.stages.encoding.alphabet import UNSEEN
from textclean.stages.encoding.scan import Signs

_SAME = RADICALS | COMPATIBILITY | PRIVATE_USE
# `[x][x]*`, not `[x]+`: only a pattern that begins with one class is scanned for quickly.
_SIMILAR = "\u2e80-\u2fd5\uf900-\ufaff\ue5e5\ue7c7\ue78d-\ue796\ue816-\ue864\U0002f800-\U0002fa1d"
_LOOKALIKE = re.compile(f"[{_SIMILAR}][{_SIMILAR}]*")
_HAS_SIMILAR = CharacterClass(_SIMILAR)
_KANA = re.compile("[\u3041-\u30ff]")

_INVISIBLE = re.compile(f"[{UNSEEN}][{UNSEEN}]*")
_HAS_UNSEEN = CharacterClass(UNSEEN)
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Arabic, Hebrew, Indic, Thai to Khmer, Mongolian, Tibetan: there these characters shape the writing.
_SHAPED = re.compile("[\u0590-\u08ff\u0900-\u109f\u1780-\u18af\u1950-\u1aaf\ufb1d-\ufdff\ufe70-\ufefe]")
_PLAIN = CharacterClass("!-~\u2010-\u2027\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff")
_HAN = CharacterClass("\u3400-\u9fff\uf900-\ufaff\u2e80-\u2fd5\U00020000-\U0003ffff")

_CONTROL = re.compile(
    r"(?:\x1b\[[0-9;]{0,20}[A-Za-z]|[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f])+|(?<!\r)\r+(?=\n)|[\r\x0c\x85\u2028\u2029]"
)
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""What each match of :data:`_CONTROL` begins with, and nothing else: ten times as fast to scan for."""
_LINE_ENDS = "\r\x0c\x85\u2028\u2029"
_SAID = re.compile(r"\S")

KIND = ("<no_text>", "")
SIGNS = Signs(KIND)


SURROGATES = CharacterClass("\ud800-\udfff")
_PAIR_OR_HALF = re.compile("[\ud800-\udfff](?:(?<=[\ud800-\udbff])[\udc00-\udfff])?")


def surrogates(text: str) -> list[Edit]:
    """Pairs of surrogates to the character they spell; one without the other is lost."""
    edits = []
    for m in _PAIR_OR_HALF.finditer(text):
        if len(m[0]) == 2:
            whole = m[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")
            edits.append(Edit(m.start(), m.end(), whole, "code_point", note="surrogate pair"))
        else:
            edits.append(Edit(m.start(), m.end(), "\ufffd", "code_point", note=f"lone surrogate U+{ord(m[0]):04X}"))
    return edits


def find(text: str) -> list[Edit]:
    """Every such character, replaced by what it stands for or removed.

    >>> from textclean.document import Document
    >>> text = "⽇本\\u200b的\\x00通⻋\\r\\n"
    >>> Document("", text).edit("", find(text)).text
    '日本的通车\\n'
    """
    return [*_lookalikes(text), *_invisible(text), *_controls(text)]


def _lookalikes(text: str) -> list[Edit]:
    edits = []
    for m in _LOOKALIKE.finditer(text) if _HAS_SIMILAR.search(text) else ():
        ordinary = "".join(_SAME.get(c, c) for c in m[0])
        if ordinary == m[0]:
            continue
        line = _line(text, m.start())
        # Japanese keeps compatibility forms in names; a list of radicals is about them.
        if (_KANA.search(line) and not any(c in RADICALS for c in m[0])) or _about_radicals(line):
            continue
        edits.append(Edit(m.start(), m.end(), ordinary, "code_point", note=_codes(m[0])))
    return edits


def _about_radicals(line: str) -> bool:
    radicals = sum("\u2e80" <= c <= "\u2fd5" for c in line)
    return "部首" in line or "偏旁" in line or (radicals > 3 and radicals * 2 > len(_HAN.places(line)))


def _line(text: str, at: int) -> str:
    """The line around *at*, or what of it is within 200 characters."""
    start = max(text.rfind("\n", max(0, at - 200), at) + 1, at - 200, 0)
    end = text.find("\n", at, at + 200)
    return text[start : end if end >= 0 else at + 200]


def _invisible(text: str) -> list[Edit]:
    edits = []
    for m in _INVISIBLE.finditer(text) if _HAS_UNSEEN.search(text) else ():
        before = text[m.start() - 1] if m.start() else " "
        after = text[m.end()] if m.end() < len(text) else " "
        keep = "".join(c for c in m[0] if _needed(c, before, after))
        if keep != m[0] and not (_SELECTORS.match(m[0]) and _KANA.search(_line(text, m.start()))):
            edits.append(Edit(m.start(), m.end(), keep, "code_point", note=_codes(m[0])))
    return edits


def _needed(c: str, before: str, after: str) -> bool:
    """Whether *c* does something between *before* and *after*."""
    if c in "\ufeff\u2060\u180e":
        return c == "\u180e" and bool(_SHAPED.match(before))
    if _SELECTORS.match(c) or "\U000e0000" <= c <= "\U000e007f":
        return not _HAN.search(before) and before.strip() != ""  # ☎️ ❤️ 1️⃣ and flags stay
    if c == "\u00ad":
        return before.isalpha() and after.isalpha() and not (_HAN.search(before) or _HAN.search(after))
    if _SHAPED.match(before) or _SHAPED.match(after):
        return True
    # A joiner between two symbols makes one emoji of them.
    return not any(c.isspace() or _PLAIN.search(c) for c in (before, after))


def _controls(text: str) -> list[Edit]:
    edits = []
    said = _SAID.search(text)
    at = 0
    while (begins := _STEERING.search(text, at)) and (m := _CONTROL.match(text, begins.start())):
        at = m.end()
        new = ""
        if m[0] in _LINE_ENDS:
            if not said or m.start() < said.start():
                continue  # blanks before the first word are no line end
            new = "" if text[m.end() : m.end() + 1] == "\n" else "\n"
        edits.append(Edit(m.start(), m.end(), new, "control", note=_codes(m[0])))
    return edits


def _codes(found: str) -> str:
    return " ".join(f"U+{ord(c):04X}" for c in found[:8]) + (" …" if len(found) > 8 else "")
