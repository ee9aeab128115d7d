"""One article before and after, side by side, and why: python examples/before_after.py NAME OUT."""

import sys
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from textclean.batch import output, show

ARTICLES = Path(__file__).parent / "articles"
PARAGRAPHS = 6


def shortened(text: str, length: int = 110) -> str:
    return text if len(text) <= length else f"{text[:length]} …"


def main(name: str, out: Path) -> None:
    console = Console(highlight=False)
    doc = output.document(out / "text" / name)
    before, after = doc.original.splitlines(), doc.text.splitlines()

    console.print()
    console.print(Rule(Text.assemble((name, "bold"), " before and after (its first paragraphs)")))
    sides = Table(box=None, padding=(0, 1), show_header=False, expand=True)
    sides.add_column(ratio=1, overflow="fold", style="red")
    sides.add_column(ratio=1, overflow="fold", style="green")
    for was, now in zip(before[:PARAGRAPHS], after[:PARAGRAPHS], strict=False):
        sides.add_row(shortened(was), shortened(now))
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
    command = ".venv-demo/bin/textclean"
    console.print(f"  {command} explain {out}/text/001_be79d72d987d4d49.txt", style="cyan", soft_wrap=True)
    console.print(f"  {command} restore {out} --out /tmp/articles-again", style="cyan", soft_wrap=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
