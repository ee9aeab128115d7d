"""Misreadings among Latin encodings: ``cafÃ©`` is ``café``. The only user of ftfy.

After the Chinese misreadings, never before: ftfy's repairs of single bytes cut
what can be had back of GBK read as Latin-1 from 100 % of the lines to 2 %.
And never with its defaults: straight quotes, ASCII for full-width punctuation
and the undoing of ligatures change 92 % of clean Chinese sentences.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from textclean.document import Edit
from textclean.stages.encoding import mojibake
from textclean.stages.encoding.scan import Signs

if TYPE_CHECKING:
    import ftfy

# What UTF-8 shows when read as Latin-1 or cp1252: a lead byte, then one that only continues; or a bare C1 control.
KIND = ("<leads><control>", "(?:(?<=[<leads>])[<continues>]|(?<=[<control>]))")
SIGNS = Signs(KIND)


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
        if SIGNS.search(line) and not mojibake.on_purpose(line):
            fixed = ftfy.fix_text(line, _config())
            if fixed != line:
                edits.append(Edit(start, start + len(line), fixed, "mojibake", "by ftfy"))
        start += len(line) + 1
    return edits
