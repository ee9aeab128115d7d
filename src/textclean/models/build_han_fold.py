"""Build han_fold.txt from OpenCC's TSCharacters.txt (Apache-2.0).

    python build_han_fold.py TSCharacters.txt > han_fold.txt

A character-level table is enough for *comparing* texts: whether 後 becomes 后
rightly is a question for conversion, but 後 and 后 must meet in one key. The
first candidate of each line is taken, and chains are followed to their end so
that folding twice is folding once.
"""

from __future__ import annotations

import sys
from pathlib import Path

PAIRS_A_LINE = 40


def pairs(dictionary: str) -> dict[str, str]:
    """Traditional → simplified, one character each, chains closed."""
    table: dict[str, str] = {}
    for line in dictionary.splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        source, targets = line.split("\t", 1)
        target = targets.split()[0]
        if len(source) == 1 and len(target) == 1 and source != target:
            table[source] = target
    return {source: _end_of_chain(table, source) for source in sorted(table)}


def _end_of_chain(table: dict[str, str], source: str) -> str:
    seen = {source}
    while table[source] in table and table[source] not in seen:
        source = table[source]
        seen.add(source)
    return table[source]


if __name__ == "__main__":
    flat = [source + target for source, target in pairs(Path(sys.argv[1]).read_text(encoding="utf-8")).items()]
    lines = ["".join(flat[at : at + PAIRS_A_LINE]) for at in range(0, len(flat), PAIRS_A_LINE)]
    sys.stdout.write("# Pairs of characters, from OpenCC TSCharacters.txt (Apache-2.0); see build_han_fold.py\n")
    sys.stdout.write("\n".join(lines) + "\n")
