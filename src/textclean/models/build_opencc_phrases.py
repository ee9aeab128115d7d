"""Build opencc_phrases.txt from the OpenCC that is installed (Apache-2.0).

    python build_opencc_phrases.py > opencc_phrases.txt

These are the entries of TSPhrases, which OpenCC's wheel holds in a packed form
that only its own tool opens. SimplifyChinese has to know them: whatever is in
none of them is converted character by character. Of several forms the first is
taken, as OpenCC does.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WORDS_A_LINE = 20


def phrases() -> dict[str, str]:
    """TSPhrases as the installed OpenCC has it; FileNotFoundError where the build comes without its tools."""
    import opencc  # noqa: PLC0415  as everywhere, where it is first needed

    home = Path(opencc.__file__).parent / "clib"
    tool = next((home / "bin").glob("opencc_dict*"), None)
    if tool is None:
        raise FileNotFoundError(f"no opencc_dict in {home / 'bin'}")
    source = home / "share" / "opencc" / "TSPhrases.ocd2"
    command = [str(tool), "-i", str(source), "-o", "/dev/stdout", "-f", "ocd2", "-t", "text"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout  # noqa: S603
    rows = (line.split("\t") for line in listed.splitlines() if "\t" in line)
    return {source: targets.split()[0] for source, targets in rows}


if __name__ == "__main__":
    from opencc import __version__

    listed = [source if source == target else f"{source}→{target}" for source, target in sorted(phrases().items())]
    lines = [" ".join(listed[at : at + WORDS_A_LINE]) for at in range(0, len(listed), WORDS_A_LINE)]
    sys.stdout.write(f"# TSPhrases of OpenCC {__version__} (Apache-2.0); see build_opencc_phrases.py\n")
    sys.stdout.write("\n".join(lines) + "\n")
