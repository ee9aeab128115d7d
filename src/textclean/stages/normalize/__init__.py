"""NormalizeText: width, punctuation, spaces."""

from __future__ import annotations

from textclean.stages.normalize.stage import NormalizeText

__all__ = ["NormalizeText"]
