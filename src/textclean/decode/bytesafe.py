"""Bytes to text and back, byte for byte, whatever the codec forgets.

Not every codec is reversible: Big5 has characters with two codes, HZ has
shifts that say nothing, UTF-16 an odd last byte. So the way back is tried when
the way there is made, and what differs is kept as a small patch in ``meta``.
"""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from textclean.decode import euctw
from textclean.decode.detect import detect, detect_lines
from textclean.models import characters

_ERRORS = "textclean.keep_bytes"
_MOST_PATCHES = 200
_LOST = re.compile("[\udc80-\udcff]")


def _keep(error: UnicodeError) -> tuple[str, int]:
    """Decode one byte that is no text to its PEP 383 code point, whatever span the codec complains about."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start]
    return chr(0xDC00 + byte if byte >= 0x80 else byte), error.start + 1


codecs.register_error(_ERRORS, _keep)


def to_text(raw: bytes, declared: str | None) -> tuple[str, dict[str, Any]]:
    """(the original text of *raw*, the facts that lead back to it)."""
    codec = detect(raw, declared)
    text = read(raw, codec)
    by_line = detect_lines(raw, codec, text)
    if by_line is None:
        text, facts = _gentlest(raw, codec, text)
    else:
        text = "".join(read(line, codec) for line, codec in zip(raw.splitlines(keepends=True), by_line, strict=True))
        names = "+".join(sorted(set(by_line)))
        facts = {"encoding": names, "encoding_lines": [[name, len(list(run))] for name, run in groupby(by_line)]}
    back = _write(text, facts)
    if back != raw:
        facts |= _patch(back, raw)
    return text, facts


def _gentlest(raw: bytes, codec: str, text: str) -> tuple[str, dict[str, Any]]:
    """*raw* in *codec*, which reads *text*, or in the subset of it that is in step again sooner after a damaged byte.

    gb18030 takes every pair of the user's zones for a character, so half a
    character lost puts all of a line out of step; gbk stumbles over the first.
    """
    if codec == "gb18030" and _LOST.search(text):
        other = read(raw, "gbk")
        quality = characters.load().quality
        if quality(other) > quality(text):
            text, codec = other, "gbk"
    return text, {"encoding": codec}


def back_to_bytes(original: str, meta: Mapping[str, Any]) -> bytes:
    """The bytes that *original*, with the *meta* :func:`~textclean.decode.decode` gave it, was read from.

    For the original of a str, its UTF-8 (lone surrogates as they are).
    """
    if "encoding_bytes" in meta:
        return base64.b64decode(meta["encoding_bytes"])
    back = _write(original, meta)
    out, at = [], 0
    for start, length, there in meta.get("encoding_patch", ()):
        out += [back[at:start], bytes.fromhex(there)]
        at = start + length
    return b"".join((*out, back[at:]))


def replaced(lost: str, codec: str) -> str:
    """U+FFFD for each place of *lost*, as the codec counts them."""
    if not all("\udc80" <= c <= "\udcff" for c in lost):
        return "\ufffd" * len(lost)
    try:
        return lost.encode("ascii", "surrogateescape").decode(codec, "replace")
    except (LookupError, UnicodeError):
        return "\ufffd" * len(lost)


def read(raw: bytes, codec: str) -> str:
    """*raw* in *codec*, with what is no text kept as lone surrogates."""
    if codec == "euc-tw":
        return euctw.decode(raw)
    if codec.startswith(("utf-16", "utf-32")):
        # Lone surrogates are code units of the file; an odd tail has no code point and goes into the patch.
        try:
            return raw.decode(codec, "surrogatepass")
        except UnicodeDecodeError:
            return raw.decode(codec, "replace")
    return raw.decode(codec, _ERRORS)


def _write(text: str, facts: Mapping[str, Any]) -> bytes:
    codec = facts.get("encoding") or "utf-8"
    runs = facts.get("encoding_lines")
    if runs is None:
        return _bytes_of(text, codec)
    lines = iter(_split_like_bytes(text))
    return b"".join(_bytes_of("".join(next(lines, "") for _ in range(count)), name) for name, count in runs)


def _split_like_bytes(text: str) -> list[str]:
    """The lines of *text* as ``bytes.splitlines`` counts them: str.splitlines knows more line ends."""
    return [piece + end for piece, end in _pieces(text)]


def _pieces(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text):
        feed, back = text.find("\n", at), text.find("\r", at)
        ends = [e for e in (feed, back) if e >= 0]
        if not ends:
            found.append((text[at:], ""))
            break
        end = min(ends)
        width = 2 if text[end : end + 2] == "\r\n" else 1
        found.append((text[at:end], text[end : end + width]))
        at = end + width
    return found


def _bytes_of(text: str, codec: str) -> bytes:
    if codec == "euc-tw":
        return euctw.encode(text)
    try:
        return text.encode(codec, "surrogatepass" if codec.startswith(("utf-16", "utf-32")) else "surrogateescape")
    except UnicodeError:
        return text.encode("utf-8", "surrogatepass")  # a str, or a text the codec cannot write back: the patch decides


def _patch(back: bytes, raw: bytes) -> dict[str, Any]:
    """What turns *back* into *raw*: a few replacements, or all of *raw*."""
    if len(back) == len(raw):
        runs: list[list[Any]] = []
        for at in (i for i, (a, b) in enumerate(zip(back, raw, strict=True)) if a != b):
            if runs and runs[-1][0] + runs[-1][1] == at:
                runs[-1][1] += 1
            else:
                runs.append([at, 1])
            if len(runs) > _MOST_PATCHES:
                break
        else:
            return {"encoding_patch": [[at, size, raw[at : at + size].hex()] for at, size in runs]}
    else:
        head = _common(back, raw)
        tail = _common(back[head:][::-1], raw[head:][::-1])
        middle = raw[head : len(raw) - tail]
        if len(middle) <= 64:
            return {"encoding_patch": [[head, len(back) - tail - head, middle.hex()]]}
    return {"encoding_bytes": base64.b64encode(raw).decode("ascii")}


def _common(a: bytes, b: bytes) -> int:
    """Length of the common beginning, by halving: slices compare at memory speed."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[:middle] == b[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
