"""The catalogue: the names here are the names a pipeline file may use.

Each stage is one idea in one file or folder; nothing in here may read the
clock, the disk or the environment, so the same document always comes out the
same.
"""

from __future__ import annotations

from textclean.stages.boilerplate import SiteTable, SiteTemplates, StripBoilerplate
from textclean.stages.duplicates import RemoveDuplicates
from textclean.stages.encoding import RepairEncoding
from textclean.stages.normalize import NormalizeText
from textclean.stages.simplify import SimplifyChinese

__all__ = [
    "NormalizeText",
    "RemoveDuplicates",
    "RepairEncoding",
    "SimplifyChinese",
    "SiteTable",
    "SiteTemplates",
    "StripBoilerplate",
]
