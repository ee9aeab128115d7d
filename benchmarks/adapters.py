"""What does a host cost? The time of a pipeline by itself, and inside Arrow and datatrove.

    python benchmarks/adapters.py [FOLDER of .txt]     (without it: the five example articles)

CPU time of this process; each round runs all forms in turn, and what is shown is the
median of their ratios to the pipeline in the same round.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa

from textclean import Document, Pipeline
from textclean.arrow import clean_batch

ROUNDS = 15
COPIES = 4


def main() -> None:
    """Measure and print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "examples" / "articles"
    texts = [path.read_text("utf-8", errors="replace") for path in sorted(folder.glob("*.txt"))] * COPIES
    pipeline = Pipeline.default()
    batch = pa.record_batch({"id": [str(n) for n in range(len(texts))], "text": texts})
    forms: dict[str, Callable[[], object]] = {
        "pipeline": lambda: [pipeline(Document(str(n), text)) for n, text in enumerate(texts)],
        "Arrow, text": lambda: clean_batch(batch, pipeline=pipeline, add=[]),
        "Arrow, text + meta + edits": lambda: clean_batch(batch, pipeline=pipeline),
    }
    if find_spec("datatrove"):
        from datatrove.data import Document as TroveDocument

        from textclean.integrations.datatrove import TextClean, TextCleanFormatter

        def trove(step: Callable[..., object]) -> object:
            return list(step(TroveDocument(text, str(n)) for n, text in enumerate(texts)))

        forms["datatrove formatter"] = lambda: trove(TextCleanFormatter(pipeline))
        forms["datatrove step, with ledger"] = lambda: trove(TextClean(pipeline))
    for form in forms.values():
        form()
    seconds: dict[str, list[float]] = {name: [] for name in forms}
    for _ in range(ROUNDS):
        for name, form in forms.items():
            began = time.process_time()
            form()
            seconds[name].append(time.process_time() - began)
    for name, took in seconds.items():
        each = statistics.median(took)
        ratio = statistics.median(one / alone for one, alone in zip(took, seconds["pipeline"], strict=True))
        print(f"{name:30}{1e3 * each / len(texts):8.2f} ms a page{100 * (ratio - 1):+8.1f} %")


if __name__ == "__main__":
    main()
