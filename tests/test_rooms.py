"""Which room may import what: read from the imports themselves.

A rule that only stands in a document is broken in a month.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "textclean"

# room: the rooms of ours it may import (itself always). The most exact name wins.
ALLOWED = {
    "document": set(),
    "text": set(),
    "kernels": set(),
    "rules": set(),
    "scripts": {"rules", "text"},
    "models": set(),
    "html": {"document", "text"},
    "decode": {"document", "text", "html", "models", "rules"},
    "pipeline": {"document", "stages", "config"},
    "stages": {"document", "pipeline", "text", "scripts", "kernels", "rules", "models", "html"},
    "config": {"pipeline", "stages"},
    "arrow": {"document", "pipeline"},
    "cleaning": {"decode", "document", "pipeline"},
    "batch": {
        "document",
        "pipeline",
        "stages",
        "kernels",
        "config",
        "decode",
        "html",
        "text",
        "engines",
        "cleaning",
        "",
    },
    "engines": {"document", "pipeline", "stages", "kernels", "text", "arrow"},
    "integrations": {
        "arrow",
        "document",
        "pipeline",
        "stages",
        "kernels",
        "text",
        "decode",
        "config",
        "cleaning",
        "batch",
        "",
    },
}

# library: the only places that may import it.
LIBRARIES = {
    "ftfy": ["stages/encoding/"],
    "opencc": ["stages/simplify/converter", "models/build_"],
    "chardet": ["decode"],
    "datasketch": ["stages/duplicates/"],
    "numba": ["kernels"],
    "lxml": ["html"],
    "typer": ["cli"],
    "pyarrow": ["arrow", "batch/", "engines/"],
    "ray": ["engines/"],
    "pyspark": ["engines/", "integrations/spark"],
    "datatrove": ["integrations/datatrove"],
    "data_juicer": ["integrations/datajuicer"],
    "itemadapter": ["integrations/scrapy"],
    "scrapy": ["integrations/scrapy"],
}

# These take 0.1 to 1 s to import, so nobody may do it at the top of a file.
LAZY = {"numba", "datasketch", "pyarrow", "lxml", "ray", "pyspark", "opencc", "ftfy", "chardet"}


def files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """(module, whether it stands at the top level) for each import of *path* outside TYPE_CHECKING."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in guarded:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node in tree.body
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports of ours are absolute"
            if node.module == "textclean":
                for alias in node.names:
                    yield f"textclean.{alias.name}", node in tree.body
            else:
                yield node.module or "", node in tree.body


def room(module: str) -> str:
    """``textclean.stages.simplify`` is in ``stages``; a name of the front door is in ``""``."""
    name = module.split(".")[1] if "." in module else ""
    return name if (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").exists() else ""


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_down_the_house(path: Path) -> None:
    here = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    if here in {"__init__", "cli", "__main__"}:
        return
    ours = {room(module) for module, _ in imports(path) if module.split(".")[0] == "textclean"}
    assert ours - {here} <= ALLOWED[here]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_each_library_has_one_door_and_heavy_ones_wait(path: Path) -> None:
    name = str(path.relative_to(SOURCE)).removesuffix(".py")
    for module, at_top in imports(path):
        library = module.split(".")[0]
        if library in LIBRARIES:
            assert any(name.startswith(door) for door in LIBRARIES[library]), f"{library} has its own door"
        assert not (at_top and library in LAZY), f"{library} is imported where it is first needed"


def test_every_room_is_in_the_rules() -> None:
    rooms = {path.relative_to(SOURCE).parts[0].removesuffix(".py") for path in files()}
    assert rooms - {"__init__", "__main__", "cli"} <= set(ALLOWED)
