"""TOML ⇄ constructors: a pipeline file is a list of stages and their options.

There is no registry and no schema beside the code: ``use`` names a stage of
:mod:`textclean.stages`, the other keys are the arguments of its constructor,
and the constructor is what checks them.

    [[stage]]
    use = "SimplifyChinese"
    keep = ["乾隆"]

    [[stage]]
    use = "mypackage.cleaning:CutPaywall"    # code of yours: only with allow_code
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from typing import Any

from textclean import stages as catalogue
from textclean.pipeline import Learner, Pipeline, Stage


def load(path: str | Path, *, allow_code: bool = False) -> Pipeline:
    """The pipeline a TOML file describes; errors name the file."""
    return loads(Path(path).read_text(encoding="utf-8"), name=str(path), allow_code=allow_code)


def loads(toml: str, *, name: str = "pipeline", allow_code: bool = False) -> Pipeline:
    """The pipeline a TOML text describes.

    *name* is what errors call it; *allow_code* lets ``use = "module:Class"``
    import code, which a file from a stranger must not.

    Raises ValueError for a text that is no pipeline, an unknown stage, or
    options its constructor refuses.

    >>> loads('[[stage]]\\nuse = "SimplifyChinese"\\nkeep = ["乾隆"]').stages[0].keep
    ('乾隆',)
    """
    try:
        tables = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: not TOML: {error}") from error
    listed = tables.pop("stage", None)
    if not isinstance(listed, list) or tables:
        extra = f"; nothing else is known at the top level, and here are: {', '.join(tables)}" if tables else ""
        raise ValueError(f'{name}: a pipeline file is a list of [[stage]] tables, each with use = "StageName"{extra}')
    return Pipeline([_stage(table, f"{name}, stage {number}", allow_code) for number, table in enumerate(listed, 1)])


def dumps(pipeline: Pipeline) -> str:
    """*pipeline* as TOML that :func:`loads` reads back to an equal pipeline.

    Raises ValueError for a stage that is no dataclass, which has no options to
    write down.

    >>> print(dumps(Pipeline([catalogue.StripBoilerplate(caption="drop")])))
    [[stage]]
    use = "StripBoilerplate"
    title = "keep"
    byline = "keep"
    caption = "drop"
    <BLANKLINE>
    """
    return "\n".join(_table(stage) for stage in pipeline.stages)


def _stage(table: Mapping[str, Any], place: str, allow_code: bool) -> Stage | Learner[Any]:
    options = dict(table)
    use = options.pop("use", None)
    if not isinstance(use, str):
        raise ValueError(f'{place}: no use = "StageName"')
    build = _named(use, place, allow_code)
    if isfunction(build):
        if options:
            raise ValueError(f"{place}: {use} is a plain function and takes no options; found {', '.join(options)}")
        return build
    try:
        made: Stage | Learner[Any] = build(**options)
    except (TypeError, ValueError) as error:
        known = ", ".join(field.name for field in fields(build) if field.init) if is_dataclass(build) else ""
        raise ValueError(f"{place}: {use}: {error}" + (f" (its options: {known})" if known else "")) from error
    return made


def _named(use: str, place: str, allow_code: bool) -> Any:
    module, colon, attribute = use.partition(":")
    if not colon:
        if use not in catalogue.__all__:
            raise ValueError(f"{place}: no stage is called {use!r}; there are {', '.join(catalogue.__all__)}")
        return getattr(catalogue, use)
    if not allow_code:
        raise ValueError(
            f"{place}: {use!r} would import code; if you trust this file, say so with --allow-code (allow_code=True)"
        )
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"{place}: cannot import {use!r}: {error}") from error


def _table(stage: object) -> str:
    if isfunction(stage):
        return f'[[stage]]\nuse = "{stage.__module__}:{stage.__qualname__}"\n'
    if not is_dataclass(stage):
        raise ValueError(f"{stage!r} is no dataclass, so its options cannot be written down")
    kind = type(stage)
    use = kind.__name__ if getattr(catalogue, kind.__name__, None) is kind else f"{kind.__module__}:{kind.__qualname__}"
    lines = [f'[[stage]]\nuse = "{use}"']
    for field in fields(stage):
        value = getattr(stage, field.name)
        if field.init and value is not None:  # TOML has no null: an option left out is its default
            lines.append(f"{field.name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{json.dumps(str(key), ensure_ascii=False)} = {_toml(item)}" for key, item in value.items())
            + "}"
        )
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return "[" + ", ".join(map(_toml, items)) + "]"
    if isinstance(value, (bool, int, float, str)):
        # JSON strings are TOML basic strings but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    raise ValueError(f"{value!r} has no form in TOML")
