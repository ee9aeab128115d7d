"""How right is 繁→简 on text that others converted and checked by hand?

    git clone --depth 1 https://github.com/UniversalDependencies/UD_Chinese-GSD       (and -GSDSimp, UD_Chinese-PUD,
    UD_Chinese-HK, UD_Japanese-GSD), all into one folder; then   python benchmarks/treebank.py FOLDER [--show]

Exact sentences on GSD against its simplified twin, after quotation marks are
made equal (the twin was given “” for 「」); simplified and Japanese sentences
that are altered; sentences that a second pass alters again; and, for PUD and
HK, which have no twin, what is left of traditional characters. The treebanks
are CC BY-SA: measured against, never shipped, never learned from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from opencc import OpenCC

from textclean import Document, Pipeline, SimplifyChinese
from textclean.scripts import patterns

QUOTES = str.maketrans("「」『』", "“”‘’")


def sentences(folder: Path, treebank: str) -> Iterator[tuple[str, str]]:
    """(id, text) of the development and test parts."""
    for path in sorted((folder / treebank).glob("*.conllu")):
        if "train" in path.name:
            continue
        name = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# sent_id = "):
                name = line.removeprefix("# sent_id = ")
            elif line.startswith("# text = "):
                yield f"{path.stem[-4:]}:{name}", line.removeprefix("# text = ")


def textclean_zhs() -> Callable[[str], str]:
    """The stage as a function of a sentence."""
    pipeline = Pipeline([SimplifyChinese()])
    return lambda text: pipeline(Document("", text)).text


def measure(folder: Path, name: str, convert: Callable[[str], str], *, show: bool) -> None:
    """Print every figure of *convert*."""
    gold = dict(sentences(folder, "UD_Chinese-GSDSimp"))
    pairs = [(text, gold[key]) for key, text in sentences(folder, "UD_Chinese-GSD") if key in gold]
    exact = wrong = 0
    for text, want in pairs:
        got, want = convert(text).translate(QUOTES), want.translate(QUOTES)  # noqa: PLW2901
        exact += got == want
        different = [(at, a, b) for at, (a, b) in enumerate(zip(got, want, strict=False)) if a != b]
        wrong += len(different) + abs(len(got) - len(want))
        if show and got != want:
            print("  GSD", [(got[max(0, at - 5) : at + 5], b) for at, _, b in different[:3]])
    altered = [text for text in gold.values() if convert(text) != text]
    print(
        f"{name:<16} GSD exact {exact}/{len(pairs)}, {wrong} characters wrong; simplified altered {len(altered)}",
        end="",
    )
    for treebank in ("UD_Chinese-PUD", "UD_Chinese-HK", "UD_Japanese-GSD"):
        texts = [text for _, text in sentences(folder, treebank)]
        once = [convert(text) for text in texts]
        again = sum(convert(text) != text for text in once)
        if treebank == "UD_Japanese-GSD":
            changed = [(a, b) for a, b in zip(texts, once, strict=True) if a != b]
            print(f"; Japanese damaged {len(changed)}/{len(texts)}", end="")
            if show:
                for a, b in changed:
                    print("\n  JA", a, [(x, y) for x, y in zip(a, b, strict=False) if x != y], end="")
        else:
            left = [text for text in once if patterns().traditional.search(text)]
            print(f"; {treebank[11:]} left traditional {len(left)}, not stable {again}", end="")
            if show:
                for text in left:
                    print(
                        "\n  left",
                        [text[max(0, m.start() - 4) : m.end() + 4] for m in patterns().traditional.finditer(text)],
                        end="",
                    )
    print()


def main() -> None:
    """Ours beside OpenCC's two candidates."""
    folder = Path(sys.argv[1])
    show = "--show" in sys.argv
    measure(folder, "textclean zhs", textclean_zhs(), show=show)
    for config in ("t2s", "tw2s"):
        measure(folder, f"opencc {config}", OpenCC(config).convert, show=False)


main()
