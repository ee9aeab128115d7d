"""The step inside Spark itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from textclean import Pipeline
from textclean.arrow import restore_batch, scan
from toy_stages import DropSeen, half_width, no_footer, refuses_four

pytestmark = [pytest.mark.engines, pytest.mark.filterwarnings("default")]

ROWS = [("a", "２日。責編:李五", 1), ("b", None, 2), ("c", "正文", 3)]


@pytest.fixture
def frame(engines: Callable[[str], Any]) -> Any:
    return engines("spark").session.createDataFrame(ROWS, "id string, text string, n int")


def test_clean_a_data_frame(frame: Any) -> None:
    from textclean.integrations.spark import clean

    done = clean(frame, Pipeline([half_width, no_footer]))
    assert done.columns == ["id", "text", "n", "meta", "edits"]
    table = done.toArrow().sort_by("id")
    assert table["text"].to_pylist() == ["2日。", None, "正文"]
    assert [row["reason"] for row in table["edits"].to_pylist()[0]] == ["width", "byline"]
    assert restore_batch(table)["text"].to_pylist() == [text for _, text, _ in ROWS]


def test_errors_are_kept_in_their_column(frame: Any) -> None:
    from textclean.integrations.spark import clean

    rows = frame.selectExpr("id", "replace(text, '正文', '四') as text")
    done = clean(rows, Pipeline([refuses_four]), on_error="keep", add=[]).toArrow().sort_by("id")
    assert done["text"].to_pylist()[2] == "四"
    assert [bool(error) for error in done["error"].to_pylist()] == [False, False, True]


def test_scan_here_and_apply_there(frame: Any) -> None:
    from textclean.integrations.spark import clean

    twice = frame.union(frame.selectExpr("concat(id, '2') as id", "text", "n"))
    state = scan([twice.select("id", "text").toArrow()], pipeline=Pipeline([DropSeen()]))
    texts = clean(twice, state, add=[]).toArrow().sort_by("id")["text"].to_pylist()
    assert texts == ["２日。責編:李五", "", None, None, "正文", ""]
