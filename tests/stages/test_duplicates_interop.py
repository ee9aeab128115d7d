"""Our sketches as datasketch's, and its storages for ours."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textclean import Document, NearDuplicates, Pipeline
from textclean.stages.duplicates import TooMuchRemovedError, check_removed
from textclean.stages.duplicates.interop import minhashes, signatures

TEXTS = st.lists(st.text(alphabet="甲乙丙é a\n𠀀", max_size=20), min_size=1, max_size=6)


def grams(text: str, ngram: int) -> list[bytes]:
    found = [text[at : at + ngram] for at in range(len(text) - ngram + 1)] or ([text] if text else [])
    return [gram.encode() for gram in found]


@given(TEXTS, st.integers(1, 13))
@settings(max_examples=60)
def test_with_sha1_a_row_is_the_one_datasketch_makes_by_default(texts: list[str], ngram: int) -> None:
    from datasketch import MinHash  # noqa: PLC0415  0.5 s, needed here only

    for text, row in zip(texts, signatures(texts, ngram=ngram, num_perm=16, hashing="sha1"), strict=True):
        theirs = MinHash(num_perm=16)
        theirs.update_batch(grams(text, ngram))
        assert np.array_equal(theirs.hashvalues, row)


@pytest.mark.parametrize("hashing", ["shingle", "sha1"])
def test_a_sketch_of_ours_goes_on_as_one_of_theirs(hashing: str) -> None:
    from datasketch import LeanMinHash, MinHashLSH  # noqa: PLC0415

    text = "城南水厂三期工程昨日通水，日供水能力增加八万吨。"
    (half,) = minhashes([text[:15]], hashing=hashing)
    half.update_batch(grams(text[11:], 5))
    (whole,) = minhashes([text], hashing=hashing)
    assert half == whole
    index = MinHashLSH(threshold=0.8)
    index.insert("a", whole)
    assert index.query(half) == ["a"]
    (lean,) = minhashes([text], hashing=hashing, lean=True)
    packed = bytearray(lean.bytesize())
    lean.serialize(packed)
    assert LeanMinHash.deserialize(packed) == lean
    assert lean.jaccard(whole) == 1


def test_a_hash_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="shingle, sha1"):
        signatures(["甲"], hashing="md5")
    with pytest.raises(ValueError, match="1 to 13"):
        signatures(["甲"], hashing="sha1", ngram=14)


def corpus() -> list[Document]:
    draw = np.random.default_rng(5)
    han = np.arange(0x4E00, 0x5A00)
    docs = []
    for number in range(60):
        base = draw.choice(han, 120)
        edited = base.copy()
        edited[draw.integers(0, 120)] = 0x4E00
        docs += [Document(f"{number}-{copy}", "".join(map(chr, body))) for copy, body in enumerate((base, edited))]
    return docs


def removed(learner: NearDuplicates, docs: list[Document]) -> dict[str, str]:
    stage = learner.decide([learner.observe(docs[::2]), learner.observe(docs[1::2])])
    return {doc.id: edit.note for doc in docs for edit in stage(doc)}


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[int]:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed: apt-get install redis-server")
    pytest.importorskip("redis", reason="the redis client is not installed: pip install textclean[redis]")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.engines
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # datasketch leaves the closing of its connections to redis-py
def test_workers_meet_in_redis(redis_port: int) -> None:
    docs = corpus()
    storage = {"type": "redis", "basename": "test", "redis": {"host": "127.0.0.1", "port": redis_port}}
    shared = NearDuplicates(storage=storage)
    assert removed(shared, docs) == removed(NearDuplicates(), docs)
    assert removed(shared, docs) == removed(NearDuplicates(), docs)  # what is there already does not disturb
    assert len(removed(shared, docs)) == 60


@pytest.mark.parametrize("storage", [{}, {"type": "redis"}, {"basename": "x"}])
def test_a_storage_without_a_name_is_refused(storage: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="basename"):
        NearDuplicates(storage=storage)


def test_a_storage_has_no_use_in_exact_mode() -> None:
    with pytest.raises(ValueError, match="needs no bands"):
        NearDuplicates(storage={"type": "redis", "basename": "x"}, exact=True)


def test_a_run_that_would_remove_too_much_stops() -> None:
    docs = [Document(str(number), "同一篇新闻") for number in range(10)]
    stages = Pipeline([NearDuplicates()]).learn(docs).stages
    check_removed(stages, 0.9)
    with pytest.raises(TooMuchRemovedError, match=r"RemoveNearDuplicates would remove 90\.0% .* at most 50\.0%"):
        check_removed(stages, 0.5)
    with pytest.raises(ValueError, match="from 0 to 1"):
        check_removed(stages, 50)
    check_removed([RemoveNothing()], 0)


class RemoveNothing:
    def __call__(self, doc: Document, /) -> list[Any]:
        return []
