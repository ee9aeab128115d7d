"""How much may be searched in one document?

The searches are linear, but some of them cost a thousand times what reading
costs. A document made to look damaged everywhere must not take hours: what is
beyond its allowance stays as it is.
"""

from __future__ import annotations

from typing import Any


class Effort:
    """An allowance of steps, spent as the work is done.

    >>> effort = Effort(10)
    >>> effort.spend(8), effort.spend(8), effort.spend(1)
    (True, False, True)
    """

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.known: dict[Any, Any] = {}
        """Answers already found, for whoever searches the same again."""

    def spend(self, steps: int) -> bool:
        """Take *steps* from what is left, if there are so many."""
        if steps > self.left:
            return False
        self.left -= steps
        return True
