"""WARC and WET: what a crawler brought home. The only file that imports fastwarc."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from textclean.batch import remote
from textclean.batch.bodies import content
from textclean.batch.records import LARGEST, Piece, Record
from textclean.batch.sources import Problem
from textclean.batch.streams import Unreadable
from textclean.decode import decode, looks_binary

_KINDS: dict[str, Literal["text", "html"]] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
}


def read(piece: Piece) -> Iterator[Record | Problem]:
    """The pages of *piece* (what servers answered with in HTML, or the texts of a WET file)."""
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
    web = page.is_http
    if web and not _is_page(page):
        return None
    length = page.content_length
    raw = page.reader.read(LARGEST + 1)
    own = page.headers.get("WARC-Record-ID", "").strip("<>") or f"{name}:{number}"
    if len(raw) < min(length, LARGEST):
        return Problem(name, f"is cut short: {length:,} bytes were to come, and {len(raw):,} came", own, number)
    if len(raw) > LARGEST:
        return Problem(name, f"is larger than {LARGEST >> 20} MB, which is no document", own, number)
    if web:
        under = page.http_headers
        try:
            raw = content(raw, under.get("Transfer-Encoding", ""), under.get("Content-Encoding", ""))
        except Unreadable as error:
            return Problem(name, str(error), own, number)
    if not raw:
        return None
    problem = looks_binary(raw)
    if problem:
        return Problem(name, problem, own, number)
    kind = _KINDS.get((page.http_content_type or "").lower()) if web else "text"
    doc = decode(raw, id=own, kind=kind, declared=page.http_charset)
    found = {"url": page.headers.get("WARC-Target-URI"), "date": page.headers.get("WARC-Date")}
    meta = {**doc.meta, **{key: value for key, value in found.items() if value}}
    return Record.of(name, type(doc)(doc.id, doc.text, meta, doc.history), ["source"])


def _is_page(response: Any) -> bool:
    """Whether a server answered with a page: no picture, style or program, no error and no way to elsewhere."""
    kind = response.http_content_type
    return (kind is None or kind.lower() in _KINDS) and (response.http_headers.status_code or 200) < 300
