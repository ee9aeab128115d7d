"""The same job on every engine: same result, CPU seconds, wall, peak memory.

    python benchmarks/make_paragraphs.py 1000000 corpus/
    python benchmarks/engines.py corpus/ --engines local ray spark

The job is NearDuplicates(scope="paragraph") over the corpus, learned on the
engine, and the cleaned rows written as Parquet. Each engine runs in a process of
its own. CPU is user + system of all its processes, workers and daemons too,
and memory the largest sum of their proportional set sizes, both looked at twice
a second in /proc.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(root: int) -> set[int]:
    """*root*, its children, and theirs; daemons that left the tree are known by their session or group."""
    parents, found = {}, {root}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                fields = Path(entry.path, "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents[int(entry.name)] = (int(fields[1]), int(fields[3]))
    session = os.getsid(root) if root in parents else -1
    more = True
    while more:
        more = False
        for pid, (parent, its_session) in parents.items():
            if pid not in found and (parent in found or its_session in found or its_session == session):
                found.add(pid)
                more = True
    return found


class Watch(threading.Thread):
    """Looks at a family of processes until it is gone."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root, self.cpu, self.peak, self.most = root, {}, 0.0, 0
        self.done = threading.Event()

    def run(self) -> None:
        """Twice a second."""
        while not self.done.wait(0.5):
            self.look()

    def look(self) -> None:
        """Add up what there is; a process that ended keeps the last figure seen."""
        memory, here = 0, 0
        for pid in family(self.root):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                continue
            here += 1
            self.cpu[pid] = (int(fields[11]) + int(fields[12])) / TICKS
            memory += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        self.peak, self.most = max(self.peak, memory / 1e6), max(self.most, here)


def job(engine_name: str, corpus: Path, out: Path, jobs: int) -> None:
    """The measured process."""
    from textclean import NearDuplicates, Pipeline, engines
    from textclean.engines import jobs as work

    files = sorted(corpus.glob("*.parquet"))
    learner = Pipeline([NearDuplicates(scope="paragraph")])
    began = time.time()
    if engine_name == "ray":
        from textclean.engines.ray import RayEngine

        engine: engines.Engine = RayEngine(jobs=jobs, options={"object_store_memory": 1_000_000_000})
    elif engine_name == "spark":
        from textclean.engines.spark import SparkEngine

        engine = SparkEngine(jobs=jobs, options={"spark.driver.memory": "2g"})
    else:
        engine = engines.start(engine_name, jobs=jobs)
    started = time.time()
    with engine:
        state = work.learn(engine, files, learner)
        learned = time.time()
        work.clean(engine, files, out, state, add=[])
        cleaned = time.time()
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.concat_tables(pq.read_table(path) for path in sorted(out.glob("*.parquet"))).sort_by("id")
    digest = hashlib.blake2b(digest_size=8)
    for name, text in zip(table["id"].to_pylist(), table["text"].to_pylist(), strict=True):
        digest.update(f"{name}\0{text}\0".encode())
    removed = sum(len(numbers) for _, numbers in state.stages[0].removed.values())
    times = {"start": started - began, "learn": learned - started, "clean": cleaned - learned}
    result = {"documents": table.num_rows, "removed": removed, "digest": digest.hexdigest()}
    print(json.dumps(result | {name: round(value, 1) for name, value in times.items()}))


def measure(engine: str, corpus: Path, jobs: int) -> dict[str, object]:
    """One engine, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            __file__,
            str(corpus),
            "--jobs",
            str(jobs),
            "--job",
            engine,
            "--out",
            f"{folder}/out",
        ]
        began = time.time()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        watch = Watch(process.pid)
        watch.start()
        said, _ = process.communicate()
        wall = time.time() - began
        watch.done.set()
        shutil.rmtree(f"{folder}/out", ignore_errors=True)
    assert process.returncode == 0, engine
    figures = {"cpu s": round(sum(watch.cpu.values()), 1), "wall s": round(wall, 1), "peak GB": round(watch.peak, 2)}
    return {"engine": engine, **figures, "processes": watch.most, **json.loads(said.splitlines()[-1])}


def main() -> None:
    """Measure, compare, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("corpus", type=Path)
    options.add_argument("--engines", nargs="+", default=["local", "ray", "spark"])
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--job", help=argparse.SUPPRESS)
    options.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.job:
        job(given.job, given.corpus, given.out, given.jobs)
        return
    rows = []
    for engine in given.engines:
        rows.append(measure(engine, given.corpus, given.jobs))
        print(json.dumps(rows[-1]), flush=True)
    same = {(row["documents"], row["removed"], row["digest"]) for row in rows}
    assert len(same) == 1, "the engines do not agree"
    print(f"same result on {', '.join(given.engines)}")


if __name__ == "__main__":
    main()
