"""Raw Chinese web text in, clean text out, and a ledger that proves what was done.

The front door: everything a user needs is imported from here, and nothing is
computed here. Heavy libraries wait until a stage first needs them.

>>> doc = clean("臺北市長表示，將於下週公布。")
>>> doc.text
'台北市长表示，将于下周公布。'
>>> doc.original
'臺北市長表示，將於下週公布。'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textclean import stages
from textclean.cleaning import clean
from textclean.decode import decode
from textclean.document import AuditRow, Change, Document, Edit
from textclean.pipeline import Learner, Pipeline, Stage, StageError
from textclean.scripts import Script, script

if TYPE_CHECKING:
    from textclean.stages import (
        NearDuplicates,
        NormalizeText,
        RemoveDuplicates,
        RepairEncoding,
        SimplifyChinese,
        SiteTable,
        SiteTemplates,
        StripBoilerplate,
    )

__version__ = "0.1.0"

__all__ = [
    "AuditRow",
    "Change",
    "Document",
    "Edit",
    "Learner",
    "NearDuplicates",
    "NormalizeText",
    "Pipeline",
    "RemoveDuplicates",
    "RepairEncoding",
    "Script",
    "SimplifyChinese",
    "SiteTable",
    "SiteTemplates",
    "Stage",
    "StageError",
    "StripBoilerplate",
    "__version__",
    "clean",
    "decode",
    "script",
]


def __getattr__(name: str) -> Any:
    """A stage, imported when it is first named."""
    if name not in stages.__all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(stages, name)


def __dir__() -> list[str]:
    return sorted(__all__)
