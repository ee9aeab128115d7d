"""What a process remembers has a bound: a worker may see any number of documents."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from textclean.models.characters import CharacterModel, load

SOURCE = Path(__file__).parent.parent / "src" / "textclean"


def unbounded(source: str) -> list[int]:
    """The lines of *source* at which a memory of answers begins that grows with the questions."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    harmless: set[ast.AST] = {
        decorator for function in functions if not ast.unparse(function.args) for decorator in function.decorator_list
    }
    # What a function makes for itself goes when it returns.
    harmless |= {node for function in functions for line in function.body for node in ast.walk(line)}
    found = []
    for node in ast.walk(tree):
        name = ast.unparse(node).removeprefix("functools.") if isinstance(node, ast.Name | ast.Attribute) else ""
        call = ast.unparse(node).removeprefix("functools.") if isinstance(node, ast.Call) else ""
        if node not in harmless and (name == "cache" or call == "lru_cache(maxsize=None)"):
            found.append(node.lineno)  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_what_a_function_remembers_has_a_bound(path: Path) -> None:
    assert not unbounded(path.read_text("utf-8")), "lru_cache(maxsize=…) says how many answers are kept"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("@cache\ndef once(): ...", []),
        ("@lru_cache(maxsize=8)\ndef some(name): ...", []),
        ("@cache\ndef all(name): ...", [1]),
        ("@functools.cache\ndef all(*names): ...", [1]),
        ("@lru_cache(maxsize=None)\ndef all(name): ...", [1]),
        ("class A:\n    @cache\n    def all(self): ...", [2]),
        ("all = cache(len)", [1]),
        ("def once(f):\n    f = cache(f)\n    return [f(1), f(1)]", []),
    ],
)
def test_an_unbounded_memory_is_seen(source: str, lines: list[int]) -> None:
    assert unbounded(source) == lines


def test_the_character_model_remembers_only_what_was_counted() -> None:
    model = CharacterModel(Path(SOURCE / "models" / "characters.bin").read_bytes())
    for code in (*range(0x20, 0xD800, 7), *range(0xE000, 0x20000, 5)):
        model.pair(chr(code), "中")
        model.pair("中", chr(code))
    counted = {*load().vocabulary, *"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    assert model._rows.keys() <= counted
    assert len(model._rows["中"]) < len(load().vocabulary)
