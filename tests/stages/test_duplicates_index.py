"""A corpus remembered: today's texts against all that were kept before."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textclean import Document, NearDuplicates
from textclean.stages.duplicates import index as index_module
from textclean.stages.duplicates import segment
from textclean.stages.duplicates.index import Index
from textclean.stages.duplicates.segment import IndexDamagedError


def article(number: int, edits: int = 0, length: int = 150) -> str:
    draw = np.random.default_rng(number)
    codes = draw.integers(0x4E00, 0x5E00, length)
    codes[draw.integers(0, length, edits)] = 0x6211
    return "".join(map(chr, codes))


def docs(day: str, numbers: range, edits: int = 0) -> list[Document]:
    return [Document(f"{day}/{number}", article(number, edits)) for number in numbers]


def made(folder: Path, learner: NearDuplicates | None = None) -> Index:
    return Index.create(folder / "index", learner or NearDuplicates())


def test_yesterday_is_remembered(tmp_path: Path) -> None:
    index = made(tmp_path).add(docs("mon", range(20)))
    index = index.add(docs("tue", range(15, 30), edits=1))
    assert len(index) == 30
    found = {
        match.doc_id: match.verdict.note for match in Index.open(tmp_path / "index").query(docs("wed", range(10, 40)))
    }
    assert found.keys() == {f"wed/{number}" for number in range(10, 30)}
    assert found["wed/12"] == "same as mon/12"
    assert found["wed/15"] == "same as mon/15"  # tue/15 was a copy and is not in the index
    assert found["wed/25"].startswith("jaccard 0.9")
    assert found["wed/25"].endswith(" with tue/25")


def test_a_run_against_an_index(tmp_path: Path) -> None:
    made(tmp_path).add(docs("mon", range(5)))
    today = [*docs("tue", range(3, 8)), *docs("wed", range(7, 9))]
    learner = NearDuplicates(index=str(tmp_path / "index"))
    stage = learner.decide([learner.observe(today[::2]), learner.observe(today[1::2])])
    assert {doc.id: stage(doc)[0].note for doc in today if stage(doc)} == {
        "tue/3": "same as mon/3",
        "tue/4": "same as mon/4",
        "wed/7": "same as tue/7",
    }


def test_a_document_is_no_duplicate_of_itself(tmp_path: Path) -> None:
    index = made(tmp_path).add(docs("mon", range(5)))
    assert list(index.query(docs("mon", range(5)))) == []


def test_paragraphs_are_named(tmp_path: Path) -> None:
    index = made(tmp_path, NearDuplicates(scope="paragraph")).add([Document("a", f"标题\n{article(1)}\n{article(2)}")])
    (match,) = index.query([Document("b", f"另一题\n\n{article(2)}")])
    assert (match.doc_id, match.number, match.verdict.note) == ("b", 2, "same as a ¶3")


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), max_size=6), max_size=12),
    st.integers(2, 4),
)
@settings(max_examples=25)
def test_in_however_many_steps_it_was_built(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[int, int]]], most: int
) -> None:
    folder = tmp_path_factory.mktemp("steps")
    batches = [
        [Document(f"{day:02}/{place}", article(number, edits, 60)) for place, (number, edits) in enumerate(step)]
        for day, step in enumerate(steps)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_module, "_MOST_SEGMENTS", most)
        index = made(folder)
        for batch in batches:
            index = index.add(batch)
    assert len(index.segments) <= most
    learner = NearDuplicates()
    everything = [doc for batch in batches for doc in batch]
    stage = learner.decide([learner.observe(everything)])
    kept = {doc.id for doc in everything if not stage(doc)}
    assert len(index) == len(kept)
    asked = [Document("x" + doc.id, doc.text) for doc in everything]
    assert len(list(Index.open(folder / "index").query(asked))) == len(everything)


def test_an_id_cannot_come_twice(tmp_path: Path) -> None:
    index = made(tmp_path).add(docs("mon", range(3)))
    with pytest.raises(ValueError, match=r"'mon/1' .and 1 more. is in the index"):
        index.add([*docs("tue", range(1)), Document("mon/1", "另一篇"), Document("mon/2", "又一篇")])
    assert len(Index.open(tmp_path / "index")) == 3


def test_a_crash_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = made(tmp_path).add(docs("mon", range(3)))
    before = (tmp_path / "index/index.json").read_bytes()

    def die(index: Index) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(index_module, "_commit", die)
        with pytest.raises(KeyboardInterrupt):
            index.add(docs("tue", range(5, 9)))
    assert (tmp_path / "index/index.json").read_bytes() == before
    assert len(Index.open(tmp_path / "index")) == 3
    assert len(index.add(docs("tue", range(5, 9)))) == 7
    assert len(list((tmp_path / "index").glob("segment-*"))) == 2


@pytest.mark.parametrize("damage", ["cut", "gone", "empty", "other"])
def test_a_damaged_index_is_refused(tmp_path: Path, damage: str) -> None:
    made(tmp_path).add(docs("mon", range(3)))
    (file,) = (tmp_path / "index").glob("segment-*")
    whole = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes({"cut": whole[: len(whole) // 2], "empty": b"", "other": b"x" * len(whole)}[damage])
    with pytest.raises(IndexDamagedError, match=r"segment-000001\.tci"):
        Index.open(tmp_path / "index")


def test_every_cut_of_a_segment_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "s.tci"
    size = segment.write(path, {"a": np.arange(10), "b": np.empty(0, np.uint8)})
    whole = path.read_bytes()
    assert segment.read(path, size)["a"].tolist() == list(range(10))
    for cut in range(0, size, 7):
        path.write_bytes(whole[:cut])
        with pytest.raises(IndexDamagedError):
            segment.read(path, size)
    path.write_bytes(whole[:20] + b"\xff" * 8 + whole[28:])
    with pytest.raises(IndexDamagedError, match="header"):
        segment.read(path, size)


def test_a_torn_header_and_another_version_are_refused(tmp_path: Path) -> None:
    made(tmp_path)
    header = tmp_path / "index/index.json"
    told = json.loads(header.read_text())
    header.write_text(json.dumps({**told, "version": 99}))
    with pytest.raises(ValueError, match="version 99, and this textclean reads version 2"):
        Index.open(tmp_path / "index")
    header.write_text(json.dumps(told)[:40])
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        Index.open(tmp_path / "index")
    header.write_text("[]")
    with pytest.raises(ValueError, match="not the header"):
        Index.open(tmp_path / "index")
    header.unlink()
    with pytest.raises(ValueError, match="holds no index"):
        Index.open(tmp_path / "index")


def test_texts_compared_otherwise_are_refused(tmp_path: Path) -> None:
    made(tmp_path)
    learner = NearDuplicates(index=str(tmp_path / "index"), ngram=3)
    with pytest.raises(ValueError, match=r"made with ngram 5 \(asked for: 3\)"):
        learner.decide([])


def test_an_index_begins_in_a_new_folder(tmp_path: Path) -> None:
    made(tmp_path)
    with pytest.raises(ValueError, match="not empty"):
        made(tmp_path)
    with pytest.raises(ValueError, match="no place"):
        Index.create(tmp_path / "other", NearDuplicates(exact=True))
    with pytest.raises(ValueError, match="no place"):
        NearDuplicates(index="x", exact=True)


def test_at_most_160_bytes_a_paragraph_beside_its_text(tmp_path: Path) -> None:
    index = made(tmp_path, NearDuplicates(scope="paragraph")).add(
        [
            Document(f"2026/{page:06}", "\n".join(article(10 * page + line, 0, 50) for line in range(10)))
            for page in range(60)
        ]
    )
    ((_, size, texts),) = index.segments
    assert texts == 600
    assert (size - 600 * 100) / 600 <= 160 + 40 / 10 + 4096 / 600  # a name for each ten, and one header


def test_nothing_in_an_index_is_pickled(tmp_path: Path) -> None:
    made(tmp_path).add(docs("mon", range(3)))
    source = Path(index_module.__file__).read_text() + Path(segment.__file__).read_text()
    assert "pickle" not in source.replace("Nothing is pickled", "")
