"""The operator against Data-Juicer's protocol: with the real package where it is there, else with a stand-in.

The package is too heavy to install for every run (650 MB), so the stand-in has
what an operator is promised: a registry, a base class that takes ``text_key``,
and dictionaries of columns.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("default")

HERE = find_spec("data_juicer") is not None
NOTHING = "stage = [] # [[stage]]"


class StandInRegistry:
    def __init__(self) -> None:
        self.modules: dict[str, type] = {}

    def register_module(self, name: str) -> Any:
        def register(operator: type) -> type:
            self.modules[name] = operator
            return operator

        return register


class StandInMapper:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.text_key = kwargs.get("text_key", "text")
        self.process = self.process_batched  # type: ignore[attr-defined]


@pytest.fixture
def operators(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The registry, with our operator in it."""
    if not HERE:
        base = ModuleType("data_juicer.ops.base_op")
        base.OPERATORS, base.Mapper = StandInRegistry(), StandInMapper  # type: ignore[attr-defined]
        for name in ("data_juicer", "data_juicer.ops"):
            monkeypatch.setitem(sys.modules, name, ModuleType(name))
        monkeypatch.setitem(sys.modules, "data_juicer.ops.base_op", base)
        monkeypatch.delitem(sys.modules, "textclean.integrations.datajuicer", raising=False)
    import_module("textclean.integrations.datajuicer")
    yield sys.modules["data_juicer.ops.base_op"].OPERATORS
    if not HERE:
        del sys.modules["textclean.integrations.datajuicer"]


@pytest.fixture
def mapper(operators: Any) -> Any:
    """Our operator with the small stages of the tests in it."""
    from textclean import Pipeline
    from toy_stages import half_width, no_footer, refuses_four

    made = operators.modules["textclean_mapper"](pipeline=NOTHING, facts=["url"])
    made._loaded = Pipeline([half_width, no_footer, refuses_four])
    return made


def samples() -> dict[str, list[Any]]:
    return {
        "text": ["２日。責編:李五", "四", None, "正文"],
        "id": ["a", "b", "c", "d"],
        "url": ["http://a", "http://b", None, "http://d"],
    }


def test_rows_stay_and_the_notes_stand_beside_them(mapper: Any) -> None:
    out = mapper.process(samples())
    assert out["text"] == ["2日。", "四", None, "正文"]
    assert out["id"] == ["a", "b", "c", "d"]
    assert json.loads(out["textclean_meta"][0]) == {"editor": "李五"}
    assert [row["reason"] for row in json.loads(out["textclean_edits"][0])] == ["width", "byline"]
    assert out["textclean_edits"][1:] == ["", "", ""]
    assert "refuses_four failed on document 'b'" in out["textclean_error"][1]
    assert {len(column) for column in out.values()} == {4}


def test_raise_is_there_for_those_who_want_it(mapper: Any) -> None:
    mapper.on_error = "raise"
    with pytest.raises(Exception, match="unlucky"):
        mapper.process_batched(samples())


def test_a_sample_without_an_id(mapper: Any) -> None:
    assert mapper.process({"text": ["２"], "url": [None]})["text"] == ["2"]


def test_without_a_recipe_the_default_pipeline_runs(operators: Any) -> None:
    out = operators.modules["textclean_mapper"]().process_batched({"text": ["臺北市公布的統計資料。"]})
    assert out["text"] == ["台北市公布的统计资料。"]


def test_recipe_is_the_text_of_the_file(operators: Any, tmp_path: Path) -> None:
    (tmp_path / "news.toml").write_text(NOTHING, encoding="utf-8")
    made = operators.modules["textclean_mapper"](pipeline=str(tmp_path / "news.toml"))
    assert made.recipe == NOTHING


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"pipeline": '[[stage]]\nuse = "Nonsense"'}, "no stage is called 'Nonsense'"),
        ({"pipeline": NOTHING, "on_error": "drop"}, "not 'drop'"),
    ],
)
def test_a_bad_recipe_is_told_at_once(operators: Any, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        operators.modules["textclean_mapper"](**options)


@pytest.mark.skipif(not HERE, reason="data_juicer is not installed: pip install py-data-juicer")
def test_in_data_juicer_itself(operators: Any) -> None:
    import dill
    from data_juicer.core.data import NestedDataset

    paragraph = (
        "這一段話在頁面上出現了兩次，第二次應當刪去，並且指明第一次在哪裡；它要長過四十個字，才不會被當作標語或者口號。"
    )
    mapper = operators.modules["textclean_mapper"](pipeline='[[stage]]\nuse = "RemoveDuplicates"')
    mapper = dill.loads(dill.dumps(mapper))  # noqa: S301  how Data-Juicer sends an operator to its workers
    data = NestedDataset.from_dict({"text": [f"{paragraph}\n{paragraph}", "別的話。"], "id": ["a", "b"]})
    done = mapper.run(data)
    assert done["text"][:] == [paragraph, "別的話。"]
    assert json.loads(done["textclean_edits"][0])[0]["reason"] == "duplicate_paragraph"


def test_data_juicer_finds_it_by_its_entry_point() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["data_juicer.ops"] == {"textclean": "textclean.integrations.datajuicer"}
