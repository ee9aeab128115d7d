"""A table of results: who did what, in figures, and which column is drawn."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.contest import CACHE, Outcome

Value = float | int | str | None


@dataclass
class Table:
    """*rows*: for each program its figures by column. *chart* names the column drawn beside it, if any."""

    title: str
    words: str
    rows: dict[str, dict[str, Value]] = field(default_factory=dict)
    chart: str = ""
    rounds: int = 0

    def add(self, name: str, **values: Value) -> None:
        """Figures of *name*, to those it has; an underscore in a column's name is a space."""
        self.rows.setdefault(name, {}).update({key.replace("_", " "): value for key, value in values.items()})

    def speeds(self, outcomes: Mapping[str, Outcome], size: float, column: str = "MB/s") -> None:
        """MB a CPU second of each, and how many times as fast the first is."""
        first = next(iter(outcomes.values()))
        for name, outcome in outcomes.items():
            self.rows.setdefault(name, {})
            if outcome.error:
                self.rows[name]["remark"] = outcome.error
                continue
            self.rows[name][column] = size / outcome.median
            if outcome is not first:
                self.rows[name][f"× ({column})"] = first.times_as_fast_as(outcome)
            self.rounds = len(outcome.seconds)

    @property
    def columns(self) -> list[str]:
        """In order of their first figure."""
        return list(dict.fromkeys(column for values in self.rows.values() for column in values))

    def markdown(self) -> str:
        """As a table of Markdown."""
        columns = self.columns
        lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
        for name, values in self.rows.items():
            lines.append(f"| {name} | {' | '.join(shown(values.get(column)) for column in columns)} |")
        return "\n".join(lines)


def shown(value: Value) -> str:
    """A figure with three digits that mean something.

    >>> shown(0.98765), shown(1234567.0), shown(12), shown(None), shown(38.44)
    ('0.988', '1,234,567', '12', '', '38.4')
    """
    if value is None:
        return ""
    if isinstance(value, str | int):
        return f"{value:,}" if isinstance(value, int) else value
    if not math.isfinite(value):
        return ""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def data(rows: Sequence[Any], name: str) -> Path:
    """*rows* as the file contestants read."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def save(path: Path, tables: Sequence[Table], **facts: object) -> None:
    """The tables of a section, and what else is to be known of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {"tables": [asdict(table) for table in tables], **facts}
    temporary = path.with_suffix(".part")
    temporary.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    temporary.replace(path)
