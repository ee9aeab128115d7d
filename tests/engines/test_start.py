"""An engine that cannot work says why, and what to do."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from textclean import engines
from textclean.engines import EngineError, protocol


def test_an_unknown_engine() -> None:
    with pytest.raises(ValueError, match="there is no engine 'dask': there are local, ray, spark"):
        engines.start("dask")


@pytest.mark.parametrize(("name", "extra"), [("ray", "ray"), ("spark", "spark")])
def test_what_is_not_installed_is_named_with_its_extra(name: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"textclean.engines.{name}.find_spec", lambda _: None)
    with pytest.raises(EngineError, match=rf"pip install 'textclean\[{extra}\]'"):
        engines.start(name)


def test_spark_without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textclean.engines.spark.find_spec", lambda _: True)
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineError, match="needs Java 17"):
        engines.start("spark")


def test_an_unreachable_cluster_is_told_and_not_waited_for() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]  # bound, and nobody listens
        with pytest.raises(EngineError, match=f"no Ray cluster answers at 127.0.0.1:{port} .*RAY_ADDRESS"):
            protocol.refuse_unreachable("Ray", "127.0.0.1", port, "RAY_ADDRESS")


@pytest.mark.engines
@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        ("ray", "RAY_ADDRESS", "127.0.0.1:1"),
        ("ray", "RAY_ADDRESS", "ray://127.0.0.1:1"),
        ("spark", "MASTER", "spark://127.0.0.1:1"),
    ],
)
def test_unreachable_by_the_engines_own_setting(
    name: str, setting: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip({"spark": "pyspark"}.get(name, name), reason=f"{name} is not installed")
    monkeypatch.setenv(setting, value)
    monkeypatch.setattr("ray.is_initialized", lambda: False) if name == "ray" else monkeypatch.setattr(
        "pyspark.sql.SparkSession.getActiveSession", staticmethod(lambda: None)
    )
    with pytest.raises(EngineError, match=f"cluster answers at 127.0.0.1:1 .*{setting}"):
        engines.start(name)


@pytest.mark.parametrize("options", [{"jobs": -1}, {"parts": 0}])
def test_bad_options(options: dict[str, Any]) -> None:
    from textclean.engines.local import LocalEngine

    with pytest.raises(ValueError, match=r"at least one|or 0 for one"):
        LocalEngine(**options)


def test_no_files_to_read(engines: Callable[[str], Any]) -> None:
    with pytest.raises(EngineError, match="no files"):
        engines("local").read([])
