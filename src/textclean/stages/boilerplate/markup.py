"""What does the markup of a page say of its lines?

Read from the marks that :func:`textclean.html.render` left on them. Paragraphs
of an article stand side by side in one box, and where the box's author called
it ``article-content`` or ``related-news`` that is a word of evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from textclean.html import NAMED
from textclean.stages.boilerplate.around import FAR
from textclean.stages.boilerplate.measure import Floats

_TAGS: Final = {"p": 0, "li": 1, "td": 2, "th": 2, "div": 3} | dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), 4)
_TAG_NAMES: Final = ("p", "item", "cell", "div", "heading")
NAMES: Final = (
    *("links", "links_near", "links_above", "links_below"),
    *(f"tag_{name}" for name in _TAG_NAMES),
    *(f"named_{name}" for name in NAMED),
    *("box_prose", "outer_prose", "box_lines", "box_links", "box_best", "box_since", "box_until"),
)
"""The columns :meth:`Markup.columns` gives."""


class Markup:
    """What the markup says of each line: its share in links, its element, its boxes and what these are called."""

    def __init__(self, notes: Sequence[str]) -> None:
        """*notes* are those of the marks, one a line; ``""`` where there is none."""
        words = [note.split() if note else ["0", "-", "0", "0"] for note in notes]
        self.links: Floats = np.array([word[0] for word in words], np.float32)
        self.tags = np.array([_TAGS.get(word[1], -1) for word in words])
        self.box = np.array([int(word[2]) for word in words])
        self.outer = np.array([int(word[3]) for word in words])
        kinds = {name: number for number, name in enumerate(NAMED)}
        self.kinds = np.zeros((len(NAMED), len(notes)), bool)
        for number, word in enumerate(words):
            for name in word[4:]:
                self.kinds[kinds[name], number] = True

    def columns(self, prose: Floats) -> Floats:
        """A row for each of :data:`NAMES`; *prose* is for each line how many characters of it read as text."""
        box, outer, count = self.box, self.outer, len(self.box)
        size = int(max(box.max(), outer.max())) + 1
        total = max(float(prose.sum()), 1.0)
        inside = np.bincount(box, prose, size)
        # Where each paragraph has a box of its own, the text stands in the box around them.
        around = inside + np.bincount(outer, prose, size)
        lines = np.bincount(box, minlength=size)
        linked = np.bincount(box, self.links, size) / np.maximum(lines, 1)
        best = int(around.argmax())
        row = np.arange(count)
        within = (box == best) | (outer == best)
        last = np.maximum.accumulate(np.where(within, row, -FAR))
        following = np.minimum.accumulate(np.where(within, row, count + FAR)[::-1])[::-1]
        boxes = (
            *(inside[box] / total, np.maximum(around[box], around[outer]) / total),
            *(np.log(1 + lines[box]), linked[box], within),
            *(np.minimum(row - last, FAR), np.minimum(following - row, FAR)),
        )
        tags = (self.tags == number for number in range(len(_TAG_NAMES)))
        return np.stack((*self._links(), *tags, *self.kinds, *boxes)).astype(np.float32)

    def _links(self) -> tuple[Floats, ...]:
        share, row = self.links, np.arange(len(self.links))
        total = np.concatenate(([0.0], share.cumsum(dtype=np.float64)))
        low, high = np.maximum(row - 3, 0), np.minimum(row + 4, len(share))
        near = (total[high] - total[low]) / (high - low)
        return share, near, np.concatenate((share[:1], share[:-1])), np.concatenate((share[1:], share[-1:]))
