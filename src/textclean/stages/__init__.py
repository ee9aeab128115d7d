"""The catalogue: the names here are the names a pipeline file may use.

Each stage is one idea in one file or folder; nothing in here may read the
clock, the disk or the environment, so the same document always comes out the
same. A stage is imported when it is first named: together their patterns and
tables would double what ``import textclean`` costs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from textclean.pipeline import Learner, Stage

if TYPE_CHECKING:
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

_ROOMS = {
    "NearDuplicates": "duplicates",
    "NormalizeText": "normalize",
    "RemoveDuplicates": "duplicates",
    "RepairEncoding": "encoding",
    "SimplifyChinese": "simplify",
    "SiteTable": "boilerplate",
    "SiteTemplates": "boilerplate",
    "StripBoilerplate": "boilerplate",
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    stage = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    globals()[name] = stage
    return stage


def default_stages(*, corpus: bool) -> list[Stage | Learner[Any]]:
    """The stages of :meth:`textclean.Pipeline.default`, in order.

    Encoding first: nothing else can read damaged text. Simplifying comes after
    boilerplate because traditional-script rules read the page as its site wrote it.
    """
    from textclean.stages.boilerplate import SiteTemplates, StripBoilerplate  # noqa: PLC0415  see the top of the file
    from textclean.stages.duplicates import NearDuplicates, RemoveDuplicates  # noqa: PLC0415
    from textclean.stages.encoding import RepairEncoding  # noqa: PLC0415
    from textclean.stages.normalize import NormalizeText  # noqa: PLC0415
    from textclean.stages.simplify import SimplifyChinese  # noqa: PLC0415

    one_page: list[Stage | Learner[Any]] = [StripBoilerplate(), SimplifyChinese(), RemoveDuplicates()]
    if corpus:
        one_page = [SiteTemplates(), *one_page, NearDuplicates()]
    return [RepairEncoding(), NormalizeText(), *one_page]
