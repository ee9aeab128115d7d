"""A directory in, a directory out."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import batching
from batching import Notes, tree
from textclean import NearDuplicates, Pipeline
from textclean.batch import plan, rows
from textclean.batch.journal import Refused, Stopped, locked
from textclean.batch.output import Damaged, entries
from textclean.batch.restore import restore
from textclean.batch.runner import Request, run
from textclean.batch.watch import Silence
from textclean.pipeline import Learner, Stage

STAGES = (batching.swap, batching.footer, batching.Common(), batching.Same())


def request(source: Path | list[Path], out: Path, *stages: Stage | Learner[Any], **options: object) -> Request:
    inputs = tuple(map(str, source if isinstance(source, list) else [source]))
    return Request(inputs, out, Pipeline(stages or STAGES), **{"jobs": 1, **options})  # type: ignore[arg-type]


@pytest.fixture
def notes() -> Notes:
    """A watcher that remembers."""
    return Notes()


def listed(path: Path) -> list[dict[str, object]]:
    return list(rows.read(path))


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Three pages of a site (two of them the same), and rows in two spellings."""
    root = tmp_path / "in"
    (root / "site").mkdir(parents=True)
    (root / "site" / "a.txt").write_text("某網\n中國新聞\n責編:李四\n", encoding="utf-8")
    (root / "site" / "b.txt").write_text("某網\n中國新聞\n責編:李四\n", encoding="utf-8")
    (root / "c.txt").write_bytes("某網\r\n別的".encode())
    lines = [{"id": "r1", "text": "國一", "url": "u"}, {"text": "二\n責編:王五", "n": 1.50}]
    spelled = [json.dumps(lines[0]) + "\r\n", "\n", json.dumps(lines[1], ensure_ascii=False, indent=None)]
    (root / "rows.jsonl").write_text("".join(spelled), encoding="utf-8", newline="")
    return root


def test_a_tree_in_a_tree_out(news: Path, tmp_path: Path, notes: Notes) -> None:
    out = tmp_path / "out"
    manifest = run(request(news, out), notes)
    assert sorted(path.name for path in out.iterdir()) == [
        "_SUCCESS", "documents.jsonl", "ledger", "manifest.json", "removed.jsonl", "sources.jsonl", "text",
    ]  # fmt: skip
    documents = {str(row["id"]): row for row in listed(out / "documents.jsonl")}
    assert sorted(documents) == ["c.txt", "r1", "rows.jsonl:3", "site/a.txt"]
    assert documents["r1"] == {"id": "r1", "path": "rows.jsonl", "text": "国一", "meta": {"url": "u"}}
    assert documents["rows.jsonl:3"]["meta"] == {"n": 1.5, "editor": "王五"}
    assert sorted(tree(out / "text")) == ["c.txt", "site/a.txt"]
    assert (out / "text/site/a.txt").read_text(encoding="utf-8") == documents["site/a.txt"]["text"]
    removed = listed(out / "removed.jsonl")
    assert [row for row in removed if row["id"] == "site/b.txt"][-1] | {"before": ""} == {
        "id": "site/b.txt", "stage": "Only", "reason": "exact_duplicate", "note": "same as site/a.txt",
        "start": 3, "end": 7, "before": "", "after": "", "meta": {},
    }  # fmt: skip
    totals = manifest["totals"]
    assert (totals["documents"], totals["left"], totals["problems"]) == (5, 4, 0)
    assert totals["edits"]["Head/site_template"] == 2
    assert not notes.problems


def test_everything_comes_back_byte_for_byte(news: Path, tmp_path: Path) -> None:
    run(request(news, tmp_path / "out"), Silence())
    done = restore(tmp_path / "out", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(news)
    assert (done.files, done.not_held) == (4, [])
    with pytest.raises(Refused, match="is not empty"):
        restore(tmp_path / "out", tmp_path / "back")


_JSON_TEXT = st.text(alphabet='中國"\\/\n\u2028a😀', max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows_=st.lists(
        st.one_of(
            st.builds(lambda text, ascii_: json.dumps({"text": text}, ensure_ascii=ascii_), _JSON_TEXT, st.booleans()),
            st.sampled_from(["", " ", "nonsense", '{"text": 3}', "[]", '{"text":"\\u4e2D"}', '{"a":"x","text":"x"}']),
        ).map(str.encode)
        | st.binary(max_size=6),
        max_size=5,
    ),
    end=st.sampled_from([b"", b"\n", b"\r\n"]),
    size=st.sampled_from([4 << 20, 10]),
)
def test_any_rows_come_back(
    rows_: list[bytes], end: bytes, size: int, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "SHARD_BYTES", size)
    root = tmp_path_factory.mktemp("rows")
    raw = (end or b"\n").join(rows_) + end
    (root / "x.jsonl").write_bytes(raw)
    run(request(root / "x.jsonl", root / "out"), Silence())
    restore(root / "out", root / "back")
    assert (root / "back/x.jsonl").read_bytes() == raw


def test_the_number_of_workers_and_shards_cannot_be_seen(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        (news / f"{number}.txt").write_text(f"某網\n{number % 7}國", encoding="utf-8")
    run(request(news, tmp_path / "one"), Silence())
    monkeypatch.setattr(plan, "SHARD_FILES", 5)
    run(request(news, tmp_path / "shards"), Silence())
    run(request(news, tmp_path / "workers", jobs=2), Silence())
    one, shards, workers = (tree(tmp_path / name) for name in ("one", "shards", "workers"))
    assert shards == workers
    for name in ("documents.jsonl", "removed.jsonl"):
        assert one[name] == shards[name]
    assert [entry.doc for entry in entries(tmp_path / "one")] == [entry.doc for entry in entries(tmp_path / "shards")]


def test_no_stage_sees_a_document_twice(news: Path, tmp_path: Path) -> None:
    (tmp_path / "seen").mkdir()
    counting = batching.Counting(str(tmp_path / "seen"))
    run(request(news, tmp_path / "out", counting, batching.Common(), batching.Same()), Silence())
    assert set(tree(tmp_path / "seen").values()) == {b"x"}
    assert len(tree(tmp_path / "seen")) == 5


def test_ids_become_unique(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "SHARD_FILES", 1)
    given: dict[str, list[str | int]] = {"a": ["x", "y", "x"], "b": ["x~2", "z"], "c": ["x", 7]}
    for name, ids in given.items():
        lines = (json.dumps({"id": each, "text": f"{name}{each}{place}"}) for place, each in enumerate(ids))
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    inputs = [tmp_path / f"{name}.jsonl" for name in "abc"]
    run(request(inputs, tmp_path / "out"), Silence())
    found = [str(row["id"]) for row in listed(tmp_path / "out/documents.jsonl")]
    assert len(set(found)) == 7
    assert [name for name in found if "~" not in name] == ["x", "y", "z", "7"]
    restore(tmp_path / "out", tmp_path / "back")
    assert all((tmp_path / "back" / path.name).read_bytes() == path.read_bytes() for path in inputs)


def test_inputs_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    for folder in ("x/news", "y/news"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.txt").write_text(folder, encoding="utf-8")
    inputs = [tmp_path / "x/news", tmp_path / "y/news", tmp_path / "x/news/a.txt"]
    run(request(inputs, tmp_path / "out", batching.swap), Silence())
    assert sorted(tree(tmp_path / "out/text")) == ["a.txt", "news-2/a.txt", "news/a.txt"]
    assert [row["path"] for row in listed(tmp_path / "out/sources.jsonl")] == ["news/a.txt", "news-2/a.txt", "a.txt"]


def test_a_failing_stage_keeps_the_document_and_says_so(news: Path, tmp_path: Path, notes: Notes) -> None:
    (news / "loud.txt").write_text("中國!\n責編:李四", encoding="utf-8")
    run(request(news, tmp_path / "out", *STAGES[:3], batching.fail_on_bang, STAGES[3]), notes)
    assert (tmp_path / "out/text/loud.txt").read_text(encoding="utf-8") == "中國!\n責編:李四"
    assert [(each.id, each.stage) for each in notes.problems] == [("loud.txt", "fail_on_bang")]
    assert listed(tmp_path / "out/errors.jsonl")[0]["problem"] == "RuntimeError: no shouting"
    assert not [row for row in listed(tmp_path / "out/removed.jsonl") if row["id"] == "loud.txt"]
    restore(tmp_path / "out", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(news)


def test_a_lone_surrogate_never_leaves_the_house(tmp_path: Path) -> None:
    from textclean import Document, Edit  # noqa: PLC0415

    def break_it(doc: Document) -> list[Edit]:
        return [Edit(0, 1, "\ud800", "broken")]

    (tmp_path / "a.txt").write_text("中文", encoding="utf-8")
    run(request(tmp_path / "a.txt", tmp_path / "out", break_it), Silence())
    assert (tmp_path / "out/text/a.txt").read_text(encoding="utf-8") == "\ufffd文"
    restore(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back/a.txt").read_text(encoding="utf-8") == "中文"


def test_the_limit_counts_documents(news: Path, tmp_path: Path) -> None:
    for limit, documents in [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (9, 5)]:
        manifest = run(request(news, tmp_path / f"out{limit}", limit=limit), Silence())
        assert manifest["totals"]["documents"] == documents


def test_a_finished_run_is_not_done_again(news: Path, tmp_path: Path, notes: Notes) -> None:
    out = tmp_path / "out"
    first = run(request(news, out), notes)
    before = tree(out)
    shards = notes.shards
    assert run(request(news, out), notes) == first
    assert notes.shards == shards
    assert "nothing to do" in notes.notes[0]
    assert tree(out) == before
    with pytest.raises(Refused, match=r"other options.*--fresh"):
        run(request(news, out, batching.swap), notes)
    (news / "c.txt").write_bytes("某網\r\n不同".encode())
    with pytest.raises(Refused, match=r"c\.txt is not what it was"):
        run(request(news, out), notes)
    (news / "c.txt").unlink()
    with pytest.raises(Refused, match="more input"):
        run(request(news, out), notes)
    assert tree(out) == before
    run(request(news, out, fresh=True), notes)
    assert "c.txt" not in tree(out / "text")
    assert not (out / ".textclean-work").exists()


def test_foreign_folders_and_the_input_are_never_written_to(news: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.doc").touch()
    for source, out, problem in [
        (news, tmp_path / "mine", "none of textclean's"),
        (news, tmp_path / "mine/letter.doc", "is a file"),
        (news / "site", news, "inside the output folder"),
        (news, news, "inside the output folder"),
    ]:
        with pytest.raises(Refused, match=problem):
            run(request(source, out), Silence())


def test_two_runs_do_not_share_a_folder(news: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with locked(out), pytest.raises(Refused, match=f"process {os.getpid()}"):
        run(request(news, out), Silence())


def test_a_changed_output_is_noticed(news: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(request(news, out), Silence())
    lines = (out / "documents.jsonl").read_bytes().splitlines(keepends=True)
    (out / "documents.jsonl").write_bytes(b"".join([lines[0].replace("別".encode(), "各".encode()), *lines[1:]]))
    with pytest.raises(Damaged, match=r"text of 'c.txt' is another"):
        restore(out, tmp_path / "back1")
    (out / "documents.jsonl").write_bytes(b"".join(lines[1:]))
    with pytest.raises(Damaged, match=r"'c.txt' is missing"):
        restore(out, tmp_path / "back2")
    with pytest.raises(Damaged, match="no finished run"):
        restore(news, tmp_path / "back3")


def test_too_much_removed_stops_before_anything_is_written(news: Path, tmp_path: Path) -> None:
    copies = "這一條新聞的每個字都是一樣的，所以只能留下一份。"
    for number in range(4):
        (news / f"copy{number}.txt").write_text(copies, encoding="utf-8")
    out = tmp_path / "out"
    with pytest.raises(Stopped, match=r"would remove .*nothing was written.*--max-removed"):
        run(request(news, out, NearDuplicates(), max_removed=0.1), Silence())
    assert [path.name for path in out.iterdir()] == [".textclean-work"]
    manifest = run(request(news, out, NearDuplicates(), max_removed=0.9), Silence())
    assert manifest["totals"]["edits"] == {"RemoveNearDuplicates/exact_duplicate": 4}


@pytest.mark.parametrize("name", ["../evil.txt", "/evil.txt", "a/../../evil.txt", "a//b", "", ".", "a\0b"])
def test_a_ledger_from_a_stranger_cannot_write_elsewhere(name: str, news: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(request(news / "c.txt", out, batching.swap), Silence())
    (path,) = (out / "ledger").iterdir()
    (row,) = rows.read(path)
    path.write_bytes(gzip.compress(rows.line({**row, "path": name})))
    with pytest.raises(Damaged, match="does not list it"):
        restore(out, tmp_path / "other")
    (source,) = rows.read(out / "sources.jsonl")
    (out / "sources.jsonl").write_bytes(rows.line({**source, "path": name}))
    with pytest.raises(ValueError, match="would leave"):
        restore(out, tmp_path / "back")
    assert tree(tmp_path / "back") == {}


def test_a_problem_is_told_once_though_documents_get_new_names(tmp_path: Path, notes: Notes) -> None:
    """Two documents with one id: their shard is worked twice."""
    for name in ("a.jsonl", "b.jsonl"):
        rows_of = f'{{"id": "r", "text": "江水涨了 {name}"}}\n{{"id": "r", "text": 5}}\n'
        (tmp_path / name).write_text(rows_of, encoding="utf-8")
    manifest = run(request([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], tmp_path / "out"), notes)
    assert len(notes.problems) == manifest["totals"]["problems"] == 2
    assert sorted(str(row["id"]) for row in listed(tmp_path / "out" / "documents.jsonl")) == ["r", "r~2"]
