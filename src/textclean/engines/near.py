"""How is a corpus of any size searched for duplicates, with three verbs?

1. *map*: each text folded, hashed and banded by the stage's own kernels; a row
   for each band key and for the key of the whole text.
2. *exchange* by key: texts with one key hang together; the first of them is
   tied to each other one.
3. *collect* the ties and work out, once, which texts must be compared with
   which: the connected components of everything MinHash proposes.
4. *map* again, now keeping only texts that hang together with others, and
   *exchange* them by component. In each partition the learner itself observes
   and decides, as it does on one machine: candidates share a band key and so a
   component, so it sees every pair it would see in the whole corpus, in the
   same order, and gives the same verdicts.
5. *collect* the verdicts: they are the stage.

A component must fit into the memory of one worker; ordinary ones have a handful
of texts, and one form letter in a million copies has a million.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textclean.document import Document
from textclean.engines import union
from textclean.engines.protocol import Data, Engine, EngineError
from textclean.engines.texts import documents, node
from textclean.stages.duplicates import lines
from textclean.stages.duplicates.near import NearDuplicates, RemoveNearDuplicates
from textclean.stages.duplicates.verdicts import Verdict


def learn(
    engine: Engine, texts: Data, learner: NearDuplicates, driver_edges: int = union.DRIVER_EDGES
) -> RemoveNearDuplicates:
    """The stage that *learner* becomes after all *texts* (see :func:`textclean.engines.texts.prepare`).

    Raises EngineError for options that need the whole corpus in one place
    (``exact``, ``storage``, ``index``), and for more ties than *driver_edges* on
    an engine that cannot unite them itself.
    """
    for option in ("exact", "storage", "index"):
        if getattr(learner, option):
            raise EngineError(
                f"NearDuplicates({option}=…) works where all evidence comes together, which on an engine is nowhere: "
                f"leave {option} out, or run it on one machine"
            )
    learner = replace(learner, spill=None)  # a worker's evidence does not outlive its batch
    ties = engine.exchange(engine.map(texts, partial(_keys, learner), _key_schema()), "key", _ties, _tie_schema())
    found = engine.keep(ties)
    counted = engine.collect(engine.map(found, _is_count, _tie_schema()))
    ties = engine.map(found, _is_tie, _tie_schema())
    if engine.count(ties) <= driver_edges:
        table = engine.collect(ties)
        united = union.components(_ints(table, "one"), _ints(table, "other"))
        members = engine.map(texts, partial(_members, learner, engine.share(united)), _member_schema())
    elif hasattr(engine, "members"):
        every = engine.map(texts, partial(_everyone, learner), _member_schema())
        members = engine.members(every, ties)
    else:
        raise EngineError(
            f"more than {driver_edges:,} pairs of texts share a key, too many for one process to unite: "
            "run on the engine spark, which unites them on the cluster, or on a machine with more memory and a higher limit"
        )
    verdicts = engine.collect(engine.exchange(members, "component", partial(_settle, learner), _verdict_schema()))
    return RemoveNearDuplicates(learner.scope, _removed(verdicts), sum(counted.column("other").to_pylist()))


_COUNT = -(1 << 63)
"""The key under which batches say how many texts they have: a pass of its own over all texts was a tenth of the job."""


def _keys(learner: NearDuplicates, table: Any) -> Any:
    """A row for each key of each text. A text repeated within the batch shows its whole key only: all else follows."""
    import pyarrow as pa  # noqa: PLC0415

    names: list[tuple[str, int]] = []
    docs = [_named(names, doc, number, text) for doc, number, text in _units(learner, table)]
    if not docs:
        return _key_schema().empty_table()
    evidence = _alone(learner).observe(docs)
    comparable = evidence.chars >= max(1, learner.shortest)
    nodes = np.fromiter((node(*name) for name in names), np.int64, len(names))
    whole = evidence.keys.view(np.int64)
    first = np.zeros(len(nodes), bool)
    first[np.unique(whole, return_index=True)[1]] = True
    keys, owners = [whole[comparable]], [nodes[comparable]]
    for number in range(evidence.settings.bands):
        keys.append(evidence.band(number).view(np.int64)[comparable & first])
        owners.append(nodes[comparable & first])
    keys.append(np.array([_COUNT]))
    owners.append(np.array([len(docs)]))
    return pa.table([np.concatenate(keys), np.concatenate(owners)], schema=_key_schema())


def _ties(table: Any) -> Any:
    """Each text that shares a key with another, tied to the smallest of those it hangs together with here; and the count."""
    import pyarrow as pa  # noqa: PLC0415

    keys, nodes = _ints(table, "key"), _ints(table, "node")
    count = int(nodes[keys == _COUNT].sum())
    keys, nodes = keys[keys != _COUNT], nodes[keys != _COUNT]
    order = np.lexsort((nodes, keys))
    keys, nodes = keys[order], nodes[order]
    begins = np.r_[True, keys[1:] != keys[:-1]][: len(keys)]
    heads = nodes[begins][np.cumsum(begins) - 1]
    tied = heads != nodes
    # Of all these ties a spanning forest says the same with fewer.
    united, roots = union.components(heads[tied], nodes[tied])
    below = united != roots
    told = np.array([[_COUNT, count]] if count else np.empty((0, 2)), np.int64)
    ones, others = np.concatenate((roots[below], told[:, 0])), np.concatenate((united[below], told[:, 1]))
    return pa.table([ones, others], schema=_tie_schema())


def _is_tie(table: Any) -> Any:
    return _where(table, _ints(table, "one") != _COUNT)


def _is_count(table: Any) -> Any:
    return _where(table, _ints(table, "one") == _COUNT)


def _where(table: Any, rows: NDArray[np.bool_]) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return table.filter(pa.array(rows))


def _everyone(learner: NearDuplicates, table: Any) -> Any:
    """All texts, each a component of its own."""
    rows = [
        (node(doc.id, number), doc.id, number, len(doc.text), text, str(doc.meta.get("published") or ""))
        for doc, number, text in _units(learner, table)
    ]
    return _table(rows, _member_schema())


def _members(learner: NearDuplicates, united: Any, table: Any) -> Any:
    """The texts that hang together with others, each with its component."""
    import pyarrow as pa  # noqa: PLC0415

    everyone = _everyone(learner, table)
    nodes, components = united()
    known, labels = union.look_up(nodes, components, _ints(everyone, "component"))
    return everyone.filter(pa.array(known)).set_column(0, "component", pa.array(labels))


def _settle(learner: NearDuplicates, table: Any) -> Any:
    """What the learner decides about all texts of these components."""
    names: list[tuple[str, int]] = []
    docs, lengths = [], []
    columns = (table.column(name).to_pylist() for name in ("id", "number", "length", "text", "published"))
    for name, number, length, text, published in zip(*columns, strict=True):
        docs.append(_named(names, Document(name, "", {"published": published}), number, text))
        lengths.append(length)
    alone = _alone(learner)
    # In the order of ids, which is the order they are kept in whatever partition and engine they came through.
    order = sorted(range(len(docs)), key=lambda at: docs[at].id)
    stage = alone.decide([alone.observe([docs[at] for at in order])])
    place = {doc.id: at for at, doc in enumerate(docs)}
    rows = []
    for removed, (_, verdicts) in stage.removed.items():
        verdict = verdicts[0]
        (name, number), (keeper, kept) = names[place[removed]], names[place[verdict.keeper]]
        rows.append((name, number, lengths[place[removed]], keeper, kept, verdict.jaccard))
    return _table(rows, _verdict_schema())


def _alone(learner: NearDuplicates) -> NearDuplicates:
    """*learner* for texts that are handed over one by one, whether documents or paragraphs."""
    return replace(learner, scope="document", min_chars=learner.shortest)


def _units(learner: NearDuplicates, table: Any) -> Iterator[tuple[Document, int, str]]:
    """Each text to compare, with its document and its paragraph (0: the whole document)."""
    for doc in documents(table):
        if learner.scope == "document":
            yield doc, 0, doc.text
            continue
        for number, (start, end) in enumerate(lines.paragraphs(doc.text), 1):
            if end - start >= learner.shortest:
                yield doc, number, doc.text[start:end]


def _named(names: list[tuple[str, int]], doc: Document, number: int, text: str) -> Document:
    """A text as a document of its own, whose id sorts as (document, paragraph) does."""
    names.append((doc.id, number))
    return Document(f"{doc.id}\0{number:012d}", text, {"published": doc.meta.get("published")})


def _removed(table: Any) -> dict[str, tuple[int, dict[int, Verdict]]]:
    removed: dict[str, tuple[int, dict[int, Verdict]]] = {}
    table = table.sort_by([("id", "ascending"), ("number", "ascending")])
    columns = (table.column(name).to_pylist() for name in _verdict_schema().names)
    for name, number, length, keeper, kept, jaccard in zip(*columns, strict=True):
        removed.setdefault(name, (length, {}))[1][number] = Verdict(keeper, kept, jaccard)
    return removed


def _table(rows: list[tuple[Any, ...]], schema: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)] or [[]] * len(schema)
    return pa.table(columns, schema=schema)


def _ints(table: Any, name: str) -> NDArray[np.int64]:
    values: NDArray[np.int64] = table.column(name).to_numpy()
    return values


def _key_schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema([("key", pa.int64()), ("node", pa.int64())])


def _tie_schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema([("one", pa.int64()), ("other", pa.int64())])


def _member_schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema(
        [
            ("component", pa.int64()),
            ("id", pa.string()),
            ("number", pa.int64()),
            ("length", pa.int64()),
            ("text", pa.string()),
            ("published", pa.string()),
        ]
    )


def _verdict_schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema(
        [
            ("id", pa.string()),
            ("number", pa.int64()),
            ("length", pa.int64()),
            ("keeper", pa.string()),
            ("kept", pa.int64()),
            ("jaccard", pa.float64()),
        ]
    )
