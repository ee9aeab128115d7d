"""The overlay and OpenCC's dictionaries together: stable, gated, and as the rules' examples say."""

from __future__ import annotations

import random
import sys
import types
from functools import cache

import pytest

from textclean import Document, Pipeline, SimplifyChinese
from textclean.models import build_opencc_phrases
from textclean.models.phrases import simplified_phrases
from textclean.rules import table
from textclean.stages.simplify.converter import STOCK, converter, zhs
from textclean.stages.simplify.dictionaries import Overlay, overlay
from textclean.stages.simplify.router import gate

opencc = pytest.importorskip("opencc")
RULES = table("simplify")


@cache
def ours() -> Overlay:
    return overlay(opencc.OpenCC("t2s", include_tofu_risk_dictionaries=False).convert)


@cache
def phrases() -> list[str]:
    return list(simplified_phrases())


def characters() -> list[str]:
    blocks = ((0x2E80, 0x2FE0), (0x3000, 0x3040), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0))
    return [chr(code) for first, end in blocks for code in range(first, end)]


@pytest.mark.parametrize("name", [name for name in RULES if name != "gate"])
@pytest.mark.parametrize("kind", ["example", "counter_example"])
def test_examples_and_counter_examples(name: str, kind: str) -> None:
    before, after = RULES[name][kind].split(" → ")
    assert converter("zhs")(before) == after


def test_nothing_the_conversion_changes_passes_the_gate_unseen() -> None:
    convert, see = converter("zhs"), gate().search
    words = [*characters(), *phrases(), *ours().sure, *ours().first, *ours().main]
    unseen = {word for word in words if convert(word) != word and not see(word)}
    assert unseen == {"份子", "老么", "么女", "么妹", "么弟"}  # as rules/simplify.toml says


def test_every_entry_is_converted_once_and_for_all() -> None:
    convert = converter("zhs")
    words = [*characters(), *phrases(), *ours().sure, *ours().first, *ours().main]
    assert [word for word in words if convert(convert(word)) != convert(word)] == []


def test_no_conversion_of_characters_changes_the_length() -> None:
    words = [*characters(), *phrases(), *ours().sure, *ours().first, *ours().main]
    for to in ("zhs", "t2s", "tw2s", "hk2s"):
        assert [word for word in words if len(converter(to)(word)) != len(word)] == []


def test_twice_is_once_on_words_thrown_together() -> None:
    """Where one word ends inside another, a converter finds new words in its own output."""
    pipeline = Pipeline([SimplifyChinese()])
    chance = random.Random(7)  # noqa: S311  a fixed sequence is what is wanted
    pool = [*phrases() * 3, *ours().sure, *ours().first, *ours().main, *"著於乾的了在是作名單位戲。，国们の\n" * 60]
    for _ in range(4000):
        doc = pipeline(Document("x", "".join(chance.choices(pool, k=chance.randint(1, 5)))))
        assert pipeline(doc) is doc


def test_the_table_of_phrases_is_that_of_the_installed_opencc() -> None:
    """Fails when a new OpenCC has other phrases: run models/build_opencc_phrases.py again, and read what changed."""
    try:
        installed = build_opencc_phrases.phrases()
    except FileNotFoundError:
        pytest.skip("this build of opencc comes without opencc_dict")
    assert simplified_phrases() == installed


def test_the_quick_conversion_is_the_whole_one() -> None:
    """Words, parts of words and single characters thrown together, where entries run into each other."""
    quick = zhs()
    chance = random.Random(11)  # noqa: S311  a fixed sequence is what is wanted
    words = [*phrases(), *ours().sure, *ours().first, *ours().main]
    parts = [word[:cut] for word in words for cut in (1, 2)] + [word[-1:] for word in words]
    compatible = [chr(code) for code in range(0xF900, 0xFB00)]
    pool = [*words, *parts, *characters()[:30_000], *compatible, *"著於乾祇了，。\n𠀀a" * 600]
    for _ in range(20_000):
        text = "".join(chance.choices(pool, k=chance.randint(0, 6)))
        assert quick(text) == quick.whole(text)
        assert quick.outputs.issuperset(char for char in quick(text) if "\u3400" <= char <= "\u9fff")


@pytest.mark.parametrize("to", STOCK)
def test_a_stock_configuration_is_opencc_itself(to: str) -> None:
    text = "，".join(phrases()) + "\n什么 怎麼 老么\n伺服器的檔案總管在寮國\nhttps://example.tw/臺灣 日本の図書館"
    doc = Pipeline([SimplifyChinese(to=to)])(Document("x", text))
    assert doc.text == opencc.OpenCC(to).convert(text)
    assert doc.original == text


def test_the_other_package_called_opencc_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    other = types.ModuleType("opencc")
    other.__file__ = "site-packages/opencc/__init__.py"
    monkeypatch.setitem(sys.modules, "opencc", other)
    converter.cache_clear()
    with pytest.raises(ImportError, match="pip uninstall opencc-python-reimplemented"):
        converter("zhs")
    converter.cache_clear()
