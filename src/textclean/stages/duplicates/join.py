"""From equal keys to verified duplicates.

Texts are numbered by rank: 0 is the one that is kept before all others. Equal
keys (of a band, of a rare shingle) are found by sorting plain 64-bit numbers
whose low bits are the rank, which is ten times faster than a hash table. What
they propose is verified exactly, and then settled in order of rank: a text is
removed when a *kept* one before it is similar enough. There are no chains, and
nothing depends on how the corpus was cut.

What is held at once is bounded: once there are many proposals those known so
far are verified, and of those only the ones that are similar enough stay.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.stages.duplicates.compare import Comparison, Ranks

# In a run of so many equal keys not all pairs are written down: a form letter in a million copies would make 10¹² of
# them. Its texts are compared with the kept ones only, when their turn comes.
_LONG = 512
_PAIRS_HELD = 1 << 22
_PAIRS_AT_ONCE = 1 << 18
_EDGES_AT_ONCE = 1 << 16
_BLOCK = 256


class Settled(NamedTuple):
    """Each removed text with the kept one it repeats."""

    removed: Ranks
    keepers: Ranks
    jaccard: NDArray[np.float64]


class Edges(NamedTuple):
    """Pairs that are similar enough, in order of the later, then of the earlier."""

    later: Ranks
    earlier: Ranks
    jaccard: NDArray[np.float64]


def bits(texts: int) -> np.uint64:
    """How many low bits a rank takes."""
    return np.uint64(max(1, (texts - 1).bit_length()))


def pack(keys: NDArray[np.uint64], ranks: NDArray[Any], texts: int, *, own: bool = False) -> NDArray[np.uint64]:
    """*keys* with their low bits replaced by *ranks*, sorted: equal keys stand together, in order of rank.

    *own*: nobody else needs the keys.
    """
    packed = pack_unsorted(keys, ranks, texts, own=own)
    packed.sort()
    return packed


def pack_unsorted(
    keys: NDArray[np.uint64], ranks: NDArray[Any], texts: int, *, own: bool = False
) -> NDArray[np.uint64]:
    """*keys* with their low bits replaced by *ranks*."""
    low = (np.uint64(1) << bits(texts)) - np.uint64(1)
    out: NDArray[np.uint64] = np.bitwise_and(keys, ~low, out=keys if own else None)
    out |= ranks.astype(np.uint32, copy=False)
    return out


def distinct(values: NDArray[Any], *, own: bool = False) -> NDArray[Any]:
    """*values* sorted, each once; quicker than np.unique, which hashes. *own*: nobody else needs them in their order."""
    if own:
        values.sort()
    else:
        values = np.sort(values)
    return values[np.r_[True, values[1:] != values[:-1]]] if len(values) else values


def settle(lists: Iterable[NDArray[np.uint64]], texts: int, compare: Comparison) -> Settled:
    """Who goes, and because of whom, by what the packed *lists* propose: the first kept text that is similar enough."""
    found: list[NDArray[np.uint64]] = []
    known: list[Edges] = []
    runs: list[Ranks] = []
    held = 0
    for packed in lists:
        for pairs in _proposals(packed, texts, runs):
            found.append(pairs)
            held += len(pairs)
            if held > _PAIRS_HELD:
                found = [distinct(np.concatenate(found), own=True)]
                held = len(found[0])
                if held > _PAIRS_HELD // 2:
                    known.append(_verified(found[0], compare))
                    found, held = [], 0
        del packed  # before the next one is made
    if found:
        known.append(_verified(distinct(np.concatenate(found), own=True), compare))
    edges = _merged(known)
    fates = Fates(texts)
    if runs:
        _settle_runs(runs, edges, compare, fates)
    else:
        for at in range(0, len(edges.later), _EDGES_AT_ONCE):
            some = (column[at : at + _EDGES_AT_ONCE].tolist() for column in edges)
            for one, other, jaccard in zip(*some, strict=True):
                if fates.keeper[one] < 0 and fates.keeper[other] < 0:
                    fates.remove(one, other, jaccard)
    return fates.settled()


class Fates:
    """Of each text the kept one it yields to, if it goes: two columns, where a dictionary takes ten times the memory."""

    def __init__(self, texts: int) -> None:
        self.keeper = array("i", [-1]) * texts
        self._jaccard = array("d", [0.0]) * texts

    def remove(self, rank: int, keeper: int, jaccard: float) -> None:
        """The text *rank* goes because of *keeper*."""
        self.keeper[rank], self._jaccard[rank] = keeper, jaccard

    def kept(self, ranks: Ranks) -> NDArray[np.bool_]:
        """Which of *ranks* have not gone."""
        staying: NDArray[np.bool_] = np.frombuffer(self.keeper, np.int32)[ranks] < 0
        return staying

    def settled(self) -> Settled:
        """All that go."""
        keeper = np.frombuffer(self.keeper, np.int32)
        removed = np.flatnonzero(keeper >= 0)
        return Settled(removed, keeper[removed].astype(np.int64), np.frombuffer(self._jaccard)[removed])


def _proposals(packed: NDArray[np.uint64], texts: int, runs: list[Ranks]) -> Iterator[NDArray[np.uint64]]:
    """Pairs as later << 32 | earlier; what is too long to be written down as pairs goes to *runs*."""
    low = bits(texts)
    mask = (np.uint64(1) << low) - np.uint64(1)
    # Each text is paired with those of its run before it.
    places, heads = kernels.best(0).runs(packed, mask)
    ends = np.flatnonzero(np.append(heads[1:] != heads[:-1], True)) if len(heads) else heads
    first, length = heads[ends], np.diff(ends, prepend=-1) + 1
    if len(length) and length.max() > _LONG:
        for start, count in zip(first[length > _LONG].tolist(), length[length > _LONG].tolist(), strict=True):
            runs.append((packed[start : start + count] & mask).astype(np.int64))
        short = np.repeat(length <= _LONG, length - 1)
        places, heads = places[short], heads[short]
    ends = np.cumsum(places - heads)
    low_place = 0
    while low_place < len(places):
        # No more at once than may be held, or the pairs of one text.
        begin = ends[low_place - 1] if low_place else 0
        high_place = max(int(np.searchsorted(ends, begin + _PAIRS_HELD, side="right")), low_place + 1)
        some, head = places[low_place:high_place], heads[low_place:high_place]
        count = some - head
        nth = np.arange(ends[high_place - 1] - begin) - np.repeat(ends[low_place:high_place] - count - begin, count)
        later, earlier = packed[np.repeat(some, count)] & mask, packed[np.repeat(head, count) + nth] & mask
        yield (later << np.uint64(32)) | earlier
        low_place = high_place


def _verified(pairs: NDArray[np.uint64], compare: Comparison) -> Edges:
    """Those of *pairs*, which are in order, that are similar enough."""
    later, earlier, similar = [], [], []
    for at in range(0, len(pairs), _PAIRS_AT_ONCE):
        some = pairs[at : at + _PAIRS_AT_ONCE]
        left, right = (some >> np.uint64(32)).astype(np.int64), (some & np.uint64(0xFFFFFFFF)).astype(np.int64)
        jaccard = compare(left, right)
        good = np.flatnonzero(jaccard)
        later.append(left[good])
        earlier.append(right[good])
        similar.append(jaccard[good])
    return Edges(np.concatenate(later), np.concatenate(earlier), np.concatenate(similar))


def _merged(known: list[Edges]) -> Edges:
    if not known:
        return Edges(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    if len(known) == 1:
        return known[0]
    later, earlier, jaccard = (np.concatenate(column) for column in zip(*known, strict=True))
    order = np.lexsort((earlier, later))
    return Edges(later[order], earlier[order], jaccard[order])


def _settle_runs(runs: list[Ranks], edges: Edges, compare: Comparison, fates: Fates) -> None:
    """Like the loop over *edges* in :func:`settle`, but the texts of *runs* are compared when their turn comes.

    They come in blocks, each compared with the kept texts before it and then
    within itself.
    """
    member = distinct(
        np.concatenate([run.astype(np.uint64) << np.uint64(32) | np.uint64(number) for number, run in enumerate(runs)]),
        own=True,
    )
    ranks = (member >> np.uint64(32)).astype(np.int64)
    turns = distinct(np.concatenate([ranks, edges.later]), own=True)
    kept: list[list[int]] = [[] for _ in runs]
    for at in range(0, len(turns), _BLOCK):
        block = turns[at : at + _BLOCK]
        of: dict[int, list[int]] = {rank: [] for rank in block.tolist()}
        low, high = np.searchsorted(ranks, [block[0], block[-1] + 1]).tolist()
        numbers = (member[low:high] & np.uint64(0xFFFFFFFF)).tolist()
        for rank, number in zip(ranks[low:high].tolist(), numbers, strict=True):
            of[rank].append(number)
        low, high = np.searchsorted(edges.later, [block[0], block[-1] + 1]).tolist()
        near = Edges(edges.later[low:high], edges.earlier[low:high], edges.jaccard[low:high])
        yields = _to_kept(near, int(block[0]), fates)
        _among_kept(of, kept, compare, yields)
        # Whoever yields to a text before the block keeps nobody in the block out.
        links = _within_block({rank: numbers for rank, numbers in of.items() if rank not in yields}, near, compare)
        for rank, numbers in of.items():
            inside = min((link for link in links.get(rank, ()) if fates.keeper[link[0]] < 0), default=None)
            best = yields.get(rank, inside)
            if best is not None:
                fates.remove(rank, *best)
            else:
                for number in numbers:
                    kept[number].append(rank)


def _to_kept(near: Edges, first: int, fates: Fates) -> dict[int, tuple[int, float]]:
    """For each later text of *near* the first kept text before *first* that it is similar to."""
    here = np.flatnonzero(near.earlier < first)
    here = here[fates.kept(near.earlier[here])]
    later = near.later[here]
    here = here[np.r_[True, later[1:] != later[:-1]]] if len(here) else here
    found = zip(near.earlier[here].tolist(), near.jaccard[here].tolist(), strict=True)
    return dict(zip(near.later[here].tolist(), found, strict=True))


def _among_kept(
    of: dict[int, list[int]], kept: list[list[int]], compare: Comparison, yields: dict[int, tuple[int, float]]
) -> None:
    """Put into *yields* the first kept text of its runs that each text is similar to; a few are tried, then more."""
    waiting: dict[int, list[int]] = {}
    for rank, numbers in of.items():
        before = yields[rank][0] if rank in yields else rank
        others = sorted({other for number in numbers for other in kept[number] if other < before})
        if others:
            waiting[rank] = others
    low, high = 0, 16
    while waiting:
        pairs = [(rank, other) for rank, others in waiting.items() for other in others[low:high]]
        left, right = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
        jaccard = compare(left, right)
        for pair in np.flatnonzero(jaccard).tolist():
            rank, other = pairs[pair]
            if waiting.pop(rank, None) is not None:
                yields[rank] = other, float(jaccard[pair])
        low, high = high, 2 * high
        waiting = {rank: others for rank, others in waiting.items() if len(others) > low}


def _within_block(of: dict[int, list[int]], near: Edges, compare: Comparison) -> dict[int, list[tuple[int, float]]]:
    """The similar texts before each text of this block, those that share a run and those of *near*."""
    links: dict[int, list[tuple[int, float]]] = {rank: [] for rank in of}
    for one, other, jaccard in zip(*(column.tolist() for column in near), strict=True):
        if one in links and other in links:
            links[one].append((other, jaccard))
    earlier: dict[int, list[int]] = {}
    pairs: list[tuple[int, int]] = []
    for rank, numbers in of.items():
        others = {other for number in numbers for other in earlier.get(number, ())}
        pairs += [(rank, other) for other in sorted(others)]
        for number in numbers:
            earlier.setdefault(number, []).append(rank)
    if pairs:
        left, right = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
        similar = compare(left, right)
        for pair in np.flatnonzero(similar).tolist():
            links[pairs[pair][0]].append((pairs[pair][1], float(similar[pair])))
    return links
