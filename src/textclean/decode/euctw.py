"""EUC-TW, which Python has no codec for."""

from __future__ import annotations


def plausible(raw: bytes) -> bool:  # noqa: ARG001
    """Whether *raw* may be EUC-TW at all."""
    return False


def decode(raw: bytes, errors: str = "") -> str:
    """*raw* as text."""
    return raw.decode("ascii", errors or "replace")


def encode(text: str) -> bytes:
    """*text* as bytes."""
    return text.encode("ascii", "replace")
