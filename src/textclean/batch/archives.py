"""WARC and WET: what a crawler brought home. The only file that imports fastwarc."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textclean.batch import remote
from textclean.batch.records import LARGEST, Piece, Record
from textclean.batch.sources import Problem
from textclean.batch.streams import Unreadable
from textclean.decode import decode, looks_binary


def read(piece: Piece) -> Iterator[Record | Problem]:
    """The pages of *piece* (its HTTP responses in HTML, or the texts of a WET file)."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415  an extra
    except ImportError:
        raise Unreadable("needs fastwarc: pip install 'textclean[warc]'") from None
    wanted = WarcRecordType.response | WarcRecordType.conversion
    name = piece.source.name
    # fastwarc unpacks by itself, several times as fast; its damage comes as OSError.
    with (
        remote.opened(piece.source.path) if remote.is_url(piece.source.path) else open(piece.source.path, "rb") as file
    ):
        for number, page in enumerate(ArchiveIterator(file, record_types=wanted, parse_http=True), 1):
            made = _page(page, name, number)
            if made is not None:
                yield made


def _page(page: Any, name: str, number: int) -> Record | Problem | None:
    web = page.http_content_type
    if web is not None and web not in {"text/html", "application/xhtml+xml", "text/plain"}:
        return None  # pictures, styles, programs
    length = page.content_length
    raw = page.reader.read(LARGEST + 1)
    own = page.headers.get("WARC-Record-ID", "").strip("<>") or f"{name}:{number}"
    if len(raw) < min(length, LARGEST):
        return Problem(name, f"is cut short: {length:,} bytes were to come, and {len(raw):,} came", own, number)
    if not raw:
        return None
    if len(raw) > LARGEST:
        return Problem(name, f"is larger than {LARGEST >> 20} MB, which is no document", own, number)
    problem = looks_binary(raw)
    if problem:
        return Problem(name, problem, own, number)
    html = web is not None and web != "text/plain"
    doc = decode(raw, id=own, kind="html" if html else "text", declared=page.http_charset)
    found = {"url": page.headers.get("WARC-Target-URI"), "date": page.headers.get("WARC-Date")}
    meta = {**doc.meta, **{key: value for key, value in found.items() if value}}
    return Record.of(name, type(doc)(doc.id, doc.text, meta, doc.history), ["source"])
