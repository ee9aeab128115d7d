"""The article out of a page: readability-lxml, trafilatura, jusText; and the line rule of the Chinese C4."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contestants.data import rows

Job = Callable[[], Any]


def readability(path: Path) -> Job:
    """Its summary, as text."""
    from lxml import html
    from readability import Document

    def text(page: str) -> str:
        try:
            return str(html.fromstring(Document(page).summary()).text_content())
        except Exception:  # noqa: BLE001  a page it cannot read gives no text
            return ""

    pages = rows(path)
    return lambda: [text(page) for page in pages]


def _trafilatura(path: Path, **options: object) -> Job:
    import trafilatura

    pages = rows(path)
    return lambda: [trafilatura.extract(page, **options) or "" for page in pages]


def trafilatura_as_shipped(path: Path) -> Job:
    """``extract(page)``."""
    return _trafilatura(path)


def trafilatura_precise(path: Path) -> Job:
    """Comments and tables out, precision first."""
    return _trafilatura(path, favor_precision=True, include_comments=False, include_tables=False)


def justext_for_chinese(path: Path) -> Job:
    """Without stop words, which it has none of for Chinese, and with lengths in Chinese characters."""
    import justext

    def text(page: str) -> str:
        try:
            found = justext.justext(
                page.encode(), frozenset(), length_low=25, length_high=60, stopwords_low=0, stopwords_high=0
            )
        except Exception:  # noqa: BLE001  a page it cannot read gives no text
            return ""
        return "\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate)

    pages = rows(path)
    return lambda: [text(page) for page in pages]


_SENTENCE_END = re.compile('[。！？；…”：!?;:"]$')


def chinese_c4(path: Path) -> Job:
    """A line stays that ends like a sentence and has five characters."""
    texts = rows(path)
    return lambda: [
        "\n".join(line for line in text.split("\n") if len(line) >= 5 and _SENTENCE_END.search(line)) for text in texts
    ]


def everything(path: Path) -> Job:
    """Nothing is dropped."""
    return lambda: rows(path)
