"""The line model: trees scored together as one by one, measures that count what they say, weights that fit them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from textclean.stages.boilerplate.features import Measured, columns, context, densest
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

    got = two_trees()(np.array(rows, np.float32))
    assert got.tolist() == [one(*row) for row in rows]


def test_measures_count_characters_by_class() -> None:
    measured = Measured(LINES)
    assert measured.length.tolist() == [12, 11, 16, 0, 5, 10]
    assert measured.named("separator").tolist() == [2, 0, 2, 0, 0, 0]
    assert measured.named("digit").tolist() == [0, 0, 12, 0, 1, 0]
    assert measured.named("han")[4] == 2  # a character beyond the first plane is two halves
    assert measured.sentence_end.tolist() == [False, True, False, False, False, False]
    assert measured.dots_end.tolist() == [False] * 5 + [True]
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
    measured = Measured(LINES, model.fold)
    rows, names = columns(measured, Page(LINES).rules, model.weights)
    assert rows.shape == (len(LINES), len(names))
    assert list(model.names) == names, "the columns changed: train the model again"
    assert np.isfinite(rows).all()
    wide = context(np.full(len(LINES), 0.5, np.float32), rows)
    assert model.first.column.max() < rows.shape[1]
    assert model.second.column.max() < wide.shape[1]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=12), st.booleans())
def test_every_line_gets_a_chance(lines: list[str], linked: bool) -> None:
    chances = Page(lines).chances([0.5] * len(lines) if linked else None)
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
    without = Page(lines).chances([0.0, 0.0, 0.0])
    linked = Page(lines).chances([1.0, 0.0, 1.0])
    assert linked[2] <= without[2]
