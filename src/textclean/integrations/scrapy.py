"""How is a pipeline an item pipeline of Scrapy?

    # settings.py
    ITEM_PIPELINES = {"textclean.integrations.scrapy.TextCleanPipeline": 300}
    TEXTCLEAN_PIPELINE = "news.toml"

Items may be of any kind Scrapy knows: dictionaries, ``Item``, dataclasses, attrs.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from itemadapter import ItemAdapter

from textclean.arrow import PipelineLike, ready_pipeline
from textclean.integrations.rows import OnError, clean_row, refuse_bad_on_error

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
        stats: Any = None,
    ) -> None:
        refuse_bad_on_error(on_error)
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
        return item

    def _count(self, what: str) -> None:
        if self.stats is not None:
            self.stats.inc_value(f"textclean/{what}")
