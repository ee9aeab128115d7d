"""What does a first look show? Five articles that come with the package, and one of them before and after."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from textclean.batch import output, show

SHOWN = "002_96434e361969fff8.txt"
PARAGRAPHS = 6
PACKAGE = Path(__file__).resolve().parent.parent


def articles() -> Path:
    """The folder of the five articles: in the package, or in the checkout it is run from."""
    inside, beside = PACKAGE / "articles", PACKAGE.parents[1] / "examples" / "articles"
    return inside if inside.is_dir() else beside


def before_and_after(console: Console, out: Path) -> None:
    """Show the first paragraphs of one article of the run *out*, why they changed, and where to look further."""
    doc = output.document(out / "text" / SHOWN)
    console.print()
    console.print(Rule(Text.assemble((SHOWN, "bold"), " before and after (its first paragraphs)")))
    sides = Table(box=None, padding=(0, 1), show_header=False, expand=True)
    sides.add_column(ratio=1, overflow="fold", style="red")
    sides.add_column(ratio=1, overflow="fold", style="green")
    before, after = doc.original.splitlines(), doc.text.splitlines()
    for was, now in zip(before[:PARAGRAPHS], after[:PARAGRAPHS], strict=False):
        sides.add_row(_shortened(was), _shortened(now))
        sides.add_row()
    console.print(sides)

    console.print(Rule("what was done to it, and why"))
    console.print(show.reasons(doc))
    console.print()
    console.print(Rule("look around"))
    for path, what in [
        (out / "text", "the clean articles"),
        (out / "documents.jsonl", "as rows, with title, date, author, …"),
        (out / "removed.jsonl", "what was taken out, where it stood, and why"),
        (out / "report.html", "all of it on one page, to open in a browser"),
    ]:
        console.print(Text.assemble("  ", (f"{path!s:<28}", "bold"), what))
    console.print("\nOne article in colour, with every cut and its reason, and the way back:")
    here = sys.argv[0]
    command = "textclean" if shutil.which("textclean") or here.endswith("__main__.py") else here
    console.print(f"  {command} explain {out}/text/001_be79d72d987d4d49.txt", style="cyan", soft_wrap=True)
    console.print(f"  {command} restore {out} --out articles-again", style="cyan", soft_wrap=True)


def _shortened(text: str, length: int = 110) -> str:
    return text if len(text) <= length else f"{text[:length]} …"
