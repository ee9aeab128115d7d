"""WARC and WET: what a crawler brought home. The only file that imports fastwarc."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textclean.batch.records import LARGEST, Piece, Record
from textclean.batch.sources import Problem
from textclean.batch.streams import Unreadable
from textclean.decode import decode, looks_binary


def read(piece: Piece) -> Iterator[Record | Problem]:
    """The pages of *piece* (its HTTP responses in HTML, or the texts of a WET file)."""
    try:
        from fastwarc.stream_io import FastWARCError  # noqa: PLC0415
        from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415  an extra
    except ImportError:
        raise Unreadable("needs fastwarc: pip install 'textclean[warc]'") from None
    wanted = WarcRecordType.response | WarcRecordType.conversion
    name = piece.source.name
    try:
        with open(piece.source.path, "rb") as file:
            for number, page in enumerate(ArchiveIterator(file, record_types=wanted, parse_http=True), 1):
                made = _page(page, name, number)
                if made is not None:
                    yield made
    except (FastWARCError, EOFError) as error:
        raise Unreadable(f"is damaged: {error}") from error


def _page(page: Any, name: str, number: int) -> Record | Problem | None:
    web = page.http_content_type
    if web is not None and web not in {"text/html", "application/xhtml+xml", "text/plain"}:
        return None  # pictures, styles, programs
    raw = page.reader.read(LARGEST + 1)
    own = page.headers.get("WARC-Record-ID", "").strip("<>") or f"{name}:{number}"
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
