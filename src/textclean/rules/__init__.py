"""Phrases and patterns as data: each with its reason, an example and a counter-example."""
