"""Which nodes hang together? The union of edges, on the driver.

Edges are pairs of 64-bit nodes. What is asked is not who is similar to whom,
only who must be compared with whom in one place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Nodes = NDArray[np.int64]

DRIVER_EDGES = 100_000_000
"""Edges whose union this process works out: 1.6 GB of them, and about five times that while it works."""


def components(one: Nodes, other: Nodes) -> tuple[Nodes, Nodes]:
    """The nodes of all edges, ascending, and for each the smallest node it hangs together with.

    Smallest labels spread along the edges, and a label's own label is taken at
    once (pointer jumping), so that a chain of n takes log n rounds.

    >>> nodes, labels = components(np.array([1, 2, 9]), np.array([2, 5, 8]))
    >>> nodes.tolist(), labels.tolist()
    ([1, 2, 5, 8, 9], [1, 1, 1, 8, 8])
    """
    nodes, where = np.unique(np.concatenate([one, other]), return_inverse=True)
    left, right = where[: len(one)], where[len(one) :]
    labels = np.arange(len(nodes))
    while len(left):
        low = np.minimum(labels[left], labels[right])
        np.minimum.at(labels, labels[left], low)
        np.minimum.at(labels, labels[right], low)
        while True:
            jumped = labels[labels]
            if np.array_equal(jumped, labels):
                break
            labels = jumped
        differs = labels[left] != labels[right]
        left, right = left[differs], right[differs]
    return nodes, nodes[labels]


def look_up(nodes: Nodes, values: NDArray[Any], wanted: Nodes) -> tuple[NDArray[np.bool_], NDArray[Any]]:
    """Which of *wanted* are among *nodes* (ascending), and the values of those.

    >>> known, values = look_up(np.array([2, 5]), np.array([20, 50]), np.array([5, 3]))
    >>> known.tolist(), values.tolist()
    ([True, False], [50])
    """
    if not len(nodes):
        return np.zeros(len(wanted), bool), values[:0]
    at = np.minimum(np.searchsorted(nodes, wanted), len(nodes) - 1)
    known = nodes[at] == wanted
    return known, values[at[known]]
