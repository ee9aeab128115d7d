"""Text whose bytes are gone: 锟斤拷, and runs of U+FFFD.

They are what a reader of UTF-8 left of bytes it could not read, and what GBK
makes of those. Nothing can bring them back; the first are marked, and the number
of all goes to ``meta["lost_characters"]``.
"""

from __future__ import annotations

import re

from textclean.document import Edit

KIND = ("锟\ufffd", "(?:(?<=\ufffd)|(?<=锟)斤拷)")
_RUN = re.compile("(?:锟斤拷|\ufffd)(?:锟斤拷|锟斤|斤拷|拷|\ufffd)*")
_ABOUT = re.compile("乱码|亂碼|编码|編碼|烫烫烫|锟斤拷[”》」』]")


def find(text: str) -> list[Edit]:
    """One mark, on the first run that is lost; it counts them all.

    >>> [(edit.start, edit.end, dict(edit.meta)) for edit in find("他说锟斤拷锟斤拷。")]
    [(2, 8, {'lost_characters': 2})]
    """
    if "\ufffd" not in text and "锟" not in text:
        return []
    first: tuple[int, int] | None = None
    lost = 0
    start = 0
    for line in text.split("\n"):
        if not _ABOUT.search(line):
            for run in _RUN.finditer(line):
                gone = run[0].count("\ufffd")
                lost += gone + (len(run[0]) - gone + 2) // 3
                first = first or (start + run.start(), start + run.end())
        start += len(line) + 1
    if first is None:
        return []
    low, high = first
    note = f"{lost} characters or more are lost, these the first"
    return [Edit(low, high, text[low:high], "mojibake", note, {"lost_characters": lost})]
