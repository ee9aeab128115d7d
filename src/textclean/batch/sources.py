"""What is there to read?

Walks the inputs in one order, whatever the file system's, and says in a
sentence what it does not take. Nothing is opened here.
"""

from __future__ import annotations

import errno
import glob
import os
import stat
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from textclean.batch import remote

FORMS = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonl.gz": "jsonl",
    ".jsonl.zst": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".csv.gz": "csv",
    ".csv.zst": "csv",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".warc": "warc",
    ".warc.gz": "warc",
    ".wet": "warc",
    ".wet.gz": "warc",
}
"""How a file is read, by the end of its name. A name without an ending is text, if its bytes are."""


class Source(NamedTuple):
    """A file to read: *name* is its path relative to the input, and the id of its document."""

    path: str
    name: str
    form: str
    size: int
    mtime_ns: int


class Problem(NamedTuple):
    """Why something was not cleaned, in a sentence; *id* where a document is meant, *line* where a line is."""

    path: str
    problem: str
    id: str = ""
    line: int = 0
    stage: str = ""


def find(inputs: Sequence[str], out: str) -> Iterator[Source | Problem]:
    """Everything under *inputs*, in order of their names; *out* is never read.

    Several inputs are kept apart by their own names, so that two of them may
    hold the same relative path.
    """
    roots = [path for each in inputs for path in _expand(each)]
    prefixes = _prefixes(roots)
    out = os.path.realpath(out)
    for root, prefix in zip(roots, prefixes, strict=True):
        if remote.is_url(root):
            yield from _far(root, prefix)
        elif os.path.isdir(root):
            yield from _walk(root, prefix, out)
        else:
            name = prefix.rstrip("/") or os.path.basename(root)
            yield _look(root, name, named=True)


def _far(url: str, prefix: str) -> Iterator[Source | Problem]:
    """The files at an address. Their mark stands where others have their time."""
    try:
        for path, relative, size, mark in remote.found(url):
            name = prefix + relative
            form = _form(name, named=False)
            if form:
                yield Source(path, name, form, size, zlib.crc32(mark.encode()))
            else:
                yield Problem(name, f"no reader for {Path(name).suffix} files")
    except remote.Far as error:
        yield Problem(url, str(error))


def _expand(path: str) -> list[str]:
    """The paths a pattern stands for, when a shell has not done it; the path itself when it names something."""
    if remote.is_url(path) or os.path.lexists(path) or not glob.has_magic(path):
        return [path]
    return sorted(glob.glob(path, recursive=True)) or [path]


def _prefixes(roots: Sequence[str]) -> list[str]:
    if len(roots) == 1:
        return ["" if remote.is_url(roots[0]) or os.path.isdir(roots[0]) else os.path.basename(roots[0])]
    seen: dict[str, int] = {}
    prefixes = []
    for root in roots:
        far = remote.is_url(root)
        own = (root.rstrip("/").rsplit("/", 1)[-1] if far else os.path.basename(os.path.abspath(root))) or "root"
        seen[own] = seen.get(own, 0) + 1
        own = own if seen[own] == 1 else f"{own}-{seen[own]}"
        prefixes.append(f"{own}/" if far or os.path.isdir(root) else own)
    return prefixes


def _walk(folder: str, prefix: str, out: str) -> Iterator[Source | Problem]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield Problem(show(prefix.rstrip("/") or folder), f"cannot be listed: {why(error)}")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue  # .git, .DS_Store: kept by programs for themselves
        name = prefix + entry.name
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            is_link = entry.is_symlink()
        except OSError as error:
            yield Problem(show(name), f"cannot be looked at: {why(error)}")
            continue
        if is_folder:
            if os.path.realpath(entry.path) == out:
                yield Problem(show(name), "is the output folder, which lies inside the input: it is not read")
            else:
                yield from _walk(entry.path, f"{name}/", out)
        elif is_link and os.path.isdir(entry.path):
            yield Problem(
                show(name), "is a link to a folder, which is not followed: name the folder itself as an input"
            )
        else:
            yield _look(entry.path, name, named=False)


def _look(path: str, name: str, *, named: bool) -> Source | Problem:
    """*path* as a source; a file a person *named* is tried as text whatever its ending."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return Problem(show(name), "its name is not UTF-8, so it cannot be written down: rename it")
    try:
        found = os.stat(path)
    except OSError as error:
        return Problem(name, why(error))
    if not stat.S_ISREG(found.st_mode):
        return Problem(name, "is neither a file nor a folder (a pipe, socket or device): it is not read")
    form = _form(name, named=named)
    if not form:
        known = ", ".join(FORMS)
        return Problem(name, f"no reader for {Path(name).suffix} files (there are readers for {known})")
    return Source(path, name, form, found.st_size, found.st_mtime_ns)


def _form(name: str, *, named: bool) -> str:
    endings = Path(name.lower()).suffixes
    for count in (2, 1):
        form = FORMS.get("".join(endings[-count:]))
        if form:
            return form
    return "text" if named or not endings else ""


def why(error: OSError) -> str:
    """An error of the operating system as a sentence.

    >>> why(OSError(errno.ELOOP, "Too many levels of symbolic links"))
    'is a link that points to itself'
    """
    sentences = {
        errno.ENOENT: "there is nothing at this path",
        errno.ELOOP: "is a link that points to itself",
        errno.EACCES: "may not be read: permission denied",
        errno.EPERM: "may not be read: permission denied",
        errno.ENAMETOOLONG: "its name is too long for this file system",
    }
    return sentences.get(error.errno or 0) or f"{error.strerror or error}"


def show(name: str) -> str:
    r"""*name* so that it can be printed and written, whatever its bytes.

    >>> show("b\udcff.txt")
    'b\\xff.txt'
    """
    return os.fsencode(name).decode("utf-8", "backslashreplace")
