"""How do the parts become one page?

The templates beside this file are ours: a frame, a style sheet, scripts that
are joined in the order of :data:`SCRIPTS`, and the words of both languages. A
content security policy names the one script and the one style sheet by their
hashes and allows nothing else, so the page cannot ask for anything.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import orjson

SCRIPTS = ("tools", "data", "charts", "overview", "tables", "list", "rows", "reader", "main")
_HERE = "textclean.batch.report"
_END = "<!-- blocks -->"


def dumps(value: Any) -> bytes:
    r"""*value* as JSON in UTF-8; lone surrogates, which UTF-8 cannot hold, as escapes.

    >>> dumps("中"), dumps("\ud800")
    (b'"\xe4\xb8\xad"', b'"\\ud800"')
    """
    try:
        return orjson.dumps(value)
    except TypeError:  # what orjson raises (as JSONEncodeError) for a lone surrogate
        return json.dumps(value, separators=(",", ":")).encode()


def packed(data: bytes) -> bytes:
    """*data* compressed, as characters that mean nothing to HTML."""
    return base64.b64encode(zlib.compress(data, 2))


def together(documents: list[bytes]) -> bytes:
    r"""The rows of a block, as :func:`block` takes them: JSON in which nothing can begin a tag.

    Not compressed: that was half of the time of a run that did nothing else, for a page two thirds as large.

    >>> together([b'{"text":"</script>"}', b"{}"])
    b'[{"text":"\\u003c/script>"},{}]'
    """
    return b"[" + b",".join(documents).replace(b"<", b"\\u003c") + b"]"


def block(number: int, data: bytes) -> tuple[bytes, bytes, bytes]:
    """A block of documents as an element of the page, in the parts that make it."""
    return b'<script type="text/plain" id="block-%d">' % number, data, b"</script>\n"


def frame(facts: Any) -> tuple[bytes, bytes]:
    """The page up to the blocks, and after them."""
    style, script = _text("page.css"), _script()
    values = {
        "policy": f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'",
        "style": style,
        "script": script,
        "facts": packed(dumps(facts)).decode(),
    }
    html = _text("page.html")
    for name, value in values.items():
        html = html.replace("{{" + name + "}}", value)
    head, _, tail = html.partition(_END + "\n")
    return head.encode(), tail.encode()


@cache
def _script() -> str:
    words = json.dumps(json.loads(_text("words.json")), ensure_ascii=False, separators=(",", ":"))
    parts = "\n".join(_text(f"{name}.js") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\nconst WORDS = {words};\n{parts}\n}})();\n'


@lru_cache(maxsize=32)
def _text(name: str) -> str:
    return files(_HERE).joinpath("web", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
