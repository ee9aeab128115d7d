"""Files that are far away: s3://, hdfs://, http:// and whatever else fsspec knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, cast


class Far(OSError):  # noqa: N818
    """Why a far file cannot be read, in a sentence."""


def is_url(path: str) -> bool:
    """Whether *path* names a far file.

    >>> is_url("s3://bucket/news"), is_url("news/a.txt")
    (True, False)
    """
    return "://" in path


def found(url: str) -> Iterator[tuple[str, str, int, str]]:
    """(URL, path relative to *url*, size, a mark that changes with the content) of each file at or below *url*.

    Raises Far.
    """
    system, root = _system(url)
    scheme = url.split("://", 1)[0]
    try:
        listed = system.find(root, detail=True)
    except Exception as error:  # each of fsspec's back ends has errors of its own
        raise Far(f"cannot be listed: {error}") from error
    if not listed:
        raise Far("there is nothing at this address")
    for path, info in sorted(listed.items()):
        relative = path[len(root) :].strip("/") or path.rsplit("/", 1)[-1]
        mark = next((str(info[key]) for key in ("ETag", "etag", "mtime", "LastModified") if info.get(key)), "")
        yield f"{scheme}://{path.lstrip('/') if scheme != 'file' else path}", relative, int(info.get("size") or 0), mark


def opened(url: str) -> IO[bytes]:
    """The bytes at *url*.

    Raises Far.
    """
    system, path = _system(url)
    try:
        return cast(IO[bytes], system.open(path, "rb"))
    except Exception as error:
        raise Far(f"cannot be opened: {error}") from error


def _system(url: str) -> tuple[Any, str]:
    try:
        import fsspec  # noqa: PLC0415  an extra
    except ImportError:
        raise Far("is far away: pip install 'textclean[remote]'") from None
    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise Far(f"cannot be reached: {error}") from error
    return system, str(path)
