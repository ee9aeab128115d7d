"""Polars: a step of a lazy query, batch by batch when it streams. Needs polars and pyarrow."""

from pathlib import Path

import polars as pl

from textclean.arrow import clean_batch

articles = sorted(Path(__file__).parent.joinpath("articles").glob("*.txt"))
raw = pl.LazyFrame({"id": [path.name for path in articles], "text": [path.read_text("utf-8") for path in articles]})


def step(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(clean_batch(frame, text="clean", add=["meta"]))


query = raw.with_columns(clean="text").map_batches(
    step, streamable=True, schema={"id": pl.String, "text": pl.String, "clean": pl.String, "meta": pl.String}
)

for name, before, after in query.select("id", "text", "clean").collect().iter_rows():
    print(f"{name}: {len(before)} -> {len(after)} characters")
