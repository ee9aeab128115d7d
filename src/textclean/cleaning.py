"""One text in, one clean Document out: decode, then the default pipeline."""

from __future__ import annotations

from functools import cache
from typing import Literal

from textclean.decode import decode
from textclean.document import Document
from textclean.pipeline import Pipeline


def clean(
    source: str | bytes,
    *,
    id: str = "",  # noqa: A002  the name the rest of the house uses
    kind: Literal["text", "html"] | None = None,
    pipeline: Pipeline | None = None,
) -> Document:
    """*source*, cleaned: the text, what was read from it, and every change.

    *source* is a str or the bytes of a file; *kind* says whether it is plain
    text or HTML (None: by looking); *pipeline* defaults to
    :meth:`Pipeline.default`, which looks at this one document alone.

    Raises StageError when a stage fails, which is a bug: bad input comes out
    as text with its damage marked, never as an exception.

    >>> clean("第一段。\\n责任编辑：李四").text
    '第一段。'
    """
    return (pipeline or _default())(decode(source, id=id, kind=kind))


@cache
def _default() -> Pipeline:
    return Pipeline.default()
