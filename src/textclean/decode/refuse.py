"""Is this text at all?

Decoding never refuses; whoever reads files asks here first, so that a picture
in a folder of pages is answered with a sentence and not with a page of
rubbish.
"""

from __future__ import annotations

import re

from textclean.decode.detect import detect, readable_share

# First bytes of files that are never text (offset 0 unless said otherwise).
_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF87a": "a GIF picture",
    b"GIF89a": "a GIF picture",
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive (or an office document, which is one)",
    b"PK\x05\x06": "an empty ZIP archive",
    b"\x1f\x8b\x08": "gzip-compressed data",
    b"BZh": "bzip2-compressed data",
    b"\xfd7zXZ\x00": "xz-compressed data",
    b"\x28\xb5\x2f\xfd": "zstd-compressed data",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x7fELF": "a program (ELF)",
    b"MZ\x90\x00": "a Windows program",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old office document (OLE)",
    b"SQLite format 3\x00": "an SQLite database",
    b"OggS\x00": "an Ogg recording",
    b"ID3": "an MP3 recording",
    b"fLaC\x00": "a FLAC recording",
    b"PAR1": "a Parquet file",
    b"ARROW1\x00": "an Arrow file",
    b"\x00\x00\x01\x00": "a Windows icon",
    b"wOFF": "a web font",
    b"wOF2": "a web font",
    b"\x00asm": "a WebAssembly program",
}
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # 1B is the escape of HZ's cousins and of terminals

LOOK = 65536
"""Bytes looked at: what a file is shows at its head."""


def looks_binary(raw: bytes) -> str | None:
    """A sentence why *raw* is no text, or None if it may be.

    Cheap (the first 64 kB), and careful: what may be text in any encoding
    that :func:`textclean.decode.decode` knows passes.

    >>> looks_binary(b"\\x89PNG\\r\\n\\x1a\\n\\x00\\x00\\x00\\rIHDR")
    'this is a PNG picture, not text'
    >>> looks_binary("正文".encode("utf-16")) is None
    True
    """
    head = raw[:LOOK]
    for magic, what in _MAGIC.items():
        if head.startswith(magic) and not (magic in {b"BZh", b"ID3", b"PAR1"} and head.isascii()):
            return f"this is {what}, not text"
    if head[:4] == b"RIFF" and head[8:12] in {b"WAVE", b"WEBP", b"AVI "}:
        return "this is a recording or picture (RIFF), not text"
    if head[4:8] == b"ftyp":
        return "this is a film or sound recording (MP4), not text"
    if not head:
        return None
    codec = detect(head)
    if not codec.startswith(("utf-16", "utf-32")):
        nuls, controls = head.count(0), len(_CONTROLS.findall(head))
        if nuls > max(1, len(head) // 100):
            return f"this is binary data, not text: {nuls} of its first {len(head)} bytes are NUL, and it is no UTF-16 or UTF-32"
        if controls > max(2, len(head) // 20):
            return f"this is binary data, not text: {controls} of its first {len(head)} bytes are control characters"
    if head.isascii():
        return None
    share = readable_share(head, codec)
    if share < 0.75:  # half-destroyed text still reads at 0.9; random bytes read as gb18030 at 0.4 to 0.6
        return f"this is binary data, not text: the best reading ({codec}) makes characters of only {share:.0%} of it"
    return None
