"""One Hypothesis profile for everybody: no deadline, because the machines that run this are shared."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True, max_examples=200)
settings.load_profile("house")
