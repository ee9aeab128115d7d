"""A corpus remembered: today's texts against all that were kept before, without reading those again.

An index is a folder. ``index.json`` says how it was made and which segments
belong to it; it is replaced whole, after the segments it names are on the disk,
so that a crash leaves either the old index or the new one. Texts are added in
segments (:mod:`~textclean.stages.duplicates.segment`), which are merged when
they become many.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.document import Document
from textclean.stages.duplicates import fold, join, segment
from textclean.stages.duplicates.compare import SAME, Ranks
from textclean.stages.duplicates.corpus import Corpus
from textclean.stages.duplicates.near import NearDuplicates
from textclean.stages.duplicates.segment import IndexDamagedError
from textclean.stages.duplicates.verdicts import Verdict

FORMAT = "textclean index"
VERSION = 2

_MOST_SEGMENTS = 8
_PAIRS_AT_ONCE = 1 << 16


class Match(NamedTuple):
    """A text and what the index has of it: document, paragraph (0: the whole document), and the verdict."""

    doc_id: str
    number: int
    verdict: Verdict


@dataclass(frozen=True)
class Index:
    """An index as it stood when it was opened; :meth:`add` returns the next one.

    ``Index.create`` makes an empty one for a learner's settings, ``Index.open``
    opens one. An index holds texts that were *kept*: what is added is first
    compared with what is there, and with itself.

    >>> import tempfile
    >>> folder = tempfile.mkdtemp() + "/news"
    >>> index = Index.create(folder, NearDuplicates())
    >>> index = index.add([Document("mon/1", "城南水厂三期工程昨日通水，供水能力增加。")])
    >>> today = [Document("tue/1", "城南水廠三期工程昨日通水，供水能力增加。"), Document("tue/2", "另一篇。")]
    >>> [(match.doc_id, match.verdict.note) for match in Index.open(folder).query(today)]
    [('tue/1', 'same as mon/1')]
    """

    path: Path
    settings: dict[str, Any]
    segments: tuple[tuple[str, int, int], ...] = ()
    """Of each: its file, its size in bytes, its texts."""

    @classmethod
    def create(cls, path: str | Path, learner: NearDuplicates) -> Index:
        """A new, empty index at *path*, for texts compared as *learner* compares them.

        Raises ValueError where there is something already.
        """
        folder = Path(path)
        if learner.exact or learner.storage is not None or learner.index is not None:
            raise ValueError("an index is made from MinHash bands: exact=True, storage= and index= have no place in it")
        if folder.exists() and any(folder.iterdir()):
            raise ValueError(f"{folder} is not empty: an index begins in a new folder; to go on with one, add to it")
        folder.mkdir(parents=True, exist_ok=True)
        index = cls(folder, _described(learner))
        _commit(index)
        return index

    @classmethod
    def open(cls, path: str | Path) -> Index:
        """The index at *path*, with all its files looked over.

        Raises ValueError where there is none or one of another version,
        IndexDamagedError where a file is missing or cut off.
        """
        folder = Path(path)
        try:
            header = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ValueError(f"{folder} holds no index: there is no index.json in it") from None
        except (OSError, ValueError) as error:
            raise IndexDamagedError(f"{folder / 'index.json'} cannot be read: {error}") from error
        if not isinstance(header, dict) or header.get("format") != FORMAT:
            raise ValueError(f"{folder / 'index.json'} is not the header of an index")
        if header.get("version") != VERSION:
            raise ValueError(
                f"{folder} is an index of version {header.get('version')}, and this textclean reads version {VERSION}: "
                "use the textclean that made it, or build it anew"
            )
        index = cls(folder, header["settings"], tuple((name, size, texts) for name, size, texts in header["segments"]))
        _ = index.arrays
        return index

    def __len__(self) -> int:
        return sum(texts for _, _, texts in self.segments)

    @property
    def learner(self) -> NearDuplicates:
        """The learner whose texts this index takes."""
        return NearDuplicates(**{key: value for key, value in self.settings.items() if not key.startswith("made_")})

    def refuse(self, learner: NearDuplicates) -> None:
        """Raise ValueError unless *learner* compares texts as this index does."""
        wanted = _described(replace(learner, index=None))
        if wanted != self.settings:
            other = ", ".join(
                f"{key} {self.settings.get(key)!r} (asked for: {wanted.get(key)!r})"
                for key in sorted({*wanted, *self.settings})
                if wanted.get(key) != self.settings.get(key)
            )
            raise ValueError(f"the index at {self.path} was made with {other}: texts of both cannot be compared")

    def query(self, docs: Iterable[Document]) -> Iterator[Match]:
        """What the index has of *docs*, in the order of their ids.

        A document is not compared with itself, that is, with the one of its own id.
        """
        learner = self.learner
        corpus = Corpus([learner.observe(docs)], learner.keep)
        ranks, verdicts = self.find(corpus)
        for rank, verdict in zip(ranks.tolist(), verdicts, strict=True):
            yield Match(corpus.ids[corpus.owners[rank]], int(corpus.numbers[rank]), verdict)

    def add(self, docs: Iterable[Document]) -> Index:
        """The index with those texts of *docs* that are not duplicates, of it or of each other.

        All of them or, when anything fails, none. Raises ValueError for a
        document whose id is in the index already.
        """
        with self._alone():
            now = Index.open(self.path)
            learner = now.learner
            shard = learner.observe(docs)
            known = [name for name, hit in zip(shard.ids, now.holds(shard.ids), strict=True) if hit]
            if known:
                more = f" (and {len(known) - 1} more)" if len(known) > 1 else ""
                raise ValueError(f"document {known[0]!r}{more} is in the index at {self.path} already")
            corpus = Corpus([shard], learner.keep)
            gone, _ = learner.settle(corpus, now)
            stays = np.setdiff1d(np.arange(len(corpus)), gone)
            stays = stays[corpus.chars[stays] >= learner.shortest]
            for at in range(0, len(stays), segment.MOST_TEXTS):
                now = _with_segment(now, _arrays(corpus, stays[at : at + segment.MOST_TEXTS]))
            if len(now.segments) > _MOST_SEGMENTS:
                now = _merged(now)
            _commit(now)
            _sweep(now)
            return now

    def holds(self, ids: Iterable[str]) -> list[bool]:
        """Of each document id whether a text of it is in the index."""
        hashes = _hashed(list(ids))
        found = np.zeros(len(hashes), np.bool_)
        for arrays in self.arrays:
            found |= np.isin(hashes, arrays["document_keys"])
        held: list[bool] = found.tolist()
        return held

    def find(self, corpus: Corpus) -> tuple[Ranks, list[Verdict]]:
        """The ranks of *corpus* that the index has, and what each of them repeats: the earliest that is similar enough."""
        ngram, threshold = self.learner.grams
        best: dict[int, Verdict] = {}
        comparable = np.flatnonzero(corpus.chars >= self.learner.shortest)
        for arrays in self.arrays:
            open_ranks = comparable[[rank not in best for rank in comparable.tolist()]]
            pairs = _candidates(arrays, corpus, open_ranks)
            for at in range(0, len(pairs), _PAIRS_AT_ONCE):
                _verify(arrays, corpus, pairs[at : at + _PAIRS_AT_ONCE], ngram, threshold, best)
        ranks = np.array(sorted(best), np.int64)
        return ranks, [best[rank] for rank in ranks.tolist()]

    @cached_property
    def arrays(self) -> list[dict[str, NDArray[Any]]]:
        """The arrays of each segment, mapped."""
        return [segment.read(self.path / name, size) for name, size, _ in self.segments]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time; another waits."""
        with (self.path / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _with_segment(index: Index, arrays: dict[str, NDArray[Any]], without: Iterable[str] = ()) -> Index:
    """*index* with one more segment, which is on the disk, and *without* some; not committed."""
    last = max((int(name[8:-4]) for name, _, _ in index.segments), default=0)
    name = f"segment-{last + 1:06}.tci"
    size = segment.write(index.path / name, arrays)
    rest = tuple(entry for entry in index.segments if entry[0] not in set(without))
    return replace(index, segments=(*rest, (name, size, len(arrays["offsets"]) - 1)))


def _merged(index: Index) -> Index:
    """*index* with its smallest segments as one, as long as their texts can still be counted in 24 bits."""
    small: list[str] = []
    total = 0
    for name, _, texts in sorted(index.segments, key=lambda entry: entry[2]):
        total += texts
        if total > segment.MOST_TEXTS:
            break
        small.append(name)
    if len(small) < 2:
        return index
    merging = [arrays for (name, *_), arrays in zip(index.segments, index.arrays, strict=True) if name in small]
    return _with_segment(index, _merge(merging), without=small)


def _commit(index: Index) -> None:
    """Make *index* what is found at its path from now on."""
    header = {
        "format": FORMAT,
        "version": VERSION,
        "settings": index.settings,
        "segments": index.segments,
        "texts": len(index),
    }
    with tempfile.NamedTemporaryFile("w", dir=index.path, prefix=".index-", delete=False, encoding="utf-8") as file:
        json.dump(header, file, indent=1, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, index.path / "index.json")  # noqa: PTH105  the moment at which the new index is the index
    folder = os.open(index.path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _sweep(index: Index) -> None:
    """Remove segments that no header names: merged ones, and those of an addition that did not end."""
    named = {name for name, _, _ in index.segments}
    for path in index.path.glob("segment-*.tci"):
        if path.name not in named:
            path.unlink()


def _described(learner: NearDuplicates) -> dict[str, Any]:
    """What has to be equal for texts to be comparable, with what follows from it written down for checking."""
    ngram, threshold = learner.grams
    settings = learner.settings()
    return {
        "scope": learner.scope, "ngram": ngram, "threshold": threshold, "keep": learner.keep,
        "min_chars": settings.min_chars, "made_bands": settings.bands, "made_rows": settings.rows,
        "made_folding": settings.folding, "made_scheme": "affine32 multilinear seed 1",
    }  # fmt: skip


def _hashed(names: list[str]) -> NDArray[np.uint64]:
    codes, offsets = kernels.encode(names)
    return kernels.vector.text_keys(codes, offsets)


def _arrays(corpus: Corpus, ranks: Ranks) -> dict[str, NDArray[Any]]:
    """The segment of the texts *ranks*."""
    arrays: dict[str, NDArray[Any]] = {}
    for number, keys in enumerate(corpus.bands()):
        arrays |= _runs(number, segment.pack_runs(keys[ranks]))
    texts = [bytes(text) for text in corpus.texts(ranks)]
    arrays["offsets"] = np.cumsum([0, *(len(text) // 2 for text in texts)], dtype=np.int64)
    documents, owners = np.unique(corpus.owners[ranks], return_inverse=True)
    names = [corpus.ids[document] for document in documents.tolist()]
    arrays["owners"], arrays["numbers"] = owners.astype(np.uint32), corpus.numbers[ranks].astype(np.uint32)
    arrays |= _named([name.encode("utf-8", "surrogatepass") for name in names], np.sort(_hashed(names)))
    arrays["units"] = np.frombuffer(b"".join(texts), np.uint16)
    return arrays


def _runs(number: int, columns: tuple[NDArray[Any], NDArray[Any], NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {f"keys{number}": columns[0], f"low{number}": columns[1], f"high{number}": columns[2]}


def _named(names: list[bytes], keys: NDArray[np.uint64]) -> dict[str, NDArray[Any]]:
    return {
        "name_offsets": np.cumsum([0, *map(len, names)], dtype=np.int64),
        "names": np.frombuffer(b"".join(names), np.uint8),
        "document_keys": keys,
    }


def _merge(segments: list[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    firsts = np.cumsum([0, *(len(one["owners"]) for one in segments)])
    documents = np.cumsum([0, *(len(one["name_offsets"]) - 1 for one in segments)])
    number = 0
    while f"keys{number}" in segments[0]:
        parts = [
            segment.join(*(one[f"{name}{number}"] for name in ("keys", "low", "high"))) + np.uint64(first)
            for one, first in zip(segments, firsts, strict=False)
        ]
        arrays |= _runs(number, segment.split(np.sort(np.concatenate(parts))))
        number += 1
    for name in ("offsets", "name_offsets"):
        sizes = np.concatenate([np.diff(one[name]) for one in segments])
        arrays[name] = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    owners = [one["owners"] + np.uint32(first) for one, first in zip(segments, documents, strict=False)]
    arrays["owners"] = np.concatenate(owners)
    for name in ("numbers", "names", "units"):
        arrays[name] = np.concatenate([one[name] for one in segments])
    arrays["document_keys"] = np.sort(np.concatenate([one["document_keys"] for one in segments]))
    return arrays


def _candidates(arrays: dict[str, NDArray[Any]], corpus: Corpus, ranks: Ranks) -> NDArray[np.uint64]:
    """Pairs rank << 32 | text of the segment that share a band, in order."""
    found = [np.empty(0, np.uint64)]
    for number, band in enumerate(corpus.bands()):
        keys = arrays[f"keys{number}"]
        asked = (band[ranks] >> np.uint64(32)).astype(np.uint32)
        order = np.argsort(asked)  # looked up in order, the parts of the run that are read come one after the other
        low = np.searchsorted(keys, asked[order], "left")
        count = np.searchsorted(keys, asked[order], "right") - low
        places = np.arange(count.sum()) + np.repeat(low - (np.cumsum(count) - count), count)
        texts = arrays[f"low{number}"][places] | arrays[f"high{number}"][places].astype(np.uint64) << np.uint64(16)
        found.append(np.repeat(ranks[order].astype(np.uint64) << np.uint64(32), count) | texts)
    pairs: NDArray[np.uint64] = join.distinct(np.concatenate(found))
    return pairs


def _verify(
    arrays: dict[str, NDArray[Any]],
    corpus: Corpus,
    pairs: NDArray[np.uint64],
    ngram: int,
    threshold: float,
    best: dict[int, Verdict],
) -> None:
    asked, texts = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    ranks, there = join.distinct(asked), join.distinct(texts)
    offsets = arrays["offsets"]
    bodies = [bytes(text) for text in corpus.texts(ranks)]
    bodies += [arrays["units"][offsets[text] : offsets[text + 1]].tobytes() for text in there.tolist()]
    units = np.frombuffer(b"".join(bodies), np.uint16)
    sizes = np.array([len(body) // 2 for body in bodies], np.int64)
    lows = np.cumsum(sizes) - sizes
    twin = kernels.best(len(units))
    left, right = np.searchsorted(ranks, asked), np.searchsorted(there, texts) + len(ranks)
    similar = twin.jaccard(twin.prepare(units, lows, sizes, kernels.multipliers(ngram)), left, right, threshold)
    codes, cuts = kernels.vector.decode(units, lows, sizes)
    keys = kernels.vector.text_keys(*kernels.vector.fold(codes, cuts, fold.table()))
    for pair in np.flatnonzero(keys[left] == keys[right]).tolist():
        one, other = (fold.key(bodies[side[pair]].decode("utf-16-le")) for side in (left, right))
        if one == other:
            similar[pair] = SAME
    for hit in np.flatnonzero(similar).tolist():
        rank, text = int(asked[hit]), int(texts[hit])
        owner = int(arrays["owners"][text])
        low, high = arrays["name_offsets"][owner : owner + 2]
        name = arrays["names"][low:high].tobytes().decode("utf-8", "surrogatepass")
        if rank in best or name == corpus.ids[corpus.owners[rank]]:
            continue
        best[rank] = Verdict(name, int(arrays["numbers"][text]), None if similar[hit] == SAME else float(similar[hit]))
