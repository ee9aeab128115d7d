"""Killed at any moment, run again: the same output, nothing half there, nothing done twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import batching
from batching import Notes, tree
from textclean import Pipeline
from textclean.batch import plan, rows
from textclean.batch.journal import Journal, Refused, Stopped
from textclean.batch.restore import restore
from textclean.batch.runner import Request, run
from textclean.batch.watch import Silence

KILLS = 36
OUTPUT = {"_SUCCESS", "documents.jsonl", "ledger", "manifest.json", "removed.jsonl", "sources.jsonl", "text"}


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Forty files and a table of rows, in a dozen shards."""
    monkeypatch.setattr(plan, "SHARD_FILES", 5)
    monkeypatch.setattr(plan, "SHARD_BYTES", 2000)
    root = tmp_path / "in"
    root.mkdir()
    for number in range(40):
        text = f"某網\n{number % 30}國" + "中國新聞。" * number + "\n責編:李四"
        (root / f"{number}.txt").write_text(text, encoding="utf-8")
    lines = (f'{{"text": "某網\\n第{number}條國"}}\n' for number in range(300))
    (root / "rows.jsonl").write_text("".join(lines), encoding="utf-8")
    return root


def asked(source: Path, out: Path, jobs: int = 1) -> Request:
    stages = (batching.swap, batching.footer, batching.Common(), batching.Same())
    return Request((str(source),), out, Pipeline(stages), jobs=jobs)


def in_a_child(work: Callable[[], object], kill_after: float | None) -> int:
    """Exit status of a child that does *work*, or is killed after some seconds; negative for a signal."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001  the child must never return into the test
            os._exit(1)
        os._exit(0)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def whole_or_absent(out: Path, finished: dict[str, bytes]) -> None:
    """No visible file of *out* is anything but the final one."""
    for path in out.iterdir() if out.exists() else ():
        if path.name == ".textclean-work":
            continue
        assert path.name in OUTPUT
        below = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        for file in below:
            assert finished[str(file.relative_to(out))] == file.read_bytes()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_killed_at_any_moment_the_output_is_the_same(corpus: Path, tmp_path: Path) -> None:
    run(asked(corpus, tmp_path / "undisturbed"), Silence())
    finished = tree(tmp_path / "undisturbed")
    began = time.perf_counter()
    in_a_child(lambda: run(asked(corpus, tmp_path / "timed"), Silence()), None)
    whole = time.perf_counter() - began
    chance = random.Random(7)  # noqa: S311  no secret
    out, tries, kills = tmp_path / "out", 0, 0
    while kills < KILLS:
        tries += 1
        assert tries < 10 * KILLS
        fresh = not out.exists()
        if in_a_child(lambda: run(asked(corpus, out), Silence()), chance.random() * whole) == -signal.SIGKILL:
            kills += 1
        elif fresh:  # the whole takes less than what was timed: disks are shared
            whole *= 0.8
        whole_or_absent(out, finished)
        if (out / "_SUCCESS").exists() and not (out / ".textclean-work").exists():
            assert tree(out) == finished
            shutil.rmtree(out)
    run(asked(corpus, out), Silence())
    assert tree(out) == finished


def _points(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[None]:
    """Make the *at*-th lasting step of a run (fsync, rename, removal) the last thing it does."""
    left = [at]

    def counted(name: str) -> Callable[..., Any]:
        original: Callable[..., Any] = getattr(os, name)

        def step(*args: Any, **options: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **options)

        return step

    with monkeypatch.context() as patch:
        for name in ("fsync", "replace", "rename", "unlink", "rmdir", "mkdir"):
            patch.setattr(os, name, counted(name))
        yield


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_killed_before_each_lasting_step_the_output_is_the_same(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in corpus.glob("[1-3]*.txt"):  # few shards: every step is tried
        path.unlink()
    (corpus / "rows.jsonl").unlink()
    run(asked(corpus, tmp_path / "undisturbed"), Silence())
    finished = tree(tmp_path / "undisturbed")
    for at in range(1, 1000, 4):  # every one was tried once; each fourth keeps the test short
        out = tmp_path / f"out{at}"
        for _ in _points(monkeypatch, at):
            status = in_a_child(lambda out=out: run(asked(corpus, out), Silence()), None)  # type: ignore[misc]
        whole_or_absent(out, finished)
        run(asked(corpus, out), Silence())
        assert tree(out) == finished, at
        if status == 0:
            break
        shutil.rmtree(out)
    assert at > 30, "there are that many steps"


def test_finished_work_is_not_done_again(corpus: Path, tmp_path: Path) -> None:
    class Tired(Notes):
        def phase(self, name: str, total: int) -> None:
            if name == "Same":
                raise KeyboardInterrupt

    (tmp_path / "seen").mkdir()
    counting = batching.Counting(str(tmp_path / "seen"))
    request = Request(
        (str(corpus),), tmp_path / "out", Pipeline([counting, batching.Common(), batching.Same()]), jobs=1
    )
    with pytest.raises(KeyboardInterrupt):
        run(request, Tired())
    assert len(tree(tmp_path / "seen")) == 340
    run(request, Silence())
    assert set(tree(tmp_path / "seen").values()) == {b"x"}


def test_an_input_changed_between_runs_is_an_error_and_nothing_is_lost(corpus: Path, tmp_path: Path) -> None:
    class Tired(Notes):
        def shard(self, *_: object) -> None:
            raise KeyboardInterrupt

    out = tmp_path / "out"
    changes: list[tuple[Callable[[], object], str]] = [
        (lambda: (corpus / "3.txt").write_text("別的", encoding="utf-8"), r"3\.txt is not what it was"),
        (lambda: (corpus / "new.txt").write_text("新", encoding="utf-8"), r"new\.txt is new"),
        ((corpus / "5.txt").unlink, r"5\.txt is gone"),
    ]
    for change, sentence in changes:
        with pytest.raises(KeyboardInterrupt):
            run(Request((str(corpus),), out, Pipeline([batching.swap]), jobs=1, fresh=True), Tired())
        change()
        with pytest.raises(Refused, match=sentence + r".*--fresh"):
            run(Request((str(corpus),), out, Pipeline([batching.swap]), jobs=1), Silence())
    with pytest.raises(Refused, match="other options"):
        run(Request((str(corpus),), out, Pipeline([batching.footer]), jobs=1), Silence())
    run(Request((str(corpus),), out, Pipeline([batching.swap]), jobs=1, fresh=True), Silence())
    restore(out, tmp_path / "back")
    assert tree(tmp_path / "back") == tree(corpus)


def test_a_torn_last_line_of_the_journal_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(rows.line({"a": 1}) + b'{"b":')
    journal = Journal(path)
    assert journal.rows == [{"a": 1}]
    journal.add({"c": 2})
    journal.close()
    assert list(rows.read(path)) == [{"a": 1}, {"c": 2}]


def test_no_room_left_is_said_and_the_work_goes_on_later(corpus: Path, tmp_path: Path) -> None:
    import resource  # noqa: PLC0415

    out, said = tmp_path / "out", tmp_path / "said"

    def with_little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            run(asked(corpus, out), Silence())
        except Stopped as error:
            said.write_text(str(error), encoding="utf-8")

    assert in_a_child(with_little_room, None) == 0
    assert "no room left to write" in said.read_text(encoding="utf-8")
    assert "run the same command again" in said.read_text(encoding="utf-8")
    assert not (out / "_SUCCESS").exists()
    run(asked(corpus, tmp_path / "undisturbed"), Silence())
    run(asked(corpus, out), Silence())
    assert tree(out) == tree(tmp_path / "undisturbed")


def test_a_killed_worker_is_said_and_the_work_goes_on_later(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    stages = (batching.swap, batching.Deadly(str(tmp_path / "armed")))
    (tmp_path / "armed").touch()
    request = Request((str(corpus),), out, Pipeline(stages), jobs=2)
    with pytest.raises(Stopped, match=r"without an answer(.|\n)*finished work is kept"):
        run(request, Silence())
    manifest = run(request, Silence())
    assert manifest["totals"]["documents"] == 340


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks processes up in /proc")
def test_no_worker_outlives_a_killed_run(corpus: Path, tmp_path: Path) -> None:
    """It would go on writing where the next run works."""
    begun = tmp_path / "begun"
    program = (
        "import sys, batching; from pathlib import Path; from textclean import Pipeline;"
        "from textclean.batch import plan; from textclean.batch.runner import Request, run;"
        "from textclean.batch.watch import Silence;"
        "plan.SHARD_FILES = 5;"
        "stages = Pipeline([batching.Dawdling(sys.argv[3])]);"
        "run(Request((sys.argv[1],), Path(sys.argv[2]), stages, jobs=2), Silence())"
    )
    path = os.pathsep.join([str(Path(batching.__file__).parent), *sys.path])
    command = [sys.executable, "-c", program, str(corpus), str(tmp_path / "out"), str(begun)]
    started = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path})
    _until(begun.exists)
    below = _descendants(started.pid)
    assert len(below) >= 2
    started.kill()
    started.wait()
    _until(lambda: not any(_is_alive(pid) for pid in below))


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["X", "0"]


def _is_alive(pid: int) -> bool:
    return _stat(pid)[0] not in "XZ"


def _descendants(pid: int) -> list[int]:
    everyone = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    children = [other for other in everyone if _stat(other)[1] == str(pid)]
    return children + [below for child in children for below in _descendants(child)]
