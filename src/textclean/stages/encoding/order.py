"""In what order is damage undone?

The order in which it came about, backwards: characters read in the wrong
encoding first, then escapes, code points, glosses, and byte slips last, which
need the bytes of the text as it was.
"""

from __future__ import annotations

from collections.abc import Callable

from textclean.document import Edit
from textclean.stages.classes import CharacterClass
from textclean.stages.encoding import (
    Mode,
    RepairEncoding,
    code_points,
    escapes,
    glosses,
    latin,
    lost,
    mojibake,
    slips,
)
from textclean.stages.encoding.compose import Repairs
from textclean.stages.encoding.scan import Signs

_BEYOND_CODE_POINTS = Signs(lost.KIND, escapes.KIND, glosses.KIND, latin.KIND, *slips.KINDS, mojibake.KIND)
"""What damage shows that is more than lookalikes, invisible characters and line ends, which most damaged documents have."""
_SIGNS = Signs(code_points.KIND, *_BEYOND_CODE_POINTS.kinds)
"""What damaged text shows somewhere: one scan tells that a text has nothing for any repair.

It stops at what is rare in clean text (5 characters in 1,000), and looks at what
must be around each of them.
"""


def repairs(text: str, modes: RepairEncoding) -> list[Edit]:
    """The repairs of *text*, each kind as *modes* says."""
    if not _SIGNS.search(text):
        return []
    done = Repairs(text)
    if modes.code_points == "fix" and not _BEYOND_CODE_POINTS.search(text) and not code_points.SURROGATES.search(text):
        done.apply(code_points.find(text))
        if not _SIGNS.search(done.text):  # else the repair brought something to light
            return done.edits()

    def repair(mode: Mode, signs: Signs | CharacterClass, find: Callable[[str], list[Edit]]) -> None:
        if mode != "off" and signs.search(done.text):
            done.apply(find(done.text), mode)

    for _ in range(_ROUNDS):
        before = done.text
        repair(modes.code_points, code_points.SURROGATES, code_points.surrogates)  # nothing can be encoded before
        repair(modes.mojibake, mojibake.SIGNS, mojibake.find)
        repair(modes.mojibake, latin.SIGNS, latin.find)
        repair(modes.escapes, escapes.SIGNS, escapes.find)
        repair(modes.code_points, code_points.SIGNS, code_points.find)
        _converter(done, modes)
        if done.text == before:
            break
    if modes.mojibake != "off":
        done.apply(lost.find(done.text), "mark")
    return done.edits()


_ROUNDS = 6
"""What one repair brings to light is another's work, until there is nothing more: a second run must add nothing."""


def _converter(done: Repairs, modes: RepairEncoding) -> None:
    """Undo glosses and slips, each of which is evidence for the other."""
    injected = slips.injected(done.text)
    found = glosses.find(done.text, injected)
    if modes.glosses != "off":
        done.apply(found, modes.glosses)
    if modes.slips != "off" and slips.SIGNS.search(done.text):
        done.apply(slips.find(done.text, diseased=bool(found or injected)), modes.slips)
        if modes.glosses == "fix":  # a run out of step may have hidden some
            done.apply(glosses.find(done.text, injected + len(found)))
