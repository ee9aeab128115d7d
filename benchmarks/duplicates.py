"""NearDuplicates and RemoveDuplicates beside their peers, in one run: CPU time, one core.

    python benchmarks/duplicates.py                      # ours, on the judging corpus or a made one
    python benchmarks/duplicates.py --peers PYTHON       # and the peers', run by that interpreter
    python benchmarks/duplicates.py --growth             # 100,000 to 3,000,000 paragraphs: time and memory
    python benchmarks/duplicates.py --odd                # a million empty texts, a paragraph of 100 MB, …
    python benchmarks/duplicates.py --edits              # which (ngram, threshold) finds which share of edits

The peers live in an environment of their own:

    python -m venv benchmarks/.venv-peers
    benchmarks/.venv-peers/bin/pip install "datasketch>=2" rensa SetSimilaritySearch

The corpus is the judging data beside the project (../shared/eval/dedup_corpus.jsonl.zst, needs zstandard) where it is
there, and otherwise made here from random characters with planted copies. Each figure is the best of three runs.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared/eval/dedup_corpus.jsonl.zst"


def corpus(first: int | None) -> list[dict[str, Any]]:
    """Rows of kind, src, text."""
    if CORPUS.exists():
        import zstandard  # noqa: PLC0415  only for the judging corpus

        with zstandard.open(CORPUS, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for _, line in zip(range(first or 10**9), lines, strict=False)]
    return [{"kind": "made", "src": -1, "text": text} for text in made(first or 100_000)]


def made(count: int) -> Iterator[str]:
    """Random paragraphs of 150 to 300 characters, every fifth an edited copy of the one before it."""
    draw = np.random.default_rng(1)
    codes = np.empty(0, np.uint32)
    for number in range(count):
        if number % 5 == 4:
            codes = codes.copy()
            codes[draw.integers(0, len(codes), len(codes) // 100)] = draw.integers(0x4E00, 0x9FFF)
        else:
            # Zipf, as in language: shingles recur.
            codes = (0x4E00 + np.minimum(draw.zipf(1.3, draw.integers(150, 300)), 5000)).astype(np.uint32)
        yield codes.tobytes().decode("utf-32-le")


def best(job: Callable[[], Any], repeats: int = 3) -> tuple[float, Any]:
    """The least CPU seconds of *job* and its last result."""
    times = []
    result = None
    for _ in range(repeats):
        del result
        gc.collect()
        start = time.process_time()
        result = job()
        times.append(time.process_time() - start)
    return min(times), result


def say(name: str, megabytes: float, seconds: float, **more: object) -> None:
    """One line of the result."""
    print(
        json.dumps({"what": name, "MB/s": round(megabytes / seconds, 2), "CPU s": round(seconds, 3), **more}),
        flush=True,
    )


def ours(rows: list[dict[str, Any]], *, numpy_only: bool) -> None:
    """Signatures, MinHash to verified duplicates, and the complete join."""
    from textclean import Document, NearDuplicates, kernels  # noqa: PLC0415  peers have no textclean
    from textclean.kernels import native, vector  # noqa: PLC0415

    if numpy_only:
        native._ready["ok"] = False  # noqa: SLF001  as where numba is not installed
    texts = [row["text"] for row in rows]
    size = sum(len(text.encode()) for text in texts) / 1e6
    twin = vector if numpy_only or not native.load() else native
    name = twin.__name__.rsplit(".", 1)[-1]
    a, b = kernels.permutations(128)

    def signatures() -> None:
        for at in range(0, len(texts), kernels.CHUNK):
            twin.signatures(*kernels.encode(texts[at : at + kernels.CHUNK]), kernels.multipliers(5), a, b)

    signatures()
    say(f"signatures, 128 permutations, {name}", size, best(signatures)[0])
    docs = [Document(f"{number:07}", text) for number, text in enumerate(texts)]
    for exact in (False, True):
        learner = NearDuplicates(exact=exact)

        def job(learner: NearDuplicates = learner) -> int:
            stage = learner.decide([learner.observe(docs)])
            return sum(1 for doc in docs if stage(doc))

        job()
        seconds, removed = best(job)
        say(
            f"text to verified duplicates, {'complete' if exact else 'MinHash'}, {name}", size, seconds, removed=removed
        )


def within(rows: list[dict[str, Any]]) -> None:
    """RemoveDuplicates on documents of eight paragraphs: none repeated, and one of them repeated."""
    from textclean import Document, RemoveDuplicates  # noqa: PLC0415

    texts = [row["text"].replace("\n", "") for row in rows[:4000]]
    stage = RemoveDuplicates()
    for name, repeat in (("none repeated", False), ("one repeated", True)):
        docs = []
        for at in range(0, len(texts) - 7, 8):
            body = texts[at : at + 8]
            docs.append(Document(str(at), "\n".join([*body[:7], body[0] if repeat else body[7]])))

        def job(docs: list[Document] = docs) -> None:
            for doc in docs:
                stage(doc)

        job()
        seconds, _ = best(job)
        print(
            json.dumps(
                {"what": f"within one document, {name}", "µs a paragraph": round(seconds / len(docs) / 8 * 1e6, 2)}
            )
        )


def growth() -> None:
    """Time and memory from 100,000 to 3,000,000 made paragraphs, each size in a process of its own."""
    points = []
    for count in (100_000, 300_000, 1_000_000, 3_000_000):
        out = subprocess.run(
            [sys.executable, __file__, "--size", str(count)], check=True, capture_output=True, text=True
        )
        print(out.stdout, end="", flush=True)
        point = json.loads(out.stdout)
        points.append((point["paragraphs"], point["CPU s"]))
    logs = np.log(points)
    print(json.dumps({"exponent": round(float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0]), 3)}))


def size(count: int) -> None:
    """One point of :func:`growth`: documents come from a generator, so that what is held is ours."""
    from textclean import Document, NearDuplicates  # noqa: PLC0415
    from textclean.kernels import native  # noqa: PLC0415

    native.load()
    base = list(made(min(count, 100_000)))

    def docs() -> Iterator[Document]:
        # Each further round shifts all characters, so that it repeats itself and nothing else.
        for number in range(count):
            text = base[number % len(base)]
            shift = number // len(base)
            yield Document(f"{number:08}", text.translate(tables[shift]) if shift else text)

    tables = [
        {code: 0x4E00 + (code - 0x4E00 + 5200 * shift) % 60_000 for code in range(0x4E00, 0x4E00 + 5001)}
        for shift in range(31)
    ]
    for shift, table in enumerate(tables):
        for code, target in table.items():
            table[code] = target if target < 0xD000 else 0x20000 + target + shift
    start = time.process_time()
    for _ in docs():
        pass
    making = time.process_time() - start
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    learner = NearDuplicates()
    start = time.process_time()
    stage = learner.decide([learner.observe(docs())])
    seconds = time.process_time() - start - making
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {
                "paragraphs": count,
                "removed": len(stage.removed),
                "CPU s": round(seconds, 2),
                "µs a paragraph": round(seconds / count * 1e6, 2),
                "memory over the input, MB": round((peak - before) / 1024),
            }
        )
    )


def odd() -> None:
    """What no corpus should be and some are, each in a process of its own: time and memory."""
    for name in ODD:
        subprocess.run([sys.executable, __file__, "--odd-one", name], check=True)


def _empty() -> Iterator[str]:
    return (empty for empty in [""] * 1_000_000)


def _identical() -> Iterator[str]:
    return (text for text in [next(made(1))] * 1_000_000)


def _form_letter() -> Iterator[str]:
    text = next(made(1))
    return (f"{number:06}{text}" for number in range(200_000))


def _spaced() -> Iterator[str]:
    text = next(made(1))
    return (f"{text[: number % 200]} {text[number % 200 :]}" for number in range(200_000))


def _huge() -> Iterator[str]:
    text = "".join(made(145_000))
    return (each for each in (text, text[:-1] + "。", next(made(1))))


ODD = {
    "a million empty texts": _empty,
    "a million identical texts": _identical,
    "200,000 copies with a number in front": _form_letter,
    "200,000 copies with a space somewhere": _spaced,
    "a paragraph of 100 MB, and another that differs in its last character": _huge,
}


def odd_one(name: str) -> None:
    """One of them, by bands and by the complete join; the paragraph of 100 MB also by itself."""
    from textclean import Document, NearDuplicates, RemoveDuplicates  # noqa: PLC0415

    def docs() -> Iterator[Document]:
        return (Document(f"{number:08}", text) for number, text in enumerate(ODD[name]()))

    jobs: dict[str, Callable[[], int]] = {}
    for exact in (False, True):
        learner = NearDuplicates(exact=exact)
        jobs["complete" if exact else "MinHash"] = lambda learner=learner: len(
            learner.decide([learner.observe(docs())]).removed
        )
    if ODD[name] is _huge:
        jobs["within"] = lambda: len(RemoveDuplicates()(next(docs())))
    for job, run in jobs.items():
        start = time.process_time()
        removed = run()
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            json.dumps({"what": name, "by": job, "removed": removed, "CPU s": round(seconds, 2), "peak MB": peak}),
            flush=True,
        )


def edits(rows: list[dict[str, Any]]) -> None:
    """The share of copies edited so much that each setting finds, and of templated rows it would take."""
    from textclean import kernels  # noqa: PLC0415
    from textclean.kernels import vector  # noqa: PLC0415

    kinds: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if 0 <= row["src"] < len(rows):
            kinds.setdefault(row["kind"], []).append((rows[row["src"]]["text"], row["text"]))
    for kind in ("templ", "weather"):
        texts = [row["text"] for row in rows if row["kind"] == kind]
        kinds[kind] = list(zip(texts, texts[12:], strict=False))
    for kind, pairs in sorted(kinds.items()):
        some = pairs[:800]
        raw = [np.frombuffer(text.encode("utf-16-le", "replace"), np.uint16) for pair in some for text in pair]
        sizes = np.array(list(map(len, raw)), np.int64)
        texts = np.concatenate(raw), np.cumsum(sizes) - sizes, sizes
        left = np.arange(0, 2 * len(some), 2)
        found = {}
        for ngram in (2, 3, 4, 5):
            jaccard = vector.jaccard(vector.prepare(*texts, kernels.multipliers(ngram)), left, left + 1, 0.0)
            found[ngram] = {t: round(float((jaccard >= t).mean()), 3) for t in (0.6, 0.65, 0.7, 0.75, 0.8)}
            found[ngram]["median"] = round(statistics.median(jaccard.tolist()), 3)
        print(kind, len(some), json.dumps(found))


def peer(name: str, rows: list[dict[str, Any]]) -> None:
    """One peer, on as many rows as it can do in a minute or so."""
    most = {"datasketch": 15_000, "rensa": 50_000, "SetSimilaritySearch": 20_000}[name]
    texts = [row["text"] for row in rows[:most]]
    size = sum(len(text.encode()) for text in texts) / 1e6

    def grams(text: str) -> list[str]:
        return [text[at : at + 5] for at in range(len(text) - 4)] or [text]

    if name == "datasketch":
        from datasketch import MinHash, MinHashLSH  # noqa: PLC0415

        def sketch() -> Any:
            return MinHash.bulk([[gram.encode() for gram in grams(text)] for text in texts], num_perm=128)

        seconds, _ = best(sketch, 1)
        say("signatures, datasketch", size, seconds)

        def whole() -> None:
            sketches = sketch()
            index = MinHashLSH(threshold=0.8, num_perm=128, params=(16, 8))
            for number, one in enumerate(sketches):
                index.query(one)
                index.insert(number, one)

        say("text to candidates, not verified, datasketch 16 × 8", size, best(whole, 1)[0])
    elif name == "rensa":
        import rensa  # noqa: PLC0415

        def sketch_rensa() -> list[Any]:
            made = []
            for text in texts:
                one = rensa.RMinHash(num_perm=128, seed=42)
                one.update(grams(text))
                made.append(one)
            return made

        say("signatures, rensa RMinHash", size, best(sketch_rensa)[0])

        def whole_rensa() -> None:
            index = rensa.RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
            for number, one in enumerate(sketch_rensa()):
                index.query(one)
                index.insert(number, one)

        say("text to candidates, not verified, rensa 16 bands", size, best(whole_rensa)[0])
    else:
        from SetSimilaritySearch import all_pairs  # noqa: PLC0415

        def whole_exact() -> int:
            return sum(1 for _ in all_pairs([set(grams(text)) for text in texts], "jaccard", 0.8))

        seconds, pairs = best(whole_exact, 1)
        say("text to verified pairs, complete, SetSimilaritySearch", size, seconds, pairs=pairs)


def main() -> None:
    """Parse and run."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--first", type=int, help="only so many rows")
    options.add_argument("--peers", help="the interpreter of an environment with the peers")
    options.add_argument("--growth", action="store_true")
    options.add_argument("--edits", action="store_true")
    options.add_argument("--odd", action="store_true")
    options.add_argument("--odd-one", help=argparse.SUPPRESS)
    options.add_argument("--peer", help=argparse.SUPPRESS)
    options.add_argument("--numpy", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--size", type=int, help=argparse.SUPPRESS)
    asked = options.parse_args()
    first = ["--first", str(asked.first)] if asked.first else []
    if asked.size:
        size(asked.size)
    elif asked.growth:
        growth()
    elif asked.odd:
        odd()
    elif asked.odd_one:
        odd_one(asked.odd_one)
    elif asked.edits:
        edits(corpus(asked.first))
    elif asked.peer:
        peer(asked.peer, corpus(asked.first))
    elif asked.numpy:
        ours(corpus(asked.first), numpy_only=True)
    else:
        rows = corpus(asked.first)
        ours(rows, numpy_only=False)
        within(rows)
        subprocess.run([sys.executable, __file__, "--numpy", *first], check=True)
        for name in ("datasketch", "rensa", "SetSimilaritySearch") if asked.peers else ():
            subprocess.run([asked.peers, __file__, "--peer", name, *first], check=True)


if __name__ == "__main__":
    main()
