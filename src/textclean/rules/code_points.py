"""Code points that stand for another: data, each table with its source.

Nothing here guesses: every pair is the same character by Unicode's own account
or by that of GB 18030.
"""

from __future__ import annotations

import unicodedata

# Unicode's EquivalentUnifiedIdeograph, as far as the equivalent is a character that text uses by itself.
# Left out are components (⺡ for 氵): they only stand in text about components, where they are meant.
# example: 通⻋ → 通车 (extracted from a PDF)      counter-example: 部首⺮ stays
_SUPPLEMENT = (
    "⺟母⺠民⺫目⺬示⺶羊⺻聿⺼肉⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟"
    "⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
RADICALS = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
RADICALS |= dict(zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True))

# GB 18030-2022 (and 2005 before it): characters that older tables kept in the private use area.
# example: U+E5E5 → ideographic space, U+E818 → 𠃌
PRIVATE_USE = {
    "\ue5e5": "\u3000", "\ue7c7": "\u1e3f",
    "\ue78d": "\ufe10", "\ue78e": "\ufe12", "\ue78f": "\ufe11", "\ue790": "\ufe13", "\ue791": "\ufe14",
    "\ue792": "\ufe15", "\ue793": "\ufe16", "\ue794": "\ufe17", "\ue795": "\ufe18", "\ue796": "\ufe19",
    "\ue816": "\U00020087", "\ue817": "\U00020089", "\ue818": "\U000200cc", "\ue831": "\U000215d7",
    "\ue83b": "\U0002298f", "\ue855": "\U000241fe",
    "\ue81e": "\u9fb4", "\ue826": "\u9fb5", "\ue82b": "\u9fb6", "\ue82c": "\u9fb7",
    "\ue832": "\u9fb8", "\ue843": "\u9fb9", "\ue854": "\u9fba", "\ue864": "\u9fbb",
}  # fmt: skip


def _compatibility() -> dict[str, str]:
    """Compatibility ideographs and what they are canonically equal to (the dozen that are unified stay)."""
    found = {}
    for code in (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA1E)):
        whole = unicodedata.normalize("NFC", chr(code))
        if len(whole) == 1 and whole != chr(code):
            found[chr(code)] = whole
    return found


COMPATIBILITY = _compatibility()
