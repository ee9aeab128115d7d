"""The command line as a user runs it: what goes in, what comes out, what is said, and the exit code."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from batching import CORPUS, LEDGER, tree

HOUSE = Path(__file__).parent.parent
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
NEWS = "某網\n中國新聞報道，今日天氣晴。\n責編:李四\n"


def textclean(*words: object, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": f"{HOUSE / 'src'}:{HOUSE / 'tests'}"}
    command = [sys.executable, "-m", "textclean", *map(str, words)]
    return subprocess.run(command, input=data, capture_output=True, env=environment, check=False)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A pipeline file with two small stages."""
    path = tmp_path / "ledger.toml"
    path.write_text(LEDGER, encoding="utf-8")
    return path


def test_clean_explain_restore(tmp_path: Path) -> None:
    pipeline = tmp_path / "corpus.toml"
    pipeline.write_text(CORPUS, encoding="utf-8")
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / "in/s").mkdir(parents=True, exist_ok=True)
        (tmp_path / "in/s" / name).write_text(NEWS.replace("晴", name[0]), encoding="utf-8")
    out = tmp_path / "out"
    done = textclean("clean", tmp_path / "in", "-o", out, "--pipeline", pipeline, "--allow-code")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), "silence in a pipe"
    explained = textclean("explain", out / "text/s/b.txt")
    assert explained.returncode == 0
    assert "[-某網\n-]<site_template>中国新聞報道" in explained.stdout.decode()
    assert re.search(r"editor\s+李四", explained.stdout.decode())
    done = textclean("restore", out, "-o", tmp_path / "back")
    assert (done.returncode, tree(tmp_path / "back")) == (0, tree(tmp_path / "in"))


def test_bad_input_gets_a_sentence_and_the_rest_is_cleaned(tmp_path: Path, ledger: Path) -> None:
    root = tmp_path / "in"
    root.mkdir()
    (root / "good.txt").write_text(NEWS, encoding="utf-8")
    (root / "empty.txt").touch()
    (root / "image.txt").write_bytes(PNG)
    (root / "image.png").write_bytes(PNG)
    (root / "noise.txt").write_bytes(bytes((x * x * 31 + x * 7 + 13) % 251 for x in range(4000)))
    (root / "rows.jsonl").write_bytes(
        b'{"id": "r1", "text": "\xe5\x9c\x8b"}\n{"text": "\\ud800"}\n{"id": "r3", "text": "x"}\n'
    )
    (root / "itself.txt").symlink_to("itself.txt")
    (root / "unreadable.txt").symlink_to("/proc/self/mem")  # may be opened and not read, by anybody
    (root / "folder").symlink_to("/usr")
    (Path(os.fsdecode(bytes(root) + b"/name\xff.txt"))).write_text(NEWS, encoding="utf-8")
    os.mkfifo(root / "pipe.txt")
    out = root / "out"
    done = textclean("clean", root, tmp_path / "missing.txt", "-o", out, "--pipeline", ledger, "--allow-code")
    assert done.returncode == 1
    assert done.stdout == b""
    said = done.stderr.decode()
    for sentence in [
        "in/empty.txt: is empty",
        "in/image.txt: ",
        "in/image.png: no reader for .png files",
        "in/noise.txt: ",
        "in/rows.jsonl, line 2: this line is no JSON",
        "in/itself.txt: is a link that points to itself",
        "in/unreadable.txt: ",
        "in/folder: is a link to a folder",
        "in/name\\xff.txt: its name is not UTF-8",
        "in/pipe.txt: is neither a file nor a folder",
        "in/out: is the output folder",
        "missing.txt: there is nothing at this path",
    ]:
        assert sentence in said
    assert "Traceback" not in said
    listed = {
        (row["path"], row["line"]) for row in map(json.loads, (out / "errors.jsonl").read_text("utf-8").splitlines())
    }
    assert len(listed) == said.count("\n") == 12
    documents = [json.loads(line)["id"] for line in (out / "documents.jsonl").read_text("utf-8").splitlines()]
    assert documents == ["in/good.txt", "r1", "r3"]
    textclean("restore", out, "-o", tmp_path / "back")
    assert sorted(tree(tmp_path / "back/in")) == ["empty.txt", "good.txt", "rows.jsonl"]
    assert (tmp_path / "back/in/rows.jsonl").read_bytes() == (root / "rows.jsonl").read_bytes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything: needs an ordinary user")
def test_a_file_without_permission_gets_a_sentence(tmp_path: Path, ledger: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "a.txt").chmod(0)
    done = textclean("clean", tmp_path / "a.txt", "-o", tmp_path / "out", "--pipeline", ledger, "--allow-code")
    assert (done.returncode, done.stderr.decode()) == (1, "a.txt: may not be read: permission denied\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["clean"], "Missing argument"),
        (["clean", "in", "-o", "out", "--pipeline", "missing.toml"], "missing.toml"),
        (["clean", "in", "-o", "out", "--pipeline", "PIPELINE"], "--allow-code"),
        (["clean", "in", "-o", "out", "--engine", "abacus", "--pipeline", "PIPELINE", "--allow-code"], "no engine 'abacus'"),
        (["clean", "in", "-o", "out", "--jobs", "-1", "--pipeline", "PIPELINE", "--allow-code"], "counts from 0"),
        (["restore", "in", "-o", "in"], "is not empty"),
    ],
)  # fmt: skip
def test_a_wrong_command_is_exit_code_2(words: list[str], sentence: str, tmp_path: Path, ledger: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("x", encoding="utf-8")
    places = {"in": tmp_path / "in", "out": tmp_path / "out", "PIPELINE": ledger}
    done = textclean(*(places.get(word, word) for word in words))
    assert done.returncode == 2
    assert sentence in done.stderr.decode()
    assert not (tmp_path / "out").exists()


def test_a_dry_run_keeps_nothing(tmp_path: Path, ledger: Path) -> None:
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    out = tmp_path / "out"
    done = textclean("clean", tmp_path / "a.txt", "-o", out, "--dry-run", "--pipeline", ledger, "--allow-code")
    assert (done.returncode, out.exists()) == (0, False)


def test_pipe_gives_every_row_back_in_order(ledger: Path) -> None:
    rows = [{"id": 1, "text": "國\n責編:李四", "url": "u"}, {"text": "x"}]
    data = "".join(json.dumps(row) + "\n" for row in rows).encode() + b"nonsense\n"
    done = textclean("pipe", "--pipeline", ledger, "--allow-code", data=data)
    lines = done.stdout.decode().splitlines()
    assert json.loads(lines[0]) == {"id": 1, "text": "国", "url": "u", "meta": {"editor": "李四"}}
    assert (json.loads(lines[1]), lines[2], done.returncode) == ({"text": "x"}, "nonsense", 1)
    assert "line 3: this line is no JSON" in done.stderr.decode()


def test_a_terminal_gets_a_table(tmp_path: Path, ledger: Path) -> None:
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    words = ["clean", tmp_path / "a.txt", "-o", tmp_path / "out", "--pipeline", ledger, "--allow-code"]
    environment = {**os.environ, "PYTHONPATH": f"{HOUSE / 'src'}:{HOUSE / 'tests'}", "TERM": "xterm", "COLUMNS": "100"}
    seen = b""
    process, handle = pty.fork()
    if process == 0:
        os.execve(  # noqa: S606  as a terminal would
            sys.executable, [sys.executable, "-m", "textclean", *map(str, words)], environment
        )
    while True:
        try:
            block = os.read(handle, 1 << 16)
        except OSError:  # Linux says so when the other side has gone
            break
        if not block:
            break
        seen += block
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    said = seen.decode()
    assert "documents in" in said
    assert "byline" in said
    assert "the output is in" in said


def test_the_version_is_told() -> None:
    assert textclean("--version").stdout.decode().startswith("0.")


def test_the_end_is_short_and_nothing_is_left_out() -> None:
    program = (
        "import atexit, sys; from textclean.cli import main\n"
        "atexit.register(print, 'put away'); sys.argv = ['textclean', '--version']; main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(HOUSE / "src")}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.splitlines()[1:] == ["put away"]


def test_standard_input_is_read_as_rows_or_as_text(tmp_path: Path, ledger: Path) -> None:
    for data, name in [(b'{"id": "r", "text": "\xe5\x9c\x8b"}\n', "rows"), ("中國新聞".encode(), "text")]:
        out = tmp_path / name
        done = textclean("clean", "-", "-o", out, "--pipeline", ledger, "--allow-code", data=data)
        assert (done.returncode, done.stderr) == (0, b"")
        assert "国" in json.loads((out / "documents.jsonl").read_text("utf-8"))["text"]
        textclean("restore", out, "-o", tmp_path / f"back-{name}")
        (back,) = tree(tmp_path / f"back-{name}").values()
        assert back == data


def test_an_interrupted_run_says_how_to_go_on(tmp_path: Path) -> None:
    pipeline = tmp_path / "slow.toml"
    pipeline.write_text('[[stage]]\nuse = "batching:Slow"\nseconds = 0.3\n', encoding="utf-8")
    (tmp_path / "in").mkdir()
    for number in range(20):
        (tmp_path / f"in/{number}.txt").write_text(f"{number}", encoding="utf-8")
    words = ["clean", tmp_path / "in", "-o", tmp_path / "out", "--pipeline", pipeline, "--allow-code", "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": f"{HOUSE / 'src'}:{HOUSE / 'tests'}"}
    command = [sys.executable, "-m", "textclean", *map(str, words)]

    def heed() -> None:  # who starts the tests in the background has them ignore interrupts
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, preexec_fn=heed) as process:  # noqa: PLW1509
        while not (tmp_path / "out/.textclean-work/begun.json").exists():
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1].decode()
    assert process.returncode == 130
    assert said == "stopped: the same command goes on where this one stood\n"
