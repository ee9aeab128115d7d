"""Rows of JSON on standard input, the same rows with clean text on standard output."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import IO

from textclean.batch import rows
from textclean.batch.records import Fields, document
from textclean.batch.sources import Problem
from textclean.pipeline import Pipeline, StageError


def pipe(
    lines: Iterable[bytes], out: IO[bytes], pipeline: Pipeline, fields: Fields, tell: Callable[[Problem], None]
) -> int:
    """Clean each row as it comes; how many could not be.

    Every row leaves, in order: one that cannot be cleaned as it came, so that
    nothing is lost between two programs. What the stages read from the text
    stands in ``meta``.
    """
    problems = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        clean = line if line.endswith(b"\n") else line + b"\n"
        try:
            row = rows.strict(line)
            made = document(dict(row) if isinstance(row, dict) else row, "standard input", number, fields)
        except ValueError as error:
            made = Problem("standard input", f"this line is no JSON: {error}", line=number)
        if not isinstance(made, Problem):
            try:
                doc = pipeline(made)
                found = {key: value for key, value in doc.meta.items() if made.meta.get(key) != value}
                clean = rows.line({**row, fields.text: doc.text} | ({"meta": found} if found else {}))
            except StageError as error:
                made = Problem("standard input", error.problem, error.doc_id, number, error.stage)
        if isinstance(made, Problem):
            problems += 1
            tell(made)
        out.write(clean)
        out.flush()
    return problems
