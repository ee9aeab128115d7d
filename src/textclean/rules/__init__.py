"""Phrases and tables as data, each group with its reason, an example and a counter-example.

A TOML file here is read once a process, the first time a stage asks for it.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=16)
def table(name: str) -> dict[str, Any]:
    """The rules in ``<name>.toml``; shared, so nobody may change what comes back.

    >>> table("script")["japanese"]["example"]
    '駅'
    """
    return tomllib.loads(resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
