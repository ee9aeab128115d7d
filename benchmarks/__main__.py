"""Everything that is claimed of speed and quality, measured in one sitting.

    python -m benchmarks                     # all of it: some hours
    python -m benchmarks --quick             # the same tables from less: under half an hour
    python -m benchmarks --only encoding chinese
    python -m benchmarks --fresh             # measure again what was measured before

Each section is a process of its own and leaves ``benchmarks/.cache/results/SECTION.json``, so a run that was stopped goes on where it
stood; what was measured on other code, or in the other mode, is measured again. At the end ``benchmarks/RESULTS.md`` and
``benchmarks/charts/*.svg`` are written from these files. The peers' environment (``benchmarks/peers.txt``) is made when it is first needed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import charts, corpora
from benchmarks.contest import CACHE, HERE, HOUSE
from benchmarks.sections import FULL_ONLY, ORDER
from benchmarks.tables import Table, save

RESULTS = CACHE / "results"
PAGE = HERE / "RESULTS.md"
CHARTS = HERE / "charts"
DETAILS = """
Every figure is CPU time (user and system, children included) of one thread unless a column says wall; each program runs in a process
of its own, all take turns within a round, and the figure is the median of the rounds. **×** is how many times as fast textclean is, the
median of the ratios within the rounds: it survives a busy machine, the speeds themselves do so less. Peers run in an environment of
their own at the versions of [`peers.txt`](peers.txt), which names their licences too. How to read the quality figures, and what they
do not say, is in [Evaluation](../docs/evaluation.md). To repeat: `python -m benchmarks`.
"""


def main() -> int:
    """Parse, run each section, write the page; the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="less of everything")
    options.add_argument("--only", nargs="+", choices=ORDER, default=ORDER, metavar="SECTION", help=", ".join(ORDER))
    options.add_argument("--fresh", action="store_true", help="measure again what was measured before")
    options.add_argument("--section", choices=ORDER, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.section:
        section(asked.section, quick=asked.quick)
        return 0
    failed = []
    for name in asked.only:
        if asked.quick and name in FULL_ONLY and asked.only is ORDER:
            continue
        kept = RESULTS / f"{name}.json"
        if not asked.fresh and kept.is_file() and _is_of(json.loads(kept.read_bytes()), quick=asked.quick):
            print(f"{name}: measured before")
            continue
        print(f"{name} …", flush=True)
        command = [sys.executable, "-m", "benchmarks", "--section", name, *(["--quick"] if asked.quick else [])]
        if subprocess.run(command, check=False, cwd=HOUSE, env=_environment()).returncode:
            failed.append(name)
        else:
            print(f"  {json.loads(kept.read_bytes())['seconds']:.0f} s")
    write()
    print(PAGE.relative_to(HOUSE) if PAGE.is_relative_to(HOUSE) else PAGE)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


def section(name: str, *, quick: bool) -> None:
    """Measure one section, here."""
    began = time.perf_counter()
    made = importlib.import_module(f"benchmarks.sections.{name}").tables(quick=quick)
    found: list[Table] = []
    for table in made:
        found.append(table)
        print(f"  {table.title}", flush=True)
    save(
        RESULTS / f"{name}.json",
        found,
        quick=quick,
        code=code(),
        commit=_commit(),
        seconds=time.perf_counter() - began,
        corpus=corpora.kind(),
        machine=machine(),
        when=datetime.now(UTC).date().isoformat(),
    )


def write() -> None:
    """RESULTS.md and the charts, from what the sections left."""
    CHARTS.mkdir(exist_ok=True)
    found = {
        name: json.loads((RESULTS / f"{name}.json").read_bytes())
        for name in ORDER
        if (RESULTS / f"{name}.json").is_file()
    }
    lines = ["# Results", "", "Written by `python -m benchmarks`; not to be edited.", DETAILS]
    machines = dict.fromkeys(f"{one['machine']}; {one['when']}" for one in found.values())
    lines += [f"Machine: {'; and '.join(machines)}.", ""]
    drawn = set()
    for name, one in found.items():
        mode = "from less than the full run takes" if one["quick"] else "full run"
        lines += [f"## {name.capitalize()}", "", f"{mode}, {one['seconds']:.0f} s, at {one['commit']}", ""]
        for table in (Table(**table) for table in one["tables"]):
            rounds = f" Median of {table.rounds}." if table.rounds > 1 else " One round." if table.rounds else ""
            lines += [f"### {table.title}", "", table.words + rounds, "", table.markdown(), ""]
            if table.chart:
                file = re.sub(r"[^a-z0-9]+", "-", table.title.lower()).strip("-") + ".svg"
                column = {row: values.get(table.chart) for row, values in table.rows.items()}
                (CHARTS / file).write_text(charts.bars(table.title, table.chart, column), "utf-8")
                drawn.add(file)
                lines += [f"![{table.title}: {table.chart}](charts/{file})", ""]
    for old in CHARTS.glob("*.svg"):
        if old.name not in drawn:
            old.unlink()
    PAGE.write_text("\n".join(lines).rstrip() + "\n", "utf-8")


def machine() -> str:
    """Processor, cores, memory, system and Python."""
    model = platform.processor() or platform.machine()
    try:
        found = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
        model = found[1] if found else model
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except OSError:
        memory = float("nan")
    cores = os.cpu_count()
    return f"{model}, {cores} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def code() -> str:
    """A hash of all that a figure depends on: our source and the benchmarks."""
    digest = hashlib.sha256()
    for folder in (HOUSE / "src", HERE):
        for path in sorted(folder.rglob("*")):
            hidden = any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(HOUSE).parts)
            if path.is_file() and not hidden and path.suffix in {".py", ".txt", ".json", ".npz", ".toml", ".jsonl"}:
                digest.update(f"{path.relative_to(HOUSE)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _is_of(result: dict[str, Any], *, quick: bool) -> bool:
    return result["code"] == code() and result["quick"] is quick


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "a copy without history"


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(HOUSE / "src"), str(HOUSE)])}


if __name__ == "__main__":
    sys.exit(main())
