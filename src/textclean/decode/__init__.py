"""What characters are these bytes?

:func:`decode` turns bytes into a Document, whatever they are; :func:`encode`
turns the original of such a Document back into the very same bytes. Between
the two nothing is lost: bytes that are no text stay in ``doc.original`` as
lone surrogates (the ``surrogateescape`` code points of PEP 383), and the first
change of the ledger replaces them by U+FFFD. So no text a stage sees holds a
lone surrogate, and no byte is forgotten.
"""

from __future__ import annotations

import re
from typing import Literal

from textclean.decode.bytesafe import back_to_bytes, replaced, to_text
from textclean.decode.declared import looks_like_html
from textclean.decode.detect import detect
from textclean.decode.refuse import looks_binary
from textclean.document import Document, Edit

__all__ = ["decode", "detect", "encode", "looks_binary"]

encode = back_to_bytes

_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\udc00-\udfff]+|[\ud800-\udbff]")
_BOM = "\ufeff"


def decode(
    raw: bytes | str,
    *,
    id: str = "",  # noqa: A002  the name it has in Document
    kind: Literal["text", "html"] | None = None,
    declared: str | None = None,
) -> Document:
    """The Document that *raw* holds.

    *raw* is bytes of any encoding, or a str, which is taken as it is. *kind*
    says whether it is plain text or an HTML page; None looks. *declared* is
    what a sender claims (the charset of an HTTP header): evidence, not truth.

    ``meta["encoding"]`` is the name of the codec (several joined by "+" if the
    lines of a file differ; None for a str), ``meta["decode_errors"]`` counts
    the places that could not be decoded. Never raises for any bytes.

    >>> doc = decode("今天天气很好，我们去公园。".encode("gbk"))
    >>> doc.text, doc.meta["encoding"]
    ('今天天气很好，我们去公园。', 'gb18030')
    >>> encode(doc.original, doc.meta) == "今天天气很好，我们去公园。".encode("gbk")
    True
    """
    if isinstance(raw, str):
        doc = Document(id, raw, {"encoding": None})
    else:
        text, facts = to_text(bytes(raw), declared)
        doc = Document(id, text, facts)
    edits = _damage(doc)
    errors = sum(edit.reason == "decode_error" for edit in edits)
    doc = Document(doc.id, doc.text, {**doc.meta, "decode_errors": errors}).edit("decode", edits)
    if kind == "html" or (kind is None and looks_like_html(doc.text)):
        doc = _rendered(doc)
    return doc


def _damage(doc: Document) -> list[Edit]:
    edits = []
    text = doc.text
    if text.startswith(_BOM):
        edits.append(Edit(0, 1, "", "code_point", note="byte order mark"))
    for match in _SURROGATES.finditer(text) if _has_surrogates(text) else ():
        found = match[0]
        if "\ud800" <= found[0] <= "\udbff" and len(found) == 2:
            whole = found.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
            edits.append(Edit(*match.span(), whole, "code_point", note="surrogate pair"))
            continue
        codec = doc.meta.get("encoding") or ""
        lost = " ".join(
            f"{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else f"U+{ord(c):04X}" for c in found[:16]
        )
        note = f"{lost}{' …' if len(found) > 16 else ''} is no character{f' in {codec}' if codec else ''}"
        edits.append(Edit(*match.span(), replaced(found, codec), "decode_error", note=note))
    return edits


def _has_surrogates(text: str) -> bool:
    try:
        text.encode("utf-8")  # ten times faster than a search for them
    except UnicodeEncodeError:
        return True
    return False


def _rendered(doc: Document) -> Document:
    from textclean.html import render  # noqa: PLC0415  lxml is heavy, and plain text needs none

    text, marks = render(doc.text)
    doc = doc.edit("decode", [Edit(0, len(doc.text), text, "markup", note="the lines the page shows")])
    return doc.edit("decode", marks)
