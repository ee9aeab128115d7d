"""How is a pipeline an operator of Data-Juicer?

Data-Juicer finds the operator by itself through the entry point group
``data_juicer.ops``; a recipe names it like any other:

    process:
      - textclean_mapper:
          pipeline: news.toml
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from data_juicer.ops.base_op import OPERATORS, Mapper

from textclean import config
from textclean.arrow import ready_pipeline
from textclean.integrations.rows import EDITS, ERROR, META, OnError, clean_row, refuse_bad_on_error
from textclean.pipeline import Pipeline


@OPERATORS.register_module("textclean_mapper")
class TextCleanMapper(Mapper):
    """Cleans Chinese web text by a textclean pipeline and says what was done.

    Writes the cleaned text back to the text field, and beside it
    `textclean_edits` (each change with its place and reason), `textclean_meta`
    (facts read from the text) and `textclean_error`, as JSON texts, empty
    where there is nothing to say.
    """

    _batched_op = True
    _supports_adaptive_batching = True  # rows stay in order and know nothing of each other

    def __init__(
        self,
        pipeline: str = "",
        id_key: str = "id",
        facts: Sequence[str] = (),
        on_error: OnError = "keep",
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """
        Initialization method.

        :param pipeline: path of a textclean pipeline file (TOML), or its text;
            without it the default pipeline runs.
        :param id_key: the key that names a sample in error messages and the ledger.
        :param facts: keys whose values the stages may read, for example url.
        :param on_error: "keep" leaves a sample on which a stage fails as it was
            and says so in textclean_error; "raise" raises, which makes
            Data-Juicer stop or, with skip_op_error, drop the whole batch.
        :param args: extra args
        :param kwargs: extra args
        """
        super().__init__(*args, **kwargs)
        refuse_bad_on_error(on_error)
        # The text of the file and not its path, because Data-Juicer caches results by the operator's plain
        # attributes: an edited file must not find the results of yesterday's. (It leaves callables out.)
        self.recipe = _recipe(pipeline)
        self.id_key = id_key
        self.facts = tuple(facts)
        self.on_error: OnError = on_error
        self._loaded: Pipeline | None = None
        self._pipeline()  # a bad recipe is told now and not in a worker

    def process_batched(self, samples: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """*samples*, a dictionary of columns, with cleaned texts and the three columns beside them."""
        pipeline = self._pipeline()
        texts = samples[self.text_key]
        names = samples.get(self.id_key) or [""] * len(texts)
        notes: dict[str, list[str]] = {EDITS: [], META: [], ERROR: []}
        cleaned: list[Any] = []
        for row, (text, name) in enumerate(zip(texts, names, strict=True)):
            said: dict[str, str] = {}
            if text is not None:
                facts = {key: samples[key][row] for key in self.facts}
                outcome = clean_row(pipeline, text, id=str(name), facts=facts, on_error=self.on_error)
                text, said = outcome.doc.text, outcome.notes()  # noqa: PLW2901
            cleaned.append(text)
            for key, column in notes.items():
                column.append(said.get(key, ""))
        samples[self.text_key] = cleaned
        samples.update(notes)
        return samples

    def _pipeline(self) -> Pipeline:
        if self._loaded is None:
            self._loaded = ready_pipeline(config.loads(self.recipe))
        return self._loaded

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_loaded": None}


def _recipe(pipeline: str | PathLike[str]) -> str:
    """The TOML text of a recipe, given as such or as a path."""
    if "[[stage]]" in str(pipeline):
        return str(pipeline)
    if not str(pipeline):
        return config.dumps(Pipeline.default())
    return Path(pipeline).read_text(encoding="utf-8")
