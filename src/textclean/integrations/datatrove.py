"""How is a pipeline a step of datatrove?

Two ways: :class:`TextCleanFormatter` takes a text and gives a text, and
:class:`TextClean` sees the whole document, writes facts and ledger into its
metadata and counts what it did in datatrove's own statistics.

    LocalPipelineExecutor(pipeline=[JsonlReader("raw"), TextClean("news.toml"), JsonlWriter("clean")])
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any

from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.formatters.base import BaseFormatter
from datatrove.utils.typeshelper import StatHints

from textclean.arrow import PipelineLike, ready_pipeline
from textclean.document import Document
from textclean.integrations.rows import OnError, clean_row, refuse_bad_on_error


class TextCleanFormatter(BaseFormatter):
    """Each text after *pipeline* (or the file of that name, or the default one), and nothing else.

    Raises StageError when a stage fails.
    """

    name = "textclean"

    def __init__(self, pipeline: PipelineLike = None) -> None:
        super().__init__()
        self.pipeline = ready_pipeline(pipeline)

    def format(self, text: str) -> str:
        """*text* after the pipeline."""
        return self.pipeline(Document("", text)).text


class TextClean(PipelineStep):
    """Each document after *pipeline*: text, facts, ledger; counted paragraph by paragraph.

    ``metadata`` gets ``textclean_meta`` and ``textclean_edits`` (JSON) where
    something was done, and ``textclean_error`` where ``on_error="keep"`` kept
    a document on which a stage failed. *facts* names the metadata the stages
    may read (``url``). A document of which nothing is left is dropped, and
    written by *exclusion_writer*, if there is one, with its ledger.

    Statistics: ``total``, ``forwarded``, ``dropped``, ``failed``,
    ``paragraphs`` and ``paragraphs_removed`` (non-empty lines), ``chars_removed``,
    and for each reason ``edits_<reason>``.
    """

    type = "✂️ - FORMAT"
    name = "textclean"

    def __init__(
        self,
        pipeline: PipelineLike = None,
        *,
        facts: Sequence[str] = ("url",),
        on_error: OnError = "raise",
        exclusion_writer: Any = None,
    ) -> None:
        super().__init__()
        refuse_bad_on_error(on_error)
        self.pipeline = ready_pipeline(pipeline)
        self.facts = tuple(facts)
        self.on_error: OnError = on_error
        self.exclusion_writer = exclusion_writer

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:  # noqa: ARG002  its protocol
        """The documents of *data*, cleaned."""
        with self.exclusion_writer or nullcontext() as writer:
            for document in data:
                self.stat_update(StatHints.total)
                with self.track_time():
                    self._clean(document)
                if document.text:
                    self.stat_update(StatHints.forwarded)
                    self.update_doc_stats(document)
                    yield document
                else:
                    self.stat_update(StatHints.dropped)
                    if writer is not None:
                        writer.write(document, rank)

    def _clean(self, document: Any) -> None:
        facts = {key: document.metadata[key] for key in self.facts if key in document.metadata}
        outcome = clean_row(self.pipeline, document.text, id=document.id, facts=facts, on_error=self.on_error)
        if outcome.error:
            self.stat_update("failed")
        before = _paragraphs(document.text)
        self.stat_update("paragraphs", value=before)
        if outcome.doc.history:
            self.stat_update("paragraphs_removed", value=max(0, before - _paragraphs(outcome.doc.text)))
            self.stat_update("chars_removed", value=max(0, len(document.text) - len(outcome.doc.text)))
            reasons = Counter(edit.reason for change in outcome.doc.history for edit in change.undo)
            for reason, count in reasons.items():
                self.stat_update(f"edits_{reason}", value=count)
        document.text = outcome.doc.text
        document.metadata.update(outcome.notes())


def _paragraphs(text: str) -> int:
    return sum(map(bool, map(str.strip, text.split("\n"))))
