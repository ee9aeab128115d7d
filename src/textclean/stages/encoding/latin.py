"""Misreadings among Latin encodings: ``cafÃ©`` is ``café``. The only user of ftfy.

After the Chinese misreadings, never before: ftfy's repairs of single bytes cut
what can be had back of GBK read as Latin-1 from 100 % of the lines to 2 %.
And never with its defaults: straight quotes, ASCII for full-width punctuation
and the undoing of ligatures change 92 % of clean Chinese sentences.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from textclean.document import Edit
from textclean.stages.encoding import mojibake

if TYPE_CHECKING:
    import ftfy

# What UTF-8 shows when read as Latin-1 or cp1252: a lead byte, then one that only continues; or a bare C1 control.
FIRST = "\u00c2-\u00f4\x80-\x84\x86-\x9f"
REST = "(?:(?<=[\u00c2-\u00f4])[\x80-\xbf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|(?<=[\x80-\x9f]))"
GATE = re.compile(f"[{FIRST}]{REST}")


@cache
def _config() -> ftfy.TextFixerConfig:
    import ftfy  # noqa: PLC0415

    return ftfy.TextFixerConfig(
        unescape_html=False,  # escapes have rules of their own here
        remove_terminal_escapes=False,
        remove_control_chars=False,
        fix_line_breaks=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_surrogates=False,
        normalization=None,
        explain=False,
    )


def find(text: str) -> list[Edit]:
    """The lines of *text* that ftfy repairs.

    >>> [edit.text for edit in find("un cafÃ© crÃ¨me")]
    ['un café crème']
    """
    import ftfy  # noqa: PLC0415

    edits = []
    start = 0
    for line in text.split("\n"):
        if GATE.search(line) and not mojibake.on_purpose(line):
            fixed = ftfy.fix_text(line, _config())
            if fixed != line:
                edits.append(Edit(start, start + len(line), fixed, "mojibake", "by ftfy"))
        start += len(line) + 1
    return edits
