"""Our sketches as datasketch's, and its storages for ours.

datasketch is the common tongue of sketches in Python: what is computed here can
be put into an index its users already have, and its storages (Redis, …) let
several machines gather bands in one place. Wrapping a sketch costs ten times as
much as computing it, so the hot path does without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textclean import kernels
from textclean.kernels import sha1, vector

HASHING = ("shingle", "sha1")
_AT_ONCE = 1000  # buckets asked for in one go


def signatures(
    texts: Sequence[str], *, ngram: int = 5, num_perm: int = 128, seed: int = 1, hashing: str = "shingle"
) -> NDArray[np.uint32]:
    """Texts × permutations: the MinHash of each text's character *ngram*-grams, in datasketch's ``affine32`` scheme.

    ``hashing="sha1"`` hashes shingles as datasketch does by default, so that the
    rows equal those of ``MinHash(num_perm, seed)`` updated with each shingle in
    UTF-8; the default hash is five times as fast, and is
    :func:`textclean.kernels.shingle_hash32`. A text shorter than *ngram* is one
    shingle. Nothing is folded here.

    >>> signatures(["城南水厂三期工程"], num_perm=2, hashing="sha1").shape
    (1, 2)
    """
    if hashing not in HASHING:
        raise ValueError(f"hashing={hashing!r}: one of {', '.join(HASHING)}")
    a, b = kernels.permutations(num_perm, seed)
    rows = [np.empty((0, num_perm), np.uint32)]
    for at in range(0, len(texts), kernels.CHUNK):
        codes, offsets = kernels.encode(texts[at : at + kernels.CHUNK])
        if hashing == "sha1":
            rows.append(vector.permute(*sha1.hash32(codes, offsets, ngram), a, b).T)
        else:
            rows.append(kernels.best(len(codes)).signatures(codes, offsets, kernels.multipliers(ngram), a, b))
    return np.concatenate(rows)


def minhashes(
    texts: Sequence[str],
    *,
    ngram: int = 5,
    num_perm: int = 128,
    seed: int = 1,
    hashing: str = "shingle",
    lean: bool = False,
) -> list[Any]:
    """:func:`signatures` as ``datasketch.MinHash`` (or ``LeanMinHash``) objects, which can be updated and compared.

    >>> one, other = minhashes(["城南水厂三期工程昨日通水", "城南水厂三期工程今日通水"], ngram=2)
    >>> round(one.jaccard(other), 1)
    0.7
    """
    from datasketch import LeanMinHash, MinHash  # noqa: PLC0415  drags scipy, 0.5 s
    from datasketch.hashfunc import sha1_hash32  # noqa: PLC0415

    hashfunc = sha1_hash32 if hashing == "sha1" else partial(kernels.shingle_hash32, ngram=ngram)
    made = [
        MinHash(
            num_perm=num_perm,
            seed=seed,
            hashfunc=hashfunc,
            hashvalues=row,
            permutations=kernels.permutations(num_perm, seed),
            scheme="affine32",
        )
        for row in signatures(texts, ngram=ngram, num_perm=num_perm, seed=seed, hashing=hashing)
    ]
    return [LeanMinHash(sketch) for sketch in made] if lean else made


class SharedBands:
    """The bands of a corpus in a storage of datasketch's ``MinHashLSH``, where several workers put theirs.

    Adding a text again changes nothing, so a worker that died can be run again.
    """

    def __init__(self, storage: Mapping[str, Any], bands: int, rows: int) -> None:
        from datasketch import MinHashLSH  # noqa: PLC0415  drags scipy, 0.5 s

        config = dict(storage)
        if isinstance(config.get("basename"), str):  # TOML has no bytes
            config["basename"] = config["basename"].encode()
        self._index = MinHashLSH(num_perm=bands * rows, params=(bands, rows), storage_config=config, prepickle=False)

    def add(self, names: Iterable[str], rows: NDArray[np.uint32]) -> None:
        """Put the texts *names* with their signatures in."""
        from datasketch import LeanMinHash  # noqa: PLC0415

        with self._index.insertion_session() as session:
            for name, row in zip(names, rows, strict=True):
                sketch = LeanMinHash(seed=1, hashvalues=row, scheme="affine32")
                session.insert(name.encode("utf-8", "surrogatepass"), sketch, check_duplication=False)

    def buckets(self) -> Iterator[list[str]]:
        """The names of the texts that share a band, for every band they share."""
        for table in self._index.hashtables:
            keys = list(table.keys())
            for at in range(0, len(keys), _AT_ONCE):
                for bucket in table.getmany(*keys[at : at + _AT_ONCE]):
                    if len(bucket) > 1:
                        yield [name.decode("utf-8", "surrogatepass") for name in bucket]
