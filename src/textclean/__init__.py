"""Raw Chinese web text in, clean text out, and a ledger that proves what was done.

The front door: everything a user needs is imported from here, and nothing is
computed here. Heavy libraries wait until a stage first needs them.
"""

from textclean.document import AuditRow, Change, Document, Edit
from textclean.pipeline import Learner, Pipeline, Stage, StageError
from textclean.stages import RemoveDuplicates, SiteTable, SiteTemplates, StripBoilerplate

__version__ = "0.1.0"

__all__ = [
    "AuditRow",
    "Change",
    "Document",
    "Edit",
    "Learner",
    "Pipeline",
    "RemoveDuplicates",
    "SiteTable",
    "SiteTemplates",
    "Stage",
    "StageError",
    "StripBoilerplate",
    "__version__",
]
