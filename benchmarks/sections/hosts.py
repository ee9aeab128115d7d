"""What does a host cost? The pipeline by itself, and inside Arrow."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec

from benchmarks.contest import HOUSE
from benchmarks.tables import Table
from textclean import Document, Pipeline

ARTICLES = HOUSE / "examples" / "articles"
COPIES = 4


def tables(*, quick: bool) -> Iterator[Table]:
    """The table of the section."""
    if find_spec("pyarrow") is None:
        return
    rounds = 5 if quick else 15
    texts = [path.read_text("utf-8") for path in sorted(ARTICLES.glob("*.txt"))] * COPIES
    forms = _forms(texts)
    for form in forms.values():
        form()
    seconds: dict[str, list[float]] = {name: [] for name in forms}
    for _ in range(rounds):
        for name, form in forms.items():
            began = time.process_time()
            form()
            seconds[name].append(time.process_time() - began)
    table = Table(
        "The pipeline inside Arrow",
        "The five example articles through the default pipeline. *added*: median, in %, of the ratios within the rounds. "
        "datatrove's step is measured by `benchmarks/adapters.py` where datatrove is installed.",
        rounds=rounds,
    )
    alone = seconds["the pipeline by itself"]
    for name, took in seconds.items():
        ratio = statistics.median(one / other for one, other in zip(took, alone, strict=True))
        table.add(name, ms_a_page=1e3 * statistics.median(took) / len(texts), added=100 * (ratio - 1))
    yield table


def _forms(texts: list[str]) -> dict[str, Callable[[], object]]:
    import pyarrow as pa  # noqa: PLC0415

    from textclean.arrow import clean_batch  # noqa: PLC0415

    pipeline = Pipeline.default()
    batch = pa.record_batch({"id": [str(number) for number in range(len(texts))], "text": texts})
    return {
        "the pipeline by itself": lambda: [pipeline(Document(str(n), text)) for n, text in enumerate(texts)],
        "Arrow, text": lambda: clean_batch(batch, pipeline=pipeline, add=[]),
        "Arrow, text, meta and the whole ledger": lambda: clean_batch(batch, pipeline=pipeline),
    }
