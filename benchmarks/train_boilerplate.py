"""Train the line model of StripBoilerplate and write its weights.

    python benchmarks/train_boilerplate.py folds   # a model for each part of the sites left out, for benchmarks/boilerplate.py
    python benchmarks/train_boilerplate.py ship    # the model of the package, from all sites

Needs scikit-learn, LightGBM and opencc beside textclean, and the judging data
beside the project; a run takes about a minute of one core a model. What is
written are weights: no line of any page is in them.

A model is three fits: weights of character pairs (logistic regression), a
first round of trees on lines and surroundings, and a second on what the first
said. Each is fitted on what the ones before say about sites they have not
seen, or the later would learn to trust their memory.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import opencc
from boilerplate import Page, fold_of, folder_of_folds, pages
from made_blocks import block
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from textclean.stages.boilerplate.features import NAMES, columns, context
from textclean.stages.boilerplate.markup import Markup
from textclean.stages.boilerplate.measure import HASH_BITS, Floats, Measured, uses
from textclean.stages.boilerplate.model import LEAVES
from textclean.stages.boilerplate.rules import first_matches
from textclean.text import segments

SHIPPED = Path(__file__).parents[1] / "src" / "textclean" / "models" / "boilerplate.npz"
SEED = 7
LINES_A_SAMPLE = 60
"""Lines drawn of each sample: a page of seven hundred lines must not outweigh fifteen articles."""
ROUNDS = 200
INNER_PARTS = 2
TREES: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": LEAVES,
    "min_data_in_leaf": 60,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 127,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
    "seed": SEED,
    "verbose": -1,
}
Noise = tuple[list[str], list[str]]
_MARKS = re.compile("[，。、！？；：,.!?;:]")


@dataclass
class Sample:
    """Lines with their labels (None: not known), as one kind of input would show them."""

    family: str
    kind: str
    weight: float
    lines: Sequence[str]
    keep: Sequence[bool | None]
    markup: Markup | None = None
    measured: Measured = field(init=False)
    chosen: np.ndarray = field(init=False)

    def measure(self, fold: np.ndarray, number: int) -> None:
        """Measure the lines, and choose those that are learnt from."""
        self.measured = Measured(self.lines, fold)
        known = np.flatnonzero([keep is not None for keep in self.keep])
        if len(known) > LINES_A_SAMPLE:
            known = np.random.default_rng(number).choice(known, LINES_A_SAMPLE, replace=False)
        self.chosen = np.sort(known)

    def matrix(self, weights: Floats) -> Floats:
        """The features, a column for each line."""
        count = Counter(self.lines)
        repeats = np.array([min(count[line], 10) for line in self.lines], np.float32)
        return columns(self.measured, uses(first_matches(self.lines)[0]), weights, self.markup, repeats)

    def targets(self) -> tuple[np.ndarray, np.ndarray]:
        """Labels and weights of the chosen lines: losing a short line of the article costs as much as a long one."""
        weights = [
            self.weight * (1.3 if self.keep[row] else 0.5 + min(1.5, len(self.lines[row]) / 50)) for row in self.chosen
        ]
        return np.array([bool(self.keep[row]) for row in self.chosen]), np.array(weights)


def samples(found: Sequence[Page]) -> Iterator[Sample]:
    """Each page whole, light, tight, flattened, with links, its body alone, unpunctuated, and amid another site's noise."""
    rng = random.Random(SEED)
    noise: dict[str, list[Noise]] = {}
    for page in found:
        first, last = page.body
        above = [line for line, keep in zip(page.lines[:first], page.keep[:first], strict=True) if keep is False]
        below = [
            line for line, keep in zip(page.lines[last + 1 :], page.keep[last + 1 :], strict=True) if keep is False
        ]
        noise.setdefault(page.family, []).append((above, below))
    for page in found:
        low, high = page.light
        first, last = page.body
        modern = page.modern

        def part(kind: str, weight: float, start: int, end: int, *, html: bool = False, page: Page = page) -> Sample:
            shown = Markup(page.notes[start:end]) if html and page.notes else None
            return Sample(page.family, kind, weight, page.lines[start:end], page.keep[start:end], shown)

        if not modern or len(page.lines) > high - low + 5:
            yield part("full", 0.7, 0, len(page.lines))
            if page.notes:
                yield part("html", 0.5, 0, len(page.lines), html=True)
        yield part("light", 2.0 if modern else 1.0, low, high)
        if page.notes:
            yield part("html", 0.4, low, high, html=True)
        yield part("tight", 0.7, max(0, first - rng.randint(0, 5)), last + 1 + rng.randint(0, 8))
        body = [line for line, keep in zip(page.lines, page.keep, strict=True) if keep]
        yield Sample(page.family, "body", 1.2 if modern else 0.7, body, [True] * len(body))
        lines, keep = flattened(page.lines[low:high], page.keep[low:high])
        if len(lines) > 1:
            yield Sample(page.family, "flat", 0.6, lines, keep)
        bare = [piece.strip() for line in body for piece in _MARKS.split(line) if piece.strip()]
        yield Sample(page.family, "unpunctuated", 0.3, bare, [True] * len(bare))
        for _ in range(3 if modern else 1):
            above, below = noise_of(rng, noise, page.family)
            text = bare if rng.random() < 0.35 else body
            labels = [False] * len(above) + [True] * len(text) + [False] * len(below)
            yield Sample(page.family, "splice", 0.7, [*above, *text, *below], labels)
        for _ in range(3 if modern else 1):
            # Articles do not always end in a sentence: the text is cut anywhere, and blocks of other kinds set into it.
            text = cut(rng, body)
            if rng.random() < 0.75:
                at = rng.choice([0, rng.randint(0, len(text)), len(text), len(text)])
                text = [*text[:at], *block(rng), *text[at:]]
            above, below = noise_of(rng, noise, page.family)
            lines, keep = [*above, *text, *below], [False] * len(above) + [True] * len(text) + [False] * len(below)
            if rng.random() < 0.15:
                lines, keep = flattened(lines, keep)
            yield Sample(page.family, "made", 0.5, lines, keep)


def cut(rng: random.Random, body: list[str]) -> list[str]:
    """A stretch of *body* of three lines or more."""
    if len(body) < 4:
        return body
    size = rng.randint(3, len(body))
    at = rng.randint(0, len(body) - size)
    return body[at : at + size]


def noise_of(rng: random.Random, noise: Mapping[str, Sequence[Noise]], family: str) -> Noise:
    """Some of the lines above and below the article of another site."""
    above, below = rng.choice(noise[rng.choice([other for other in sorted(noise) if other != family])])
    if rng.random() < 0.3:  # a whole page, with all its menus
        return above[-150:], below[:150]
    return above[len(above) - rng.randint(0, min(6, len(above))) :], below[: rng.randint(0, 25)]


def flattened(lines: Sequence[str], keep: Sequence[bool | None]) -> tuple[list[str], list[bool | None]]:
    """The pieces of the lines joined by spaces, each with the label of its line."""
    text = " ".join(lines)
    owner = [number for number, line in enumerate(lines) for _ in range(len(line) + 1)]
    spans = segments(text)
    return [text[start:end] for start, end in spans], [keep[owner[start]] for start, _ in spans]


def folded_characters() -> np.ndarray:
    """For each code what stands for it: simplified for traditional, 0 for digits, full for half width."""
    convert = opencc.OpenCC("t2s").convert
    fold = np.arange(0x10000, dtype=np.uint16)
    for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)):
        simple = convert(chr(code))
        if len(simple) == 1 and ord(simple) < 0x10000:
            fold[code] = ord(simple)
    for digit in "123456789０１２３４５６７８９":
        fold[ord(digit)] = ord("0")
    for letter in range(26):
        fold[65 + letter] = 97 + letter
    for half, full in zip(":,()!?|;︰", "：，（）！？｜；：", strict=True):
        fold[ord(half)] = ord(full)
    for space in "\u3000\u00a0\t":
        fold[ord(space)] = 32
    return fold


def pair_weights(found: Sequence[Sample]) -> Floats:
    """How much each pair of characters speaks for the article: logistic regression on lines, each line of a site once."""
    seen: set[tuple[str, str, bool]] = set()
    rows: list[np.ndarray] = []
    labels, weights = [], []
    for sample in found:
        if sample.kind not in {"full", "light", "unpunctuated"}:
            continue
        edges = [*sample.measured.starts, len(sample.measured.pairs)]
        for row, (line, keep) in enumerate(zip(sample.lines, sample.keep, strict=True)):
            if keep is None or (sample.family, line, keep) in seen:
                continue
            seen.add((sample.family, line, keep))
            pairs = sample.measured.pairs[edges[row] : edges[row + 1]]
            rows.append(pairs if len(pairs) <= 120 else np.concatenate((pairs[:60], pairs[-60:])))
            labels.append(keep)
            weights.append((1.0 if keep else 0.5) * (0.3 if sample.kind == "unpunctuated" else 1.0))
    sizes = np.array([len(pairs) for pairs in rows])
    # A paragraph has a hundred pairs and a menu entry three; the root keeps either from ruling.
    values = np.repeat(3 / np.sqrt(sizes), sizes)
    where = (np.repeat(np.arange(len(rows)), sizes), np.concatenate(rows))
    matrix = csr_matrix((values, where), shape=(len(rows), 1 << HASH_BITS))
    fit = LogisticRegression(C=0.3, max_iter=60, solver="liblinear").fit(matrix, labels, sample_weight=weights)
    return (fit.coef_[0] * 3).astype(np.float32)


def model(found: Sequence[Sample], fold: np.ndarray) -> dict[str, np.ndarray]:
    """The packed arrays of one model."""
    parts = fold_of({sample.family for sample in found}, INNER_PARTS, SEED)
    part = [parts[sample.family] for sample in found]
    lexical = [pair_weights([s for s, p in zip(found, part, strict=True) if p != side]) for side in range(INNER_PARTS)]
    rows = [sample.matrix(lexical[side]) for sample, side in zip(found, part, strict=True)]
    said: dict[int, Floats] = {}
    for side in range(INNER_PARTS):
        trees = fitted(found, rows, [number for number, p in enumerate(part) if p != side])
        for number, p in enumerate(part):
            if p == side:
                said[number] = trees.predict(rows[number].T, num_threads=1).astype(np.float32)
    everything = range(len(found))
    first = fitted(found, rows, everything)
    second = fitted(found, [context(said[number], rows[number]) for number in everything], everything)
    weights = pair_weights(found)
    scale = float(np.abs(weights).max()) / 127
    changed = np.flatnonzero(fold != np.arange(0x10000))
    return {
        "names": np.array(NAMES),
        "fold_from": changed.astype(np.uint16),
        "fold_to": fold[changed],
        "pairs": np.round(weights / scale).astype(np.int8),
        "pairs_scale": np.float32(scale),
        **packed("first", first),
        **packed("second", second),
    }


def fitted(found: Sequence[Sample], rows: Sequence[Floats], numbers: Sequence[int] | range) -> lightgbm.Booster:
    """Trees fitted on the chosen lines of the samples with these *numbers*."""
    matrix = np.hstack([rows[number][:, found[number].chosen] for number in numbers]).T
    labels, weights = (np.concatenate(part) for part in zip(*(found[n].targets() for n in numbers), strict=True))
    lines = lightgbm.Dataset(matrix, labels.astype(np.float32), weight=weights, params=TREES)
    return lightgbm.train(TREES, lines, ROUNDS)


def packed(name: str, trees: lightgbm.Booster) -> dict[str, np.ndarray]:
    """The trees as :class:`textclean.stages.boilerplate.model.Trees` reads them."""
    column: list[int] = []
    threshold: list[np.float32] = []
    keeps: list[int] = []
    first: list[int] = []
    grown = [tree["tree_structure"] for tree in trees.dump_model()["tree_info"]]
    values = np.zeros((len(grown), LEAVES), np.float32)
    for number, root in enumerate(grown):
        first.append(len(column))
        leaves = 0

        def walk(node: Mapping[str, Any], number: int = number) -> int:
            """Number the leaves from left to right; the bits of those under the node."""
            nonlocal leaves
            if "leaf_value" in node:
                values[number, leaves] = node["leaf_value"]
                leaves += 1
                return 1 << (leaves - 1)
            place = len(column)
            column.append(node["split_feature"])
            threshold.append(rounded_down(node["threshold"]))
            keeps.append(0)
            left = walk(node["left_child"])
            keeps[place] = 0xFF & ~left
            return left | walk(node["right_child"])

        walk(root)
    return {
        f"{name}_column": np.array(column, np.uint8 if max(column) < 256 else np.uint16),
        f"{name}_threshold": np.array(threshold, np.float32),
        f"{name}_keeps": np.array(keeps, np.uint8),
        f"{name}_trees": np.array(first, np.uint16),
        f"{name}_values": values.astype(np.float16),
        f"{name}_base": np.float32(0),  # LightGBM has it in the leaves of the first tree
    }


def rounded_down(threshold: float) -> np.float32:
    """*threshold* as a float of 32 bits that no column value above it falls below."""
    near = np.float32(threshold)
    return near if near <= threshold else np.nextafter(near, np.float32(-np.inf))


def write(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write the arrays, compressed."""
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, **arrays)
    print(path, path.stat().st_size)


def main() -> None:
    """Train what the command line asks for."""
    fold = folded_characters()
    found = list(samples([page for page in pages() if page.body]))
    for number, sample in enumerate(found):
        sample.measure(fold, number)
    part = fold_of({sample.family for sample in found})
    if "folds" in sys.argv:
        for left_out in sorted(set(part.values())):
            write(
                folder_of_folds() / f"{left_out}.npz",
                model([sample for sample in found if part[sample.family] != left_out], fold),
            )
    if "ship" in sys.argv:
        write(SHIPPED, model(found, fold))


if __name__ == "__main__":
    main()
