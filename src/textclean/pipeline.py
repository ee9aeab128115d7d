"""In what order, and what if one fails?

A stage is any callable that looks at one document and returns edits; a plain
function will do. A learner looks at a corpus first, and becomes a stage. A
:class:`Pipeline` runs them in order and signs their changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from textclean.document import Document, Edit

E = TypeVar("E")


class Stage(Protocol):
    """Look at one document; say what should change, and why."""

    def __call__(self, doc: Document, /) -> Iterable[Edit]:
        """The edits for *doc*: disjoint, in code points of ``doc.text``."""
        ...


@runtime_checkable
class Learner(Protocol[E]):
    """Look at a corpus, shard by shard; become a :class:`Stage`.

    Evidence is a value that merges in any order: ``decide([a, b])`` and
    ``decide([b, a])`` are the same stage. That is what makes workers,
    incremental runs and distributed engines give identical output.
    """

    def observe(self, docs: Iterable[Document], /) -> E:
        """What one shard of the corpus shows."""
        ...

    def decide(self, shards: Iterable[E], /) -> Stage:
        """The stage that all the evidence together asks for."""
        ...


class StageError(Exception):
    """A stage failed on a document, which is untouched; the cause is chained.

    ``error.stage`` and ``error.doc_id`` say where.
    """

    def __init__(self, stage: str, doc_id: str, problem: object = "") -> None:
        self.stage = stage
        self.doc_id = doc_id
        self.problem = str(problem)
        super().__init__(stage, doc_id, self.problem)  # all three, so that a worker process can send it home

    def __str__(self) -> str:
        return f"{self.stage} failed on document {self.doc_id!r}: {self.problem}"


def stage_name(stage: object) -> str:
    """How the ledger signs for *stage*: a function's name, else its class.

    >>> stage_name(len), stage_name(Pipeline(()))
    ('len', 'Pipeline')
    """
    return getattr(stage, "__name__", None) or type(stage).__name__


@dataclass(frozen=True, init=False)
class Pipeline:
    """Stages, in the order they run.

    >>> def shout(doc):
    ...     return [Edit(0, len(doc.text), doc.text.upper(), "loud")]
    >>> Pipeline([shout])(Document("a", "hello")).text
    'HELLO'
    """

    stages: tuple[Stage | Learner[Any], ...]

    def __init__(self, stages: Iterable[Stage | Learner[Any]]) -> None:
        stages = tuple(stages)
        for stage in stages:
            if isinstance(stage, type):
                raise TypeError(f"{stage.__name__} is a class: put {stage.__name__}() in the pipeline")
            if not callable(stage) and not isinstance(stage, Learner):
                raise TypeError(
                    f"{stage!r} is no stage: a stage is called with a Document and returns Edits; "
                    "a learner has observe() and decide()"
                )
        object.__setattr__(self, "stages", stages)

    @property
    def learners(self) -> tuple[Learner[Any], ...]:
        """The stages that have still to see a corpus."""
        return tuple(stage for stage in self.stages if not callable(stage))

    def __call__(self, doc: Document, /) -> Document:
        """*doc* after every stage.

        Raises StageError when a stage fails (*doc* itself is never changed),
        TypeError when a learner has not seen a corpus yet.
        """
        for stage in self.stages:
            if not callable(stage):
                raise TypeError(f"{stage_name(stage)} has not seen a corpus yet: call pipeline.learn(docs) first")
            name = stage_name(stage)
            try:
                doc = doc.edit(name, stage(doc))
            except Exception as error:
                raise StageError(name, doc.id, f"{type(error).__name__}: {error}") from error
        return doc

    def together(self, docs: Iterable[Document]) -> list[Document | StageError]:
        """Each of *docs* after every stage, or what went wrong with it.

        Stage by stage instead of document by document: the code and the tables
        of a stage stay in the processor's cache, which saves a sixth of the time
        where documents are small.

        Raises TypeError when a learner has not seen a corpus yet.
        """
        done: list[Document | StageError] = list(docs)
        for stage in self.stages:
            if not callable(stage):
                raise TypeError(f"{stage_name(stage)} has not seen a corpus yet: call pipeline.learn(docs) first")
            name = stage_name(stage)
            for at, doc in enumerate(done):
                if isinstance(doc, Document):
                    try:
                        done[at] = doc.edit(name, stage(doc))
                    except Exception as error:  # noqa: BLE001  the caller gets it in the document's place
                        done[at] = failed = StageError(name, doc.id, f"{type(error).__name__}: {error}")
                        failed.__cause__ = error
        return done

    def run(self, docs: Iterable[Document]) -> Iterator[Document]:
        """Each of *docs* after every stage, one at a time, in order."""
        return map(self, docs)

    def learn(self, docs: Iterable[Document]) -> Pipeline:
        """The same pipeline with each learner replaced by the stage it decided.

        A learner sees the documents as the stages before it left them, so
        *docs* is read once per learner: pass a list, or anything that can be
        iterated again.

        Raises TypeError for a one-shot iterator, which the second learner would
        find empty.
        """
        if iter(docs) is docs:
            raise TypeError("learn() reads the corpus once per learner: pass a list, not an iterator that runs dry")
        ready: tuple[Stage, ...] = ()
        for stage in self.stages:
            if callable(stage):
                ready = (*ready, stage)
            else:
                ready = (*ready, stage.decide([stage.observe(Pipeline(ready).run(docs))]))
        return Pipeline(ready)

    @classmethod
    def default(cls, *, corpus: bool = False) -> Pipeline:
        """What :func:`textclean.clean` runs; with ``corpus=True``, what ``textclean clean`` runs on a directory."""
        from textclean.stages import default_stages  # noqa: PLC0415  stages import this module

        return cls(default_stages(corpus=corpus))

    @classmethod
    def load(cls, path: str | Path, *, allow_code: bool = False) -> Pipeline:
        """The pipeline described by a TOML file (see :mod:`textclean.config`)."""
        from textclean import config  # noqa: PLC0415  config imports this module

        return config.load(path, allow_code=allow_code)
