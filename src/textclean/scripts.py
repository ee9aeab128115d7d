"""In which script is this text written: simplified, traditional, Japanese, Korean?

Counting is over characters that only one script uses. A traditional-only
character is one that simplified text never needs, and the other way round; what
both use says nothing, and two thirds of all running text is that. Japanese is
told by kana, and in kana-free lines by what a Japanese text does *not* hold:
ideographs outside JIS level 1. They are one in a thousand of its kanji, but one
in six of traditional and two in seven of simplified Chinese (UD treebanks).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple, Self

from textclean.rules import table
from textclean.text import HAN


class Script(str):
    """A script's name, with the counts that it was read from.

    ``hans`` simplified, ``hant`` traditional, ``mixed`` both, ``ja``, ``ko``,
    ``neutral`` no evidence. :attr:`counts` has the number of characters that
    speak for ``hans``, ``hant``, ``kana`` and ``hangul``, and ``han``, all of
    the ideographs.
    """

    __slots__ = ("counts",)
    counts: Mapping[str, int]

    def __new__(cls, name: str, counts: Mapping[str, int]) -> Self:  # noqa: D102  described above
        made = super().__new__(cls, name)
        made.counts = MappingProxyType(dict(counts))
        return made

    def __reduce__(self) -> tuple[type[Script], tuple[str, dict[str, int]]]:
        return Script, (str(self), dict(self.counts))


class Patterns(NamedTuple):
    """Character classes, compiled when first needed.

    All of them stay inside the BMP: one class that lists characters beyond it
    one by one loses the table lookup and runs 250 times slower.
    """

    traditional: re.Pattern[str]
    simplified: re.Pattern[str]
    not_traditional: re.Pattern[str]  # simplified or Japanese: what a traditional paragraph does not hold
    japanese: re.Pattern[str]
    jis1: re.Pattern[str]
    han: re.Pattern[str]


KANA = re.compile("[\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fd\u30fe\uff66-\uff6f\uff71-\uff9d]")
"""Letters only: ー and ・ stand in Chinese text too."""

HANGUL = re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")

# Common in Chinese of either script, rare in Japanese, though JIS level 1 has them.
_CHINESE_WORDS = re.compile("[的了這这是我們们她你您呢很吧嗎吗啊哪沒就]")
# In next to no Japanese or Korean word: whoever writes one of these writes Chinese.
_ONLY_CHINESE = re.compile("[這这們们她你您很吧嗎吗啊哪沒]")


@cache
def patterns() -> Patterns:
    """The classes, from ``rules/script.toml``."""
    listed = {name: group["characters"].replace("\n", "") for name, group in table("script").items()}
    # Rows 16 to 47 of JIS X 0208, through the codec: lead bytes 0x88 to 0x98 of Shift JIS.
    rows = (bytes((lead, trail)) for lead in range(0x88, 0x99) for trail in range(0x40, 0xFD) if trail != 0x7F)
    jis1 = [raw.decode("shift_jis", "ignore") for raw in rows if b"\x88\x9f" <= raw <= b"\x98\x72"]
    return Patterns(
        traditional=re.compile(f"[{listed['traditional']}]"),
        simplified=re.compile(f"[{listed['simplified']}]"),
        not_traditional=re.compile(f"[{listed['simplified']}{listed['japanese']}]"),
        japanese=re.compile(f"[{listed['japanese']}]"),
        jis1=re.compile(f"[{''.join(jis1)}々]"),
        han=re.compile(f"[{HAN}]"),
    )


def script(text: str) -> Script:
    """In which script *text* is written, with counts.

    >>> script("乾隆年间的干部"), script("萍鄉市湘東區"), script("駅前の図書館")
    ('hans', 'hant', 'ja')
    >>> script("中文"), script("這是繁體，这是简体")
    ('neutral', 'mixed')
    >>> script("萍鄉市湘東區").counts["hant"]
    3
    """
    known = patterns()
    hant, hans = known.traditional.findall(text), known.simplified.findall(text)
    counts = {
        "han": len(known.han.findall(text)),
        "hans": len(hans),
        "hant": len(hant),
        "kana": len(KANA.findall(text)),
        "hangul": len(HANGUL.findall(text)),
    }
    if is_japanese(text):
        return Script("ja", counts)
    if is_korean(text):
        return Script("ko", counts)
    traditional, simplified = len(set(hant)), len(set(hans))
    if not traditional and not simplified:
        return Script("neutral", counts)
    if not outweighs(traditional, simplified):
        return Script("hans", counts)
    return Script("mixed" if simplified and outweighs(simplified, traditional) else "hant", counts)


def outweighs(some: int, others: int) -> bool:
    """Whether *some* different characters of one script are more than strays among *others* of the other.

    One character is a name (骏億), a typing slip or a quotation; in 31 million
    characters of simplified news no paragraph has two different ones that are
    a quarter of its evidence.

    >>> outweighs(1, 0), outweighs(1, 2), outweighs(2, 8), outweighs(2, 9)
    (True, False, True, False)
    """
    return some >= max(others, 1) or (some >= 2 and 4 * some >= others)


def is_korean(text: str) -> bool:
    """Whether *text* is Korean, with or without hanja.

    >>> is_korean("大韓民國의 역사"), is_korean("韓國人說「네」"), is_korean("韓國人說「안녕하세요」表示你好")
    (True, False, False)
    """
    hangul = len(HANGUL.findall(text))
    if hangul < 2:
        return False
    han = len(patterns().han.findall(text))
    return hangul >= han or (4 * hangul >= han and not _ONLY_CHINESE.search(text))


def is_japanese(text: str) -> bool:
    """Whether *text* is Japanese, with or without kana.

    >>> is_japanese("仮名と漢字が並ぶ舊い文章"), is_japanese("茶の道門市，週末營業至九點")
    (True, False)
    >>> is_japanese("東京都渋谷区道玄坂"), is_japanese("辻政信將軍發表")
    (True, False)
    >>> is_japanese("日本的「お好み焼き」很好吃，這裡也有")
    False
    """
    known = patterns()
    kana = KANA.findall(text)
    if not kana and not (
        known.not_traditional.search(text) and (known.traditional.search(text) or known.japanese.search(text))
    ):
        return False
    han = len(known.han.findall(text))
    letters = len(kana) - kana.count("の")  # Chinese shop signs and brands write a の for 的
    foreign = han - len(known.jis1.findall(text))
    if letters >= 2 and 5 * letters >= han:
        if letters < han and len(set(_ONLY_CHINESE.findall(text))) > 1:
            return False  # Chinese that quotes some Japanese; with one, Japanese that quotes some Chinese
        return letters >= han or foreign < 2 or 5 * foreign < han
    if kana:
        return 10 * foreign <= han and not _CHINESE_WORDS.search(text)
    return foreign == 0 and not _CHINESE_WORDS.search(text)


def may_be_japanese(text: str) -> bool:
    """Whether nothing in *text* speaks against Japanese: for a kana-free line on a Japanese page.

    >>> may_be_japanese("新幹線開業"), may_be_japanese("鐵路開通了")
    (True, False)
    """
    known = patterns()
    han = len(known.han.findall(text))
    return 10 * (han - len(known.jis1.findall(text))) <= han and not _CHINESE_WORDS.search(text)
