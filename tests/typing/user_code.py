"""What users write, for type checkers: mypy --strict (./check) and pyright (.ci/run) must find nothing, and reveal what is said here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_type

import textclean
from textclean import (
    AuditRow,
    Document,
    Edit,
    Learner,
    NearDuplicates,
    Pipeline,
    RepairEncoding,
    SimplifyChinese,
    Stage,
    StageError,
    StripBoilerplate,
)


def no_shouting(doc: Document) -> list[Edit]:
    """A function is a stage."""
    return [Edit(at, at + 1, "。", "tone") for at, sign in enumerate(doc.text) if sign == "！"]


@dataclass(frozen=True)
class Cut:
    """So is an object that is called, and its method may be a generator."""

    least: int = 4

    def __call__(self, doc: Document, /) -> Iterator[Edit]:
        """Nothing, mostly."""
        if len(doc.text) < self.least:
            yield Edit(0, len(doc.text), "", "short")


@dataclass(frozen=True)
class Common:
    """A learner."""

    least: int = 3

    def observe(self, docs: Iterable[Document], /) -> Counter[str]:
        """How often each line stands."""
        return Counter(line for doc in docs for line in doc.text.splitlines())

    def decide(self, shards: Iterable[Counter[str]], /) -> Stage:
        """A stage."""
        sum(shards, Counter[str]())
        return no_shouting


def main() -> None:
    """Everything the front door offers, as it is used."""
    doc = textclean.clean(b"\xd6\xd0", id="a", kind="text")
    assert_type(doc, Document)
    assert_type(doc.text, str)
    assert_type(doc.original, str)
    assert_type(doc.origin(0, 1), tuple[int, int])
    for row in doc.audit():
        assert_type(row, AuditRow)
        assert_type(row.reason, str)
    stages: list[Stage | Learner[Counter[str]]] = [no_shouting, Cut(), Common()]
    learned = Pipeline(stages).learn([doc])
    assert_type(learned, Pipeline)
    assert_type(list(learned.run([doc])), list[Document])
    Pipeline([RepairEncoding(slips="mark"), SimplifyChinese(keep=["鄭乾"]), StripBoilerplate(), NearDuplicates()])
    try:
        Pipeline.default()(doc)
    except StageError as error:
        assert_type(error.doc_id, str)
    assert_type(str(textclean.script("文")), str)
    textclean.decode("文", declared="gbk")


if __name__ == "__main__":
    main()
