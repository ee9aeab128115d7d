"""Where did a conversion of words change the length?

A general diff is quadratic, and a paragraph can be ten megabytes. Here one text
is the other but for a word now and then, so it is enough to walk along and,
where they part, to look for the nearest place where they meet again.
"""

from __future__ import annotations

from collections.abc import Iterator

_STRIDE = 256  # compared at once while the texts agree
_REACH = 32  # the longest change that is looked for: the longest word of OpenCC's tables has 12 characters
_PROOF = 2  # so many characters in a row that agree end a change


def changed(before: str, after: str) -> Iterator[tuple[int, int, str]]:
    """Small ``(start, end, replacement)`` spans that turn *before* into *after*.

    >>> list(changed("打开档案总管查看", "打开资源管理器查看"))
    [(2, 6, '资源管理器')]
    """
    i = j = 0
    while i < len(before) or j < len(after):
        if before[i : i + _STRIDE] == after[j : j + _STRIDE] and i + _STRIDE <= len(before):
            i, j = i + _STRIDE, j + _STRIDE
        elif before[i : i + 1] == after[j : j + 1]:
            i, j = i + 1, j + 1
        else:
            gone, come = _apart(before, after, i, j)
            yield i, i + gone, after[j : j + come]
            i, j = i + gone, j + come


def _apart(before: str, after: str, i: int, j: int) -> tuple[int, int]:
    """How much of each is passed before they agree again; all of it when they do not within reach."""
    for total in range(1, 2 * _REACH):
        for gone in range(max(0, total - _REACH), min(total, _REACH) + 1):
            here, there = i + gone, j + total - gone
            if here > len(before) or there > len(after):
                continue
            tail = before[here : here + _PROOF]
            if tail == after[there : there + _PROOF] and (tail or (here == len(before) and there == len(after))):
                return gone, total - gone
    return len(before) - i, len(after) - j
