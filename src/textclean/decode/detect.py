"""Which codec? By decoding with each that may be meant and asking which result is Chinese.

Order: byte order mark; ASCII; UTF-8, strictly, then tolerantly (damaged text is
still UTF-8); UTF-16/32 by their NULs; then the candidates are decoded and the
character model scores what comes out. Where two come out close, which happens
below some twenty bytes, the declared charset decides, or chardet, if it names
one of the candidates. Confidence figures are of no use: chardet's right
answers for GBK carry 0.05 to 0.22, and one damaged byte makes it throw the
right codec away.
"""

from __future__ import annotations

import re

from textclean.decode import euctw
from textclean.decode.declared import bom, declared_codec
from textclean.models import characters

SAMPLE = 1024
"""Bytes that are scored: more changes no verdict on the 5,000 cases of the study, fewer does."""

CLOSE = 0.9
"""Nats a byte between the best two readings below which other evidence is heard."""

_POOR = -4.2
"""Nats a byte that Chinese text in its own encoding hardly ever falls below."""

_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_UTF8_HAN = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}")  # GBK has pairs that are UTF-8 of two bytes by chance
_HIGH_BYTES = bytes(range(0x80, 0x100))
_UTF8_RUN = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}(?:[\xe3-\xef][\x80-\xbf]{2}){2}")
_HIGH = re.compile(rb"[\x80-\xff]")
_ASCII = re.compile(r"[\0-\x7f]+")
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e]){1,9999}(?:~\}|$|\n)")
_CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_SINGLE = frozenset({"cp1252", "cp1251", "koi8_r"})


def detect(raw: bytes, declared: str | None = None) -> str:
    """The name of the codec *raw* is written in, always one that :func:`textclean.decode.decode` reads.

    Supersets are named (gb18030 for gb2312, big5hkscs for big5): they read all
    that the subset does, and the labels of the web are not to be trusted.

    >>> detect("軟體開發的語言".encode("big5")), detect("软件".encode("utf-8")), detect(b"plain")
    ('big5hkscs', 'utf-8', 'utf-8')
    """
    marked = bom(raw)
    if marked:
        return marked
    if raw.isascii():
        if 0 in raw[:4096]:
            return wide_codec(raw) or "utf-8"
        return "hz" if b"~{" in raw and _is_hz(raw) else "utf-8"
    wide = wide_codec(raw)
    if wide:
        return wide
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # A cut tail: all is UTF-8 but for the beginning of a character at the end.
        damaged = error.start < len(raw) - 3 or error.reason != "unexpected end of data"
    else:
        damaged = False
    if not damaged and _surely_utf8(raw):
        return "utf-8"
    first = _HIGH.search(raw)
    start = first.start() if first else 0
    sample = raw[start : start + SAMPLE]
    share = utf8_share(sample[: SAMPLE // 2]) if damaged else 0.0
    if share > 0.8 or (share > 0.6 and _UTF8_RUN.search(sample)):  # three characters in a row are hardly ever chance
        return "utf-8"
    return _arbiter(raw, sample, start, declared, may_be_utf8=not damaged)


def _surely_utf8(raw: bytes) -> bool:
    """Three bytes a character, or much of two: chance does not make that (the GBK of 联通 makes one)."""
    return len(raw) > 64 or len(re.findall(rb"[\xe0-\xf4][\x80-\xbf]{2}", raw[:256])) > 1


def utf8_share(raw: bytes, whole: re.Pattern[bytes] = _UTF8) -> float:
    """The share of the bytes beyond ASCII that stand in *whole* characters of UTF-8."""
    high = len(raw) - len(raw.translate(None, _HIGH_BYTES))
    return sum(map(len, whole.findall(raw))) / high if high else 1.0


def wide_codec(raw: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, where NUL bytes give it away.

    >>> wide_codec("Hello 世界".encode("utf-16-le"))
    'utf-16-le'
    """
    head = raw[:4096]
    if 0 not in head:
        return None
    # Of four bytes the highest is always NUL and the next hardly ever anything but 0 to 2; damage makes a few exceptions.
    quarters = [head[at::4] for at in range(4)]
    for codec, order in (("utf-32-le", (3, 2, 1, 0)), ("utf-32-be", (0, 1, 2, 3))):
        top, next_, *low = (quarters[at] for at in order)
        planes = sum(map(next_.count, (0, 1, 2)))
        shaped = top.count(0) > 0.9 * len(top) and planes > 0.9 * len(next_)
        if shaped and b"".join(low).count(0) < 0.75 * len(top) and readable_share(head, codec) > 0.8:
            return codec
    even, odd = head[0::2].count(0), head[1::2].count(0)
    best = max(("utf-16-le", "utf-16-be"), key=lambda codec: readable_share(head, codec))
    # The high byte of ASCII is NUL, the low byte hardly ever: line ends and spaces make it one-sided.
    lopsided = odd > 8 * even if best == "utf-16-le" else even > 8 * odd
    return best if lopsided and readable_share(head, best) > 0.9 else None


def readable_share(raw: bytes, codec: str) -> float:
    """The share of the characters of *raw*, read in *codec*, that written Chinese text uses."""
    return characters.load().known_share(_reading(raw[:4096], codec))


def _is_hz(raw: bytes) -> bool:
    """Whether the shifts of HZ are there in pairs, around what are characters."""
    if not _HZ.search(raw):
        return False
    try:
        text = raw.decode("hz", "replace")
    except UnicodeError:
        return False
    return text.count("\ufffd") <= len(text) // 50 and not text.isascii()


def _arbiter(raw: bytes, sample: bytes, start: int, declared: str | None, *, may_be_utf8: bool) -> str:
    candidates = [*_CANDIDATES, *(["utf-8"] if may_be_utf8 else [])]
    claimed = declared_codec(raw, declared)
    scores = {}
    for codec in candidates:
        if codec.startswith("utf-16"):
            even = raw[start // 2 * 2 : start // 2 * 2 + SAMPLE // 4]
            scores[codec] = _quality(even[: len(even) // 2 * 2], codec)
        else:
            scores[codec] = _quality(sample, codec)
    narrow = [codec for codec in candidates if not codec.startswith("utf-16")]
    if max(scores, key=lambda codec: scores[codec]) not in narrow and _is_words(sample, narrow, max(scores.values())):
        scores = {codec: scores[codec] for codec in narrow}
    if max(scores.values()) < _POOR:
        scores["euc-tw"] = _quality(sample, "euc-tw")
    best, second = sorted(scores, key=lambda codec: scores[codec], reverse=True)[:2]
    if scores[best] - scores[second] > CLOSE and scores[best] > -5.5:
        return best
    if claimed in scores and scores[claimed] > scores[best] - 0.25:
        return claimed
    if claimed is not None and claimed not in scores and _reads_strictly(raw, claimed) and scores[best] < -4.5:
        return claimed
    return _with_chardet(raw, best, scores)


def _is_words(sample: bytes, narrow: list[str], wide: float) -> bool:
    """Whether what reads as UTF-16 at *wide* nats a byte is ASCII with some Chinese in one of the *narrow* codecs.

    Pairs of ASCII letters are rare characters of UTF-16, about as rare as ASCII
    is in Chinese text. What stands between the letters tells the two apart: without
    this a third of short English texts with a Chinese word in GBK were read as UTF-16.
    """
    return wide < max(_quality(sample, codec, beyond_ascii=True) for codec in narrow)


def _quality(raw: bytes, codec: str, *, beyond_ascii: bool = False) -> float:
    """Nats a byte of *raw* read in *codec*: -3 and better is Chinese, -6 and worse is not."""
    text = _reading(raw, codec).rstrip("\ufffd")  # the sample may end within a character
    if beyond_ascii:
        other = _ASCII.sub("", text)
        raw, text = raw[len(text) - len(other) :], other
    return characters.load().quality(text) / len(raw) if text else -20.0  # nothing but damage says nothing good


def _reading(raw: bytes, codec: str) -> str:
    return euctw.decode(raw, "\ufffd") if codec == "euc-tw" else raw.decode(codec, "replace")


def _reads_strictly(raw: bytes, codec: str) -> bool:
    try:
        _ = raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return codec not in _SINGLE or raw.count(b"\x00") == 0


def _with_chardet(raw: bytes, best: str, scores: dict[str, float]) -> str:
    """Let chardet choose among readings that score about alike."""
    import chardet  # noqa: PLC0415  20 ms, needed for short doubtful texts only

    answer = chardet.detect(raw[:SAMPLE])["encoding"]
    named = declared_codec(b"", answer) if answer else None
    return named if named in scores and scores[named] > scores[best] - CLOSE / 3 else best


def detect_lines(raw: bytes, codec: str, text: str) -> list[str] | None:
    """The codec of each line, if they differ (``bytes.splitlines`` counts them); None if *codec* reads all.

    Files put together from several sources: some lines UTF-8, some GBK or Big5.
    *text* is what *codec* reads, with lone surrogates for what is no text.

    >>> lines = "江水涨了，田里都是人。\\n".encode("gbk"), "天色漸漸亮了。".encode()
    >>> detect_lines(b"".join(lines), "gb18030", ""), detect_lines(lines[0], "gb18030", "江水涨了，田里都是人。\\n")
    (['gb18030', 'utf-8'], None)
    """
    if codec not in {"utf-8", "gb18030", "big5hkscs"} or raw.isascii():
        return None
    if codec == "utf-8":
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return None
    elif not _UTF8_RUN.search(raw) and not _MISREAD.search(text):
        return None
    lines = raw.splitlines(keepends=True)
    if len(lines) < 2:
        return None
    found = []
    for line in lines:
        if line.isascii():
            found.append("")
            continue
        share = utf8_share(line, _UTF8_HAN)
        if share > 0.8:
            found.append("utf-8")
        elif share > 0.45:
            found.append(codec)
        else:
            found.append(_of_line(line[:SAMPLE], codec))
    if len(set(found) - {""}) < 2:
        return None
    return [name or codec for name in found]


_MISREAD = re.compile("[\udc80-\udcff\ue000-\uf8ff\ufffd]")
"""What GBK shows of Big5, and Big5 of GBK, in every other line."""
_SURE = 12.0
"""Nats that a line must gain to be read otherwise than its file: a short one reads well in either now and then."""


def _of_line(line: bytes, codec: str) -> str:
    """The codec of a line that is not UTF-8, in a file that is mostly *codec*."""
    scores = {name: _quality(line, name) for name in ("gb18030", "big5hkscs")}
    best = max(scores, key=lambda name: scores[name])
    doubtful = codec in scores and (scores[best] - scores[codec]) * len(line) < _SURE
    return codec if scores[best] <= -5 or doubtful else best
