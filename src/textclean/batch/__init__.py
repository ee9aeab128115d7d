"""A directory of anything in, a clean corpus out.

Work flows one way: :mod:`sources` finds what there is to read, :mod:`plan`
cuts it into shards, :mod:`work` takes one shard through one phase, and
:mod:`publish` turns the finished parts into the output folder. :mod:`finish`
makes the output of one document, and :mod:`spool` is how documents wait between
phases. :mod:`runner` keeps the order, :mod:`journal` remembers what is done, so
that a run killed at any moment goes on where it stood. :mod:`ledger` is how a
history looks on disk, :mod:`restore` the way back.
"""
