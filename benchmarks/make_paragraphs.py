"""Makes a corpus of Chinese paragraphs as large as one likes: what the engines are measured on.

    python benchmarks/make_paragraphs.py 1000000 corpus/

Words of one to four characters with a Zipf distribution, so that n-grams recur as
in prose; 5 % of the paragraphs are one of 200 hot lines (boilerplate), 15 % are
exact copies of an earlier paragraph, 12 % near copies (a few characters changed).
Documents have ten paragraphs on average. The same arguments give the same files.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FREQUENT = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家"
    "电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明"
    "看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边"
)
PER_FILE = 5_000  # documents


def words(rng: np.random.Generator, count: int) -> list[str]:
    """*count* words, the first of which are the most frequent."""
    lengths = rng.choice([1, 2, 2, 2, 3, 4], count)
    return ["".join(rng.choice(list(FREQUENT), length)) for length in lengths]


class Maker:
    """Paragraphs, one after the other."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.vocabulary = np.array(words(self.rng, 40_000), dtype=object)
        ranks = np.arange(1, len(self.vocabulary) + 1)
        self.chances = (1 / ranks) / (1 / ranks).sum()
        self.hot = self.fresh(200)
        self.known: list[str] = []

    def fresh(self, count: int) -> list[str]:
        """New paragraphs of 25 to 90 words."""
        sizes = self.rng.integers(25, 90, count)
        drawn = self.rng.choice(self.vocabulary, int(sizes.sum()), p=self.chances)
        made, at = [], 0
        for size in sizes.tolist():
            some = drawn[at : at + size].tolist()
            some[7::9] = [word + "，" for word in some[7::9]]
            made.append("".join(some) + "。")
            at += size
        return made

    def paragraphs(self, count: int) -> list[str]:
        """The next *count* paragraphs."""
        rng = self.rng
        kinds = rng.random(count)
        fresh = iter(self.fresh(count))
        made = []
        for kind in kinds.tolist():
            if kind < 0.05:
                made.append(self.hot[int(rng.integers(len(self.hot)))])
                continue
            if kind < 0.32 and self.known:
                text = self.known[int(rng.integers(len(self.known)))]
                if kind >= 0.20:
                    at = int(rng.integers(len(text) - 3))
                    text = text[:at] + FREQUENT[int(rng.integers(len(FREQUENT)))] + text[at + 2 :]
                made.append(text)
                continue
            made.append(next(fresh))
            self.known.append(made[-1])
        return made


def main() -> None:
    """Write the corpus."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("paragraphs", type=int)
    options.add_argument("folder", type=Path)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    given.folder.mkdir(parents=True)
    maker = Maker(given.seed)
    left, document, size, file = given.paragraphs, 0, 0, 0
    while left:
        ids: list[str] = []
        texts: list[str] = []
        while left and len(texts) < PER_FILE:
            count = min(left, int(maker.rng.integers(1, 20)))
            texts.append("\n".join(maker.paragraphs(count)))
            ids.append(f"doc-{document:09d}")
            document += 1
            left -= count
        pq.write_table(pa.table({"id": ids, "text": texts}), given.folder / f"{file:05d}.parquet", compression="zstd")
        size += sum(len(text.encode()) for text in texts)
        file += 1
    print(f"{given.paragraphs:,} paragraphs, {document:,} documents, {size / 1e6:.1f} MB, {file} files")


if __name__ == "__main__":
    main()
