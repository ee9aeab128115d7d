"""A table's column as bars: SVG written by hand, to be read in light and in dark.

The colours follow the reader's preference by a media query inside the file, so
one file serves both; text is text, and the figures stand beside the bars.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

from benchmarks.tables import Value, shown

WIDTH, NAME, FIGURE, ROW, HEAD = 720, 230, 92, 26, 46
STYLE = """
  text { font: 13px system-ui, "Segoe UI", "Noto Sans", sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 14px } .small { fill: #59636e; font-size: 12px }
  .ours { fill: #0f766e } .theirs { fill: #b6bec8 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } .ours { fill: #2dd4bf } .theirs { fill: #57606a }
  }
"""


def bars(title: str, column: str, values: Mapping[str, Value]) -> str:
    """One bar for each row, ours in colour. Speeds that differ a hundredfold are drawn on a logarithmic scale, which is said.

    >>> bars("Speed", "MB/s", {"textclean": 4.0, "other": 2.0}).count("<rect")
    2
    """
    drawn = {
        name: float(value) for name, value in values.items() if isinstance(value, int | float) and math.isfinite(value)
    }
    largest, smallest = max(drawn.values(), default=1.0), min((v for v in drawn.values() if v > 0), default=1.0)
    logarithmic = largest / smallest > 40
    height = HEAD + ROW * len(drawn) + 8
    room = WIDTH - NAME - FIGURE
    scale = ", logarithmic" if logarithmic else ""
    label = escape(f"{title}: {column}")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img" aria-label="{label}">',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="0" y="17">{escape(title)}</text>',
        f'<text class="small" x="0" y="36">{escape(column)}{scale}</text>',
    ]
    for number, (name, value) in enumerate(drawn.items()):
        top = HEAD + ROW * number
        if logarithmic:
            low = math.log(smallest / 3)
            share = (math.log(max(value, smallest / 3)) - low) / (math.log(largest) - low)
        else:
            share = value / largest if largest else 0.0
        length = max(1.0, room * share)
        kind = "ours" if name.startswith("textclean") else "theirs"
        parts += [
            f'<text x="{NAME - 10}" y="{top + 16}" text-anchor="end">{escape(name)}</text>',
            f'<rect class="{kind}" x="{NAME}" y="{top + 3}" width="{length:.1f}" height="18" rx="2"/>',
            f'<text x="{NAME + length + 8:.1f}" y="{top + 16}">{escape(shown(value))}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])
