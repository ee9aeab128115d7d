"""Ray Data: a function for map_batches, on as many machines as there are. Needs ray[data]."""

from pathlib import Path

import ray

from textclean.arrow import clean_batch

ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, object_store_memory=100_000_000)
ray.data.DataContext.get_current().enable_progress_bars = False
articles = sorted(Path(__file__).parent.joinpath("articles").glob("*.txt"))
raw = ray.data.from_items([{"id": path.name, "text": path.read_text("utf-8")} for path in articles])

clean = raw.map_batches(clean_batch, batch_format="pyarrow")

lengths = {row["id"]: len(row["text"]) for row in clean.take_all()}
for row in raw.take_all():
    print(f"{row['id']}: {len(row['text'])} -> {lengths[row['id']]} characters")
