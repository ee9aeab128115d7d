"""Small stages with a known answer, in a file of their own so that worker processes can import them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from textclean import Document, Edit


def half_width(doc: Document) -> Iterator[Edit]:
    """Equal length: full-width digits."""
    for at, char in enumerate(doc.text):
        if "０" <= char <= "９":
            yield Edit(at, at + 1, chr(ord(char) - 0xFEE0), "width")


def no_footer(doc: Document) -> list[Edit]:
    at = doc.text.find("責編")
    return (
        [Edit(at, len(doc.text), "", "byline", "starts with 責編", {"editor": doc.text[at + 3 :]})] if at >= 0 else []
    )


def refuses_four(doc: Document) -> list[Edit]:
    if "四" in doc.text:
        raise RuntimeError("four is unlucky")
    return []


@dataclass(frozen=True)
class DropSeen:
    """The simplest learner: a text that an earlier id has already is removed."""

    def observe(self, docs: Iterable[Document]) -> dict[str, str]:
        first: dict[str, str] = {}
        for doc in docs:
            first[doc.text] = min(doc.id, first.get(doc.text, doc.id))
        return first

    def decide(self, shards: Iterable[dict[str, str]]) -> DropAll:
        first: dict[str, str] = {}
        for shard in shards:
            for text, name in shard.items():
                first[text] = min(name, first.get(text, name))
        return DropAll(frozenset(first.values()))


@dataclass(frozen=True)
class DropAll:
    keep: frozenset[str]

    def __call__(self, doc: Document) -> list[Edit]:
        return [] if doc.id in self.keep or not doc.text else [Edit(0, len(doc.text), "", "exact_duplicate")]
