"""Text whose bytes are gone: 锟斤拷, and runs of U+FFFD.

They are what a reader of UTF-8 left of bytes it could not read, and what GBK
makes of those. Nothing can bring them back; they are marked, and their number
goes to ``meta["lost_characters"]``.
"""

from __future__ import annotations

import re

from textclean.document import Edit

FIRST = "锟\ufffd"
REST = "(?:(?<=\ufffd)|(?<=锟)斤拷)"
_RUN = re.compile("(?:锟斤拷|\ufffd)(?:锟斤拷|锟斤|斤拷|拷|\ufffd)*")
_ABOUT = re.compile("乱码|亂碼|编码|編碼|烫烫烫|锟斤拷[”》」』]")

MOST = 50
"""Lines marked in a document: a mark is evidence for a person, and nobody reads more."""


def find(text: str) -> list[Edit]:
    """One mark a line, on the first run that is lost.

    >>> [(edit.start, edit.end, edit.note) for edit in find("他说锟斤拷锟斤拷。")]
    [(2, 8, 'lost: 2 characters or more')]
    """
    edits: list[Edit] = []
    lost = 0
    start = 0
    for line in text.split("\n"):
        if not _ABOUT.search(line):
            runs = list(_RUN.finditer(line))
            count = sum(run[0].count("\ufffd") + (len(run[0]) - run[0].count("\ufffd") + 2) // 3 for run in runs)
            lost += count
            if runs and len(edits) < MOST:
                low, high = runs[0].span()
                note = f"lost: {count} characters or more"
                edits.append(Edit(start + low, start + high, line[low:high], "mojibake", note))
        start += len(line) + 1
    if edits:
        edits[0] = edits[0]._replace(meta={"lost_characters": lost})
    return edits
