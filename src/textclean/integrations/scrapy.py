"""How is a pipeline an item pipeline of Scrapy?

    # settings.py
    ITEM_PIPELINES = {"textclean.integrations.scrapy.TextCleanPipeline": 300}
    TEXTCLEAN_PIPELINE = "news.toml"
    TEXTCLEAN_INDEX = "seen"    # drop what this crawl, or an earlier one, has already

Items may be of any kind Scrapy knows: dictionaries, ``Item``, dataclasses, attrs.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from itemadapter import ItemAdapter

from textclean.arrow import PipelineLike, ready_pipeline
from textclean.document import Document
from textclean.integrations.rows import OnError, clean_row, refuse_bad_on_error
from textclean.stages import NearDuplicates
from textclean.stages.duplicates.index import Index

logger = logging.getLogger(__name__)


class TextCleanPipeline:
    """Cleans a text field of each item.

    Settings: ``TEXTCLEAN_PIPELINE`` (a pipeline file or a
    Pipeline; without it the default one),
    ``TEXTCLEAN_TEXT`` (the field, default ``"text"``), ``TEXTCLEAN_ID`` (the field
    that names an item, default ``"url"``), ``TEXTCLEAN_FACTS`` (fields the stages may
    read, default ``["url"]``) and ``TEXTCLEAN_ON_ERROR`` (``"keep"``, the default: an item
    on which a stage fails goes on as it was and an error is logged; or
    ``"raise"``, and Scrapy drops it).

    With ``TEXTCLEAN_INDEX``, the folder of a
    :class:`~textclean.stages.duplicates.index.Index` (made if it is not there),
    an item whose cleaned text is known is dropped, and the message names its
    twin; any other is added before it goes on, so that a crawl that is killed
    forgets nothing. A page crawled again with another text goes on. (2 ms to look
    up, 10 ms to add, measured in an index of 5,000 pages.)

    The item gets ``textclean_edits``, ``textclean_meta`` and
    ``textclean_error`` (JSON) where there is something to say; of an item
    class with fixed fields, those it declares.
    """

    def __init__(
        self,
        pipeline: PipelineLike = None,
        *,
        text: str = "text",
        id: str = "url",  # noqa: A002  the setting's name
        facts: Sequence[str] = ("url",),
        on_error: OnError = "keep",
        index: str | PathLike[str] | None = None,
        stats: Any = None,
    ) -> None:
        refuse_bad_on_error(on_error)
        self.seen = None if index is None else _open(Path(index))
        self.pipeline = ready_pipeline(pipeline)
        self.text = text
        self.id = id
        self.facts = tuple(facts)
        self.on_error: OnError = on_error
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Any) -> TextCleanPipeline:
        """The pipeline the settings of *crawler* describe."""
        settings = crawler.settings
        return cls(
            settings.get("TEXTCLEAN_PIPELINE"),
            text=settings.get("TEXTCLEAN_TEXT", "text"),
            id=settings.get("TEXTCLEAN_ID", "url"),
            facts=settings.getlist("TEXTCLEAN_FACTS", ["url"]),
            on_error=settings.get("TEXTCLEAN_ON_ERROR", "keep"),
            index=settings.get("TEXTCLEAN_INDEX"),
            stats=crawler.stats,
        )

    def process_item(self, item: Any, spider: Any = None) -> Any:  # noqa: ARG002  its protocol
        """*item*, cleaned; *spider* is only what older releases of Scrapy pass."""
        fields = ItemAdapter(item)
        text = fields.get(self.text)
        if not isinstance(text, str):
            raise TypeError(
                f"the field {self.text!r} of an item holds {type(text).__name__}, not str: set TEXTCLEAN_TEXT"
            )
        facts = {key: fields[key] for key in self.facts if key in fields}
        outcome = clean_row(self.pipeline, text, id=str(fields.get(self.id, "")), facts=facts, on_error=self.on_error)
        if outcome.error:
            logger.error("%s; the item goes on as it was", outcome.error)
            self._count("failed")
        for change in outcome.doc.history:
            for edit in change.undo:
                self._count(f"edits/{edit.reason}")
        fields[self.text] = outcome.doc.text
        for key, note in outcome.notes().items():
            try:
                fields[key] = note
            except KeyError:  # an item class that does not declare the field does not want it
                logger.debug("%s has no field %s", type(item).__name__, key)
        if self.seen is not None and outcome.doc.text:
            self._refuse_seen(outcome.doc)
        return item

    def _refuse_seen(self, doc: Document) -> None:
        assert self.seen is not None  # noqa: S101  for the type checker; the caller looked
        (known,) = self.seen.holds([doc.id])
        # A document is not compared with the one of its own id, so a page crawled again asks under another.
        asked = Document(f"{doc.id} again" if known else doc.id, doc.text)
        for match in self.seen.query([asked]):
            from scrapy.exceptions import DropItem  # noqa: PLC0415  who has no index needs no scrapy

            self._count(match.verdict.reason)
            raise DropItem(f"{doc.id}: {match.verdict.note}")
        if not known:
            self.seen = self.seen.add([asked])

    def _count(self, what: str) -> None:
        if self.stats is not None:
            self.stats.inc_value(f"textclean/{what}")


def _open(folder: Path) -> Index:
    """The index in *folder*; a new one if there is none."""
    return Index.open(folder) if (folder / "index.json").exists() else Index.create(folder, NearDuplicates())
