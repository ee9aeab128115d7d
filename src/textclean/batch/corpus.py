"""The documents of files and folders as they are, for what only looks at them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from textclean.batch.readers import read
from textclean.batch.records import Fields, Piece
from textclean.batch.sources import Problem, find
from textclean.document import Document


def documents(inputs: Sequence[str], fields: Fields, problem: Callable[[Problem], None]) -> Iterator[Document]:
    """Each document of *inputs*; what cannot be read is told to *problem* and passed over."""
    for source in find(inputs, os.devnull):
        if isinstance(source, Problem):
            problem(source)
            continue
        for record in read(Piece(source), fields):
            if isinstance(record, Problem):
                problem(record)
            elif record.doc is not None:
                yield record.doc
