"""Every form of input and output: the same documents, and the way back where there is one."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import batching
from batching import Notes, cleaned, tree
from textclean import Document, Pipeline
from textclean.batch import plan, records, rows, streams
from textclean.batch.forms import mnbvc
from textclean.batch.lines import plain_text
from textclean.batch.records import CSV, around, raw
from textclean.batch.restore import restore
from textclean.batch.runner import Request, run

NEWS = [
    {"id": "甲", "text": '中國"新聞"，\n第二行,完', "url": "http://a"},
    {"id": "乙", "text": "平常的一條\n責編:李四", "url": ""},
    {"id": "丙", "text": "第三條國", "url": "x"},
]
CLEAN = [("甲", '中国"新聞"，\n第二行,完'), ("乙", "平常的一條"), ("丙", "第三條国")]


def as_csv(delimiter: str = ",", end: str = "\r\n", quoting: Any = csv.QUOTE_MINIMAL) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, ["id", "text", "url"], delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writeheader()
    writer.writerows(NEWS)
    return file.getvalue()


def as_lines() -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in NEWS).encode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", as_csv().encode()),
        ("a.csv", as_csv(";", "\n", csv.QUOTE_ALL).encode("utf-8-sig")),
        ("a.csv", as_csv().encode("gb18030")),
        ("a.tsv", as_csv("\t").encode("big5", "replace").replace(b"?", b"")),
        ("a.csv", as_csv().encode("utf-16")),
        ("a.csv", as_csv(quoting=csv.QUOTE_ALL).encode("utf-16-be")),
        ("a.tsv", as_csv("\t", "\r").replace("\n", " ").encode()),
        ("a.jsonl", as_lines()),
        ("a.jsonl", b"\xef\xbb\xbf" + as_lines().replace(b"\n", b"\r\n")),
        ("a.jsonl", as_lines().decode().encode("gb18030")),
    ],
    ids=[
        "csv",
        "csv-quoted-bom",
        "csv-gbk",
        "tsv-big5",
        "csv-utf16",
        "csv-utf16be",
        "tsv-cr",
        "jsonl",
        "jsonl-bom-crlf",
        "jsonl-gbk",
    ],
)
def test_rows_in_any_spelling_are_read_and_come_back(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    found, notes = cleaned(tmp_path / name, tmp_path / "out")
    assert not notes.problems
    if "tsv" in name:  # one without what Big5 lacks, one in which a line feed would end a line
        assert [own for own, _ in found] == ["甲", "乙", "丙"]
    else:
        assert found == CLEAN
    restore(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back" / name).read_bytes() == data


@pytest.mark.parametrize("codec", ["gb18030", "big5"])
def test_a_short_table_is_no_utf16(codec: str, tmp_path: Path) -> None:
    data = "id,text,note\r\n=1+1,文章,x\r\n2,多,y\r\n".encode(codec)
    (tmp_path / "a.csv").write_bytes(data)
    found, notes = cleaned(tmp_path / "a.csv", tmp_path / "out")
    assert (found, notes.problems) == ([("=1+1", "文章"), ("2", "多")], [])


def test_json_lines_in_utf16_are_refused_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "SHARD_BYTES", 100)
    (tmp_path / "a.jsonl").write_bytes(as_lines().decode().encode("utf-16"))
    found, notes = cleaned(tmp_path / "a.jsonl", tmp_path / "out")
    assert found == []
    assert all("is in UTF-16, and JSON lines are in UTF-8" in problem.problem for problem in notes.problems)


@given(
    st.lists(st.text(st.sampled_from("上一\u0a0a\u0a00\u000a中\r"), max_size=9)),
    st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le"]),
    st.integers(1, 9),
)
def test_lines_of_wide_codecs_are_those_of_their_text(parts: list[str], codec: str, block: int) -> None:
    text = "".join(parts)

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(block)

    found = [line.decode(codec) for line in streams.lines_by(Slow(text.encode(codec)), "\n".encode(codec))]
    assert found == [line for line in re.split("(?<=\n)", text) if line]


def test_what_did_not_come_in_whole_does_not_come_back(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    good = as_lines() + b"no json\n"
    (tmp_path / "in/a.jsonl").write_bytes(good)
    (tmp_path / "in/a.jsonl.gz").write_bytes(gzip.compress(good))
    (tmp_path / "in/cut.jsonl.gz").write_bytes(gzip.compress(good * 500)[:-20])
    (tmp_path / "in/binary.txt").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "in/empty.txt").write_bytes(b"")
    (tmp_path / "in/empty.csv").write_bytes(b"")
    cleaned(tmp_path / "in", tmp_path / "out")
    done = restore(tmp_path / "out", tmp_path / "back")
    assert done.not_held == ["binary.txt", "cut.jsonl.gz"]
    back = {path.name: path.read_bytes() for path in (tmp_path / "back").iterdir()}
    assert back == {"a.jsonl": good, "a.jsonl.gz.unpacked": good, "empty.txt": b"", "empty.csv": b""}
    assert (done.files, done.bytes) == (4, 2 * len(good))


def test_a_run_with_a_limit_gives_whole_files_back(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / f"in/{name}.jsonl").write_bytes(as_lines().replace(b'"id": "', b'"id": "' + name.encode()))
    cleaned(tmp_path / "in", tmp_path / "out", limit=4)
    assert restore(tmp_path / "out", tmp_path / "back").not_held == ["b.jsonl"]
    assert [path.name for path in (tmp_path / "back").iterdir()] == ["a.jsonl"]


def packed(data: bytes, ending: str) -> bytes:
    if ending == "gz":
        return gzip.compress(data[:50]) + gzip.compress(data[50:])  # two members, as some crawlers write
    library = "compression.zstd" if sys.version_info >= (3, 14) else "zstandard"  # what the reader takes
    zstd = pytest.importorskip(library, reason="zstandard is not installed: pip install 'textclean[zstd]'")
    return bytes(zstd.compress(data[:50]) + zstd.compress(data[50:]))


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_packed_rows_are_read_and_come_back_unpacked(ending: str, tmp_path: Path) -> None:
    source = tmp_path / f"a.jsonl.{ending}"
    source.write_bytes(packed(as_lines(), ending))
    found, notes = cleaned(source, tmp_path / "out")
    assert (found, notes.problems) == (CLEAN, [])
    restore(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back" / "a.jsonl").read_bytes() == as_lines()


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_damaged_or_boundless_packed_file_is_a_sentence(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HARMLESS", 100_000)
    good = packed(as_lines() * 50, ending)
    (tmp_path / "in").mkdir()
    (tmp_path / f"in/cut.jsonl.{ending}").write_bytes(good[: len(good) // 2])
    (tmp_path / f"in/noise.jsonl.{ending}").write_bytes(b"no such thing at all")
    (tmp_path / f"in/bomb.jsonl.{ending}").write_bytes(packed(b"\n" * 3_000_000, ending))
    (tmp_path / f"in/good.jsonl.{ending}").write_bytes(packed(as_lines(), ending))
    found, notes = cleaned(tmp_path / "in", tmp_path / "out")
    told = {problem.path.split(".")[0]: problem.problem for problem in notes.problems}
    assert set(told) == {"cut", "noise", "bomb"}
    assert "grows more than 200 times" in told["bomb"]
    assert "is damaged where it is packed" in told["noise"]
    assert [pair for pair in found if "~" not in pair[0]][-3:] == CLEAN or found[-3:] == CLEAN


def test_a_line_or_file_beyond_measure_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (records, streams):
        monkeypatch.setattr(module, "LARGEST", 1000)
    monkeypatch.setattr("textclean.batch.readers.LARGEST", 1000)
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(as_lines() + b'{"text": "' + b"x" * 2000 + b'"}\n')
    (tmp_path / "in/b.txt").write_bytes(b"x" * 1001)
    found, notes = cleaned(tmp_path / "in", tmp_path / "out")
    assert found == CLEAN
    assert sorted(problem.path for problem in notes.problems) == ["a.jsonl", "b.txt"]


@pytest.mark.parametrize("form", ["parquet", "arrow", "stream.arrow"])
def test_columns_are_read_and_written(form: str, tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'textclean[arrow]'")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = arrow.Table.from_pylist([*NEWS, {"id": "丁", "text": None, "url": None}])
    source = tmp_path / f"a.{form}"
    if form == "parquet":
        parquet.write_table(table, source, row_group_size=2)
    else:
        make = arrow.ipc.new_stream if form.startswith("stream") else arrow.ipc.new_file
        with make(str(source), table.schema) as writer:
            writer.write_table(table, max_chunksize=2)
    found, notes = cleaned(source, tmp_path / "out")
    assert found == CLEAN
    assert [(problem.line, problem.problem) for problem in notes.problems] == [(4, "its field 'text' is empty (null)")]
    written = parquet.read_table(tmp_path / "out/documents.parquet").to_pylist()  # the output mirrors the input
    assert [(row["id"], row["text"]) for row in written] == CLEAN
    assert json.loads(written[0]["meta"]) == {"url": "http://a"}
    assert restore(tmp_path / "out", tmp_path / "back").not_held == [source.name]
    (listed,) = rows.read(tmp_path / "out/sources.jsonl")
    assert listed["blake2b"] == subprocess.check_output(["b2sum", source], text=True).split()[0]


def test_columns_that_json_has_no_value_for_become_meta(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'textclean[arrow]'")
    parquet = pytest.importorskip("pyarrow.parquet")
    day = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    columns = {
        "text": arrow.array(["第一条國".encode()]),
        "when": arrow.array([day]),
        "nanoseconds": arrow.array([1_700_000_000_000_000_001], arrow.timestamp("ns")),
        "within": arrow.array([[1]], arrow.list_(arrow.timestamp("ns"))),
        "lasting": arrow.array([timedelta(seconds=90)]),
        "price": arrow.array([Decimal("1.50")]),
        "raw": arrow.array([b"\xff\x00"]),
        "pairs": arrow.array([[("k", 1)]], arrow.map_(arrow.string(), arrow.int64())),
        "box": arrow.array([{"at": day.date(), "kind": None}]),
        "share": arrow.array([float("nan")]),
    }
    parquet.write_table(arrow.table(columns), tmp_path / "a.parquet")
    _, notes = cleaned(tmp_path / "a.parquet", tmp_path / "out")
    assert not notes.problems
    (row,) = rows.read(tmp_path / "out/documents.jsonl")
    assert row["text"] == "第一条国"
    assert row["meta"] == {
        "when": "2026-01-02T03:04:05+00:00",
        "nanoseconds": "2023-11-14T22:13:20",
        "within": ["1970-01-01T00:00:00"],
        "lasting": 90.0,
        "price": "1.50",
        "raw": "/wA=",
        "pairs": [["k", 1]],
        "box": {"at": "2026-01-02", "kind": None},
        "share": None,
    }


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow"])
def test_broken_columns_are_a_sentence(name: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'textclean[arrow]'")
    (tmp_path / name).write_bytes(b"PAR1 no such thing PAR1")
    _, notes = cleaned(tmp_path / name, tmp_path / "out")
    assert "cannot be read" in notes.problems[0].problem


def test_a_form_whose_library_is_missing_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("fastwarc", "fastwarc.warc", "fsspec"):
        monkeypatch.setitem(sys.modules, library, None)
    (tmp_path / "a.warc").write_bytes(b"x")
    _, notes = cleaned(tmp_path / "a.warc", tmp_path / "out")
    assert notes.problems[0].problem == "needs fastwarc: pip install 'textclean[warc]'"
    notes = Notes()
    run(Request(("s3://bucket/news",), tmp_path / "out2", Pipeline([batching.swap]), jobs=1), notes)
    assert "pip install 'textclean[remote]'" in notes.problems[0].problem


def test_far_files_are_read(tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="fsspec is not installed: pip install 'textclean[remote]'")
    (tmp_path / "in/deep").mkdir(parents=True)
    (tmp_path / "in/deep/a.jsonl").write_bytes(as_lines())
    (tmp_path / "in/b.txt").write_text("中國", encoding="utf-8")
    notes = Notes()
    run(
        Request((f"file://{tmp_path}/in",), tmp_path / "out", Pipeline([batching.swap, batching.footer]), jobs=1), notes
    )
    assert [row["path"] for row in rows.read(tmp_path / "out/sources.jsonl")] == ["b.txt", "deep/a.jsonl"]
    assert tree(tmp_path / "out/text") == {"b.txt": "中国".encode()}
    run(Request((f"file://{tmp_path}/nothing",), tmp_path / "out2", Pipeline([batching.swap]), jobs=1), notes)
    assert [problem.path for problem in notes.problems] == [f"file://{tmp_path}/nothing"]


def test_rows_as_files_and_in_the_mnbvc_form(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(as_lines() + b'{"id": "../../etc/passwd", "text": "x"}\n')
    cleaned(tmp_path / "a.jsonl", tmp_path / "files", to="text")
    assert sorted(tree(tmp_path / "files/text/a.jsonl")) == sorted(
        ["..%2F..%2Fetc%2Fpasswd.txt", "%E7%94%B2.txt", "%E4%B9%99.txt", "%E4%B8%99.txt"]
    )
    cleaned(tmp_path / "a.jsonl", tmp_path / "mnbvc", to="mnbvc")
    first = next(rows.read(tmp_path / "mnbvc/mnbvc.jsonl"))
    assert [paragraph["内容"] for paragraph in first["段落"]] == ['中国"新聞"，', "第二行,完"]
    assert (first["文件名"], first["段落数"], first["去重段落数"], first["最长段落长度"]) == ("甲", 2, 2, 7)


def test_the_mnbvc_form_counts_what_is_repeated_and_takes_the_day_from_the_page() -> None:
    row = {"id": "a", "path": "p", "text": "甲\n\n甲\n乙", "meta": {"published": "2022-07-22 16:43:29"}}
    made = mnbvc(row)
    assert (made["段落数"], made["去重段落数"], made["时间"]) == (3, 2, "20220722")
    assert [(part["行号"], part["是否重复"]) for part in made["段落"]] == [(1, False), (3, True), (4, False)]


@given(st.text(alphabet='中,"\n\r;x', max_size=9), st.sampled_from(["utf-8", "gb18030", "big5"]))
def test_what_stands_around_a_text_gives_the_line_again(text: str, codec: str) -> None:
    for literal in (text, '"' + text.replace('"', '""') + '"'):
        line = f"id,{literal},\r\n".encode(codec)
        assert raw(Document("x", text), around(line, text, CSV[::-1], codec)) == line


_VALUES = st.recursive(
    st.text(alphabet='中a"\\\n\t/:', max_size=5) | st.sampled_from(["text", '"text": "x"', '"text":']) | st.integers(),
    lambda inner: st.dictionaries(st.sampled_from(["text", "a", 'x"text']), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from(["a", 'x"text', "\\", "中"]), _VALUES, max_size=4),
    st.text(alphabet='中a"\\\n\t', max_size=5),
    st.dictionaries(st.sampled_from(["b", '"text', "text\\"]), _VALUES, max_size=2),
    st.booleans(),
    st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")]),
)
def test_a_text_is_only_found_in_its_line_where_it_stands(
    head: dict[str, Any], text: str, tail: dict[str, Any], escaped: bool, separators: tuple[str, str]
) -> None:
    line = json.dumps({**head, "text": text, **tail}, ensure_ascii=escaped, separators=separators).encode()
    start, end = plain_text(line, b'"text"')
    if end:
        assert json.loads(line[:start] + b"null" + line[end:]) == {**head, "text": None, **tail}
        assert line[start:end] == rows.dumps(text)
    elif not head and not tail and not escaped:
        assert not {'"', "\\", "\t"}.isdisjoint(text)
