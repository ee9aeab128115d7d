"""Equal keys, then similar texts: one decision over a whole corpus."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.stages.duplicates import join
from textclean.stages.duplicates.compare import SAME, Comparison, Ranks
from textclean.stages.duplicates.corpus import Corpus
from textclean.stages.duplicates.evidence import text_name
from textclean.stages.duplicates.interop import SharedBands

_CHARACTERS_AT_ONCE = 2_000_000


def decide(
    corpus: Corpus,
    comparable: Ranks,
    ngram: int,
    threshold: float,
    *,
    exact: bool,
    shared: SharedBands | None = None,
) -> join.Settled:
    """Which of the *comparable* texts go, and which kept one each of them repeats."""
    first = _first_of_equals(corpus, comparable)
    alone = comparable[first[comparable] == comparable]  # ranks, ascending
    texts, keys = len(alone), corpus.keys[alone]
    compare = Comparison(
        lambda ranks: corpus.read(alone[ranks]), keys, corpus.chars[alone], ngram, threshold, corpus.release
    )  # corpus ranks from here on are those of *alone*
    # What has the same bands has the same key or is alike; the other two ways to candidates know of no keys.
    ranks = np.arange(texts, dtype=np.uint32)
    lists: Iterator[NDArray[np.uint64]]
    if exact or shared is not None:
        others = _prefixes(compare) if shared is None else iter([_buckets(shared, corpus, alone)])
        lists = chain([join.pack(keys, ranks, texts)], others)
    else:
        every = texts == len(corpus)

        def packed(band: NDArray[np.uint64]) -> NDArray[np.uint64]:
            return join.pack(band if every else band[alone], ranks, texts, own=True)

        lists = map(packed, corpus.bands())  # a generator would hold the band, too
    settled = join.settle(lists, texts, compare)
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


def _first_of_equals(corpus: Corpus, comparable: Ranks) -> NDArray[np.int32]:
    """For each rank the first rank with the same plain text: itself, if the text is alone or the first."""
    first = np.arange(len(corpus), dtype=np.int32)
    packed = join.pack(corpus.keys[comparable], comparable, len(corpus))
    mask = (np.uint64(1) << join.bits(len(corpus))) - np.uint64(1)
    follows, grouped = np.zeros(len(packed), np.bool_), np.zeros(len(packed), np.bool_)
    follows[1:] = (packed[1:] ^ packed[:-1]) <= mask
    grouped[:-1] = follows[1:]
    grouped |= follows
    begins = ~follows[grouped]
    ranks = (packed[grouped] & mask).astype(np.int64)
    del packed, follows, grouped
    # The key is a hint; the texts decide, each by 128 bits of its digest.
    known: dict[bytes, int] = {}
    for some in _chunks(corpus.chars[ranks]):
        texts = corpus.read(ranks[some])
        for number, (rank, begin) in enumerate(zip(ranks[some].tolist(), begins[some].tolist(), strict=True)):
            if begin:
                known = {}
            digest = blake2b(texts.raw(number).data, digest_size=16).digest()
            first[rank] = known.setdefault(digest, rank)
        corpus.release()
    return first


def _buckets(shared: SharedBands, corpus: Corpus, alone: Ranks) -> NDArray[np.uint64]:
    """The buckets of *shared*, numbered, packed with the ranks of their texts; texts of other runs are passed over."""
    owners, numbers = corpus.owners[alone].tolist(), corpus.numbers[alone].tolist()
    rank = {text_name(corpus.ids[o], n): at for at, (o, n) in enumerate(zip(owners, numbers, strict=True))}
    low = int(join.bits(len(alone)))
    packed = [
        bucket << low | rank[name] for bucket, names in enumerate(shared.buckets(), 1) for name in names if name in rank
    ]
    return np.sort(np.array(packed, np.uint64))


def _prefixes(compare: Comparison) -> Iterator[NDArray[np.uint64]]:
    """The rarest shingles of every text, packed with its rank: equal ones propose all pairs there are."""
    texts, characters = len(compare.chars), int(compare.chars.sum())
    twin = kernels.best(characters)
    factors = kernels.multipliers(compare.ngram)
    # About one slot a shingle: two that share a slot look more frequent than they are, which costs time, not truth.
    counts = np.zeros(1 << min(24, max(12, characters.bit_length())), np.uint16)
    for ranks in _chunks(compare.chars):
        twin.count(twin.prepare(*compare.read(ranks), factors).hashes, counts)
        compare.release()
    found = []
    for ranks in _chunks(compare.chars):
        keys, owners = twin.rare(twin.prepare(*compare.read(ranks), factors), counts, compare.threshold)
        found.append(join.pack_unsorted(kernels.mix64(keys), ranks[owners], texts, own=True))
        compare.release()
    del counts
    packed = np.concatenate(found) if found else np.empty(0, np.uint64)
    packed.sort()
    yield packed


def _chunks(chars: NDArray[np.int32]) -> Iterator[Ranks]:
    """Ranks in order, as many as make a good chunk."""
    ends = np.cumsum(chars, dtype=np.int64)
    low = 0
    while low < len(chars):
        room = int(np.searchsorted(ends, (ends[low - 1] if low else 0) + _CHARACTERS_AT_ONCE, side="right"))
        high = max(low + 1, min(room, low + kernels.CHUNK))
        yield np.arange(low, high)
        low = high
