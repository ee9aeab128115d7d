"""Hugging Face datasets: a function for map, in Arrow format. Needs datasets."""

from pathlib import Path

from datasets import Dataset, disable_progress_bars

from textclean.arrow import clean_batch

disable_progress_bars()
articles = sorted(Path(__file__).parent.joinpath("articles").glob("*.txt"))
raw = Dataset.from_dict(
    {"id": [path.name for path in articles], "text": [path.read_text("utf-8") for path in articles]}
)

clean = raw.with_format("arrow").map(clean_batch, batched=True).with_format(None)

for row, done in zip(raw, clean, strict=True):
    print(f"{row['id']}: {len(row['text'])} -> {len(done['text'])} characters")
