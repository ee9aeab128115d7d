from __future__ import annotations

import json

import pytest

from textclean import Pipeline, StageError
from textclean.integrations.rows import clean_row, refuse_bad_on_error
from toy_stages import half_width, no_footer, refuses_four


def test_notes_tell_what_was_done_and_nothing_else() -> None:
    done = clean_row(Pipeline([half_width, no_footer]), "２日。責編:李四", id="a", facts={"url": "http://a"})
    notes = done.notes()
    assert done.doc.text == "2日。"
    assert json.loads(notes["textclean_meta"]) == {"editor": "李四"}
    assert [row["before"] for row in json.loads(notes["textclean_edits"])] == ["２", "責編:李四"]
    assert clean_row(Pipeline([no_footer]), "正文").notes() == {}


def test_a_failing_stage_raises_or_leaves_the_text() -> None:
    with pytest.raises(StageError):
        clean_row(Pipeline([refuses_four]), "四")
    done = clean_row(Pipeline([half_width, refuses_four]), "４四", id="a", on_error="keep")
    assert done.doc.text == "４四"
    assert "unlucky" in done.notes()["textclean_error"]


def test_on_error_is_one_of_two_words() -> None:
    with pytest.raises(ValueError, match="not 'drop'"):
        refuse_bad_on_error("drop")
