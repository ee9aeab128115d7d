"""What is measured: each file is a section, ``tables(quick)`` its tables; this is their order."""

ORDER = ("encoding", "chinese", "boilerplate", "duplicates", "pipeline", "growth", "soak", "hosts", "install")
"""``hosts`` and ``install`` come last: they need tools and a package index that may be absent."""
FULL_ONLY = ("soak", "install")
