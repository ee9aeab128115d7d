"""The only door to OpenCC: a function from text to text of simplified characters."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textclean.models.phrases import simplified_phrases
from textclean.stages.simplify.dictionaries import Overlay, overlay

if TYPE_CHECKING:
    from textclean.stages.simplify.quick import QuickConversion

STOCK = ("t2s", "tw2s", "tw2sp", "hk2s", "hk2sp")
"""OpenCC's own configurations that lead to simplified characters."""

Convert = Callable[[str], str]


@lru_cache(maxsize=8)  # the names there are
def converter(to: str) -> Convert:
    """The conversion called *to*, built once a process: 0.3 ms for a stock one, and none can be pickled.

    ``"zhs"``, ``"zhs+idioms"``, or one of :data:`STOCK`. Raises ImportError
    when another package stands in OpenCC's place.
    """
    library = _opencc()
    if to in STOCK:
        convert: Convert = library.OpenCC(to).convert
        return convert
    if to == "zhs":
        return zhs()
    return _built(library, _overlay(), idioms=True)


@cache
def zhs() -> QuickConversion:
    """Our own conversion, without words."""
    from textclean.stages.simplify.quick import QuickConversion  # noqa: PLC0415  numpy, 80 ms

    ours = _overlay()
    entries = {**simplified_phrases(), **ours.main, **ours.first, **ours.sure}
    wary = [char for char in ours.first if len(char) == 1]
    words = {source: target for source, target in entries.items() if len(source) > 1}
    return QuickConversion(_built(_opencc(), ours, idioms=False), words, wary)


@lru_cache(maxsize=8)
def characters_only(to: str) -> Convert | None:
    """What *to* does apart from changing words, for the conversions that do; it never changes the length."""
    plain = {"tw2sp": "tw2s", "hk2sp": "hk2s", "zhs+idioms": "zhs"}.get(to)
    return converter(plain) if plain else None


@cache
def _overlay() -> Overlay:
    # Without the tofu-risk dictionary: it sends 903 characters to forms that few fonts have (䌥 → 𦈠). What the national
    # list of 2013 has beyond the basic plane (鱇 → 𩾌) is in the other one.
    return overlay(_opencc().OpenCC("t2s", include_tofu_risk_dictionaries=False).convert)


def _opencc() -> Any:
    import opencc  # noqa: PLC0415  18 ms

    if not hasattr(opencc, "__version__"):
        raise ImportError(
            f"the package that answers to the name opencc ({opencc.__file__}) is not OpenCC's own but a copy with old "
            "dictionaries: pip uninstall opencc-python-reimplemented, then pip install --force-reinstall opencc"
        )
    return opencc


def _built(library: Any, ours: Overlay, *, idioms: bool) -> Convert:
    data = Path(library.__file__).parent / "clib" / "share" / "opencc"

    def group(*dicts: dict[str, Any]) -> dict[str, Any]:
        return {"dict": {"type": "group", "match_policy": "short_circuit", "dicts": list(dicts)}}

    def inline(entries: dict[str, str]) -> dict[str, Any]:
        return {"type": "inline", "entries": entries}

    def file(name: str) -> dict[str, Any]:
        return {"type": "ocd2", "file": str(data / f"{name}.ocd2")}

    phrases = inline(dict(simplified_phrases()))  # not the file: what they are has to be known, see quick.py
    chain = [
        group(inline(ours.sure)),
        group(inline(ours.first)),
        group(inline(ours.main), phrases, file("TSCharacters")),
    ]
    if idioms:
        chain.insert(0, group(file("TWPhrasesRev")))
    config = {
        "name": "zhs",
        "normalization": [{"dict": file("CJK_Compatibility_Ideographs")}],
        "conversion_chain": chain,
    }
    # OpenCC reads its configuration from a file and from nowhere else.
    with tempfile.TemporaryDirectory(prefix="textclean-") as folder:
        path = Path(folder) / "zhs.json"
        path.write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")
        convert: Convert = library.OpenCC(str(path), include_tofu_risk_dictionaries=False).convert
        return convert
