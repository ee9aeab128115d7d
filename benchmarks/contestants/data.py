"""The data of a contest: a file of JSON lines, read before the clock starts."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any


def rows(path: Path) -> list[Any]:
    """One JSON value a line."""
    return [json.loads(line) for line in path.read_text("utf-8").rstrip("\n").split("\n")]


def raws(path: Path) -> list[bytes]:
    """Bytes, written as base64."""
    return [base64.b64decode(row) for row in rows(path)]
