"""How are the templates of sites learned on any engine?

Pages of one site are counted together, so sites are the keys: *map* counts the
lines of a batch by site, with the learner's own kernel; *exchange* by site adds
the counts up and lets the learner decide; *collect* brings the tables, which hold
only lines that recur.
"""

from __future__ import annotations

import pickle
from functools import partial
from typing import Any

from textclean.engines.protocol import Data, Engine
from textclean.engines.texts import documents, node
from textclean.stages.boilerplate import SiteTable, SiteTemplates
from textclean.stages.boilerplate.sites import SiteEvidence


def learn(engine: Engine, texts: Data, learner: SiteTemplates) -> SiteTable:
    """The table *learner* decides on after all *texts* (see :func:`textclean.engines.texts.prepare`)."""
    counted = engine.map(texts, partial(_observe, learner), _schema())
    tables = engine.collect(engine.exchange(counted, "site", partial(_decide, learner), _schema()))
    sites: dict[str, Any] = {}
    groups: list[Any] = []
    for table in sorted(tables.column("evidence").to_pylist()):
        made: SiteTable = pickle.loads(table)  # noqa: S301  made by this run's workers
        sites |= made.sites
        groups += made.groups
    return SiteTable(dict(sorted(sites.items())), tuple(groups))


def _observe(learner: SiteTemplates, table: Any) -> Any:
    """The evidence of a batch, a row for each site; pages of no known site are key 0 and stay together."""
    import pyarrow as pa  # noqa: PLC0415

    seen = learner.observe(documents(table))
    rows = [
        (node(site), pickle.dumps(SiteEvidence({site: seen.pages[site]}, {site: seen.lines[site]})))
        for site in seen.lines
    ]
    if seen.homeless[1]:
        rows.append((0, pickle.dumps(SiteEvidence(homeless=seen.homeless))))
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)] or [[], []]
    return pa.table(columns, schema=_schema())


def _decide(learner: SiteTemplates, table: Any) -> Any:
    """The table of all sites in this partition, as one row."""
    import pyarrow as pa  # noqa: PLC0415

    shards = [pickle.loads(shard) for shard in table.column("evidence").to_pylist()]  # noqa: S301
    return pa.table([[0], [pickle.dumps(learner.decide(shards))]], schema=_schema())


def _schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema([("site", pa.int64()), ("evidence", pa.binary())])
