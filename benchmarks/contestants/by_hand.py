"""The straightforward script of the four libraries: python benchmarks/by_hand.py IN.jsonl OUT.jsonl.

What somebody writes in an afternoon: chardet for the bytes, ftfy for the
damage, OpenCC for the characters, datasketch for the copies. It is what
benchmarks/batch.py compares with; it leaves no ledger, finds no boilerplate,
and ftfy's defaults rewrite the punctuation of Chinese.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import chardet
import ftfy
from datasketch import MinHash, MinHashLSH
from opencc import OpenCC


def clean(source: Path, target: Path) -> None:
    """Clean the rows of *source* into *target*; of near duplicates the first stays."""
    simplify = OpenCC("t2s")
    seen = MinHashLSH(threshold=0.8, num_perm=128)
    with source.open("rb") as lines, target.open("w", encoding="utf-8") as out:
        for number, line in enumerate(lines):
            encoding = chardet.detect(line)["encoding"] or "utf-8"
            row = json.loads(line.decode(encoding, "replace"))
            text = simplify.convert(ftfy.fix_text(row["text"]))
            signature = MinHash(num_perm=128)
            signature.update_batch({text[at : at + 5].encode() for at in range(max(len(text) - 4, 1))})
            if seen.query(signature):
                continue
            seen.insert(number, signature)
            out.write(json.dumps({**row, "text": text}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    clean(Path(sys.argv[1]), Path(sys.argv[2]))
