"""The line model: how likely is each line the article's?

Two rounds of gradient-boosted trees. The first sees a line and its
surroundings, the second what the first said about the lines around. Weights
are data (``textclean/models/boilerplate.npz``, made by
``benchmarks/train_boilerplate.py``); scoring is arithmetic on columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from textclean.stages.boilerplate.features import Floats, Measured, columns, context
from textclean.stages.boilerplate.rules import Rule

LEAVES = 8
"""Leaves of a tree at most: as many as a mask of 8 bits can tell apart."""
_FIRST_LEFT = np.array([(~gone & -~gone).bit_length() - 1 for gone in range((1 << LEAVES) - 1)] + [0], np.int64)


@dataclass(frozen=True)
class Trees:
    """A sum of decision trees, laid out for scoring all rows at once.

    Every inner node of every tree is one test ``column > threshold``; a test
    that holds rules out the leaves on the node's left side. What is left after
    all tests of a tree begins with the leaf the row falls into (Lucchese et
    al., "QuickScorer", SIGIR 2015). Small trees are filled up with tests that
    never hold, so that each tree has the same number.
    """

    column: NDArray[np.int64]
    threshold: Floats
    rules_out: NDArray[np.uint8]
    values: Floats
    base: float

    def __call__(self, rows: Floats) -> Floats:
        """The sum of the leaves each row falls into, as a log-odds."""
        holds = np.ascontiguousarray(rows.T)[self.column] > self.threshold
        out = holds.view(np.uint8) * self.rules_out
        ruled_out = np.bitwise_or.reduce(out.reshape(-1, LEAVES - 1, len(rows)), axis=1)
        leaf = _FIRST_LEFT[ruled_out] + np.arange(0, self.values.size, LEAVES)[:, None]
        total: Floats = self.values[leaf].sum(axis=0) + np.float32(self.base)
        return total


@dataclass(frozen=True)
class LineModel:
    """The weights of pairs of characters and the two rounds of trees; *names* are the columns these were trained on."""

    names: tuple[str, ...]
    fold: NDArray[np.uint16]
    weights: Floats
    first: Trees
    second: Trees

    def __call__(
        self,
        measured: Measured,
        lines: Sequence[str],
        rules: Sequence[Rule | None],
        links: Sequence[float] | None = None,
    ) -> list[float]:
        """For each line the chance that it is the article's; *links* is the share of each in links, if that is known."""
        count = Counter(lines)
        repeats = np.array([min(count[line], 10) for line in lines], np.float32)
        shares = None if links is None else np.array(links, np.float32)
        rows, _ = columns(measured, rules, self.weights, shares, repeats)
        odds = self.second(context(_logistic(self.first(rows)), rows))
        chances: list[float] = _logistic(odds).tolist()
        return chances


def _logistic(odds: Floats) -> Floats:
    result: Floats = (1 / (1 + np.exp(-odds))).astype(np.float32)
    return result


@cache
def line_model() -> LineModel:
    """The model that comes with the package, read once."""
    with files("textclean.models").joinpath("boilerplate.npz").open("rb") as file, np.load(file) as stored:
        return unpacked({name: stored[name] for name in stored.files})


def unpacked(stored: Mapping[str, NDArray[np.generic]]) -> LineModel:
    """The model whose arrays are *stored*."""
    fold = np.arange(0x10000, dtype=np.uint16)
    fold[stored["fold_from"]] = stored["fold_to"]
    weights = stored["pairs"].astype(np.float32) * np.float32(stored["pairs_scale"].item())
    names = tuple(str(name) for name in stored["names"])
    return LineModel(names, fold, weights, _trees(stored, "first"), _trees(stored, "second"))


def _trees(stored: Mapping[str, NDArray[np.generic]], name: str) -> Trees:
    first = stored[f"{name}_trees"].astype(np.int64)
    sizes = np.diff(np.append(first, len(stored[f"{name}_column"])))
    place = np.concatenate([tree * (LEAVES - 1) + np.arange(size) for tree, size in enumerate(sizes)])
    count = len(first) * (LEAVES - 1)
    column, threshold = np.zeros(count, np.int64), np.full((count, 1), np.inf, np.float32)
    rules_out = np.zeros((count, 1), np.uint8)
    column[place] = stored[f"{name}_column"]
    threshold[place, 0] = stored[f"{name}_threshold"].astype(np.float32)
    rules_out[place, 0] = ~stored[f"{name}_keeps"].astype(np.uint8)
    values = stored[f"{name}_values"].astype(np.float32).ravel()
    return Trees(column, threshold, rules_out, values, float(stored[f"{name}_base"].item()))
