"""What stands in the body of an HTTP response, which crawlers keep as it came over the wire?

Some archives hold bodies that the crawler has unpacked already, under headers
that still say otherwise: so what does not begin like the coding it is said to be
in is taken as it is.
"""

from __future__ import annotations

import zlib

from textclean.batch.records import LARGEST
from textclean.batch.streams import HARMLESS, RATIO, Unreadable

_DEFLATED = {"gzip", "x-gzip", "deflate"}


def content(raw: bytes, transfer: str, coding: str) -> bytes:
    """The content of the body *raw*, which came under these headers (Transfer-Encoding, Content-Encoding).

    Raises Unreadable if it is cut short, grows beyond measure or is packed in a way that is not read here.

    >>> content(b"4\\r\\nabcd\\r\\n1;x=y\\r\\ne\\r\\n0\\r\\n\\r\\n", "chunked", "")
    b'abcde'
    >>> content(zlib.compress(b"abc"), "", "deflate"), content(b"<p>abc", "chunked", "gzip")
    (b'abc', b'<p>abc')
    """
    if "chunked" in transfer.lower():
        raw = _joined(raw)
    for name in reversed([part.strip().lower() for part in coding.split(",")]):
        if name in _DEFLATED:
            raw = _inflated(raw)
        elif name == "br" and b"<" not in raw[:1024]:
            raise Unreadable("its page is packed with Brotli, which is not read: unpack it when it is crawled")
    return raw


def _joined(raw: bytes) -> bytes:
    """The chunks of *raw* in one (RFC 9112, 7.1)."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = raw.find(b"\r\n", at, at + 1000)
        size = _size(raw[at:end]) if end >= 0 else None
        if size is None or (size and len(raw) < end + 2 + size):
            if not parts:
                return raw
            raise Unreadable("its page is cut short within its chunks")
        if size == 0:
            return b"".join(parts)
        parts.append(raw[end + 2 : end + 2 + size])
        at = end + 4 + size


def _size(line: bytes) -> int | None:
    digits = line.split(b";", 1)[0].strip()
    try:
        return int(digits, 16) if digits.isalnum() else None
    except ValueError:
        return None


def _inflated(raw: bytes) -> bytes:
    """*raw* unpacked from gzip, zlib, or deflate without any head, which some servers send under the same name."""
    if raw.startswith(b"\x1f\x8b"):
        form = 31
    elif len(raw) > 1 and raw[0] & 15 == 8 and (raw[0] << 8 | raw[1]) % 31 == 0:
        form = zlib.MAX_WBITS
    elif raw[:1024].isascii() and b"<" in raw[:1024]:
        return raw
    else:
        form = -zlib.MAX_WBITS
    most = min(max(len(raw) * RATIO, HARMLESS), LARGEST)
    unpacker = zlib.decompressobj(form)
    try:
        content = unpacker.decompress(raw, most + 1)
    except zlib.error as error:
        if form < 0:
            return raw
        raise Unreadable(f"its page is damaged where it is packed: {error}") from error
    if len(content) > most:
        raise Unreadable(f"its page grows more than {RATIO} times, or beyond {LARGEST >> 20} MB, when it is unpacked")
    if not unpacker.eof:
        raise Unreadable("its page is cut short where it is packed")
    return content
