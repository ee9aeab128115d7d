"""The line model: trees scored together as one by one, measures that count what they say, weights that fit them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textclean.kernels import native as kernels
from textclean.kernels.native import lines as native
from textclean.stages.boilerplate.around import Around
from textclean.stages.boilerplate.features import CONTEXT, NAMES, columns, context
from textclean.stages.boilerplate.items import numbered
from textclean.stages.boilerplate.markup import Markup
from textclean.stages.boilerplate.measure import Measured, densest
from textclean.stages.boilerplate.model import LEAVES, Trees, _trees, line_model
from textclean.stages.boilerplate.page import Page

LINES = ["首页 | 新闻 | 财经", "江水涨了，田里都是人。", "2024-03-05 08:30", "", "𠀀a1：", "·清江大桥合龙..."]


def two_trees() -> Trees:
    """x0 > 1 ? (x1 > 0 ? 3 : 2) : 1, and x1 > 5 ? 20 : 10."""
    values = np.zeros((2, LEAVES), np.float16)
    values[0, :3], values[1, :2] = (1, 2, 3), (10, 20)
    return _trees(
        {
            "two_column": np.array([0, 1, 1], np.uint8),
            "two_threshold": np.array([1, 0, 5], np.float32),
            "two_keeps": np.array([0xFE, 0xFD, 0xFE], np.uint8),
            "two_trees": np.array([0, 2], np.uint16),
            "two_values": values,
            "two_base": np.array(0.5, np.float32),
        },
        "two",
    )


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 7)), min_size=1, max_size=9))
def test_trees_add_up_the_leaves_a_row_falls_into(rows: list[tuple[int, int]]) -> None:
    def one(left: int, right: int) -> float:
        return ((3 if right > 0 else 2) if left > 1 else 1) + (20 if right > 5 else 10) + 0.5

    got = two_trees()(np.array(rows, np.float32).T)
    assert got.tolist() == [one(*row) for row in rows]


@pytest.fixture(scope="module")
def pages() -> list[list[str]]:
    """The lines of pages of one line and of many, of chrome and of text."""
    draw = np.random.default_rng(1)
    kinds = [
        *LINES[:3],
        *LINES[4:],
        "责任编辑：陈江",
        "相关新闻",
        "首页",
        "江水涨了，" * 9 + "船工们把缆绳又系紧了一道。",
    ]
    return [[kinds[kind] for kind in draw.integers(len(kinds), size=size)] for size in (1, 2, 5, 17, 80)]


@pytest.mark.parametrize("which", ["plain", "numba"])
def test_compiled_arithmetic_gives_the_same_bits(
    which: str, pages: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = line_model()

    def everything(lines: list[str]) -> list[bytes]:
        page = Page(lines)
        measured = page.measured
        table = columns(page.measured, page.uses, model.weights)
        chances = (1 / (1 + np.exp(-model.first(table)))).astype(np.float32)
        wide = context(chances, table)
        arrays = (measured.classes, measured.edges, measured.alike, measured.label, measured.pairs, table, chances)
        return [array.tobytes() for array in (*arrays, wide, model.second(wide), page.chances(None))]

    if which == "plain":
        functions = {name: getattr(native, name) for name in native.KERNELS}
        twin = SimpleNamespace(**{name: getattr(one, "py_func", one) for name, one in functions.items()})
        pages = pages[:3]
    else:
        pytest.importorskip("numba", reason="numba is an extra")
        monkeypatch.setattr(native, "_kernels", [])
        compiled = native.kernels(native.WORTH_LOADING)
        assert compiled is not None
        twin = compiled
    monkeypatch.setattr(native, "_kernels", [None])
    expected = [everything(lines) for lines in pages]
    monkeypatch.setattr(native, "_kernels", [twin])
    assert [everything(lines) for lines in pages] == expected


def test_arithmetic_is_compiled_only_where_numba_is_and_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "_kernels", [])
    monkeypatch.setattr(native, "_done", [0])
    monkeypatch.setattr(kernels, "compiled", lambda _: None)
    assert native.kernels(native.WORTH_LOADING - 1) is None
    assert native._kernels == []
    assert native.kernels(1) is None
    assert native._kernels == [None]


def test_measures_count_characters_by_class() -> None:
    measured = Measured(LINES)
    assert measured.length.tolist() == [12, 11, 16, 0, 5, 10]
    assert measured.named("separator").tolist() == [2, 0, 2, 0, 0, 0]
    assert measured.named("digit").tolist() == [0, 0, 12, 0, 1, 0]
    assert measured.named("han")[4] == 2  # a character beyond the first plane is two halves
    assert measured.sentence_end.tolist() == [False, True, False, False, False, False]
    dots_end, colon_end, close_end = measured.ends.tolist()
    assert dots_end == [False] * 5 + [True]
    assert colon_end == [False] * 4 + [True, False]
    assert not any(close_end)
    assert measured.label.tolist() == [0, 0, 14, 0, 5, 0]
    assert measured.prose.tolist() == [False, True, False, False, False, False]


@given(st.lists(st.integers(-30, 30), min_size=1, max_size=12))
def test_the_densest_stretch_has_the_greatest_sum(score: list[int]) -> None:
    found = densest(np.array(score, np.float32))
    sums = [sum(score[low : high + 1]) for low in range(len(score)) for high in range(low, len(score))]
    if max(sums) <= 0:
        assert found is None
    else:
        assert found is not None
        assert sum(score[found[0] : found[1] + 1]) == max(sums)


def test_the_weights_fit_the_columns() -> None:
    model = line_model()
    assert model.names == NAMES, "the columns changed: train the model again"
    measured = Measured(LINES, model.fold)
    for markup in (None, Markup(["1.00 li 3 2 nav list", "0.00 p 4 1 text", "", "", "0.50 p 4 1", "0.00 - 0 0"])):
        table = columns(measured, Page(LINES).uses, model.weights, markup)
        assert table.shape == (len(NAMES), len(LINES))
        assert np.isfinite(table).all()
    wide = context(np.full(len(LINES), 0.5, np.float32), table)
    assert wide.shape == (len(NAMES) + CONTEXT, len(LINES))
    assert model.first.column.max() < len(table)
    assert model.second.column.max() < len(wide)


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=12), st.data())
def test_the_context_of_some_lines_is_that_of_all(chances: list[float], data: st.DataObject) -> None:
    first = np.array(chances, np.float32)
    table = np.arange(2 * len(first), dtype=np.float32).reshape(2, -1)
    some = np.array(sorted(data.draw(st.sets(st.integers(0, len(first) - 1), min_size=1))))
    assert np.array_equal(context(first, table, some), context(first, table)[:, some])


@pytest.mark.parametrize(
    ("line", "number"),
    [("一、报名", 1), ("十二、附则", 12), ("二十、附则", 20), ("(3) 鲤鱼", 3), ("第4章 江", 4), ("7", 0), ("三江", 0)],
)
def test_items_have_numbers(line: str, number: int) -> None:
    assert numbered([line])[0].tolist() == [number]


def test_lines_between_items_of_one_list_are_amid_them() -> None:
    lines = ["1. 报名", "江边见。", "一、不是一列", "2. 联系", "再会", "4. 漏了一项"]
    assert numbered(lines)[3].tolist() == [0, 1, 1, 0, 0, 0]
    assert numbered(lines)[1:3].tolist() == [[60, 60, 60, 3, 60, 60], [3, 60, 60, 60, 60, 60]]


@pytest.mark.parametrize("width", [3, 7, 15])
def test_means_are_those_of_the_rows_before_and_after(width: int) -> None:
    values = np.random.default_rng(3).random((2, 40)).astype(np.float32)
    into = np.empty((12, 40), np.float32)
    Around(40).means(values, into)
    at = 2 * (3, 7, 15).index(width)
    for row in (0, 1, 5, 20, 38, 39):
        for number, column in enumerate(values):
            before, after = column[max(0, row - width) : row], column[row + 1 : row + 1 + width]
            assert into[6 * number + at, row] == pytest.approx(before.mean() if len(before) else 0, abs=1e-5)
            assert into[6 * number + at + 1, row] == pytest.approx(after.mean() if len(after) else 0, abs=1e-5)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=12), st.booleans())
def test_every_line_gets_a_chance(lines: list[str], linked: bool) -> None:
    chances = Page(lines).chances(["0.50 p 1 0"] * len(lines) if linked else None)
    assert len(chances) == len(lines)
    assert all(0 <= chance <= 1 for chance in chances)


def test_text_and_menus_are_told_apart() -> None:
    text = ["江水涨了，田里都是人，连孩子也来帮忙。", "船工们把缆绳又系紧了一道，谁也不敢合眼。"] * 4
    menu = ["首页", "新闻", "财经", "体育", "娱乐", "更多>>"]
    chances = Page([*menu, *text, "责任编辑：陈江", "相关新闻", *menu]).chances(None)
    assert max(chances[: len(menu)]) < 0.5 < min(chances[len(menu) : len(menu) + len(text)])
    assert max(chances[-len(menu) :]) < 0.5


def test_links_are_evidence() -> None:
    lines = ["清江大桥合龙", "江水涨了，田里都是人，连孩子也来帮忙。", "南浦县迎来开渔节"]
    without = Page(lines).chances(["0.00 p 1 0", "0.00 p 1 0", "0.00 p 1 0"])
    linked = Page(lines).chances(["1.00 li 2 1", "0.00 p 3 1", "1.00 li 4 1"])
    assert linked[2] <= without[2]
