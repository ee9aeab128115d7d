"""Restore Chinese text that was damaged on its way, and leave clean text alone.

One file a kind of damage; :mod:`textclean.stages.encoding.order` runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import Literal

from textclean.document import Document, Edit

Mode = Literal["fix", "mark", "off"]

__all__ = ["RepairEncoding"]


@dataclass(frozen=True)
class RepairEncoding:
    """Repair damage of encoding: each kind is repaired, marked or ignored.

    *mojibake*: characters read in the wrong encoding (涓浗 for 中国).
    *escapes*: ``&#20013;``, ``%E4%B8%AD``, ``\\\\u4e2d`` where text should be.
    *code_points*: lookalikes, invisible characters, controls, line ends.
    *glosses*: the pinyin that a converter put behind traditional characters.
    *slips*: GBK text one byte out of step.

    Reasons: ``mojibake, escape, code_point, control, pinyin_gloss, byte_slip``.
    A guess carries its gain in the note; with "mark" the ledger says what would
    be changed, and the text stays.

    >>> from textclean.pipeline import Pipeline
    >>> Pipeline([RepairEncoding()])(Document("", "增添新的動力!睖O口區委書記")).text
    '增添新的動力。”淥口區委書記'
    """

    mojibake: Mode = "fix"
    escapes: Mode = "fix"
    code_points: Mode = "fix"
    glosses: Mode = "fix"
    slips: Mode = "fix"

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) not in {"fix", "mark", "off"}:
                raise ValueError(f'{field.name} is "fix", "mark" or "off", not {getattr(self, field.name)!r}')

    def __call__(self, doc: Document, /) -> Iterable[Edit]:
        """The repairs of *doc*."""
        return _repairs()(doc.text, self)


@cache
def _repairs() -> Callable[[str, RepairEncoding], list[Edit]]:
    from textclean.stages.encoding.order import repairs  # noqa: PLC0415  it compiles some forty patterns

    return repairs
