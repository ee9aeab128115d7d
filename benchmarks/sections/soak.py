"""A million documents through one process: does its memory stay?"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import soak
from benchmarks.tables import Table

COUNT, QUICK = 1_000_000, 20_000


def tables(*, quick: bool) -> Iterator[Table]:
    """The table of the section."""
    table = Table(
        "A million documents, one process",
        "Short documents made by a fixed seed (`benchmarks/soak.py`): lines of the example articles, damaged, re-encoded, mixed with markup, "
        "site furniture, odd code points and noise. Each goes from bytes to clean text and must come back byte for byte from its ledger. "
        "*resident*: the memory of the process, libraries and tables included.",
        chart="resident MB",
        rounds=1,
    )
    count = QUICK if quick else COUNT
    for look in soak.run(count // 10, soak.documents(count)):
        table.add(
            f"after {look.documents:,}",
            read_MB=look.read,
            CPU_s=look.seconds,
            resident_MB=look.resident,
            failed=look.failed,
        )
    yield table
