"""Where does the work run? On this machine (the default), on Ray, or on Spark.

An engine knows three verbs and nothing of text: :class:`Engine` says which.
What is done with them stands in :mod:`textclean.engines.jobs`, once for all.
"""

from __future__ import annotations

from collections.abc import Sequence

from textclean.engines.protocol import Engine, EngineError

__all__ = ["NAMES", "Engine", "EngineError", "start"]

NAMES = ("local", "ray", "spark")


def start(name: str, *, jobs: int = 0, preload: Sequence[str] = ()) -> Engine:
    """The engine called *name*, ready to work; use it in a ``with`` block.

    *jobs* is the number of processes on this machine (0: one for each core).
    Ray and Spark use the cluster that their own settings name (``RAY_ADDRESS``;
    ``spark-submit``, ``spark-defaults.conf`` or ``MASTER``) and *jobs*
    processes of this machine where there is none. *preload* names modules that
    all processes of the local engine need: where they can be forked, these are
    imported once.

    Raises EngineError, with a sentence, when the engine is not installed or
    its cluster cannot be reached; ValueError for an unknown name.
    """
    if name == "local":
        from textclean.engines.local import LocalEngine  # noqa: PLC0415

        return LocalEngine(jobs=jobs, preload=preload)
    if name == "ray":
        from textclean.engines.ray import RayEngine  # noqa: PLC0415

        return RayEngine(jobs=jobs)
    if name == "spark":
        from textclean.engines.spark import SparkEngine  # noqa: PLC0415

        return SparkEngine(jobs=jobs)
    raise ValueError(f"there is no engine {name!r}: there are {', '.join(NAMES)}")
