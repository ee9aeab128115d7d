"""SimplifyChinese: 繁→简, and nothing else touched."""

from __future__ import annotations

from textclean.stages.simplify.stage import SimplifyChinese

__all__ = ["SimplifyChinese"]
