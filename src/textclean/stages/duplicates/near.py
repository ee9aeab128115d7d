"""Which documents, or paragraphs, of this corpus does it already have?

Evidence first (:mod:`~textclean.stages.duplicates.evidence`): each text folded
to its key, hashed, banded, and put aside. Then one decision over all shards
(:mod:`~textclean.stages.duplicates.join`): equal keys, equal bands, exact
Jaccard, and who stays. The result is an ordinary stage.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textclean.document import Document, Edit
from textclean.stages.duplicates import fold, lines
from textclean.stages.duplicates.evidence import Evidence, Settings
from textclean.stages.duplicates.verdicts import Removed, Verdict, Verdicts

if TYPE_CHECKING:
    from textclean.stages.duplicates.compare import Ranks
    from textclean.stages.duplicates.corpus import Corpus
    from textclean.stages.duplicates.index import Index
    from textclean.stages.duplicates.interop import SharedBands

KEEP = ("first", "longest", "earliest published")
SCOPES = ("document", "paragraph")

# The share of characters edited → (ngram, threshold). Measured on news: of copies with 1 / 5 / 10 % of their characters
# changed at random these find 100 / 49 / 1 %, 100 / 85 / 7 % and 100 / 99 / 86 %; of notices printed from one form with
# other figures, which are no copies, they take 0, 0.5 and 99 %: edited that much, a copy and a form filled in anew are
# alike. The default (5, 0.8) finds 96 / 4 / 0 % and takes none. See benchmarks/duplicates.py --edits.
EDITS = {0.02: (4, 0.7), 0.05: (3, 0.7), 0.10: (2, 0.65)}

_MISSED = 5e-4  # the share of pairs exactly at the threshold that no band may find
_PERMUTATIONS = 128
_RANKS_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class NearDuplicates:
    """Learn which texts of a corpus repeat others, and remove them.

    *scope* is what is compared: whole documents, or paragraphs (lines of at
    least *min_chars* characters; headings and formulas recur in honest texts).
    Two texts are duplicates when nothing but script, width, quotes and spaces
    differs (see :mod:`~textclean.stages.duplicates.fold`), or when the sets of
    their character *ngram*-grams have a Jaccard similarity of *threshold* or
    more; a text shorter than *ngram* is compared whole. *edits* chooses both for people: copies of which this share
    of the characters was changed are found (0.02, 0.05 or 0.10; at 0.10 also
    notices that share a form and differ in what was filled in).

    Candidates come from MinHash bands, enough of them to miss one in two
    thousand pairs that lie exactly at the threshold; ``exact=True`` uses a
    prefix filter that misses none. Either way each pair is then compared
    exactly, and a text is only removed if one that *stays* is similar enough;
    the note names it. *keep* says which one stays (``"first"`` by id,
    ``"longest"``, ``"earliest published"`` by ``meta["published"]``); ties go to
    the smaller id, then to the earlier paragraph. The order and cut of the input
    change nothing.

    *spill* is a directory for evidence, needed when workers hand it to each
    other by name; without it, what does not fit in memory waits in nameless
    temporary files. *storage* is the configuration of a datasketch storage with
    a ``basename``, such as ``{"type": "redis", "basename": "news", "redis":
    {"host": "localhost", "port": 6379}}``: workers then put the bands there
    instead of into their evidence. *index* is the folder of an
    :class:`~textclean.stages.duplicates.index.Index`: what it holds was kept
    before, and its duplicates go. Adding to it is a step of its own.

    Raises ValueError for bad options, and in ``decide`` for two documents with
    one id.

    >>> docs = [Document("a", "城南水厂三期工程昨日通水。"), Document("b", "城南水廠三期工程，昨日通水。")]
    >>> stage = NearDuplicates(edits=0.10).decide([NearDuplicates(edits=0.10).observe(docs)])
    >>> [edit.note for doc in docs for edit in stage(doc)]
    ['jaccard 0.79 with a']
    """

    scope: str = "document"
    threshold: float = 0.8
    ngram: int = 5
    edits: float | None = None
    exact: bool = False
    keep: str = "first"
    min_chars: int | None = None
    spill: str | None = None
    storage: Mapping[str, Any] | None = None
    index: str | None = None

    def __post_init__(self) -> None:
        if self.scope not in SCOPES:
            raise ValueError(f"scope={self.scope!r}: what is compared is one of {', '.join(SCOPES)}")
        if not 0.3 <= self.threshold <= 1:
            raise ValueError(
                f"threshold={self.threshold}: the Jaccard similarity that makes two texts duplicates, from 0.3 (below "
                "that, unrelated texts of one kind are) to 1 (equal sets)"
            )
        if not 1 <= self.ngram <= 64:
            raise ValueError(f"ngram={self.ngram}: shingles have 1 to 64 characters; 5 suits Chinese paragraphs")
        if self.edits is not None:
            if self.edits not in EDITS:
                raise ValueError(
                    f"edits={self.edits}: the share of changed characters, one of {', '.join(map(str, EDITS))}"
                )
            if (self.threshold, self.ngram) != (0.8, 5):
                raise ValueError("edits chooses threshold and ngram: give either edits or those two")
        if self.keep not in KEEP:
            raise ValueError(f"keep={self.keep!r}: which copy stays is one of {', '.join(KEEP)}")
        if self.min_chars is not None and self.min_chars < 1:
            raise ValueError(f"min_chars={self.min_chars}: an empty text is never a duplicate")
        if self.index is not None and (self.exact or self.storage is not None):
            raise ValueError("an index is looked up by MinHash bands: exact=True and storage= have no place beside it")
        if self.storage is not None:
            if self.exact:
                raise ValueError("exact=True needs no bands, so there is nothing to put into a storage")
            if not isinstance(self.storage.get("type"), str) or not self.storage.get("basename"):
                raise ValueError(
                    'storage needs a "type" that datasketch knows and a "basename", under which the workers of one run '
                    'meet and no other: {"type": "redis", "basename": "news", "redis": {"host": "localhost", "port": 6379}}'
                )

    @property
    def grams(self) -> tuple[int, float]:
        """The length of a shingle and the threshold, as given or as *edits* chooses them."""
        return (self.ngram, self.threshold) if self.edits is None else EDITS[self.edits]

    @property
    def shortest(self) -> int:
        """How many characters a text has at least to be compared."""
        if self.min_chars is not None:
            return self.min_chars
        return 40 if self.scope == "paragraph" else 1

    def settings(self) -> Settings:
        """What evidence depends on."""
        ngram, threshold = self.grams
        count, rows = (0, 0) if self.exact else bands(threshold)
        shared = str(self.storage["basename"]) if self.storage else ""
        return Settings(self.scope, ngram, count, rows, self.shortest, self.keep == KEEP[2], fold.SCHEME, shared)

    def _shared(self) -> SharedBands | None:
        from textclean.stages.duplicates.interop import SharedBands  # noqa: PLC0415  numpy waits until it is needed

        return SharedBands(self.storage, *bands(self.grams[1])) if self.storage is not None else None

    def observe(self, docs: Iterable[Document], /) -> Evidence:
        """What has to be known of *docs* to compare them with any others."""
        from textclean.stages.duplicates.observe import observe  # noqa: PLC0415  numpy waits until it is needed

        return observe(docs, self.settings(), self.spill, self._shared())

    def decide(self, shards: Iterable[Evidence], /) -> RemoveNearDuplicates:
        """The stage that removes what all *shards* together show to be there twice."""
        from textclean.stages.duplicates.corpus import Corpus, runs  # noqa: PLC0415  numpy waits until it is needed
        from textclean.stages.duplicates.index import Index  # noqa: PLC0415

        corpus = Corpus(shards, self.keep)
        if corpus.settings not in {None, self.settings()}:
            raise ValueError(
                "this evidence was gathered with other settings than those of the learner that is to decide"
            )
        index = None
        if self.index is not None:
            index = Index.open(self.index)
            index.refuse(self)
        removed = Removed()
        ranks, verdicts = self.settle(corpus, index)
        for at, said in zip(range(0, len(ranks), _RANKS_AT_ONCE), verdicts, strict=True):
            some = ranks[at : at + _RANKS_AT_ONCE]
            owners, texts = runs(corpus.owners[some])
            names = list(map(corpus.ids.__getitem__, owners.tolist()))
            numbers = corpus.numbers[some].tolist()
            removed.extend(names, corpus.lengths[owners].tolist(), texts.tolist(), numbers, said)
        return RemoveNearDuplicates(self.scope, removed, len(corpus))

    def settle(self, corpus: Corpus, index: Index | None) -> tuple[Ranks, Iterator[Verdicts]]:
        """The ranks of *corpus* that go, by document and paragraph, and why: what *index* has, then the corpus itself.

        The reasons come for 65,536 ranks at a time.
        """
        import numpy as np  # noqa: PLC0415  numpy waits until it is needed

        from textclean.stages.duplicates.decide import decide  # noqa: PLC0415

        known, verdicts = (np.empty(0, np.int64), []) if index is None else index.find(corpus)
        ngram, threshold = self.grams
        comparable = corpus.chars >= self.shortest
        comparable[known] = False
        settled = decide(
            corpus,
            np.flatnonzero(comparable).astype(np.int32),
            ngram,
            threshold,
            exact=self.exact,
            shared=self._shared(),
        )
        ranks = np.concatenate([known, settled.removed])
        order = np.lexsort((corpus.numbers[ranks], corpus.owners[ranks]))

        keepers = np.concatenate([np.full(len(known), -1), settled.keepers])
        jaccard = np.concatenate([np.zeros(len(known)), settled.jaccard])

        def found() -> Iterator[Verdicts]:
            for at in range(0, len(order), _RANKS_AT_ONCE):
                some = order[at : at + _RANKS_AT_ONCE]
                kept, similar = keepers[some], jaccard[some]
                similar[similar > 1] = math.nan
                names = list(map(corpus.ids.__getitem__, corpus.owners[kept].tolist()))
                said = Verdicts(names, corpus.numbers[kept].tolist(), similar.tolist())
                for place in np.flatnonzero(some < len(known)).tolist():
                    name, number, by_index = verdicts[some[place]]
                    said.keepers[place], said.numbers[place] = name, number
                    said.jaccard[place] = math.nan if by_index is None else by_index
                yield said

        return ranks[order], found()


@dataclass(frozen=True)
class RemoveNearDuplicates:
    """What :class:`NearDuplicates` decided: the texts that go, by document and paragraph.

    A document that is not as long as the one observed is left alone: it is not
    the text that was compared.
    """

    scope: str
    removed: Mapping[str, tuple[int, Mapping[int, Verdict]]]
    """By document id: the length it had, and by paragraph (0: the whole document) why it goes."""
    observed: int = 0
    """How many documents, or paragraphs, were compared."""

    @property
    def share_removed(self) -> float:
        """The share of what was compared that goes: see :func:`textclean.stages.duplicates.check_removed`."""
        if isinstance(self.removed, Removed):
            texts = self.removed.texts
        else:
            texts = sum(len(verdicts) for _, verdicts in self.removed.values())
        return texts / self.observed if self.observed else 0.0

    def may_change(self, name: str) -> bool:
        """Whether anything goes from the document *name*: all others need not be read."""
        return self.removed.get(name) is not None

    def __call__(self, doc: Document, /) -> Sequence[Edit]:
        """One edit over the whole document, or one for each run of neighbouring paragraphs."""
        found = self.removed.get(doc.id)
        if found is None or found[0] != len(doc.text):
            return ()
        verdicts = found[1]
        if self.scope == SCOPES[0]:
            return [Edit(0, found[0], "", verdicts[0].reason, verdicts[0].note)]
        spans = lines.paragraphs(doc.text)
        edits = []
        for first, last in lines.runs(number - 1 for number in verdicts):
            said = [verdicts[number + 1] for number in range(first, last + 1)]
            reasons = {verdict.reason for verdict in said}
            reason = "near_duplicate" if len(reasons) > 1 else said[0].reason
            start, end = lines.removal(doc.text, spans, first, last)
            edits.append(Edit(start, end, "", reason, "; ".join(verdict.note for verdict in said)))
        return edits


def bands(threshold: float) -> tuple[int, int]:
    """How many bands of how many rows find all but one in two thousand pairs exactly at *threshold*.

    The most selective that 128 permutations allow: 20 × 5 at 0.8, where the
    automatic choice of datasketch (9 × 13) misses one pair in six.

    >>> bands(0.8), bands(0.7), bands(1.0)
    ((20, 5), (28, 4), (1, 16))
    """
    for rows in range(16, 0, -1):
        chance = threshold**rows
        count = 1 if chance >= 1 else math.ceil(math.log(_MISSED) / math.log1p(-chance))
        if count * rows <= _PERMUTATIONS:
            return count, rows
    raise AssertionError  # one row of 128 bands is always left, as thresholds are 0.3 or more
