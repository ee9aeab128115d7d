"""Shingle sets compared exactly, and the rare shingles by which similar sets are found."""

from __future__ import annotations

import numpy as np

from textclean.kernels.native.minhash import mix64

HELPERS = ("mix64", "windows", "decode")
KERNELS = ("prepare", "gather", "jaccard", "count", "rare", "runs")

_S1 = np.uint64(1)
_SURROGATE, _HIGH = np.uint32(0xFC00), np.uint32(0xD800)


def windows(text, count, factors, sums):
    """The multilinear sums of the shingles of text[:count]; how many there are."""
    ngram = factors.shape[0]
    if count == 0:
        return 0
    if count < ngram:
        total = np.uint64(0)
        for place in range(count):
            total += np.uint64(text[place]) * factors[place]
        sums[0] = total
        return 1
    found = count - ngram + 1
    if ngram == 5:  # the default, in one pass instead of five
        one, two, three, four, five = factors[0], factors[1], factors[2], factors[3], factors[4]
        for at in range(found):
            total = np.uint64(text[at]) * one
            total += np.uint64(text[at + 1]) * two
            total += np.uint64(text[at + 2]) * three
            total += np.uint64(text[at + 3]) * four
            sums[at] = total + np.uint64(text[at + 4]) * five
        return found
    factor = factors[0]
    for at in range(found):
        sums[at] = np.uint64(text[at]) * factor
    for place in range(1, ngram):
        factor = factors[place]
        for at in range(found):
            sums[at] += np.uint64(text[at + place]) * factor
    return found


def decode(units, text):
    """UTF-16 as code points in *text*; how many there are."""
    size = units.shape[0]
    seen = np.uint32(0)
    for place in range(size):
        unit = np.uint32(units[place])
        text[place] = unit
        seen |= np.uint32(unit & _SURROGATE == _HIGH)
    if seen == np.uint32(0):
        return size
    count = 0
    place = 0
    while place < size:
        code = np.uint32(units[place])
        if code & _SURROGATE == _HIGH:
            place += 1
            code = ((code - np.uint32(0xD7C0)) << np.uint32(10)) | (np.uint32(units[place]) & np.uint32(0x3FF))
        text[count] = code
        count += 1
        place += 1
    return count


def prepare(units, lows, sizes, longest, factors, hashes, starts, maps):
    """See :func:`textclean.kernels.vector.prepare`."""
    text = np.empty(longest, np.uint32)
    for i in range(lows.shape[0]):
        at = starts[i]
        found = windows(text, decode(units[lows[i] : lows[i] + sizes[i]], text), factors, hashes[at:])
        starts[i + 1] = at + found
        some, row = hashes[at : at + found], maps[i]
        for k in range(found):
            some[k] = mix64(some[k])
        for k in range(found):  # by itself, because the one before goes by vectors
            bit = some[k] >> np.uint64(54)
            row[bit & np.uint64(15)] |= _S1 << (bit >> np.uint64(4))


def gather(units, lows, sizes, out):
    """See :func:`textclean.kernels.vector.gather`."""
    written = 0
    for i in range(lows.shape[0]):
        some, room = units[lows[i] : lows[i] + sizes[i]], out[written:]
        for place in range(some.shape[0]):
            room[place] = some[place]
        written += some.shape[0]


def jaccard(hashes, starts, maps, left, right, threshold, large, out):
    """See :func:`textclean.kernels.vector.jaccard`; pairs with a text of more than *large* shingles are passed over."""
    longest = 0
    for i in range(starts.shape[0] - 1):
        shingles = starts[i + 1] - starts[i]
        if shingles <= large:
            longest = max(longest, shingles)
    size = 64
    while size < 4 * longest:
        size *= 2
    mask = np.uint64(size - 1)
    slots = np.empty(size, np.uint64)
    # Who put the shingle in a slot, numbered by turns so that nothing is ever cleared: base_turn or more, a shingle of
    # the left text (the turn in which the right text was seen to share it); minus the turn, one of the right text alone.
    owner = np.zeros(size, np.int64)
    last = -1
    turn = 1
    base = 0
    base_turn = 1
    share = (1.0 - threshold) / (1.0 + threshold)
    for pair in range(left.shape[0]):
        out[pair] = 0.0
        one = left[pair]
        other = right[pair]
        low = starts[other]
        shingles = starts[other + 1] - low
        if shingles == 0 or starts[one + 1] == starts[one]:
            continue
        if shingles > large or starts[one + 1] - starts[one] > large:
            continue
        apart = 0
        for word in range(maps.shape[1]):
            x = maps[one, word] ^ maps[other, word]
            x -= (x >> _S1) & np.uint64(0x5555555555555555)
            x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
            x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
            apart += np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))
        if apart > share * (shingles + starts[one + 1] - starts[one]) + 1e-9:
            continue
        if one != last:
            last = one
            turn += 1
            base_turn = turn
            base = 0
            for at in range(starts[one], starts[one + 1]):
                value = hashes[at]
                slot = value & mask
                while owner[slot] >= base_turn and slots[slot] != value:
                    slot = (slot + _S1) & mask
                if owner[slot] < base_turn:
                    owner[slot] = base_turn
                    slots[slot] = value
                    base += 1
        turn += 1
        shared = 0
        missed = 0
        for at in range(low, low + shingles):
            # What is left of the right text cannot make up for what it has missed.
            if min(base, shingles - missed) < threshold * (base + missed) - 1e-9:
                break
            value = hashes[at]
            slot = value & mask
            while owner[slot] >= base_turn or owner[slot] == -turn:
                if slots[slot] == value:
                    break
                slot = (slot + _S1) & mask
            if owner[slot] >= base_turn:
                if owner[slot] != turn:
                    owner[slot] = turn
                    shared += 1
            elif owner[slot] != -turn:
                owner[slot] = -turn
                slots[slot] = value
                missed += 1
        similarity = shared / (base + missed)
        if similarity >= threshold:
            out[pair] = similarity


def count(hashes, shift, counts):
    """See :func:`textclean.kernels.vector.count`."""
    for at in range(hashes.shape[0]):
        slot = hashes[at] >> shift
        if counts[slot] < np.uint16(0xFFFF):
            counts[slot] += np.uint16(1)


def rare(hashes, starts, shift, counts, threshold, found, texts):
    """See :func:`textclean.kernels.vector.rare`."""
    out = 0
    histogram = np.zeros(64, np.int64)
    longest = 0
    for i in range(starts.shape[0] - 1):
        longest = max(longest, starts[i + 1] - starts[i])
    often = np.empty(longest, np.uint16)  # the counts lie all over the memory, so each is fetched once
    for i in range(starts.shape[0] - 1):
        low = starts[i]
        high = starts[i + 1]
        shingles = high - low
        # The prefix by the number of shingles, of which the set's own is a part: too long is only slower.
        need = shingles - np.int64(np.ceil(threshold * shingles - 1e-9)) + 1
        histogram[:] = 0
        for at in range(low, high):
            count = counts[hashes[at] >> shift]
            often[at - low] = count
            histogram[min(np.int64(count), 63)] += 1
        need -= histogram[1]  # alone in the corpus: they are in the prefix and match nothing
        if need <= 0:
            continue
        limit = 2
        taken = histogram[2]
        while taken < need and limit < 63:
            limit += 1
            taken += histogram[limit]
        begin = out
        while True:
            for at in range(low, high):
                count = np.int64(often[at - low])
                if count > 1 and (count <= limit or limit == 63):
                    # Ordered by count, then by hash: the same order in every text.
                    found[out] = (np.uint64(count) << np.uint64(48)) | (hashes[at] >> np.uint64(16))
                    out += 1
            found[begin:out].sort()
            distinct = begin
            for at in range(begin, out):
                if at == begin or found[at] != found[at - 1]:
                    found[distinct] = found[at]
                    distinct += 1
            out = min(distinct, begin + need)
            if distinct - begin >= need or limit == 63:
                break
            out = begin  # repeated shingles took the places
            limit = min(2 * limit, 63)
        texts[begin:out] = i
    return out


def runs(packed, mask, places, heads):
    """See :func:`textclean.kernels.vector.runs`."""
    found = np.uint64(0)
    head = 0
    for at in range(1, packed.shape[0]):
        same = (packed[at] ^ packed[at - 1]) <= mask
        head = head if same else at
        places[found] = at
        heads[found] = head
        found += np.uint64(same)
    return found
