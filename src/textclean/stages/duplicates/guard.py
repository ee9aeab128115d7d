"""Would this run remove more than anybody wants?

A wrong threshold, or a tokenizer that sees no words in Chinese, removes nearly
everything without a word (tools that do are in the field). So a run can be told
how much is too much, and stops before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterable

from textclean.pipeline import stage_name


class TooMuchRemovedError(ValueError):
    """A decided stage would remove a larger share of the corpus than allowed."""


def check_removed(stages: Iterable[object], max_removed: float) -> None:
    """Raise TooMuchRemovedError if one of *stages* says it would remove more than the share *max_removed*.

    A stage says so by its ``share_removed``; those without one remove nothing
    that was decided beforehand. Call it on a learned pipeline's stages, before
    the first document is written.

    >>> class Decided:
    ...     share_removed = 0.75
    >>> check_removed([Decided()], 0.8)
    >>> check_removed([Decided()], 0.5)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    textclean.stages.duplicates.guard.TooMuchRemovedError: Decided would remove 75.0% of what it compared...
    """
    if not 0 <= max_removed <= 1:
        raise ValueError(f"max_removed={max_removed}: a share, from 0 to 1")
    for stage in stages:
        share = getattr(stage, "share_removed", 0.0)
        if share > max_removed:
            raise TooMuchRemovedError(
                f"{stage_name(stage)} would remove {share:.1%} of what it compared, and at most {max_removed:.1%} may "
                "go: nothing was written. Look at a few of its removals, then raise the threshold or the limit"
            )
