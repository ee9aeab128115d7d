"""Build ``readings.txt``: the traditional-only characters of GBK by their Mandarin readings.

    python build_readings.py READINGS_TXT

One line a reading: the syllable, a tab, its characters. A character is
traditional-only if OpenCC's t2s tables change it; the readings are those of
pypinyin's character table (MIT). Run by hand; nothing in the package imports
this module.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Write the file named on the command line."""
    import opencc  # noqa: PLC0415

    pinyin_dict = import_module("pypinyin.pinyin_dict").pinyin_dict  # no dependency of ours: only this script needs it
    simplified = opencc.OpenCC("t2s")
    by_reading: defaultdict[str, list[str]] = defaultdict(list)
    for code in range(0x4E00, 0xA000):
        character = chr(code)
        if simplified.convert(character) == character or len(character.encode("gb18030")) != 2:
            continue
        for reading in pinyin_dict.get(code, "").split(","):
            if reading:
                by_reading[reading].append(character)
    lines = (f"{reading}\t{''.join(characters)}\n" for reading, characters in sorted(by_reading.items()))
    Path(sys.argv[1]).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
