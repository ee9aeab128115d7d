"""Characters read in the wrong encoding: ``涓浗``, ``ÖÐ¹ú``, ``ä¸­å›½`` for 中国.

Take the bytes back that the wrong encoding was given, and read them in the
right one. Which wrong, which right? All of them are tried on lines that hold
what such misreadings are made of, and the character model compares: the new
text must be good Chinese, and far better than what is there. (A library that
only knows Latin misreadings would have to guess; asked to add Chinese ones, its
author feared for its accuracy. With a model of Chinese that fear is void.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, groupby
from typing import NamedTuple

from textclean.document import Edit
from textclean.models import characters
from textclean.stages.encoding import codepages, lattice, wrecks
from textclean.stages.encoding.effort import Effort
from textclean.stages.encoding.scan import Signs
from textclean.stages.encoding.stretch import unlikely
from textclean.text import lines_at

RIGHT = ("utf-8", "gb18030", "big5hkscs")

_REST = (
    "(?:(?<=[<strong>])(?:[<strong>]|[ -~\xa0·×°“”‘’—…][<strong>])"
    "|(?<=[<hangul>])[<hangul><any_han>]{2}"
    "|(?<=[<narrow>])[<narrow>]{2}"
    "|(?<=[<rare>])(?:.{0,3}[<rare>]){2})"
)
KIND = ("<strong><hangul><narrow><rare>", _REST)
"""The characters a misreading may begin to show with, and what must follow one of them."""
SIGNS = Signs(KIND)
"""What every misreading shows somewhere. Text without it is not looked at."""


def suspicious(line: str) -> bool:
    """Whether *line*, which has the signs, may hold a misreading.

    Three rare characters near each other are also in 一组鼎、簋、盨: there must
    be a stretch that no text has.
    """
    return _FOREIGN.search(line) or unlikely(line, SIGNS.spans(line))


_FOREIGN = Signs(("<strong><hangul><narrow>", ""))


class Guess(NamedTuple):
    """One reading of a span: its text, the gain in nats, and the misreading it undoes."""

    gain: float
    text: str
    wrong: str
    right: str
    times: int = 1

    @property
    def note(self) -> str:
        """For the ledger."""
        times = "" if self.times == 1 else f", {self.times} misreadings in a row"
        return f"{self.right} read as {self.wrong}{times}; gain {self.gain:.0f} nats"


class Bar(NamedTuple):
    """How good a reading must be: gain in nats, over all and a character, and the result, nats a character."""

    gain: float
    each: float
    good: float
    least: int  # characters beyond ASCII


# Chinese has -4 to -7.5 nats a character, chance readings -10 and worse.
LINE = Bar(10.0, 1.2, -8.6, 2)
PART = Bar(16.0, 2.0, -8.0, 4)
AGAIN = Bar(4.0, 0.5, -10.0, 1)  # the same misreading has been seen in this text


_LATTICE_MOST = 20_000
"""Characters of a document, at least, that are searched for lost bytes: about four seconds."""


def find(text: str) -> list[Edit]:
    """The misread spans of *text*, read right.

    >>> [edit.text for edit in find("ÖÐ¹úµÄ¾\xad¼Ã·¢Õ¹")]
    ['中国的经济发展']
    """
    blanks = "\xa0" in text or "\xad" in text
    effort = Effort(_LATTICE_MOST + len(text) // 20)
    found: list[tuple[int, int, Guess]] = []
    waiting = []
    for start, end in lines_at(text, (low for low, _ in SIGNS.spans(text))):
        line = text[start:end]
        if suspicious(line):
            spans = effort.known.get(line)
            if spans is None:
                spans = effort.known[line] = list(_spans(line, blanks, effort))
            found += [(start + low, start + high, guess) for low, high, guess in spans]
            if not spans:
                waiting.append((start, line))
    seen = {(guess.wrong, guess.right) for _, _, guess in found}
    for start, line in waiting if seen else ():
        guess = whole(line, AGAIN, blanks, effort, seen)
        if guess:
            found.append((start, start + len(line), guess))
    return [Edit(low, high, guess.text, "mojibake", guess.note) for low, high, guess in found]


def _spans(line: str, blanks: bool, effort: Effort) -> Iterator[tuple[int, int, Guess]]:
    """The misread spans of one line: all of it, or runs of characters that text around them has not."""
    if on_purpose(line):
        return
    guess = whole(line, LINE, blanks, effort)
    if guess:
        yield 0, len(line), guess
        return
    if _QUOTES_A_WRECK.search(line):
        return
    at = 0
    for low, high in sorted([*_single_runs(line), *_utf8_runs(line)]):
        if low >= at:
            guess = whole(line[low:high], PART, blanks, effort)
            if guess:
                yield low, high, guess
                at = high
    if at == 0:
        yield from _double_runs(line)


# Text about encodings shows wrecks on purpose; so does code.
_QUOTES_A_WRECK = re.compile(
    r"乱码|亂碼|编码|編碼|解码|解碼|字符集|mojibake|charset|\b(?:en|de)cod|utf-?8|gbk|gb2312|latin|[`\\]|==",
    re.IGNORECASE,
)


def on_purpose(line: str) -> bool:
    """Whether *line* speaks of encodings, or is code, and the wreck is but a part of it.

    >>> on_purpose("UTF-8 read as Latin-1 shows ä¸\xadå›½"), on_purpose("ä¸\xadå›½")
    (True, False)
    """
    return _QUOTES_A_WRECK.search(line) is not None and sum(c > "\x7f" for c in line) < 0.6 * len(line)


@cache
def _single_run() -> re.Pattern[str]:
    """A stretch of what encodings of one byte have, ASCII inside."""
    letters = "".join(sorted({c for codec in codepages.SINGLE for c in codepages.letters(codec) if c > "\x7f"}))
    return re.compile(f"[{letters}](?:[ -~{letters}]*[{letters}])?")


def _single_runs(line: str) -> Iterator[tuple[int, int]]:
    if not _FOREIGN.search(line):  # without which SIGNS finds nothing in a run
        return
    for run in _single_run().finditer(line):
        if run.end() - run.start() >= 6 and SIGNS.search(run[0]):
            yield run.span()


_UTF8_RUN = re.compile(rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[ -~])*[\xe1-\xef][\x80-\xbf]{2}")


def _utf8_runs(line: str) -> Iterator[tuple[int, int]]:
    """Where the GBK bytes of *line* are UTF-8 for a while."""
    table = codepages.double("gb18030")
    pieces = [table.get(c, b"\xff") for c in line]
    starts = {at: i for i, at in enumerate(accumulate((len(piece) for piece in pieces), initial=0))}
    for run in _UTF8_RUN.finditer(b"".join(pieces)):
        low, high = starts.get(run.start()), starts.get(run.end())
        if low is not None and high is not None:
            inside = line[low:high].strip(_ASCII)
            low = line.index(inside, low)
            if len(inside) >= 6:
                yield low, low + len(inside)


_ASCII = "".join(map(chr, range(0x80)))


def _double_runs(line: str) -> Iterator[tuple[int, int, Guess]]:
    """Runs of GBK read as Big5 or the reverse: character for character, so the best run is a sum of gains."""
    model = characters.load()
    for wrong, right in (("big5hkscs", "gb18030"), ("gb18030", "big5hkscs"), ("cp949", "gb18030")):
        table = codepages.double(wrong)
        at = 0
        for known, run in groupby(line, table.__contains__):
            shown = "".join(run)
            if known and len(shown) >= 6:
                text = "".join(_one(table[c], right) for c in shown)
                gains = (model.scores(_BEYOND.sub("㐀", text)) - model.scores(_BEYOND.sub("㐀", shown))).tolist()
                low, high, gain = _best_run(gains)
                guess = Guess(gain, text[low:high], wrong, right)
                if high - low >= 6 and convincing(guess, PART):
                    yield at + low, at + high, guess
            at += len(shown)


_BEYOND = re.compile("[\U00010000-\U0010ffff]")


def _one(raw: bytes, codec: str) -> str:
    c = raw.decode(codec, "replace")
    return c if len(c) == 1 else "\ufffd"


def _best_run(gains: list[float]) -> tuple[int, int, float]:
    """The span with the largest sum (Kadane)."""
    best, low, high = 0.0, 0, 0
    sum_, start = 0.0, 0
    for at, gain in enumerate(gains):
        if sum_ <= 0:
            sum_, start = 0.0, at
        sum_ += gain
        if sum_ > best:
            best, low, high = sum_, start, at + 1
    return low, high, best


def whole(
    line: str, bar: Bar, blanks: bool, effort: Effort, only: set[tuple[str, str]] | None = None, depth: int = 3
) -> Guess | None:
    """The best reading of *line* as one misreading, or several in a row.

    *only* restricts it to certain (wrong, right), *effort* bounds the search for
    lost bytes.
    """
    shown = score(line)
    best: Guess | None = None
    for wrong, right, text in _readings(line):
        if only is not None and (wrong, right) not in only:
            continue
        found = Guess(score(text) - shown, text, wrong, right)
        if depth > 1 and only is None and len(text) < len(line) and SIGNS.search(text):
            further = whole(text, bar, blanks, effort, None, depth - 1)
            if further:
                # One misreading explains as much as two that come to the same, so two must gain something.
                gain = found.gain + further.gain - 1.0
                found = Guess(gain, further.text, wrong, further.right, further.times + 1)
        if convincing(found, bar) and (best is None or found.gain > best.gain):
            best = found
    if depth < 3 or (best and _sound(line, best, blanks)):
        return best
    for wreck in wrecks.wrecks(line, blanks=blanks):
        if only is not None and (wreck.wrong, wreck.right) not in only:
            continue
        if not effort.spend(len(line)):
            break
        reading = lattice.decode(wreck.items, wreck.right, wreck.gone)
        if reading is None:
            continue
        found = Guess(reading.score - shown, reading.text, wreck.wrong, wreck.right)
        if convincing(found, bar) and (best is None or found.gain > best.gain):
            best = found
    return best


def _sound(line: str, guess: Guess, blanks: bool) -> bool:
    """Whether nothing can have been lost."""
    if guess.right == "utf-8":
        return True
    if guess.wrong == "cp949":
        return codepages.normalised("cp949").keys().isdisjoint(line)
    if not blanks and len(line) > 24 and codepages.has_blanks(guess.wrong):
        return False  # one byte in fifty is a no-break space or a soft hyphen
    scores = characters.load().scores(guess.text).tolist()
    return all(a + b + c + d > 4 * _ODD for a, b, c, d in zip(scores, scores[1:], scores[2:], scores[3:], strict=False))


_ODD = -11.0
"""Nats a character over four: names reach it, and every wreck does."""


def convincing(guess: Guess, bar: Bar) -> bool:
    """Whether *guess* clears *bar*."""
    beyond = sum(c > "\x7f" for c in guess.text)
    if beyond < bar.least or guess.gain < bar.gain or guess.gain < bar.each * len(guess.text):
        return False
    return _each(guess.text) > bar.good


def _each(text: str) -> float:
    """Nats a character, each stretch of ASCII counting as one."""
    folded = re.sub(r"[\x00-\x7f]+", "a", text)
    return characters.load().score(folded) / len(folded)


def score(text: str) -> float:
    """Log probability of *text*, ASCII left out of account as both readings have it."""
    return characters.load().score(text)


def _readings(line: str) -> Iterator[tuple[str, str, str]]:
    """Every way to read *line* right without losing anything."""
    have = set(line)
    for wrong in () if codepages.beyond_single(line) else codepages.SINGLE:
        if have <= codepages.letters(wrong):
            raw = line.translate(codepages.single(wrong)).encode("latin-1")
            yield from _decodings(wrong, raw, RIGHT)
    for wrong in codepages.DOUBLE:
        table = codepages.double(wrong)
        if have <= table.keys():
            raw = b"".join(map(table.__getitem__, line))
            yield from _decodings(wrong, raw, tuple(right for right in RIGHT if right != wrong))


def _decodings(wrong: str, raw: bytes, rights: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    for right in rights:
        try:
            yield wrong, right, raw.decode(right)
        except UnicodeDecodeError:
            continue
