"""Arrays in, arrays out: the twins agree with each other, with datasketch, and with plain Python sets."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from textclean import kernels
from textclean.kernels import large, native, vector
from textclean.stages.duplicates import fold

TEXTS = st.lists(st.text(alphabet="甲乙丙丁　 「Ａa9\n\ud800𠀀", max_size=30), min_size=1, max_size=12)
WHOLE = st.lists(st.text(alphabet="甲乙丙丁　 「Ａa9\n𠀀", max_size=30), min_size=1, max_size=12)
"""Without halves of characters: texts in UTF-16 have none."""


@pytest.fixture(scope="module")
def compiled() -> ModuleType:
    pytest.importorskip("numba", reason="numba is an extra")
    assert native.load()
    return native


def grams(text: str, ngram: int) -> set[str]:
    """What a shingle set is: the whole text where it is shorter than *ngram*."""
    return {text[at : at + ngram] for at in range(len(text) - ngram + 1)} or ({text} if text else set())


def utf16(texts: list[str]) -> tuple[NDArray[np.uint16], NDArray[np.int64], NDArray[np.int64]]:
    """*texts* in UTF-16, the last one first, as kernels take them: the units, and where each text begins and how long it is."""
    raw = [np.frombuffer(text.encode("utf-16-le"), np.uint16) for text in texts[::-1]]
    sizes = np.array([len(units) for units in raw], np.int64)
    return np.concatenate(raw), (np.cumsum(sizes) - sizes)[::-1], sizes[::-1]


def similarity(one: str, other: str, ngram: int) -> float:
    left, right = grams(one, ngram), grams(other, ngram)
    return len(left & right) / len(left | right) if left and right else 0.0


@given(TEXTS, st.integers(1, 7))
def test_both_twins_scan_to_the_same_bits(compiled: ModuleType, texts: list[str], ngram: int) -> None:
    codes, offsets = kernels.encode(texts)
    arguments = (codes, offsets, fold.plain(), fold.table(), kernels.multipliers(ngram), *kernels.permutations(20), 4)
    one, other = vector.scan(*arguments), compiled.scan(*arguments)
    for name in vector.Scan._fields:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    lows = np.cumsum(one.sizes) - one.sizes
    back, cuts = vector.decode(one.units, lows, one.sizes)
    plain = [bytes(back[low:high].data).decode("utf-32-le") for low, high in pairwise(cuts)]
    assert plain == [fold.plain_text(text) for text in texts]
    keys = [fold.key(text) for text in texts]
    assert one.chars.tolist() == [len(key) for key in keys]
    assert len(set(one.keys.tolist())) == len(set(keys))


@given(
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from("甲，」 \u200b𠀀\ud800臺")), min_size=1, max_size=8),
    st.integers(0, 20),
)
def test_both_twins_fold_to_the_same_text_wherever_a_register_ends(
    compiled: ModuleType, pieces: list[tuple[int, str]], size: int
) -> None:
    text = "".join("文" * count + other for count, other in pieces)
    arguments = kernels.multipliers(5), *kernels.permutations(0), 5
    one, other = (
        twin.scan(*kernels.encode([text, "文" * size, text[::-1]]), fold.plain(), fold.table(), *arguments)
        for twin in (vector, compiled)
    )
    for name in vector.Scan._fields:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


@given(TEXTS, st.integers(1, 7))
def test_signatures_are_those_of_datasketch(compiled: ModuleType, texts: list[str], ngram: int) -> None:
    from datasketch import MinHash  # noqa: PLC0415  0.5 s, needed here only

    codes, offsets = kernels.encode(texts)
    arguments = (codes, offsets, kernels.multipliers(ngram), *kernels.permutations(20))
    rows = vector.signatures(*arguments)
    assert np.array_equal(rows, compiled.signatures(*arguments))
    for text, row in zip(texts, rows, strict=True):
        theirs = MinHash(num_perm=20, hashfunc=lambda shingle: kernels.shingle_hash32(shingle, ngram))
        theirs.update_batch([gram.encode("utf-8", "surrogatepass") for gram in grams(text, ngram)])
        assert np.array_equal(theirs.hashvalues, row)


@pytest.mark.parametrize("ngram", [1, 5, 7, 64])
def test_long_texts_go_by_blocks_and_have_the_same_bits(compiled: ModuleType, ngram: int) -> None:
    draw = np.random.default_rng(1)
    texts = ["".join(map(chr, draw.integers(0x4E00, 0x4E90, size))) for size in (1023, 1024, 1025, 1090, 5000)]
    codes, offsets = kernels.encode(texts)
    arguments = (codes, offsets, kernels.multipliers(ngram), *kernels.permutations(48))
    assert np.array_equal(vector.signatures(*arguments), compiled.signatures(*arguments))


@pytest.mark.parametrize("which", ["numpy", "numba"])
@given(texts=WHOLE, ngram=st.integers(1, 5), threshold=st.sampled_from([0.3, 0.5, 0.8, 1.0]), seed=st.integers(0, 99))
def test_jaccard_is_that_of_sets(
    compiled: ModuleType, which: str, texts: list[str], ngram: int, threshold: float, seed: int
) -> None:
    twin: ModuleType = vector if which == "numpy" else compiled
    draw = np.random.default_rng(seed)
    left, right = np.sort(draw.integers(0, len(texts), 20)), draw.integers(0, len(texts), 20)
    sets = twin.prepare(*utf16(texts), kernels.multipliers(ngram))
    found = twin.jaccard(sets, left, right, threshold)
    for one, other, jaccard in zip(left, right, found, strict=True):
        true = similarity(texts[one], texts[other], ngram)
        assert jaccard == (true if true >= threshold else 0)


@pytest.mark.parametrize("which", ["numpy", "numba"])
@given(texts=WHOLE, ngram=st.integers(1, 5), threshold=st.sampled_from([0.3, 0.8]), most=st.integers(0, 20))
def test_jaccard_of_large_texts_is_that_of_sets(
    compiled: ModuleType, which: str, texts: list[str], ngram: int, threshold: float, most: int
) -> None:
    twin: ModuleType = vector if which == "numpy" else compiled
    left, right = (side.reshape(-1) for side in np.indices((len(texts), len(texts))))
    sets = twin.prepare(*utf16(texts), kernels.multipliers(ngram))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "LARGE", most)
        patch.setattr(large, "_AT_ONCE", 3)
        found = twin.jaccard(sets, left, right, threshold)
    for one, other, jaccard in zip(left, right, found, strict=True):
        true = similarity(texts[one], texts[other], ngram)
        assert jaccard == (true if true >= threshold else 0)


@pytest.mark.parametrize("which", ["numpy", "numba"])
@given(texts=WHOLE, ngram=st.integers(1, 4), threshold=st.sampled_from([0.3, 0.5, 0.7, 0.8, 1.0]))
def test_similar_sets_share_a_rare_shingle(
    compiled: ModuleType, which: str, texts: list[str], ngram: int, threshold: float
) -> None:
    twin: ModuleType = vector if which == "numpy" else compiled
    texts = texts + [text[1:] for text in texts] + [text + text[:3] for text in texts]
    sets = twin.prepare(*utf16(texts), kernels.multipliers(ngram))
    counts: NDArray[np.uint16] = np.zeros(1 << 12, np.uint16)
    twin.count(sets.hashes, counts)
    keys, owners = twin.rare(sets, counts, threshold)
    prefix = [set(keys[owners == text].tolist()) for text in range(len(texts))]
    for one in range(len(texts)):
        for other in range(one):
            if similarity(texts[one], texts[other], ngram) >= threshold:
                assert prefix[one] & prefix[other]


@pytest.mark.parametrize("which", ["numpy", "numba"])
@given(texts=WHOLE, seed=st.integers(0, 99))
def test_texts_are_gathered_from_wherever_they_lie(
    compiled: ModuleType, which: str, texts: list[str], seed: int
) -> None:
    twin: ModuleType = vector if which == "numpy" else compiled
    units, lows, sizes = utf16(texts)
    some = np.random.default_rng(seed).integers(0, len(texts), 5)
    out = np.empty(sizes[some].sum(), np.uint16)
    twin.gather(units, lows[some], sizes[some], out)
    assert out.tobytes().decode("utf-16-le") == "".join(texts[at] for at in some)


def lines_by_sets(codes: list[int], shortest: int, share: float) -> list[int]:
    """What :func:`repeated_lines` finds, as its docstring says it."""
    codes = [code for code in codes if code]
    quads = [tuple(codes[at : at + 4]) for at in range(len(codes) - 3)]
    if len(quads) - len(set(quads)) < 16:
        return []
    bounds = [0, *(at for at in range(len(quads)) if codes[at] == 10), len(quads)]
    return [
        line
        for line, (low, high) in enumerate(pairwise(bounds))
        if high - low >= shortest and sum(quads.count(quad) > 1 for quad in quads[low:high]) >= share * (high - low)
    ]


@given(
    st.lists(st.sampled_from(["甲乙丙丁", "甲乙丙丁戊", "甲\n", "\n", "\0", "\ud800己", "庚辛"]), max_size=40),
    st.sampled_from([0, 3, 9]),
    st.sampled_from([0.0, 0.4, 1.0]),
)
def test_both_twins_tell_the_same_repeated_lines(
    compiled: ModuleType, pieces: list[str], shortest: int, share: float
) -> None:
    codes = np.frombuffer("".join(pieces).encode("utf-16-le", "surrogatepass"), np.uint16)
    true = lines_by_sets(codes.tolist(), shortest, share)
    assert vector.repeated_lines(codes, shortest, share).tolist() == true
    assert compiled.repeated_lines(codes, shortest, share).tolist() == true


def test_long_texts_have_the_same_repeated_lines(compiled: ModuleType) -> None:
    draw = np.random.default_rng(1)
    for size in (600, 65_000, 65_536, 65_537, 70_000):
        codes = draw.integers(0x4E00, 0x5E00, size).astype(np.uint16)
        codes[draw.integers(0, size, size // 60)] = 10
        codes[size // 2 :] = codes[: size - size // 2]
        found = vector.repeated_lines(codes, 20, 0.4)
        assert len(found) > size // 600
        assert np.array_equal(found, compiled.repeated_lines(codes, 20, 0.4))


@given(st.lists(st.integers(0, 60), max_size=60))
def test_both_twins_find_the_same_runs(compiled: ModuleType, numbers: list[int]) -> None:
    packed = np.array(sorted(numbers), np.uint64)
    whole = (packed >> np.uint64(2)).tolist()
    true = [(at, whole.index(key)) for at, key in enumerate(whole) if at and whole[at - 1] == key]
    for twin in (vector, compiled):
        places, heads = twin.runs(packed, np.uint64(3))
        assert list(zip(places.tolist(), heads.tolist(), strict=True)) == true


@given(TEXTS)
@settings(max_examples=20)
def test_a_signature_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    factors, (a, b) = kernels.multipliers(3), kernels.permutations(16)
    together = vector.signatures(*kernels.encode(texts), factors, a, b)
    alone = [vector.signatures(*kernels.encode([text]), factors, a, b)[0] for text in texts]
    assert np.array_equal(together, alone)


def test_the_compiled_twin_is_taken_for_large_jobs_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "loaded", lambda: False)
    monkeypatch.setattr(native, "load", lambda: True)
    monkeypatch.setattr(kernels, "_done", [0])
    monkeypatch.setattr(kernels, "_expected", [0])
    assert kernels.best(1000) is vector
    assert kernels.best(3_000_000) is vector
    assert kernels.best(3_000_000) is native
    monkeypatch.setattr(native, "load", lambda: False)
    assert kernels.best(1 << 30) is vector


def test_the_compiled_twin_is_taken_at_once_for_a_job_known_to_be_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "loaded", lambda: False)
    monkeypatch.setattr(native, "load", lambda: True)
    monkeypatch.setattr(kernels, "_done", [0])
    monkeypatch.setattr(kernels, "_expected", [0])
    kernels.expect(3_000_000)
    assert kernels.best(1000) is vector
    kernels.expect(4_000_000)
    kernels.expect(1000)
    assert kernels.best(1000) is native


def test_threads_that_load_at_once_compile_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba", reason="numba is an extra")
    compiled: list[str] = []

    def slowly(_: ModuleType, module: ModuleType) -> None:
        time.sleep(0.01)
        compiled.append(module.__name__)

    monkeypatch.setattr(native, "_ready", {})
    monkeypatch.setattr(native, "_compile", slowly)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: native.load(), range(4)))
    assert len(compiled) == len(set(compiled)) == 3


def test_loading_numba_does_not_import_scipy() -> None:
    pytest.importorskip("numba", reason="numba is an extra")
    program = (
        "import sys; from textclean.kernels import encode, multipliers, native, permutations; native.load();"
        "native.signatures(*encode(['甲']), multipliers(5), *permutations(16));"
        "from numba.np import arraymath, linalg;"
        "assert arraymath.ensure_blas is linalg.ensure_blas and linalg.ensure_blas.__module__ == linalg.__name__;"
        "sys.exit('scipy.linalg' in sys.modules)"
    )
    here = {**os.environ, "PYTHONPATH": str(Path(kernels.__file__).parents[2])}
    subprocess.run([sys.executable, "-c", program], check=True, env=here)


@pytest.mark.parametrize("ngram", [0, 65])
def test_shingles_have_a_length(ngram: int) -> None:
    with pytest.raises(ValueError, match="1 to 64"):
        kernels.multipliers(ngram)


def test_a_shingle_longer_than_the_others_is_refused() -> None:
    with pytest.raises(ValueError, match="6 characters"):
        kernels.shingle_hash32("甲乙丙丁戊己".encode())
