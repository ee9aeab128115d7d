"""How does a row become a line of JSON, and back?

orjson is twice as fast as the standard library and refuses what is no valid
Unicode. The ledger must hold exactly that: text *before* a repair may contain
lone surrogates. So a row orjson refuses is written by the standard library with
its surrogates as they are (escaped, a high one before a low one would come back
as one character), and read back the same way.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import orjson


def dumps(row: Any) -> bytes:
    r"""One line of JSON, without its line feed.

    >>> dumps({"text": "中"}).decode(), dumps("\ud800")
    ('{"text":"中"}', b'"\xed\xa0\x80"')
    """
    try:
        return orjson.dumps(row)
    except (orjson.JSONEncodeError, TypeError):
        return json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def loads(line: bytes) -> Any:
    """What :func:`dumps` wrote.

    Raises ValueError for what is no JSON.
    """
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line.decode("utf-8", "surrogatepass"))


def strict(line: bytes) -> Any:
    """A line a stranger wrote: UTF-8, and no lone surrogates.

    Raises ValueError for anything else.
    """
    return orjson.loads(line)


def literal(text: str, style: int) -> str:
    """*text* as a JSON string in one of the two common spellings: 0 as it is, 1 with ``\\u`` escapes."""
    return json.dumps(text) if style else orjson.dumps(text).decode()


def read(path: str | Path) -> Iterator[Any]:
    """The rows of a file, plain or gzip by its name."""
    with opened(path) as file:
        for line in file:
            yield loads(line)


def opened(path: str | Path) -> IO[bytes]:
    """A file to read bytes from, decompressed when its name ends in .gz."""
    return cast(IO[bytes], gzip.open(path, "rb")) if str(path).endswith(".gz") else Path(path).open("rb", 1 << 20)


def line(row: Any) -> bytes:
    """:func:`dumps` with its line feed."""
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except (orjson.JSONEncodeError, TypeError):
        return dumps(row) + b"\n"


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, that is there whole or not at all.

    A temporary file beside it, fsync, rename, fsync of the folder: in any other
    order a power cut can leave a short file under the final name.
    """
    temporary = path.with_name(f"{path.name}.tmp")
    with temporary.open("wb", 1 << 20) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make renames inside *path* last."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
