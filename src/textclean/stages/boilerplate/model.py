"""The line model: how likely is each line the article's?

Two rounds of gradient-boosted trees. The first sees a line and its
surroundings, the second what the first said about the lines around. Weights
are data (``textclean/models/boilerplate.npz``, made by
``benchmarks/train_boilerplate.py``); scoring is arithmetic on columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from textclean.kernels.native import lines as native
from textclean.stages.boilerplate.features import columns, context
from textclean.stages.boilerplate.markup import Markup
from textclean.stages.boilerplate.measure import Floats, Ints, Measured

LEAVES = 8
"""Leaves of a tree at most: as many as a mask of 8 bits can tell apart."""
TESTS = LEAVES - 1
_OUTCOMES = 1 << TESTS
SETTLED = 0.01
"""Up to this chance in the first round a line is the site's and not asked about again: most lines of most pages."""
_FIRST_LEFT = np.array([(~gone & -~gone).bit_length() - 1 for gone in range((1 << LEAVES) - 1)] + [0], np.int64)


@dataclass(frozen=True)
class Trees:
    """A sum of decision trees, laid out for scoring all lines at once.

    Every inner node of every tree is one test ``column > threshold``; a test
    that holds rules out the leaves on the node's left side, and what is left
    after all tests of a tree begins with the leaf the line falls into (Lucchese
    et al., "QuickScorer", SIGIR 2015). With at most seven tests a tree has 128
    outcomes: the leaf of each is looked up. Small trees are filled up with
    tests that never hold, so that each tree has the same number; the first
    tests of all trees stand together, then the second, and so on. Of 1,400
    tests half are the same in several trees: each is made once.
    """

    column: NDArray[np.int64]
    threshold: Floats
    rules_out: NDArray[np.uint8]
    values: Floats
    base: float

    def __call__(self, table: Floats) -> Floats:
        """The sum of the leaves each line falls into, as a log-odds; *table* has a row for each column of features."""
        if (kernels := native.kernels(0)) is not None:
            tests = self.column.reshape(TESTS, -1), self.threshold.reshape(TESTS, -1)
            total: Floats = np.zeros(table.shape[1], np.float32)
            place = np.empty(len(total), np.int32)
            kernels.sums(table, *tests, self._by_outcome, np.float32(self.base), place, total)
            return total
        column, threshold, which = self._tests
        # Told to clip, take spares itself a look at every index first.
        holds = table.take(column, axis=0, mode="clip") > threshold
        held = holds.view(np.uint8).take(which, axis=0, mode="clip").reshape(TESTS, -1, table.shape[1])
        outcome = held[0]
        for test in held[1:]:
            outcome += outcome
            outcome += test
        place = outcome.astype(np.int64)  # added as bytes they would be cast piece by piece, in twice the time
        place += self._first_of_tree
        total = self._by_outcome.take(place, mode="clip").sum(axis=0)
        total += np.float32(self.base)
        return total

    @cached_property
    def _tests(self) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64]]:
        """Every test once, its column and its threshold, and which of them each node of each tree is."""
        tests = list(zip(self.column.tolist(), self.threshold.ravel().tolist(), strict=True))
        number = {test: place for place, test in enumerate(sorted(set(tests)))}
        column, threshold = zip(*number, strict=True)
        which = np.array([number[test] for test in tests])
        return np.array(column), np.array(threshold, np.float32)[:, None], which

    @cached_property
    def _first_of_tree(self) -> NDArray[np.int64]:
        return np.arange(0, len(self.values) // LEAVES * _OUTCOMES, _OUTCOMES)[:, None]

    @cached_property
    def _by_outcome(self) -> Floats:
        """For each tree and each outcome of its tests, the first the highest bit, the value of the first leaf left."""
        held = np.arange(_OUTCOMES) >> np.arange(TESTS)[::-1, None] & 1
        rules_out = self.rules_out.reshape(TESTS, -1, 1) * held[:, None].astype(np.uint8)
        leaf = _FIRST_LEFT[np.bitwise_or.reduce(rules_out, axis=0)]
        return np.take_along_axis(self.values.reshape(-1, LEAVES), leaf, axis=1).ravel()


@dataclass(frozen=True)
class LineModel:
    """The weights of pairs of characters and the two rounds of trees; *names* are the columns these were trained on."""

    names: tuple[str, ...]
    fold: NDArray[np.uint16]
    weights: Floats
    first: Trees
    second: Trees

    def __call__(self, measured: Measured, said: Ints, markup: Markup | None = None) -> Floats:
        """For each line the chance that it is the article's.

        *said* are the uses of the rules the lines match, *markup* is what a
        page of HTML says of its lines.
        """
        native.kernels(measured.count)
        count = Counter(measured.lines)
        repeats = np.minimum(np.fromiter(map(count.__getitem__, measured.lines), np.float32, measured.count), 10)
        table = columns(measured, said, self.weights, markup, repeats)
        chances = _logistic(self.first(table))
        unsettled = (chances > SETTLED).nonzero()[0]
        if len(unsettled):
            chances[unsettled] = _logistic(self.second(context(chances, table, unsettled)))
        return chances


def _logistic(odds: Floats) -> Floats:
    result: Floats = (1 / (1 + np.exp(-odds))).astype(np.float32, copy=False)
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
    place = np.concatenate([tree + np.arange(size) * len(first) for tree, size in enumerate(sizes)])
    count = len(first) * TESTS
    column, threshold = np.zeros(count, np.int64), np.full((count, 1), np.inf, np.float32)
    rules_out = np.zeros((count, 1), np.uint8)
    column[place] = stored[f"{name}_column"]
    threshold[place, 0] = stored[f"{name}_threshold"].astype(np.float32)
    rules_out[place, 0] = ~stored[f"{name}_keeps"].astype(np.uint8)
    values = stored[f"{name}_values"].astype(np.float32).ravel()
    return Trees(column, threshold, rules_out, values, float(stored[f"{name}_base"].item()))
