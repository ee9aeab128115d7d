"""pandas: a data frame in, the same rows with clean text out. Needs pandas ≥ 3 and pyarrow."""

from pathlib import Path

import pandas as pd

from textclean.arrow import clean_batch

articles = sorted(Path(__file__).parent.joinpath("articles").glob("*.txt"))
raw = pd.DataFrame({"id": [path.name for path in articles], "text": [path.read_text("utf-8") for path in articles]})

clean = pd.DataFrame.from_arrow(clean_batch(raw))  # the added columns: meta and edits

for name, before, after in zip(raw["id"], raw["text"], clean["text"], strict=True):
    print(f"{name}: {len(before)} -> {len(after)} characters")
