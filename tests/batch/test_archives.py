"""Pages of an archive: what a crawler brought home, as it came over the wire."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batching import cleaned
from textclean.batch import bodies, rows, streams
from textclean.batch.restore import restore


def warc(kind: str, url: str, kind_of_content: str, body: bytes, more: str = "", status: str = "200 OK") -> bytes:
    of_kind = f"Content-Type: {kind_of_content}\r\n" if kind_of_content else ""
    http = b"" if kind == "conversion" else f"HTTP/1.1 {status}\r\n{of_kind}{more}\r\n".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{len(body):08d}-0000-4000-8000-000000000000>\r\n"
        f"WARC-Date: 2026-01-02T03:04:05Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: {'text/plain' if kind == 'conversion' else 'application/http; msgtype=response'}\r\n"
        f"Content-Length: {len(http) + len(body)}\r\n\r\n"
    )
    return head.encode() + http + body + b"\r\n\r\n"


def test_a_crawl_is_read(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc", reason="fastwarc is not installed: pip install 'textclean[warc]'")
    page = "<html><head><meta charset=gbk></head><body><p>中國新聞一條，说的是今天的天气。</p></body></html>".encode(
        "gbk"
    )
    pages = warc("response", "http://x/1", "text/html", page) + warc("response", "http://x/i", "image/png", b"\x89PNG")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.warc.gz").write_bytes(gzip.compress(pages))
    (tmp_path / "in/b.wet").write_bytes(warc("conversion", "http://x/2", "", "第二條國\n".encode()))
    (tmp_path / "in/c.warc").write_bytes(b"no archive at all")
    (tmp_path / "in/d.warc").write_bytes(pages[:300])
    found, notes = cleaned(tmp_path / "in", tmp_path / "out")
    assert [text for _, text in found] == ["中国新聞一條，说的是今天的天气。", "第二條国\n"]
    told = {problem.path: problem.problem for problem in notes.problems}
    assert told["c.warc"] == "Invalid WARC header"
    assert "is cut short" in told["d.warc"]
    meta = [row["meta"] for row in rows.read(tmp_path / "out/documents.jsonl")]
    assert [each["url"] for each in meta] == ["http://x/1", "http://x/2"]
    assert restore(tmp_path / "out", tmp_path / "back").not_held == ["a.warc.gz", "b.wet", "c.warc", "d.warc"]


def chunked(data: bytes, size: int = 40) -> bytes:
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_pages_are_unpacked_as_a_browser_would(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc", reason="fastwarc is not installed: pip install 'textclean[warc]'")

    def page(number: int) -> bytes:
        return f"<html><head><title>x</title></head><body><p>第{number}条國內的新聞。</p></body></html>".encode()

    gz, parts = "Content-Encoding: gzip\r\n", "Transfer-Encoding: chunked\r\n"
    pages = [
        warc("response", "http://x/1", "text/html", gzip.compress(page(1)), gz),
        warc("response", "http://x/2", "Text/HTML; Charset=utf-8", chunked(page(2)), parts),
        warc("response", "http://x/3", "text/html", chunked(gzip.compress(page(3))), gz + parts),
        warc("response", "http://x/4", "text/html", page(4), gz + parts),  # unpacked by the crawler, the headers kept
        warc("response", "http://x/5", "", page(5)),
        warc("response", "http://x/6", "text/html", page(6), status="404 Not Found"),
        warc("response", "http://x/7", "text/html", gzip.compress(page(7))[:-9], gz),
        warc("response", "http://x/8", "text/html", chunked(page(8))[:-9], parts),
        warc("response", "http://x/9", "text/html", bytes(range(128, 256)), "Content-Encoding: br\r\n"),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(pages))
    found, notes = cleaned(tmp_path / "a.warc", tmp_path / "out")
    assert [text for _, text in found] == [f"第{number}条国內的新聞。" for number in range(1, 6)]
    assert [(problem.line, "cut short" in problem.problem) for problem in notes.problems] == [
        (7, True),
        (8, True),
        (9, False),
    ]
    assert "Brotli" in notes.problems[-1].problem


@given(st.binary(max_size=300), st.integers(1, 50), st.sampled_from(["gzip", "deflate", "bare"]))
def test_what_was_packed_for_the_way_is_unpacked(data: bytes, size: int, how: str) -> None:
    packer = zlib.compressobj(wbits={"gzip": 31, "deflate": 15, "bare": -15}[how])
    body = packer.compress(data) + packer.flush()
    name = "deflate" if how == "bare" else how
    if how != "bare" or not (body[0] & 15 == 8 and (body[0] << 8 | body[1]) % 31 == 0):  # would look like zlib
        assert bodies.content(chunked(body, size), "chunked", name) == data


def test_a_page_that_grows_beyond_measure_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "HARMLESS", 1000)
    with pytest.raises(streams.Unreadable, match="grows more than"):
        bodies.content(gzip.compress(b"0" * 1_000_000), "", "gzip")
