"""How does a person see a run, and a document?

On a terminal in colour; anywhere else with marks that survive a file or a pipe.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from textclean.batch.explain import Segment, segments, shown
from textclean.document import Document

STYLES = {"removed": "red strike", "replaced": "green", "respelled": "cyan", "inserted": "green", "kept": ""}


def document(doc: Document, *, colour: bool) -> RenderableType:
    """One document: what went, why, what was repaired."""
    doc = shown(doc)
    original = doc.original
    head = Text.assemble((doc.id, "bold"), f"  {len(original):,} characters in, {len(doc.text):,} left")
    parts: list[RenderableType] = [head, Text()]
    if doc.meta:
        parts += [Padding(_facts(doc.meta), (0, 0, 1, 2))]
    body = Text()
    for segment in segments(doc):
        body.append_text(_painted(segment) if colour else Text(_marked(segment)))
    parts += [body, Text()]
    counts = _reasons(doc)
    parts.append(counts if counts.row_count else Text("Nothing was changed."))
    return Group(*parts)


def _painted(segment: Segment) -> Text:
    style = STYLES[segment.kind]
    if segment.kind in {"kept", "respelled"}:
        return Text(segment.after, style)
    text = Text(segment.before.rstrip("\n"), STYLES["removed"])
    text.append(segment.after, STYLES["replaced"])
    if segment.kind == "removed":
        text.append(f" {'+'.join(segment.reasons)}", "dim red")
        text.append(segment.before[len(segment.before.rstrip("\n")) :] and "\n")
    return text


def _marked(segment: Segment) -> str:
    if segment.kind in {"kept", "respelled"}:
        return segment.after
    removed = f"[-{segment.before}-]" if segment.before else ""
    return removed + (f"{{+{segment.after}+}}" if segment.after else f"<{'+'.join(segment.reasons)}>")


def _facts(meta: Mapping[str, Any]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value in meta.items():
        table.add_row(Text(name, "dim"), Text(", ".join(map(str, value)) if isinstance(value, list) else str(value)))
    return table


def _reasons(doc: Document) -> Table:
    table = _table("stage", "reason", "edits", "characters less", "for instance")
    grouped: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in doc.audit():
        if row.before != row.after:
            grouped.setdefault((row.stage, row.reason), []).append((row.before, row.after))
    for (stage, reason), edits in grouped.items():
        fewer = sum(len(before) - len(after) for before, after in edits)
        table.add_row(stage, reason, f"{len(edits):,}", f"{fewer:,}", _instance(*edits[0]))
    return table


def _instance(before: str, after: str, width: int = 14) -> Text:
    """The first difference of an edit, short enough for a cell."""
    at = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    was, now = before[at : at + width].strip().replace("\n", "⏎"), after[at : at + width].strip().replace("\n", "⏎")
    if len(before) == len(after):
        was, now = was[:4], now[:4]
    return Text.assemble((was, "red"), " → ", (now, "green")) if now else Text(was, "red")


def summary(manifest: Mapping[str, Any]) -> RenderableType:
    """The table at the end of a run."""
    totals = manifest["totals"]
    before, after = totals["characters_in"], totals["characters_out"]
    share = f" ({(before - after) / before:.1%} less)" if before else ""
    line = Text.assemble(
        (f"{totals['documents']:,}", "bold"),
        " documents in, ",
        (f"{totals['left']:,}", "bold"),
        " left; ",
        f"{before:,} characters in, {after:,} out{share}",
    )
    table = _table("stage", "reason", "edits", "characters less")
    stage_before = ""
    for name, count in sorted(totals["edits"].items(), key=_order(manifest)):
        stage, reason = name.rsplit("/", 1)
        shown = "" if stage == stage_before else stage
        table.add_row(shown, reason, f"{count:,}", f"{totals['removed'].get(name, 0):,}")
        stage_before = stage
    return Group(line, table) if table.row_count else line


def _order(manifest: Mapping[str, Any]) -> Any:
    order = {row["stage"]: number for number, row in enumerate(manifest["pipeline"])}
    return lambda item: (order.get(item[0].rsplit("/", 1)[0], len(order)), item[0].rsplit("/", 1)[0], -item[1])


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2), header_style="dim")
    for name in names:
        table.add_column(name, justify="right" if name in {"edits", "characters less"} else "left", no_wrap=True)
    return table


def consoles() -> tuple[Console, Console]:
    """Where results go (standard output) and where news goes (standard error)."""
    return Console(highlight=False), Console(stderr=True, highlight=False)
