"""How does a person see a run, and a document?

On a terminal in colour; anywhere else with marks that survive a file or a pipe.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from textclean.batch.explain import Segment, segments, shown
from textclean.document import Document

STYLES = {"removed": "red strike", "replaced": "green", "respelled": "cyan", "inserted": "green", "kept": ""}


LONG = 120
"""A removal of more characters is shown by its ends, unless all of it is asked for."""


def document(doc: Document, *, colour: bool, full: bool = False) -> RenderableType:
    """One document: what went, why, what was repaired."""
    doc = shown(doc)
    size = f"  {len(doc.original):,} characters in, {len(doc.text):,} left"
    parts: list[RenderableType] = [Text.assemble((doc.id, "bold"), size), Text()]
    facts = _facts(doc.meta)
    if facts.row_count:
        parts += [facts, Text()]
    body = Text()
    for segment in segments(doc):
        before = segment.before if full or segment.kind != "removed" else _ends(segment.before)
        body.append_text(_painted(segment, before) if colour else Text(_marked(segment, before)))
    parts += [body, Text()]
    counts = reasons(doc)
    return Group(*parts, counts if counts.row_count else Text("Nothing was changed."))


def _ends(text: str) -> str:
    """The ends of a long removal, and how much lies between."""
    end = text[len(text.rstrip("\n")) :]
    core = text[: len(text) - len(end)]
    return text if len(core) <= LONG else f"{core[: LONG // 2]} … {core[-LONG // 4 :]}{end}"


def _painted(segment: Segment, before: str) -> Text:
    if segment.kind in {"kept", "respelled"}:
        return Text(segment.after, STYLES[segment.kind])
    if not segment.before.strip() and not segment.after:
        return Text("\n" if "\n" in before else "")  # blanks that went: nothing to see
    core = before.rstrip()
    text = Text(core, STYLES["removed"])
    text.append(segment.after, STYLES["replaced"])
    if segment.kind == "removed":
        text.append(f" ← {_label(segment)} ", "yellow")
        text.append("\n" * ("\n" in before[len(core) :]))
    return text


def _marked(segment: Segment, before: str) -> str:
    if segment.kind in {"kept", "respelled"}:
        return segment.after
    if not segment.before.strip() and not segment.after:
        return "\n" if "\n" in before else ""
    removed = f"[-{before}-]" if before else ""
    return removed + (f"{{+{segment.after}+}}" if segment.after else f"<{_label(segment)}>")


def _label(segment: Segment) -> str:
    """Why it went, in one phrase."""
    size = f", {len(segment.before):,} characters" if len(segment.before) > LONG else ""
    note = f": {segment.notes[0]}" if segment.notes and segment.kind == "removed" else ""
    return f"{'+'.join(segment.reasons)}{size}{note if len(note) < 80 else f'{note[:78]}…'}"


QUIET_FACTS = {"encoding", "decode_errors"}
"""Facts that are worth a line only when they are out of the ordinary."""


def _facts(meta: Mapping[str, Any]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value in meta.items():
        if name.startswith("encoding_") or (name in QUIET_FACTS and value in {"utf-8", "ascii", None, 0}):
            continue
        table.add_row(Text(name, "dim"), Text(", ".join(map(str, value)) if isinstance(value, list) else str(value)))
    return table


def reasons(doc: Document) -> Table:
    """What each stage did to *doc*, by reason: how many edits, how many characters less, and the first case."""
    table = _table("stage", "reason", "edits", "less", "for instance")
    grouped: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in doc.audit():
        if row.before != row.after:
            grouped.setdefault((row.stage, row.reason), []).append((row.before, row.after))
    for (stage, reason), edits in grouped.items():
        fewer = sum(len(before) - len(after) for before, after in edits)
        table.add_row(stage, reason, f"{len(edits):,}", f"{fewer:,}", _instance(*edits[0]))
    return table


def _instance(before: str, after: str, width: int = 12) -> Text:
    """The first difference of an edit, short enough for a cell."""
    at = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    if len(before) == len(after):  # each character has its twin: show those that differ, up to the next that does not
        width = next((i for i, (a, b) in enumerate(zip(before[at:], after[at:], strict=True)) if a == b), len(before))
        before, after, width = before[: at + width], after[: at + width], min(width, 4)
    was, now = (_visible(text[at : at + width], more=len(text) > at + width) for text in (before, after))
    return Text.assemble((was, "red"), " → ", (now, "green")) if now else Text(was, "red")


def _visible(text: str, *, more: bool) -> str:
    """*text* in one line, with blanks that can be seen when there is nothing else."""
    return (" ".join(text.split()) or re.sub(r"\s", "␣", text.replace("\n", "⏎"))) + "…" * more


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
        table.add_column(
            name, justify="right" if name in {"edits", "less", "characters less"} else "left", no_wrap=True
        )
    return table


def consoles() -> tuple[Console, Console]:
    """Where results go (standard output) and where news goes (standard error)."""
    return Console(highlight=False), Console(stderr=True, highlight=False)
