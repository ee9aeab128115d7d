"""One job, several programs, the same rounds: who is faster, and what comes out?

A contestant is a function that is given the path of the data and returns the
job, a function without arguments. It runs in a process of its own and in an
environment of its own (ours, or the peers'), on one thread. The rounds go
A, B, C, A, B, C, …, so that what else the machine does falls on all alike.
What counts is CPU time, children included; the median of the rounds, and for
two contestants the median of the ratios within the rounds.

Run as a script this file is such a process: it is told ``go`` and answers with
seconds, is told ``show FILE`` and writes what the last job returned.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
HOUSE = HERE.parent
PEERS = HERE / ".venv-peers"
CACHE = HERE / ".cache"
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS"), "1"
)


@dataclass(frozen=True)
class Contestant:
    """A function of a module in ``benchmarks/contestants``, and whose environment it runs in."""

    module: str
    function: str
    peer: bool = True

    def start(self, data: Path) -> subprocess.Popen[str]:
        """Its process, ready to be told ``go``."""
        python = peers_python() if self.peer else Path(sys.executable)
        environment = {**os.environ, **ONE_THREAD}
        environment.pop("PYTHONPATH", None)
        if not self.peer:
            environment["PYTHONPATH"] = str(HOUSE / "src")
        return subprocess.Popen(
            [python, __file__, self.module, self.function, data],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )


@dataclass(frozen=True)
class Outcome:
    """The CPU seconds of each round, and what the job returned; or why there is nothing."""

    seconds: tuple[float, ...] = ()
    result: Any = None
    error: str = ""

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(self.seconds) if self.seconds else float("nan")

    def times_as_fast_as(self, other: Outcome) -> float | None:
        """The median of the ratios within the rounds; None if one of the two did not run."""
        if not (self.seconds and other.seconds):
            return None
        return statistics.median(theirs / mine for mine, theirs in zip(self.seconds, other.seconds, strict=True))


def contest(data: Path, contestants: Mapping[str, Contestant], rounds: int) -> dict[str, Outcome]:
    """Let all *contestants* do their job on *data*, *rounds* times in turn. One that fails says so and costs nothing."""
    with contextlib.ExitStack() as cleanup:
        running = {}
        for name, contestant in contestants.items():
            process = contestant.start(data)
            cleanup.callback(_end, process)
            running[name] = process
        seconds: dict[str, list[float]] = {name: [] for name in running}
        errors: dict[str, str] = {}
        for number in range(rounds + 1):  # the first is to warm up: tables, compiled kernels, caches of the disk
            for name, process in running.items():
                if name in errors:
                    continue
                said = _ask(process, "go")
                if "error" in said:
                    errors[name] = said["error"]
                elif number:
                    seconds[name].append(said["cpu"])
        found = {}
        for name, process in running.items():
            if name in errors:
                print(f"  {name} did not run: {errors[name]}", file=sys.stderr)
                found[name] = Outcome(error=errors[name])
                continue
            shown = CACHE / f"result-{os.getpid()}.json"
            shown.parent.mkdir(exist_ok=True)
            said = _ask(process, f"show {shown}")
            assert "error" not in said, f"{name}: {said}"
            found[name] = Outcome(tuple(seconds[name]), json.loads(shown.read_bytes()))
            shown.unlink()
        return found


def answers(found: Mapping[str, Outcome]) -> Iterator[tuple[str, Any]]:
    """What came out of those that ran."""
    for name, outcome in found.items():
        if not outcome.error:
            yield name, outcome.result


def _ask(process: subprocess.Popen[str], order: str) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(f"{order}\n")
        process.stdin.flush()
    said = process.stdout.readline()
    answer: dict[str, Any] = json.loads(said) if said else {"error": f"the process ended, code {process.wait()}"}
    return answer


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


def peers_python() -> Path:
    """The interpreter of the peers' environment, made anew when ``peers.txt`` is not what it was made of."""
    wanted = HERE / "peers.txt"
    stamp = PEERS / ".made-of"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    python = PEERS / "bin" / "python"
    if not stamp.is_file() or stamp.read_text("utf-8") != digest:
        print(f"making {PEERS.name}, the environment of the peers (once; about 700 MB) …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", PEERS], check=True)
        install: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
            wanted,
        ]
        subprocess.run(install, check=True)
        stamp.write_text(digest, "utf-8")
    return python


def _cpu() -> float:
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def _work(module: str, function: str, data: str) -> None:
    """The process of one contestant. What its library prints goes nowhere; our answers go to the pipe."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    job = result = None
    for order in _orders():
        try:
            if order == "go":
                if job is None:
                    job = getattr(importlib.import_module(f"contestants.{module}"), function)(Path(data))
                began = _cpu()
                result = job()
                said: dict[str, Any] = {"cpu": _cpu() - began}
            else:
                Path(order.removeprefix("show ")).write_text(json.dumps(result), "utf-8")
                said = {"shown": time.time()}
        except Exception as error:  # noqa: BLE001  a peer may fail in any way; the row says how
            said = {"error": f"{type(error).__name__}: {error}"[:300]}
        answers.write(json.dumps(said) + "\n")
        answers.flush()


def _orders() -> Iterator[str]:
    for line in sys.stdin:
        yield line.rstrip("\n")


if __name__ == "__main__":
    _work(*sys.argv[1:])
