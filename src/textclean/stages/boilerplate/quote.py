"""Metadata quotes the page: a headline's own ``:`` stays ``:``.

NormalizeText runs earlier, because rules and model read lines more easily in
one typography, and it widens the marks of headlines with the rest of the text.
But a title in ``meta`` is a citation: it is compared with a site's own list of
titles, and looked up by it. So what is quoted is read through the ledger, as it
stood before its marks were changed. Repairs of damage are not undone.
"""

from __future__ import annotations

import re
from typing import Any

from textclean.document import Document

_TYPOGRAPHY = frozenset({"punctuation"})
_WIDENED = re.compile("[，：；！？（）…—·“”‘’]")
"""A value without any of these was not touched, which spares most of them the way back."""


def as_the_page_has_it(doc: Document, start: int, end: int, value: Any) -> Any:
    """*value*, read from ``doc.text[start:end]``, in the page's own punctuation; for a list, each of its items.

    >>> from textclean.document import Edit
    >>> doc = Document("a", "清江:春来").edit("marks", [Edit(2, 3, "：", "punctuation")])
    >>> as_the_page_has_it(doc, 0, 5, "清江：春来")
    '清江:春来'
    """
    if isinstance(value, list):
        return [as_the_page_has_it(doc, start, end, item) for item in value]
    if not isinstance(value, str) or not doc.history or not _WIDENED.search(value):
        return value
    at = doc.text.find(value, start, end)
    if at < 0:  # put together from the line, as a date is
        return value
    return _before_typography(doc, at, at + len(value))


def _before_typography(doc: Document, start: int, end: int) -> str:
    text = doc.text
    quoted = text[start:end]
    for change in reversed(doc.history):
        inside = [edit for edit in change.undo if edit.start < end and start < edit.end]
        changed = [edit for edit in inside if text[edit.start : edit.end] != edit.text]
        if any(edit.reason not in _TYPOGRAPHY or len(edit.text) != edit.end - edit.start for edit in changed):
            break
        text = change.before(text)
        start, end = change.back(start, end)
        quoted = text[start:end]
    return quoted
