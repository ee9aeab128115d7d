"""What in a Chinese line is not Chinese prose: addresses and code.

Shared by the stages that rewrite prose and must leave these alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from textclean.text import HAN

# A Chinese sentence runs on right after an address, so ideographs belong to it only where a path or a query goes on
# in them: …/wiki/臺灣, …?類別=電腦, but 見https://a.tw查看. Every repetition is possessive and every word is entered at its start
# only, or a page of nothing but commas or letters would take hours.
_ADDRESS = rf"""
      (?: (?:https?|ftp|file)://[\w.-]*+ | (?<![\w.])www\.(?=\w) ) (?: [!-&(-;=?-~]++ | (?<=[/=\#])[{HAN}]++ | (?<=[?&])[{HAN}]++(?==) )*+
    | (?<![\w.+-])[\w.+-]{{1,64}}+@[\w-]++(?:\.[\w-]++)++
    | (?<![A-Za-z])[A-Za-z]:\\[\w\\.-]++
"""
_SENTENCE_END = ",.;:!?)"
# Old texts open a quotation with ` and close it with ', so that two quotations seem to hold code between them: what
# has Chinese marks in it, or closes a quotation, is no code.
_CODE = rf"`(?:[^`\n'，。！？；：、]|(?<![{HAN}])')+` | </?[A-Za-z][^<>\n]*>"

_FOREIGN = re.compile(f"{_ADDRESS} | {_CODE}", re.VERBOSE | re.ASCII)

# Strings and comments, where a program may speak Chinese.
_TEXT_IN_CODE = re.compile(
    r"""[fru]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?://|(?:^|\s)\#\s).*|/\*.*?(?:\*/|$)""", re.VERBOSE
)
_MAY_BEGIN_TEXT = re.compile("[\"'#/]")
_HAN = re.compile(f"[{HAN}]")
_CODE_SIGN = re.compile(
    r"""
      (?<![\w.])[A-Za-z_][\w.]*+ \s? (?: [(\[] | [:+*/-]?= )     # a call, an index, an assignment
    | [{};] \s* $
    | ^\s* (?: import | from | return | git | pip | sudo | npm | docker | curl | SELECT | INSERT | UPDATE ) \s
    """,
    re.VERBOSE,
)
_DECLARATION = re.compile(r"\s*(?:const|let|var|public|private|static|function|def|class|int|String|\$\w+)\b.*[;{:]\s*")


def foreign(text: str) -> Iterator[tuple[int, int]]:
    """The spans of *text* that are addresses or code.

    >>> [text[slice(*span)] for text in ["見https://a.tw/wiki/臺灣。", "見https://a.tw查看", "a@b.tw"] for span in foreign(text)]
    ['https://a.tw/wiki/臺灣', 'https://a.tw', 'a@b.tw']
    """
    # One character is looked for first: that is several times faster, and most text has none of them.
    if (
        "@" in text
        or "`" in text
        or "<" in text
        or ("/" in text and "://" in text)
        or ("w" in text and "www." in text)
        or ("\\" in text and ":\\" in text)
    ):
        for match in _FOREIGN.finditer(text):
            start, end = match.span()
            if "://" in match[0] or match[0].startswith("www."):
                end = start + len(match[0].rstrip(_SENTENCE_END))
            yield start, end


def is_code(line: str) -> bool:
    """Whether *line* is a line of a program rather than a sentence: no Chinese outside strings and comments.

    >>> is_code('print("臺灣")'), is_code("if (a) { b; }  // 註解"), is_code("函數 f(x) 的值")
    (True, True, False)
    """
    if line[:1] > "\x7f" or not line.lstrip(" \t")[:1].isascii():
        return False
    bare = _TEXT_IN_CODE.sub("", line) if _MAY_BEGIN_TEXT.search(line) else line
    if _HAN.search(bare) is None and _CODE_SIGN.search(bare) is not None:
        return True
    return _DECLARATION.fullmatch(bare) is not None
