"""The catalogue: the names here are the names a pipeline file may use.

Each stage is one idea in one file or folder; nothing in here may read the
clock, the disk or the environment, so the same document always comes out the
same.
"""

from __future__ import annotations

from typing import Any

from textclean.pipeline import Learner, Stage
from textclean.stages.boilerplate import SiteTable, SiteTemplates, StripBoilerplate
from textclean.stages.duplicates import NearDuplicates, RemoveDuplicates
from textclean.stages.encoding import RepairEncoding
from textclean.stages.normalize import NormalizeText
from textclean.stages.simplify import SimplifyChinese

__all__ = [
    "NearDuplicates",
    "NormalizeText",
    "RemoveDuplicates",
    "RepairEncoding",
    "SimplifyChinese",
    "SiteTable",
    "SiteTemplates",
    "StripBoilerplate",
]


def default_stages(*, corpus: bool) -> list[Stage | Learner[Any]]:
    """The stages of :meth:`textclean.Pipeline.default`, in order.

    Encoding first: nothing else can read damaged text. Simplifying comes after
    boilerplate because traditional-script rules read the page as its site wrote it.
    """
    one_page: list[Stage | Learner[Any]] = [StripBoilerplate(), SimplifyChinese(), RemoveDuplicates()]
    if corpus:
        one_page = [SiteTemplates(), *one_page, NearDuplicates()]
    return [RepairEncoding(), NormalizeText(), *one_page]
