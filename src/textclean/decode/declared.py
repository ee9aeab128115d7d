"""What do the bytes say about themselves: byte order mark, charset in the markup?

Evidence for :mod:`textclean.decode.detect`, never truth: pages declare gb2312
and hold gb18030, declare utf-8 and hold gbk.
"""

from __future__ import annotations

import codecs
import re

BOMS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

_CHARSET = re.compile(
    rb"""(?:<meta[^>]{0,200}?charset\s{0,9}=|<\?xml[^>]{0,99}?encoding\s{0,9}=)\s{0,9}["']?\s{0,9}([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_HTML = re.compile(
    r"\s{0,999}(?:<!--|<\?xml|<!doctype html|<(?:html|head|body|meta|title|script|link|style|div|table)\b)",
    re.IGNORECASE,
)
_TAGS = re.compile(r"</(?:p|div|a|span|td|li|h[1-6]|title|script|html)\s{0,9}>", re.IGNORECASE)

# Labels of the web → the superset that reads what is really there. gb2312 is hardly ever only gb2312.
_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030",
    "gb_2312-80": "gb18030", "euc-cn": "gb18030", "hz": "hz", "hz-gb-2312": "hz",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "big5hkscs": "big5hkscs", "cp950": "big5hkscs", "x-x-big5": "big5hkscs",
    "euc-tw": "euc-tw", "x-euc-tw": "euc-tw",
    "utf8": "utf-8", "utf-8": "utf-8", "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "shift_jis": "cp932", "sjis": "cp932", "euc-jp": "euc_jp", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "windows-1251": "cp1251", "koi8-r": "koi8_r",
}  # fmt: skip


def bom(raw: bytes) -> str | None:
    """The codec whose byte order mark *raw* begins with.

    >>> bom(b"\\xef\\xbb\\xbfabc")
    'utf-8'
    """
    for mark, codec in BOMS:
        # The mark of UTF-32 is that of UTF-16 and a NUL; a cut tail may leave any length.
        if raw.startswith(mark) and (codec != "utf-32-le" or len(raw) % 4 == 0 or raw[7:8] == b"\0"):
            return codec
    return None


def declared_codec(raw: bytes, label: str | None = None) -> str | None:
    """The codec that *label* or the markup at the head of *raw* names; None if unknown or none.

    >>> declared_codec(b'<meta charset="gb2312">')
    'gb18030'
    """
    if label is None:
        head = raw[:4096]
        if b"charset" not in head.lower() and b"encoding" not in head:
            return None
        found = _CHARSET.search(head)
        if found is None:
            return None
        label = found[1].decode("ascii", "replace")
    label = label.strip().strip("\"'").lower()
    return _SUPERSETS.get(label) or _SUPERSETS.get(label.replace("_", "-"))


def looks_like_html(text: str) -> bool:
    """Whether *text* is a page of markup and not text with a tag in it.

    >>> looks_like_html("<!DOCTYPE html><html>…"), looks_like_html("标签 <b> 表示加粗。")
    (True, False)
    """
    head = text[:4096]
    if "<" not in head:
        return False
    return _HTML.match(head) is not None and (len(_TAGS.findall(head)) >= 2 or "<html" in head[:1024].lower())
