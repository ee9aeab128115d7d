"""Near duplicates: datasketch, rensa, SetSimilaritySearch, datatrove. The answer is the numbers of the rows that are to go."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contestants.data import rows

Job = Callable[[], Any]


def _grams(text: str) -> list[str]:
    return [text[at : at + 5] for at in range(len(text) - 4)] or [text]


def _datasketch(path: Path, **options: Any) -> Job:
    from datasketch import MinHash, MinHashLSH

    texts = rows(path)

    def job() -> list[int]:
        index = MinHashLSH(threshold=0.8, num_perm=128, **options)
        gone = []
        for number, one in enumerate(
            MinHash.bulk([[g.encode() for g in _grams(text)] for text in texts], num_perm=128)
        ):
            if index.query(one):
                gone.append(number)
            else:
                index.insert(number, one)
        return gone

    return job


def datasketch(path: Path) -> Job:
    """As shipped: it chooses the bands."""
    return _datasketch(path)


def datasketch_sensitive(path: Path) -> Job:
    """With 16 bands of 8, which miss as little as ours."""
    return _datasketch(path, params=(16, 8))


def datasketch_signatures(path: Path) -> Job:
    """Signatures, nothing else."""
    from datasketch import MinHash

    texts = rows(path)

    def job() -> None:
        MinHash.bulk([[gram.encode() for gram in _grams(text)] for text in texts], num_perm=128)

    return job


def _sketches(texts: list[str]) -> list[Any]:
    import rensa

    made = []
    for text in texts:
        one = rensa.RMinHash(num_perm=128, seed=42)
        one.update(_grams(text))
        made.append(one)
    return made


def rensa(path: Path) -> Job:
    """R-MinHash, 16 bands."""
    import rensa as library

    texts = rows(path)

    def job() -> list[int]:
        index = library.RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
        gone = []
        for number, one in enumerate(_sketches(texts)):
            if index.query(one):
                gone.append(number)
            else:
                index.insert(number, one)
        return gone

    return job


def rensa_signatures(path: Path) -> Job:
    """Signatures, nothing else."""
    texts = rows(path)
    return lambda: len(_sketches(texts))


def set_similarity_search(path: Path) -> Job:
    """All pairs, exactly; the later of a pair goes unless the earlier went."""
    from SetSimilaritySearch import all_pairs

    texts = rows(path)

    def job() -> list[int]:
        pairs = sorted(
            (int(max(a, b)), int(min(a, b))) for a, b, _ in all_pairs([set(_grams(t)) for t in texts], "jaccard", 0.8)
        )
        gone: set[int] = set()
        for later, earlier in pairs:
            if earlier not in gone:
                gone.add(later)
        return sorted(gone)

    return job


def datatrove(path: Path) -> Job:
    """Its four steps as shipped, set to Chinese: 14 buckets of 8 on groups of five words, which jieba cuts."""
    from contestants import trove

    texts = rows(path)

    def job() -> list[int]:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "in").mkdir()
            with Path(folder, "in", "rows.jsonl").open("w", encoding="utf-8") as file:
                file.writelines(
                    json.dumps({"id": str(number), "text": text}) + "\n" for number, text in enumerate(texts)
                )
            trove.minhash(folder)
            left = set()
            for part in Path(folder, "clean").glob("*.jsonl"):
                with part.open(encoding="utf-8") as lines:
                    left |= {int(json.loads(line)["id"]) for line in lines}
        return [number for number in range(len(texts)) if number not in left]

    return job
