"""How does one document of somebody else's go through a pipeline?

The tools in this folder keep their documents in types of their own, with a
dictionary beside the text that is written as JSON or as a table in the end. So
facts and ledger are handed over as JSON texts: a nested value would change its
shape from document to document, which Parquet writers do not forgive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import orjson

from textclean.document import Document
from textclean.pipeline import Pipeline, StageError

OnError = Literal["raise", "keep"]

META = "textclean_meta"
"""The key of the facts a pipeline read, as JSON."""

EDITS = "textclean_edits"
"""The key of the ledger, as JSON: the rows of ``Document.audit()``."""

ERROR = "textclean_error"
"""The key of the sentence that says why a document was kept as it was."""


class Outcome(NamedTuple):
    """A document after its pipeline, and the error that kept it as it was (``""``: none)."""

    doc: Document
    error: str

    def notes(self) -> dict[str, str]:
        """What to write beside the text; a document nothing was done to needs no note."""
        notes = {}
        if self.doc.history:
            notes[EDITS] = edits_json(self.doc)
            meta: dict[str, Any] = {}
            for change in self.doc.history:
                for edit in change.undo:
                    if edit.meta:
                        meta.update(edit.meta)
            if meta:
                notes[META] = orjson.dumps(meta).decode()
        if self.error:
            notes[ERROR] = self.error
        return notes


def clean_row(
    pipeline: Pipeline,
    text: str,
    *,
    id: str = "",  # noqa: A002  the field's name
    facts: Mapping[str, Any] | None = None,
    on_error: OnError = "raise",
) -> Outcome:
    """*text* after *pipeline*; with ``on_error="keep"`` a failing stage leaves it as it was.

    >>> clean_row(Pipeline([lambda doc: 1 / 0]), "甲", id="a", on_error="keep").notes()
    {'textclean_error': "<lambda> failed on document 'a': ZeroDivisionError: division by zero"}
    """
    doc = Document(id, text, dict(facts or {}))
    try:
        return Outcome(pipeline(doc), "")
    except StageError as error:
        if on_error == "raise":
            raise
        return Outcome(doc, str(error))


def edits_json(doc: Document) -> str:
    """The audit of *doc* as a JSON list, one object for each change and each fact."""
    return orjson.dumps(
        [
            {
                "stage": stage,
                "reason": reason,
                "note": note,
                "start": start,
                "end": end,
                "before": before,
                "after": after,
                "meta": dict(meta),
            }
            for stage, reason, note, start, end, before, after, meta in doc.audit()
        ]
    ).decode()


def refuse_bad_on_error(on_error: str) -> None:
    """Raise ValueError unless *on_error* is one of the two words."""
    if on_error not in ("raise", "keep"):
        raise ValueError(f'on_error is "raise" or "keep", not {on_error!r}')
