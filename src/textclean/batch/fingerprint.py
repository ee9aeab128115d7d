"""Is this the same work as before?

A run may go on only where its own work stands: the same stages with the same
options, by the same code and libraries. All of it goes into one hash.
"""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from dataclasses import fields, is_dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import textclean
from textclean.batch import rows
from textclean.pipeline import Pipeline, stage_name

LIBRARIES = ("chardet", "datasketch", "ftfy", "lxml", "numpy", "opencc")


def fingerprint(pipeline: Pipeline, *options_: object) -> str:
    """One hash of everything but the input that decides what comes out."""
    facts = [
        [[type(stage).__module__, stage_name(stage), options(stage)] for stage in pipeline.stages],
        list(map(repr, options_)),
        [sys.version_info[:2], unicodedata.unidata_version],
        {name: _version(name) for name in LIBRARIES},
        _own_code(),
    ]
    return hashlib.sha256(rows.dumps(facts)).hexdigest()


def options(stage: object) -> dict[str, Any]:
    """The options of a configured stage, as text where JSON has no form for them."""
    if not is_dataclass(stage):
        return {}
    return {each.name: _plain(getattr(stage, each.name)) for each in fields(stage) if each.init}


def _plain(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (set, frozenset)):
        return sorted(map(repr, value))
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in sorted(value.items(), key=repr)}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else repr(value)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _own_code() -> str:
    """A hash of the package itself, rules and models too: a version number does not change while one edits a rule."""
    digest = hashlib.sha256()
    root = Path(textclean.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in {".pyc", ".nbi", ".nbc"}:
            digest.update(str(path.relative_to(root)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
