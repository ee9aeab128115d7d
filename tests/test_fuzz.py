"""Anything at all goes through decode, html and the whole pipeline: seconds here, minutes with ``-m fuzz``, and what was once found.

``pytest -m fuzz`` hunts with seeds of its own (or from FUZZ_SEED on) for FUZZ_SECONDS (60) a target. What it finds becomes a line of
``tests/cases/fuzz.jsonl`` (target, bytes as base64, comment), which every run repeats.
"""

from __future__ import annotations

import base64
import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from fuzzing import (
    cleaning_holds,
    decoding_holds,
    files,
    rendering_holds,
    settling_holds,
    settling_holds_though_something_is_lost,
    texts,
)

CASES = Path(__file__).parent / "cases" / "fuzz.jsonl"
TARGETS: dict[str, tuple[Callable[[Any], None], st.SearchStrategy[Any]]] = {
    "decode": (decoding_holds, files() | st.binary(max_size=60)),
    "html": (rendering_holds, texts()),
    "clean": (cleaning_holds, files()),
    "settle": (settling_holds, files()),
}
EXAMPLES = {"decode": 150, "html": 200, "clean": 50, "settle": 30}


def cases() -> list[Any]:
    return [
        pytest.param(
            row, id=row["comment"][:40], marks=pytest.mark.xfail(reason=row["xfail"]) if "xfail" in row else ()
        )
        for row in map(json.loads, CASES.read_text("utf-8").splitlines())
    ]


@pytest.mark.parametrize("row", cases())
def test_what_was_found_before(row: dict[str, str]) -> None:
    raw = base64.b64decode(row["base64"])
    check: Callable[[Any], None] = settling_holds_though_something_is_lost
    if row["target"] != "settle, lost":
        check, _ = TARGETS[row["target"]]
    check(raw.decode() if row["target"] == "html" else raw)


@pytest.mark.parametrize("name", TARGETS)
def test_some_seconds_of_anything(name: str) -> None:
    check, examples = TARGETS[name]
    settings(max_examples=EXAMPLES[name], suppress_health_check=list(HealthCheck))(given(examples)(check))()


@pytest.mark.fuzz
@pytest.mark.parametrize("name", TARGETS)
def test_minutes_of_anything(name: str) -> None:
    check, examples = TARGETS[name]
    until = time.monotonic() + float(os.environ.get("FUZZ_SECONDS", "60"))
    # With FUZZ_SEED the hunt is the same each time: what fails a change is that change.
    fixed = os.environ.get("FUZZ_SEED")
    numbers = random.Random(fixed) if fixed else random.SystemRandom()  # noqa: S311  no secret
    while time.monotonic() < until:
        number = numbers.getrandbits(32)  # a failure tells the bytes, not the seed: they become a case
        hunt = settings(max_examples=300, derandomize=False, database=None, suppress_health_check=list(HealthCheck))
        seed(number)(hunt(given(examples)(check)))()
