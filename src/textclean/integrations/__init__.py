"""Stages inside other tools: one file for each tool, each thin, each importing no other.

Tools that speak Arrow need no file here (see :mod:`textclean.arrow`); the ones
here hand over documents, samples or items of their own.
"""
