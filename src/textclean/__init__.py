"""Raw Chinese web text in, clean text out, and a ledger that proves what was done.

The front door: everything a user needs is imported from here, and nothing is
computed here. Heavy libraries wait until a stage first needs them.
"""

from textclean.cleaning import clean
from textclean.decode import decode
from textclean.document import AuditRow, Change, Document, Edit
from textclean.pipeline import Learner, Pipeline, Stage, StageError
from textclean.scripts import Script, script
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
