"""Every stage gives the same in eight threads at once, in other processes, and in a process whose first use is eight threads."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from textclean import Document, Pipeline, decode, stages

HOUSE = Path(__file__).parent.parent
ARTICLES = [path.read_text("utf-8") for path in sorted((HOUSE / "examples/articles").glob("*.txt"))]
THREADS = 8


def documents() -> list[Document]:
    """The articles, whole and in lines of several, so that every stage has something to do many times."""
    lines = [line for text in ARTICLES for line in text.splitlines() if line]
    some = ["\n".join(lines[at : at + 5]) for at in range(0, len(lines), 5)]
    return [Document(f"site/{number:03}", text) for number, text in enumerate([*ARTICLES[:2], *some[:40]])]


def every() -> list[str]:
    return [name for name in stages.__all__ if name != "SiteTable"]


def ready(name: str) -> Pipeline:
    return Pipeline([getattr(stages, name)()]).learn(documents())


@pytest.fixture
def eager_switching() -> object:
    """Threads change places two thousand times as often as usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(2e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("eager_switching")
@pytest.mark.parametrize("name", every())
def test_eight_threads_give_what_one_gives(name: str) -> None:
    pipeline, docs = ready(name), documents()
    serial = list(pipeline.run(docs))
    with ThreadPoolExecutor(THREADS) as threads:
        runs = [threads.submit(lambda: list(pipeline.run(docs))) for _ in range(THREADS)]
        shared = list(threads.map(pipeline, docs))
    assert shared == serial
    assert all(run.result() == serial for run in runs)


@pytest.mark.usefixtures("eager_switching")
def test_eight_threads_decode_what_one_decodes() -> None:
    raws = [text.encode(codec, "ignore") for text in ARTICLES for codec in ("gb18030", "big5hkscs", "utf-16")]
    raws += [f"<p>{text}</p>".encode() for text in ARTICLES]
    serial = [decode(raw) for raw in raws]
    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(decode, raws)) == serial


def work(argument: tuple[Pipeline, Document]) -> Document:
    pipeline, doc = argument
    return pipeline(doc)


def test_other_processes_give_what_this_one_gives() -> None:
    pipelines, docs = [ready(name) for name in every()], documents()[:12]
    jobs = [(pipeline, doc) for pipeline in pipelines for doc in docs]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert list(processes.map(work, jobs, chunksize=8)) == [work(job) for job in jobs]


FIRST_USE = """
import hashlib, sys, threading
sys.path.insert(0, sys.argv[1])
sys.setswitchinterval(2e-6)
from test_concurrency import documents, digest
from textclean import Pipeline
pipeline, docs, together, found = Pipeline.default(), documents()[:12], threading.Barrier(8), []
def run():
    together.wait()
    found.append(digest([pipeline(doc) for doc in docs]))
threads = [threading.Thread(target=run) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found), *sorted(set(found)))
"""


def digest(docs: list[Document]) -> str:
    return hashlib.blake2b(
        repr([(doc.text, doc.meta, doc.history) for doc in docs]).encode(), digest_size=8
    ).hexdigest()


def test_the_first_use_may_be_in_eight_threads() -> None:
    """Tables, models and patterns are loaded when first needed: by all of them at the same moment."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_USE, str(HOUSE / "tests")],
        env={"PYTHONPATH": str(HOUSE / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    serial = digest([Pipeline.default()(doc) for doc in documents()[:12]])
    assert done.stdout.split() == [str(THREADS), serial]
