"""Which paragraphs of this page does this page already have?

Pages print their body twice (around a metadata block, as a print version, once
more with a dateline). The second copy goes, the first stays and is named.

Everything here leans towards keeping. A refrain, a heading, a question asked
again, a table head and a numbered step are repetition with a meaning; a notice
that differs from the one above it in a name or a figure is another notice. So a
paragraph only goes when it is long enough to be no formula, and when nothing
that it says differs: a similarity of 0.95 alone removes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import NamedTuple

from textclean.document import Document, Edit
from textclean.stages.duplicates import lines, wording
from textclean.stages.duplicates.blocks import Blocks

_LEFT_OUT = 0.2
_FLATTENED = 0.8  # a line that holds this share of the text is a page without its line feeds
_SHORT = 1000  # characters, up to which searching a text for each part of itself costs less than cutting it up


@cache
def _arrays() -> ModuleType:
    """What looks at whole texts at once; numpy takes 70 ms to import, and short texts do without."""
    from textclean.stages.duplicates import repeats  # noqa: PLC0415

    return repeats


class Unit(NamedTuple):
    """A paragraph (or, in flattened text, a sentence) and its key."""

    start: int
    end: int
    key: str
    number: int
    repeated: bool
    """Whether a good part of it is in the text elsewhere too."""


class Copy(NamedTuple):
    """Unit *index* repeats unit *of*; *how* is the sentence for a person, ``{}`` standing for the kept one."""

    of: int
    how: str


@dataclass(frozen=True)
class RemoveDuplicates:
    """Remove paragraphs that the same document already has.

    Paragraphs are lines; in a text that is a single line they are its
    sentences. Compared is the key of :mod:`~textclean.stages.duplicates.fold`
    (traditional and simplified, full and half width, quotes and spaces look the
    same), exactly and without punctuation and dateline, and, at *threshold* or
    more (Jaccard similarity of character 5-gram sets), with differences that
    say nothing: a filler word, a clause left out of the later copy.

    *min_chars* is the length, in characters of the key, below which a
    paragraph only goes as a part of a longer repeated block.

    >>> body = "入夏以来，全市已有三十二处公园延长开放时间，方便市民夜间散步纳凉，园内照明和巡查也同步加强。"
    >>> doc = Document("a", f"{body}\\n来源：本站\\n{body}")
    >>> [(edit.start, edit.end, edit.note) for edit in RemoveDuplicates()(doc)]
    [(52, 99, 'same as ¶1')]
    """

    threshold: float = 0.8
    min_chars: int = 45

    def __post_init__(self) -> None:
        if not 0.5 <= self.threshold <= 1:
            raise ValueError(
                f"threshold={self.threshold}: the share of 5-grams two paragraphs have in common, from 0.5 to 1"
            )
        if self.min_chars < 20:
            raise ValueError(f"min_chars={self.min_chars}: below 20 characters repetition is style, not a copy")

    def __call__(self, doc: Document, /) -> list[Edit]:
        """One edit for each run of neighbouring paragraphs that repeat earlier ones."""
        text = doc.text
        if len(text) < 2 * self.min_chars:
            return []
        edits: list[Edit] = []
        # Removing can bring to light a repeat that stood apart before, so look until there is none: it is what makes
        # the stage say nothing the second time.
        found, more = self._once(text)
        edits = found
        while more:
            found, more = self._once(_without(doc.text, edits))
            edits = _merge(edits, found) if found else edits
        return edits

    def _once(self, text: str) -> tuple[list[Edit], bool]:
        """What goes, and whether what is left has to be looked at again."""
        arrays = _arrays()
        flattened = _flattened(text)
        codes = arrays.folded(text)
        # In flattened text a repeated sentence is a small part of its line.
        repeated = arrays.lines_in(codes, self.min_chars // 2, 0.0 if flattened else arrays.SHARE)
        if len(repeated) < (1 if flattened else 2):
            return [], False
        shadow: str = arrays.shadow(text, codes)
        if flattened and not self._may_repeat(text, shadow):
            return [], False
        keys = shadow.replace("\0", "").split("\n")
        units = [
            Unit(start, end, keys[line], number, line in repeated)
            for number, (line, start, end) in enumerate(lines.numbered(text), 1)
        ]
        copies = self._copies(units, flattened=False)
        mark = "¶"
        if flattened and not copies:
            mark = "sentence "
            units = list(_sentences(text, shadow, *flattened))
            copies = self._copies(units, flattened=True)
        if not copies:
            return [], False
        found = [
            Edit(
                *lines.removal(text, units, first, last),
                "",
                "duplicate_paragraph",
                _note(units, copies, first, last, mark),
            )
            for first, last in lines.runs(copies)
        ]
        # Where a copy went no line has more repeated in it than before, so with one such line left there is no pair,
        # unless the rest is a page in one line now.
        left = len(text) - sum(edit.end - edit.start for edit in found)
        pair = sum(unit.repeated for index, unit in enumerate(units) if index not in copies) > 1
        return found, flattened is not None or pair or max(map(len, text.split("\n"))) >= _FLATTENED * left

    def _may_repeat(self, text: str, shadow: str) -> bool:
        """Whether a text of one paragraph can have a copy among its sentences: a tenth of the cost of finding it.

        A copy has the key of another sentence (of *min_chars*), or its words
        (three quarters of that), or one of its clauses.
        """
        if "\n" in text.strip():
            return True
        if len(text.split()) > 1:
            marked = list(shadow)
            for gap in _GAP.finditer(text):  # what is cut there is no clause, nor a part of one
                marked[gap.start()] = "\n"
            shadow = "".join(marked)
        key = shadow.replace("\0", "")
        if len(key) > _SHORT:
            return True
        parts = wording.parts(key)
        clauses = [part for part in parts if len(part) >= wording.CLAUSE]
        if len(set(clauses)) < len(clauses):
            return True
        words, least = "".join(parts), self.min_chars * 3 // 4
        # Where two keys are equal and their words are fewer than that, the rest is punctuation, twice.
        pointed = len(key) - len(words) > 2 * (self.min_chars - least)
        return wording.stands_twice(words, least) or (pointed and wording.stands_twice(key, self.min_chars))

    def _copies(self, units: Sequence[Unit], *, flattened: bool) -> dict[int, Copy]:
        copies: dict[int, Copy] = {}
        first: dict[str, int] = {}
        anchors = list(map(self._is_anchor, units))
        blocks = Blocks([unit.key for unit in units], anchors, self.min_chars, flattened=flattened)
        worded = _Worded(units, self.threshold, self.min_chars)
        refused: dict[int, int] = {}  # by distance between the copies: up to where
        for index, unit in enumerate(units):
            if index in copies:
                continue
            at = first.get(unit.key)
            anchor = anchors[index]
            # In lines a block needs an anchor, which finds its neighbours itself; in pieces, one that was too short
            # is too short wherever in it one looks.
            if at is not None and (anchor or flattened) and index >= refused.get(index - at, 0):
                block = blocks.around(at, index, copies)
                if block is not None:
                    copies.update((place, Copy(place - index + at, "same as {}")) for place in block)
                    continue
                refused[index - at] = blocks.end(at, index)
            if at is not None or not anchor:
                first.setdefault(unit.key, index)
                continue
            copy = worded.find(index)
            if copy is None:
                first[unit.key] = index
            else:
                copies[index] = copy
        return copies

    def _is_anchor(self, unit: Unit) -> bool:
        """Whether this paragraph, seen twice, is a copy by itself: long prose, no item of a list, no line of a table."""
        length = len(unit.key)
        if length < self.min_chars or not unit.repeated or wording.is_table_row(unit.key):
            return False
        if wording.is_list_item(unit.key):
            return length >= 5 * self.min_chars // 2
        return wording.ends_sentence(unit.key) or length >= 3 * self.min_chars


class _Worded:
    """The paragraphs so far by what they say: words, words without dateline, clauses."""

    def __init__(self, units: Sequence[Unit], threshold: float, min_chars: int) -> None:
        self._units, self._threshold, self._min_chars = units, threshold, min_chars
        self._words: dict[str, int] = {}
        self._of: dict[int, str] = {}
        """The words of each."""
        self._bare: dict[str, int] = {}
        self._clauses: dict[str, list[int]] = {}
        self._alone: int | None = None
        """The first paragraph, taken apart when there is a second."""

    def find(self, index: int) -> Copy | None:
        """The earlier paragraph that unit *index* says again; if there is none, it is one of those from now on."""
        if self._alone is None:
            self._alone = index
            return None
        if not self._words:
            self._add(self._alone, *self._said(self._alone))
        words, bare, clauses = self._said(index)
        copy = self._same(words, bare) or self._near(index, words, clauses)
        if copy is None:
            self._add(index, words, bare, clauses)
        return copy

    def _said(self, index: int) -> tuple[str, str, list[str]]:
        key = self._units[index].key
        parts = wording.parts(key)
        words = "".join(parts)
        dateless = wording.without_dateline(key)
        bare = words if dateless == key else wording.words(dateless)
        return words, bare, [part for part in parts if len(part) >= wording.CLAUSE]

    def _add(self, index: int, words: str, bare: str, clauses: list[str]) -> None:
        self._of[index] = words
        self._words.setdefault(words, index)
        self._bare.setdefault(bare, index)
        for clause in set(clauses):
            self._clauses.setdefault(clause, []).append(index)

    def _same(self, words: str, bare: str) -> Copy | None:
        if len(bare) < self._min_chars * 3 // 4:
            return None
        if words in self._words:
            return Copy(self._words[words], "same words as {}")
        return Copy(self._bare[bare], "same but for its dateline as {}") if bare in self._bare else None

    def _near(self, index: int, words: str, clauses: Sequence[str]) -> Copy | None:
        # Two paragraphs that differ harmlessly share a whole clause, which makes the candidates few and the look-up
        # linear. Eight are tried: a clause that stands in more paragraphs than that is a formula.
        candidates: dict[int, None] = {}
        for clause in clauses:
            candidates.update(dict.fromkeys(self._clauses.get(clause, ())[:8]))
        key = self._units[index].key
        for at in sorted(candidates):
            earlier = self._units[at].key
            jaccard = _jaccard(self._of[at], words)
            # A copy that only leaves something out says nothing new at any similarity; a lower one is a quotation.
            if (jaccard >= self._threshold and wording.differs_in_wording(earlier, key)) or (
                jaccard >= self._threshold - _LEFT_OUT and wording.leaves_clauses_out(earlier, key)
            ):
                return Copy(at, f"jaccard {jaccard:.2f} with {{}}")
        return None


def _flattened(text: str) -> tuple[int, int] | None:
    """Where the line stands that holds nearly all of *text*, if there is one."""
    size = len(text)
    # It reaches over the middle of the text, in which most texts have a line feed.
    if text.find("\n", int((1 - _FLATTENED) * size) + 1, int(_FLATTENED * size)) >= 0:
        return None
    longest = max(text.split("\n"), key=len)
    if len(longest) < _FLATTENED * size or longest.isspace():
        return None
    start = text.index(longest)
    return start, start + len(longest)


def _jaccard(one: str, other: str) -> float:
    left = {one[at : at + 5] for at in range(max(1, len(one) - 4))}
    right = {other[at : at + 5] for at in range(max(1, len(other) - 4))}
    return len(left & right) / len(left | right)


# A sentence with the marks that close it; then, in flattened text, what stands between spaces, which is where the line
# feeds were. Spaces between Latin words are none of these.
_SENTENCE = re.compile(r"[^。！？!?…]+(?:[。！？!?…]+[”’」』）)\]】\"']*)?|[。！？!?…]+")
_GAP = re.compile(r"(?<![!-~])\s+|\s+(?![!-~])")


def _sentences(text: str, shadow: str, start: int, stop: int) -> Iterator[Unit]:
    number = 0
    for sentence in _SENTENCE.finditer(text, start, stop):
        at, end = sentence.span()
        cuts = [gap.span() for gap in _GAP.finditer(text, at, end)]
        for low, high in zip([at, *(stop for _, stop in cuts)], [*(start for start, _ in cuts), end], strict=True):
            if text[low:high].strip():
                number += 1
                yield Unit(low, high, shadow[low:high].replace("\0", ""), number, repeated=True)


def _note(units: Sequence[Unit], copies: dict[int, Copy], first: int, last: int, mark: str) -> str:
    """``same as ¶1–¶3; jaccard 0.93 with ¶5``."""
    parts: list[tuple[str, int, int]] = []  # how, the first it repeats, the last
    for index in range(first, last + 1):
        of, how = copies[index]
        if parts and parts[-1][0] == how == "same as {}" and parts[-1][2] == of - 1:
            parts[-1] = (how, parts[-1][1], of)
        else:
            parts.append((how, of, of))
    names = [
        f"{mark}{units[low].number}" + (f"–{mark}{units[high].number}" if high > low else "") for _, low, high in parts
    ]
    return "; ".join(part[0].format(name) for part, name in zip(parts, names, strict=True))


def _merge(before: list[Edit], found: list[Edit]) -> list[Edit]:
    """*found* are edits of the text that *before* left; the edits of the first text that do both."""
    out: list[Edit] = []
    for edit in found:
        start, end = _back(edit.start, before, closing=False), _back(edit.end, before, closing=True)
        inside = [known for known in before if start <= known.start and known.end <= end]
        note = "; ".join([known.note for known in inside] + [edit.note])
        before = [known for known in before if known not in inside]
        out.append(edit._replace(start=start, end=end, note=note))
    return sorted(before + out)


def _back(at: int, removed: list[Edit], *, closing: bool) -> int:
    """Where the place *at*, in the text without *removed*, was before."""
    for edit in removed:
        if edit.start > at or (closing and edit.start == at):
            break
        at += edit.end - edit.start
    return at


def _without(text: str, removed: list[Edit]) -> str:
    out, at = [], 0
    for edit in removed:
        out.append(text[at : edit.start])
        at = edit.end
    return "".join([*out, text[at:]])
