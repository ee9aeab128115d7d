"""What is Arrow data, and in which pieces is it worked on?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

LARGEST = 1 << 28  # bytes of one batch of a Table; a stage may rewrite every paragraph, and there are several


def parts(batch: Any) -> list[Any]:
    """*batch*, whatever it is, as record batches."""
    import pyarrow as pa  # noqa: PLC0415

    if isinstance(batch, pa.RecordBatch):
        return [batch]
    if isinstance(batch, pa.Table):
        return list(batch.to_batches())
    if hasattr(batch, "__arrow_c_array__"):
        return [pa.record_batch(batch)]
    if hasattr(batch, "__arrow_c_stream__"):
        return list(pa.table(batch).to_batches())
    raise TypeError(
        f"{type(batch).__name__} is no Arrow data: pass a RecordBatch, a Table, or anything with "
        "__arrow_c_stream__ (of a Hugging Face dataset, its with_format('arrow'))"
    )


def each_batch(batch: Any, work: Callable[[Any, int], Any]) -> Any:
    """*work* on each record batch of *batch* and its first row's number: a Table comes back unless one batch came in."""
    import pyarrow as pa  # noqa: PLC0415

    if isinstance(batch, pa.RecordBatch) or (not isinstance(batch, pa.Table) and hasattr(batch, "__arrow_c_array__")):
        return work(parts(batch)[0], 0)
    table = (
        batch if isinstance(batch, pa.Table) else pa.Table.from_batches(pieces) if (pieces := parts(batch)) else None
    )
    if table is None or not table.num_rows:
        schema = (pa.table(batch) if table is None else table).schema
        return pa.Table.from_batches([work(pa.RecordBatch.from_pylist([], schema=schema), 0)])
    done, rows = [], 0
    for whole in table.to_batches():
        for part in _bounded(whole):
            done.append(work(part, rows))
            rows += part.num_rows
    return pa.Table.from_batches(done)


def _bounded(batch: Any) -> Iterator[Any]:
    """*batch* in parts whose ledger fits a column: an Arrow string column ends at 2 GiB, and edits tell texts twice."""
    rows = max(1, batch.num_rows * LARGEST // max(batch.nbytes, 1))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)
