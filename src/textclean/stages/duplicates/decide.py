"""Equal keys, then similar texts: one decision over a whole corpus."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.stages.duplicates import join
from textclean.stages.duplicates.corpus import Corpus
from textclean.stages.duplicates.evidence import text_name
from textclean.stages.duplicates.interop import SharedBands

_CHARACTERS_AT_ONCE = 4_000_000

SAME = 2.0
"""Stands for the similarity of texts whose keys are equal."""


def decide(
    corpus: Corpus,
    comparable: join.Ranks,
    ngram: int,
    threshold: float,
    *,
    exact: bool,
    shared: SharedBands | None = None,
) -> join.Settled:
    """Which of the *comparable* texts go, and which kept one each of them repeats."""
    first = _first_of_equals(corpus, comparable)
    alone = comparable[first[comparable] == comparable]  # ranks, ascending
    texts = len(alone)
    read: join.Read = lambda ranks: corpus.read(alone[ranks])  # noqa: E731  corpus ranks from here on are those of *alone*
    if exact:
        lists = _prefixes(read, corpus.chars[alone], ngram, threshold)
    elif shared is not None:
        lists = iter([_buckets(shared, corpus, alone)])
    else:
        lists = (join.pack(keys[alone], np.arange(texts), texts) for keys in corpus.bands())
    settled = join.settle(join.candidates(lists, texts), read, ngram, threshold, corpus.characters)
    keeper, jaccard = np.full(len(corpus), -1), np.zeros(len(corpus))
    keeper[alone[settled.removed]] = alone[settled.keepers]
    jaccard[alone[settled.removed]] = settled.jaccard
    # A copy shares the fate of the text it equals: it names that one if it stays, and otherwise the one it yields to.
    copies = comparable[first[comparable] != comparable]
    of = first[copies]
    gone = keeper[of] >= 0
    keeper[copies] = np.where(gone, keeper[of], of)
    jaccard[copies] = np.where(gone, jaccard[of], SAME)
    removed = np.flatnonzero(keeper >= 0)
    return join.Settled(removed, keeper[removed], jaccard[removed])


def _first_of_equals(corpus: Corpus, comparable: join.Ranks) -> join.Ranks:
    """For each rank the first rank with the same key: itself, if the text is alone or the first."""
    first = np.arange(len(corpus))
    order = comparable[np.argsort(corpus.keys[comparable], kind="stable")]
    keys = corpus.keys[order]
    begins = np.ones(len(keys), np.bool_)
    begins[1:] = keys[1:] != keys[:-1]
    heads = order[begins][np.cumsum(begins) - 1][~begins]
    copies = order[~begins]
    # 64 bits are a hint; the texts decide.
    equal = [one == other for one, other in zip(corpus.texts(copies), corpus.texts(heads), strict=True)]
    first[copies[equal]] = heads[equal]
    return first


def _buckets(shared: SharedBands, corpus: Corpus, alone: join.Ranks) -> NDArray[np.uint64]:
    """The buckets of *shared*, numbered, packed with the ranks of their texts; texts of other runs are passed over."""
    owners, numbers = corpus.owners[alone].tolist(), corpus.numbers[alone].tolist()
    rank = {text_name(corpus.ids[o], n): at for at, (o, n) in enumerate(zip(owners, numbers, strict=True))}
    low = int(join.bits(len(alone)))
    packed = [
        bucket << low | rank[name] for bucket, names in enumerate(shared.buckets(), 1) for name in names if name in rank
    ]
    return np.sort(np.array(packed, np.uint64))


def _prefixes(read: join.Read, chars: join.Ranks, ngram: int, threshold: float) -> Iterator[NDArray[np.uint64]]:
    """The rarest shingles of every text, packed with its rank: equal ones propose all pairs there are."""
    texts, characters = len(chars), int(chars.sum())
    twin = kernels.best(characters)
    factors = kernels.multipliers(ngram)
    # About one slot a shingle: two that share a slot look more frequent than they are, which costs time, not truth.
    counts = np.zeros(1 << min(24, max(12, characters.bit_length())), np.uint16)
    for ranks in _chunks(chars):
        twin.count(twin.prepare(*read(ranks), factors).hashes, counts)
    found = []
    for ranks in _chunks(chars):
        keys, owners = twin.rare(twin.prepare(*read(ranks), factors), counts, threshold)
        found.append(join.pack_unsorted(kernels.mix64(keys), ranks[owners], texts))
    del counts
    packed = np.concatenate(found) if found else np.empty(0, np.uint64)
    packed.sort()
    yield packed


def _chunks(chars: join.Ranks) -> Iterator[join.Ranks]:
    """Ranks in order, as many as make a good chunk."""
    ends = np.cumsum(chars)
    low = 0
    while low < len(chars):
        room = int(np.searchsorted(ends, (ends[low - 1] if low else 0) + _CHARACTERS_AT_ONCE, side="right"))
        high = max(low + 1, min(room, low + kernels.CHUNK))
        yield np.arange(low, high)
        low = high
