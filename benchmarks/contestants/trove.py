"""datatrove's steps, one after the other, as its executor runs them."""

from __future__ import annotations

from typing import Any


def run(*blocks: Any, rank: int = 0, world: int = 1) -> None:
    """One task, without the executor, which cannot copy a loaded Chinese word tokenizer."""
    rows = None
    for block in blocks:
        rows = block(rows, rank, world)
    for _ in rows or ():
        pass


def minhash(folder: str) -> None:
    """The rows in ``folder/in`` that are no near duplicates into ``folder/clean``: the four steps as shipped, set to Chinese."""
    from datatrove.pipeline.dedup import (
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from datatrove.utils.typeshelper import Languages

    config = MinhashConfig()
    run(
        JsonlReader(f"{folder}/in", compression=None),
        MinhashDedupSignature(f"{folder}/signatures", config, language=Languages.mandarin_chinese),
    )
    for bucket in range(config.num_buckets):
        block = MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/buckets", config=config)
        run(block, rank=bucket, world=config.num_buckets)
    run(MinhashDedupCluster(f"{folder}/buckets", f"{folder}/remove", config=config))
    run(
        JsonlReader(f"{folder}/in", compression=None),
        MinhashDedupFilter(f"{folder}/remove"),
        JsonlWriter(f"{folder}/clean", compression=None),
    )
