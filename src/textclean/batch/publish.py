"""How do finished parts become the output folder?

Everything is first made under the work folder and then moved in by renames, so
that an output file is there whole or not at all, and a folder that held an
older run holds that one until the new one is complete. Each step can be done
again after a crash in it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from textclean.batch import columns, forms, rows
from textclean.batch.parts import part

SUCCESS = "_SUCCESS"
MANIFEST = "manifest.json"
REPORT = "report.html"
EXTRA = ("errors.jsonl", "mnbvc.jsonl", "documents.parquet")
NAMES = ("text", "documents.jsonl", "removed.jsonl", "sources.jsonl", "ledger", *EXTRA, MANIFEST)
"""What a run puts into its output folder, apart from the mark that it is complete."""


def render(folder: Path, phase: int, to: str, number: int) -> None:
    """Write the text files of one shard (one for each input file that is one document), and the form *to*."""
    root = str(folder / "publish" / "text")
    single = {row["path"] for row in rows.read(part(folder, 0, number, "sources")) if row["form"] in {"text", "html"}}
    if not single and to not in {"text", "mnbvc"}:
        return
    made: set[str] = set()
    other = []
    for row in rows.read(part(folder, phase, number, "documents")):
        if to == "mnbvc":
            other.append(forms.mnbvc(row))
        if row["path"] in single:
            path = _inside(root, row["path"])
        elif to == "text":
            path = f"{_inside(root, row['path'])}/{forms.file_name(row['id'])}"
        else:
            continue
        above = path.rpartition("/")[0]
        if above not in made:
            os.makedirs(above, exist_ok=True)
            made.add(above)
        with open(path, "wb") as file:
            file.write(row["text"].encode())
    if to == "mnbvc":
        with rows.written(part(folder, phase, number, "mnbvc")) as file:
            file.writelines(map(rows.line, other))


def inside(root: Path, name: str) -> Path:
    """*name* under *root*.

    Raises ValueError for a name that would leave it.
    """
    return Path(_inside(str(root), name))


def _inside(root: str, name: str) -> str:
    # As text: a path of a million files is taken apart and put together a dozen times.
    steps = name.split("/")
    if os.path.isabs(name) or "\0" in name or not {"", ".", ".."}.isdisjoint(steps):
        raise ValueError(f"{name!r} would leave the output folder, so it is not written")
    return f"{root}/{name}"


Run = Callable[[Callable[..., Any], Iterable[tuple[Any, ...]]], Iterator[tuple[tuple[Any, ...], Any]]]
"""How an engine runs tasks."""


def gather(
    folder: Path,
    phases: int,
    shards: int,
    facts: Mapping[str, Any],
    early: Iterable[Mapping[str, Any]],
    run: Run,
) -> None:
    """Make all other outputs of the parts; *early* are the problems met before the first shard."""
    new = folder / "publish"
    (new / "text").mkdir(parents=True, exist_ok=True)
    last = phases - 1
    problems = [b"".join(map(rows.line, early))]
    problems += [block for phase in range(phases) for block in _joined(folder, phase, shards, "errors")]
    kinds = ["documents", "removed", "sources"]
    kinds += ["mnbvc"] * (facts["to"] == "mnbvc")
    outputs: dict[str, Any] = dict.fromkeys(f"{kind}.jsonl" for kind in kinds)
    if any(problems):
        outputs["errors.jsonl"] = _write(new / "errors.jsonl", problems)
    if all(part(folder, last, number, "report").exists() for number in range(shards)):
        kinds.insert(1, "report")
    for (kind,), made in run(partial(_make, folder, last, shards, facts), ((kind,) for kind in kinds)):
        if made is not None:
            outputs[f"{kind}.jsonl"] = made
    # Where the documents of each part of the ledger begin, for who reads the parts side by side.
    outputs["documents.jsonl"]["shards"] = [part(folder, last, n, "documents").stat().st_size for n in range(shards)]
    if facts["to"] == "parquet":
        columns.write(new / "documents.parquet", map(_flat, rows.read(new / "documents.jsonl")))
        outputs["documents.parquet"] = {"bytes": (new / "documents.parquet").stat().st_size}
    ledger = new / "ledger"
    ledger.mkdir(exist_ok=True)
    for number in range(shards):
        target = ledger / f"{number:06d}.jsonl.gz"
        target.unlink(missing_ok=True)
        try:
            os.link(part(folder, last, number, "ledger"), target)
        except OSError:  # a file system without hard links
            shutil.copyfile(part(folder, last, number, "ledger"), target)
    _write(new / MANIFEST, [orjson.dumps({**facts, "outputs": outputs}, option=orjson.OPT_INDENT_2) + b"\n"])
    os.sync()  # one for all: a million text files cannot be forced to disk one by one


def _make(folder: Path, last: int, shards: int, facts: Mapping[str, Any], kind: str) -> dict[str, Any] | None:
    """One file of the output; None for the report, which the manifest does not list."""
    new = folder / "publish"
    if kind == "report":
        from textclean.batch import report  # noqa: PLC0415  reads outputs too, so it imports this module

        report.join(new, [part(folder, last, number, kind) for number in range(shards)], facts)
        return None
    lines = map(rows.line, _merged(folder, shards)) if kind == "sources" else _joined(folder, last, shards, kind)
    return _write(new / f"{kind}.jsonl", lines)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"meta": rows.dumps(row["meta"]).decode()}


def move_in(out: Path, folder: Path) -> None:
    """Put what was made in its place; _SUCCESS comes last."""
    (out / SUCCESS).unlink(missing_ok=True)
    new, old = folder / "publish", folder / "old"
    if not (new / REPORT).exists() and any((new / name).exists() for name in NAMES):
        (out / REPORT).unlink(missing_ok=True)  # it is about the run before
    old.mkdir(exist_ok=True)
    for name in (*NAMES, REPORT):
        here, there = new / name, out / name
        if here.exists():
            if there.exists():
                _remove(old / name)
                there.rename(old / name)
            here.rename(there)
    listed = orjson.loads((out / MANIFEST).read_bytes())["outputs"]
    for name in EXTRA:
        if name not in listed:  # an older run made it, this one did not
            (out / name).unlink(missing_ok=True)
    rows.sync_folder(out)
    with rows.written(folder / SUCCESS) as file:
        file.write(hashlib.blake2b((out / MANIFEST).read_bytes()).hexdigest().encode() + b"\n")
    (folder / SUCCESS).rename(out / SUCCESS)
    rows.sync_folder(out)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write(path: Path, blocks: Iterable[bytes]) -> dict[str, Any]:
    digest, size = hashlib.blake2b(), 0
    with rows.written(path) as file:
        for block in blocks:
            size += file.write(block)
            digest.update(block)
    return {"bytes": size, "blake2b": digest.hexdigest()}


def _joined(folder: Path, phase: int, shards: int, kind: str) -> Iterator[bytes]:
    for number in range(shards):
        path = part(folder, phase, number, kind)
        if path.exists():  # errors are there only where there were any
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    yield block


def _merged(folder: Path, shards: int) -> Iterator[dict[str, Any]]:
    """The sources; one that was cut over shards is one row again."""
    last: dict[str, Any] = {}
    for number in range(shards):
        for row in rows.read(part(folder, 0, number, "sources")):
            if last and row["path"] == last["path"]:
                last["documents"] += row["documents"]
                last["blake2b"] = last["blake2b"] or row["blake2b"]
                continue
            if last:
                yield last
            last = {**row, "shard": number}
    if last:
        yield last
