"""Build ``characters.bin``, the character model, from word and text counts.

    python build_characters.py DICT_TXT CHARACTERS_BIN [--text TEXT_FILE]...

*DICT_TXT* is jieba's ``dict.txt`` (one "word count tag" a line). Each word also
counts in its traditional form, by OpenCC's s2t tables, so that the model knows
both scripts. Each *TEXT_FILE* (UTF-8, optional) adds running text, which is
where punctuation and word boundaries are learnt. The same inputs give the same
file, byte for byte. Run by hand; nothing in the package imports this module.
"""

from __future__ import annotations

import argparse
import json
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

STEP = 0.25
"""Nats a level of the stored log probabilities: finer changes no repair, coarser does."""

# Punctuation never stands in a dictionary; per 1,000 characters of running text, of which half is within words.
PUNCTUATION = {
    "，": 30, "。": 20, "、": 10, "“": 4, "”": 4, "《": 2, "》": 2, "：": 3, "；": 1, "！": 1, "？": 1.5,
    "（": 2, "）": 2, "·": 0.8, "—": 1, "…": 0.5, "‘": 0.3, "’": 0.3, "「": 1, "」": 1, "『": 0.15, "』": 0.15,
    "〈": 0.1, "〉": 0.1, "【": 0.2, "】": 0.2, "％": 0.1, "．": 0.05, "～": 0.1, "\u3000": 0.5, "×": 0.1, "°": 0.05, "℃": 0.05,
}  # fmt: skip


class Counts:
    """Unigrams, pairs, and how often a character opens or closes a word."""

    def __init__(self) -> None:
        self.one: Counter[str] = Counter()
        self.two: Counter[str] = Counter()
        self.opens: Counter[str] = Counter()
        self.closes: Counter[str] = Counter()

    def word(self, word: str, count: int) -> None:
        """Count one dictionary word."""
        for character in word:
            self.one[character] += count
        for left, right in pairwise(word):
            self.two[left + right] += count
        self.opens[word[0]] += count
        self.closes[word[-1]] += count


def fold(text: str) -> str:
    """Digits and Latin letters as one character each: which number it is says nothing."""
    return "".join("0" if "0" <= c <= "9" else "a" if c.isascii() and c.isalpha() else c for c in text)


def dictionary(path: Path) -> Counts:
    """What jieba's word list says, in both scripts."""
    import opencc  # noqa: PLC0415

    traditional = opencc.OpenCC("s2t")
    counts = Counts()
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count = line.split()[:2]
        for form in sorted({word, traditional.convert(word)}):
            counts.word(fold(form), int(count))
    total = sum(counts.one.values()) / 500
    for mark, share in PUNCTUATION.items():
        counts.one[mark] = counts.opens[mark] = counts.closes[mark] = max(1, int(share * total))
    return counts


def running(paths: Iterable[Path]) -> tuple[Counter[str], Counter[str]]:
    """Unigrams and pairs of running text, in both scripts."""
    import opencc  # noqa: PLC0415

    traditional = opencc.OpenCC("s2t")
    one: Counter[str] = Counter()
    two: Counter[str] = Counter()
    for path in paths:
        with path.open(encoding="utf-8") as file:
            while lines := list(islice(file, 2000)):
                text = "".join(lines)
                for form in (text, traditional.convert(text)):
                    form = fold(form)  # noqa: PLW2901
                    one.update(form)
                    two.update(map("".join, pairwise(form)))
    return one, two


def probabilities(counts: Counts, one: Counter[str], two: Counter[str], weight: float) -> Iterator[tuple[str, float]]:
    """(pair, probability of its second character after its first) for every pair seen."""
    after = Counter(pair[0] for pair in two)
    for pair in sorted(counts.two.keys() | two.keys()):
        left = pair[0]
        word = counts.two[pair] / (counts.one[left] + 5)
        if not one:
            yield pair, word
            continue
        # Witten-Bell: the more different characters follow, the more is kept for those not seen.
        text = two[pair] / (one[left] + after[left]) if left in one else 0.0
        yield pair, weight * text + (1 - weight) * word


def build(counts: Counts, one: Counter[str], two: Counter[str], weight: float, least: float) -> bytes:
    """The packed model."""
    total, opened = sum(counts.one.values()), sum(counts.opens.values())
    texts = sum(one.values())
    after = Counter(pair[0] for pair in two)
    characters = [c for c in counts.one.keys() | one.keys() if ord(c) < 0x10000 and (c == "\n" or c.isprintable())]

    def alone(c: str) -> float:
        word = (counts.opens[c] + 0.02 * counts.one[c] + 0.3) / opened
        return weight * (one[c] + 0.05) / texts + (1 - weight) * word if texts else word

    def leaves(c: str) -> float:
        word = min(1.0, (counts.closes[c] + 1) / (counts.one[c] + 5))
        if not texts:
            return word
        text = (after[c] + 1) / (one[c] + after[c] + 1)
        return weight * text + (1 - weight) * word

    characters.sort(key=lambda c: (-(counts.one[c] / total + (one[c] / texts if texts else 0)), c))
    number = {c: i for i, c in enumerate(characters)}

    def levels(probability: float) -> int:
        return min(255, max(0, round(-math.log(probability) / STEP)))

    alone_levels = [levels(alone(c)) for c in characters]
    leaves_levels = [levels(leaves(c)) for c in characters]
    rows: list[list[tuple[int, int]]] = [[] for _ in characters]
    for pair, probability in probabilities(counts, one, two, weight):
        if pair[0] not in number or pair[1] not in number or probability <= 0:
            continue
        a, b = number[pair[0]], number[pair[1]]
        back = math.exp(-STEP * (alone_levels[b] + leaves_levels[a]))
        seen = counts.two[pair] / total + (two[pair] / texts if texts else 0)
        # A pair earns its place by what it saves: how often it comes, times how wrong the fallback is.
        if seen * (math.log(probability + back) - math.log(back)) >= least:
            rows[a].append((b, levels(probability + back)))
    for row in rows:
        row.sort()
    lengths = np.array([len(row) for row in rows], np.uint16)
    gaps = np.array(
        [b - before for row in rows for before, (b, _) in zip([0, *(b for b, _ in row)], row, strict=False)], np.uint16
    )
    values = np.array([value for row in rows for _, value in row], np.uint8)
    head = {"step": STEP, "characters": len(characters), "pairs": len(values)}
    body = b"".join(
        (
            "".join(characters).encode("utf-16-le", "surrogatepass"),
            bytes(alone_levels),
            bytes(leaves_levels),
            lengths.astype("<u2").tobytes(),
            (gaps & 255).astype(np.uint8).tobytes(),
            (gaps >> 8).astype(np.uint8).tobytes(),
            values.tobytes(),
        )
    )
    return json.dumps(head).encode() + b"\n" + zlib.compress(body, 9)


def main() -> None:
    """Read the arguments and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dictionary", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--text", type=Path, action="append", default=[])
    parser.add_argument("--weight", type=float, default=0.7, help="share of running text in the mix")
    parser.add_argument("--least", type=float, default=4e-8, help="what a pair must save, in nats a character")
    given = parser.parse_args()
    packed = build(dictionary(given.dictionary), *running(given.text), given.weight, given.least)
    given.model.write_bytes(packed)
    print(f"{len(packed):,} bytes: {packed.splitlines()[0].decode()}")  # noqa: T201


if __name__ == "__main__":
    main()
