"""Every engine once for all tests: Ray and Spark take ten seconds to start."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from textclean.engines import Engine, EngineError

TESTS = Path(__file__).parent

LOCAL = ["local", "local, two processes"]
CLUSTERS = [pytest.param(name, marks=pytest.mark.engines) for name in ("ray", "spark")]


def make(name: str) -> Engine:
    """The engine, with the memory of a laptop that six other things run on."""
    if name == "ray":
        from textclean.engines.ray import RayEngine

        return RayEngine(jobs=2, parts=4, options={"object_store_memory": 200_000_000})
    if name == "spark":
        from textclean.engines.spark import SparkEngine

        return SparkEngine(jobs=2, parts=4, options={"spark.driver.memory": "1g"})
    from textclean.engines.local import LocalEngine

    return LocalEngine(jobs=2 if "two" in name else 1, parts=4)


@pytest.fixture(scope="session")
def engines() -> Iterator[Callable[[str], Engine]]:
    """Engines by name, each started once."""
    started: dict[str, Engine] = {}
    paths = f"{TESTS}{os.pathsep}{TESTS.parent / 'src'}"
    was = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = f"{paths}{os.pathsep}{was}" if was else paths  # workers must find what we import

    def get(name: str) -> Engine:
        if name not in started:
            try:
                started[name] = make(name)
            except EngineError as error:
                pytest.skip(str(error))
        return started[name]

    yield get
    for engine in started.values():
        engine.__exit__()


@pytest.fixture(params=[*LOCAL, *CLUSTERS])
def engine(request: pytest.FixtureRequest, engines: Callable[[str], Engine]) -> Engine:
    """Each engine in turn: what is promised is promised by all."""
    return engines(request.param)
