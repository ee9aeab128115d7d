"""From equal keys to verified duplicates.

Texts are numbered by rank: 0 is the one that is kept before all others. Equal
keys (of a band, of a rare shingle) are found by sorting plain 64-bit numbers
whose low bits are the rank, which is ten times faster than a hash table. What
they propose is verified exactly, and then settled in order of rank: a text is
removed when a *kept* one before it is similar enough. There are no chains, and
nothing depends on how the corpus was cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textclean import kernels

Ranks = NDArray[np.int64]
Read = Callable[[Ranks], tuple[kernels.Codes, kernels.Offsets]]

# In a run of so many equal keys not all pairs are written down: a form letter in a million copies would make 10¹² of
# them. Its texts are compared with the kept ones only, when their turn comes.
_LONG = 512
_PAIRS_AT_ONCE = 1 << 16
_PAIRS_HELD = 1 << 24


class Candidates(NamedTuple):
    """Pairs to verify, as later << 32 | earlier, and runs too long to write down as pairs."""

    pairs: NDArray[np.uint64]
    runs: list[Ranks]


class Settled(NamedTuple):
    """Each removed text with the kept one it repeats."""

    removed: Ranks
    keepers: Ranks
    jaccard: NDArray[np.float64]


def bits(texts: int) -> np.uint64:
    """How many low bits a rank takes."""
    return np.uint64(max(1, (texts - 1).bit_length()))


def pack(keys: NDArray[np.uint64], ranks: Ranks, texts: int) -> NDArray[np.uint64]:
    """*keys* with their low bits replaced by *ranks*, sorted: equal keys stand together, in order of rank."""
    packed = pack_unsorted(keys, ranks, texts)
    packed.sort()
    return packed


def pack_unsorted(keys: NDArray[np.uint64], ranks: Ranks, texts: int) -> NDArray[np.uint64]:
    """*keys* with their low bits replaced by *ranks*."""
    low = bits(texts)
    out: NDArray[np.uint64] = (keys >> low << low) | ranks.astype(np.uint64)
    return out


def distinct(values: NDArray[Any], *, own: bool = False) -> NDArray[Any]:
    """*values* sorted, each once; quicker than np.unique, which hashes. *own*: nobody else needs them in their order."""
    if own:
        values.sort()
    else:
        values = np.sort(values)
    return values[np.r_[True, values[1:] != values[:-1]]] if len(values) else values


def candidates(lists: Iterable[NDArray[np.uint64]], texts: int) -> Candidates:
    """What the packed *lists* propose."""
    found: list[NDArray[np.uint64]] = []
    runs: list[Ranks] = []
    held = 0
    for packed in lists:
        for pairs in _proposals(packed, texts, runs):
            found.append(pairs)
            held += len(pairs)
        if held > _PAIRS_HELD:
            found = [distinct(np.concatenate(found), own=True)]
            held = len(found[0])
    return Candidates(distinct(np.concatenate(found), own=True) if found else np.empty(0, np.uint64), runs)


def _proposals(packed: NDArray[np.uint64], texts: int, runs: list[Ranks]) -> Iterator[NDArray[np.uint64]]:
    low = bits(texts)
    mask = (np.uint64(1) << low) - np.uint64(1)
    top = packed >> low
    follows = np.flatnonzero(top[1:] == top[:-1]) + 1
    if not len(follows):
        return
    breaks = np.flatnonzero(np.diff(follows) > 1) + 1
    first = follows[np.r_[0, breaks]] - 1
    length = np.diff(np.r_[0, breaks, len(follows)]) + 1
    ranks = packed & mask
    for start, count in zip(first[length > _LONG].tolist(), length[length > _LONG].tolist(), strict=True):
        runs.append(ranks[start : start + count].astype(np.int64))
    first, length = first[length <= _LONG], length[length <= _LONG]
    for count in np.unique(length).tolist():
        one, other = np.triu_indices(count, 1)
        starts = first[length == count][:, None]
        yield ((ranks[starts + other] << np.uint64(32)) | ranks[starts + one]).reshape(-1)


def verify(
    pairs: NDArray[np.uint64], read: Read, ngram: int, threshold: float, characters: int
) -> tuple[Ranks, Ranks, NDArray[np.float64]]:
    """The pairs (later, earlier, Jaccard) that are similar enough, in order."""
    later, earlier, similar = [], [], []
    for at in range(0, len(pairs), _PAIRS_AT_ONCE):
        some = pairs[at : at + _PAIRS_AT_ONCE]
        left, right = (some >> np.uint64(32)).astype(np.int64), (some & np.uint64(0xFFFFFFFF)).astype(np.int64)
        members = distinct(np.concatenate([left, right]), own=True)
        where = np.searchsorted(members, np.concatenate([left, right]))
        twin = kernels.best(characters)
        sets = twin.prepare(*read(members), kernels.multipliers(ngram))
        jaccard = twin.jaccard(sets, where[: len(left)], where[len(left) :], threshold)
        good = np.flatnonzero(jaccard)
        later.append(left[good])
        earlier.append(right[good])
        similar.append(jaccard[good])
    if not later:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64)
    return np.concatenate(later), np.concatenate(earlier), np.concatenate(similar)


def settle(proposed: Candidates, read: Read, ngram: int, threshold: float, characters: int) -> Settled:
    """Who goes, and because of whom: the first kept text in order of rank that is similar enough."""
    later, earlier, similar = verify(proposed.pairs, read, ngram, threshold, characters)
    removed: dict[int, tuple[int, float]] = {}
    if proposed.runs:
        _settle_runs(proposed.runs, (later, earlier, similar), read, ngram, threshold, characters, removed)
    else:
        for one, other, jaccard in zip(later.tolist(), earlier.tolist(), similar.tolist(), strict=True):
            if one not in removed and other not in removed:
                removed[one] = other, jaccard
    ranks = np.array(sorted(removed), np.int64)
    keepers = [removed[rank] for rank in ranks.tolist()]
    return Settled(
        ranks, np.array([rank for rank, _ in keepers], np.int64), np.array([jaccard for _, jaccard in keepers])
    )


def _settle_runs(
    runs: list[Ranks],
    edges: tuple[Ranks, Ranks, NDArray[np.float64]],
    read: Read,
    ngram: int,
    threshold: float,
    characters: int,
    removed: dict[int, tuple[int, float]],
) -> None:
    members = distinct(np.concatenate(runs))
    twin = kernels.best(characters)
    sets = twin.prepare(*read(members), kernels.multipliers(ngram))
    where = {rank: at for at, rank in enumerate(members.tolist())}
    of: dict[int, list[int]] = {}
    for number, run in enumerate(runs):
        for rank in run.tolist():
            of.setdefault(rank, []).append(number)
    kept: list[list[int]] = [[] for _ in runs]  # the kept texts of each run so far
    links: dict[int, list[tuple[int, float]]] = {}
    for one, other, jaccard in zip(*(edge.tolist() for edge in edges), strict=True):
        links.setdefault(one, []).append((other, jaccard))
    for rank in sorted(of.keys() | links.keys()):
        best = next(((other, jaccard) for other, jaccard in links.get(rank, ()) if other not in removed), None)
        here = of.get(rank, ())
        others = sorted({other for number in here for other in kept[number] if best is None or other < best[0]})
        at, step = 0, 64
        while at < len(others):
            some = others[at : at + step]
            jaccard = twin.jaccard(
                sets, np.full(len(some), where[rank]), np.array([where[other] for other in some]), threshold
            )
            hits = np.flatnonzero(jaccard)
            if len(hits):
                best = some[hits[0]], float(jaccard[hits[0]])
                break
            at, step = at + step, 2 * step
        if best is not None:
            removed[rank] = best
        else:
            for number in here:
                kept[number].append(rank)
