"""Bytes in, a Document out, and the bytes back: whatever the bytes."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from textclean.decode import decode, encode, euctw, looks_binary

SIMPLIFIED = "春天的早晨，公园里已经有不少老人在打太极拳，孩子们背着书包走过湖边的小路，卖早点的摊子冒着热气。"
TRADITIONAL = "春天的早晨，公園裡已經有不少老人在打太極拳，孩子們背著書包走過湖邊的小路，賣早點的攤子冒著熱氣。"

BOTH = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("length", [10, 20, 49])
@pytest.mark.parametrize(
    ("text", "codec"),
    [(SIMPLIFIED, codec) for codec in [*BOTH, "gb2312", "gbk", "hz"]]
    + [(TRADITIONAL, codec) for codec in [*BOTH, "gbk", "big5", "big5hkscs"]],
)
def test_every_encoding_of_chinese(text: str, codec: str, length: int) -> None:
    raw = text[:length].encode(codec)
    doc = decode(raw)
    assert doc.text == text[:length]
    assert doc.meta["decode_errors"] == 0
    assert encode(doc.original, doc.meta) == raw
    assert looks_binary(raw) is None


@pytest.mark.parametrize("codec", ["utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("byte", [40, 41, 42, 43])
def test_a_damaged_byte_of_utf_32_costs_one_character(codec: str, mark: str, byte: int) -> None:
    raw = bytearray((mark + SIMPLIFIED).encode(codec))
    raw[byte] ^= 0x5A
    for damaged in (bytes(raw), bytes(raw[:-2])):
        doc = decode(damaged)
        wrong = sum(here != there for here, there in zip(doc.text, SIMPLIFIED, strict=False))
        assert (len(doc.text), wrong <= 2) == (len(SIMPLIFIED), True)
        assert encode(doc.original, doc.meta) == damaged


@pytest.mark.parametrize(("text", "codec"), [(SIMPLIFIED, "utf-8"), (SIMPLIFIED, "gbk"), (TRADITIONAL, "big5")])
@pytest.mark.parametrize("cut", [1, 3])
def test_a_cut_tail_costs_one_character(text: str, codec: str, cut: int) -> None:
    raw = text.encode(codec)[:-cut]
    doc = decode(raw)
    assert doc.text.rstrip("\ufffd") == raw.decode(codec, "ignore")
    assert encode(doc.original, doc.meta) == raw


@pytest.mark.parametrize(("text", "codec"), [(SIMPLIFIED, "utf-8"), (SIMPLIFIED, "gbk"), (TRADITIONAL, "big5")])
def test_one_bad_byte_costs_a_few_characters_and_not_the_encoding(text: str, codec: str) -> None:
    whole = text * 20
    raw = bytearray(whole.encode(codec))
    raw[len(raw) // 2] = 0xFF
    doc = decode(bytes(raw))
    assert doc.text == bytes(raw).decode(codec, "replace")
    assert 1 <= doc.meta["decode_errors"] <= 2
    assert {row.reason for row in doc.audit()} == {"decode_error"}
    assert encode(doc.original, doc.meta) == raw


def test_lines_in_different_encodings() -> None:
    lines = [SIMPLIFIED.encode("utf-8"), SIMPLIFIED[::-1].encode("gbk"), TRADITIONAL.encode("utf-8")]
    raw = b"\r\n".join(lines)
    doc = decode(raw)
    assert doc.text == f"{SIMPLIFIED}\r\n{SIMPLIFIED[::-1]}\r\n{TRADITIONAL}"
    assert doc.meta["encoding"] == "gb18030+utf-8"
    assert encode(doc.original, doc.meta) == raw


@pytest.mark.parametrize(
    "codecs", [("gb18030", "big5hkscs"), ("big5hkscs", "gb18030"), ("gb18030", "big5hkscs", "utf-8")]
)
def test_lines_in_different_encodings_without_any_utf8(codecs: tuple[str, ...]) -> None:
    pieces = [TRADITIONAL[at:] for at in range(0, 12, 2)]
    lines = [piece.encode(codecs[number % len(codecs)]) for number, piece in enumerate(pieces)]
    doc = decode(b"\n".join(lines))
    assert doc.text.split("\n") == pieces
    assert doc.meta["encoding"] == "+".join(sorted(codecs))
    assert encode(doc.original, doc.meta) == b"\n".join(lines)


def test_a_short_line_is_read_as_its_damaged_file_is() -> None:
    lines = [line.encode("gbk") for line in ("春耕", TRADITIONAL, "完", "一二")]
    lines[1] = lines[1][:20] + b"\xff" + lines[1][20:]
    doc = decode(b"\n".join(lines))
    assert doc.meta["encoding"] in {"gb18030", "gbk"}
    assert [doc.text.split("\n")[number] for number in (0, 2, 3)] == ["春耕", "完", "一二"]


@pytest.mark.parametrize("codec", ["gb18030", "big5", "utf-8"])
@pytest.mark.parametrize(
    "text",
    [
        "id,text,note\r\n1,天氣,x\r\n",
        "the brown fox, 2024: 文章 jumps",
        "www.example.com 中 lazy dog and 國 some other animals",
        "def 版本(self): return self.name  # see README, part 10",
        "OK 明天 bye",
    ],
)
def test_a_chinese_word_among_english_is_no_utf16(text: str, codec: str) -> None:
    assert decode(text.encode(codec)).text == text


def test_a_damaged_row_in_utf8_is_still_utf8() -> None:
    assert decode("id,text\n1,好的内容".encode()[:-1] + b"\xff\n2,ok\n").text.startswith("id,text\n1,好的内\ufffd")


def test_what_a_page_declares_is_evidence_and_no_truth() -> None:
    page = f'<html><meta charset="gb2312"><p>{SIMPLIFIED}</p></html>'
    assert decode(page.encode("gb18030"), kind="text").text == page
    assert decode(page.encode("utf-8"), kind="text").text == page
    assert decode(TRADITIONAL[:4].encode("big5"), declared="big5").text == TRADITIONAL[:4]


def test_text_is_taken_as_it_is_but_for_surrogates() -> None:
    doc = decode("\ufeff甲\ud842\udfb7乙\ud800丙\udcff")
    assert doc.text == "甲𠮷乙\ufffd丙\ufffd"
    assert doc.original == "\ufeff甲\ud842\udfb7乙\ud800丙\udcff"
    assert doc.meta["encoding"] is None
    assert doc.meta["decode_errors"] == 2
    assert encode(doc.original, doc.meta) == doc.original.encode("utf-8", "surrogatepass")


def test_euc_tw() -> None:
    raw = euctw.encode(TRADITIONAL)
    doc = decode(raw)
    assert doc.text == TRADITIONAL
    assert doc.meta["encoding"] == "euc-tw"
    assert encode(doc.original, doc.meta) == raw


def test_nothing_is_an_empty_document() -> None:
    assert decode(b"").text == ""
    assert decode("").text == ""
    assert looks_binary(b"") is None


spliced = st.lists(
    st.one_of(
        st.binary(max_size=12),
        st.sampled_from(
            [
                text[:9].encode(codec, "ignore")
                for text in (SIMPLIFIED, TRADITIONAL)
                for codec in [*BOTH, "gbk", "big5", "hz"]
            ]
            + [
                b"\xff\xfe",
                b"\xfe\xff",
                b"\xef\xbb\xbf",
                b"\n",
                b"\r\n",
                b"~{",
                b"~}",
                b"\x00",
                b"<html>",
                b"\xed\xa0\x80",
            ]
        ),
    ),
    max_size=8,
).map(b"".join)


@given(spliced)
@example(b"\x88\x62\x00")
@example(b"\xff\xfea")
@example(b"\xff\xfe\x00\xd8")
@example(b"~{~}~{!!~}")
@example("騜".encode("big5hkscs"))
def test_any_bytes_give_a_document_and_come_back(raw: bytes) -> None:
    doc = decode(raw, kind="text")
    assert not any("\ud800" <= c <= "\udfff" for c in doc.text)
    assert encode(doc.original, doc.meta) == raw
    looks_binary(raw)


@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_too(text: str) -> None:
    doc = decode(text, kind="text")
    assert doc.original == text
    assert not any("\ud800" <= c <= "\udfff" for c in doc.text)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"PK\x03\x04\x14\x00\x06\x00", "ZIP"),
        (b"\x00\x01name\x00\x00\x00value\x00" * 40, "NUL"),
        (b"\x01\x02\x03data\x04\x05" * 40, "control"),
        (bytes((37 * i * i + 11 * i) % 256 for i in range(5000)), "characters of only"),
        (bytes(0x80 + (91 * i * i + 17 * i) % 128 for i in range(5000)), "characters of only"),
    ],
)
def test_binary_data_is_refused_in_a_sentence(raw: bytes, says: str) -> None:
    reason = looks_binary(raw)
    assert reason is not None
    assert says in reason
    assert reason.endswith(("text", "32", "characters", "it"))


@pytest.mark.parametrize("character", list("的我有到生着那和出里國"))
def test_a_file_of_one_character_is_read(character: str) -> None:
    raw = character.encode()
    assert decode(raw).text == character
    assert looks_binary(raw) is None
