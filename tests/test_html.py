"""The renderer: what a page shows, one block a line, whatever the markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclean.document import Document
from textclean.html import render

PAGES = {
    "blocks and inline": ("<div>江<b>水</b><p>涨了</p>停</div>", "江水\n涨了\n停"),
    "br ends a line": ("<p>春江<br>秋月</p>", "春江\n秋月"),
    "a table is its cells": ("<table><tr><td>水位<td>3.2 米<tr><td>流量<td>800</table>", "水位\n3.2 米\n流量\n800"),
    "a list is its items": ("<ul><li>鲤鱼<li>草鱼</ul>", "鲤鱼\n草鱼"),
    "code keeps its lines and indents": ("<pre>if 水:\n    走()\n</pre>后", "if 水:\n    走()\n后"),
    "spaces fold": ("<p> 江&nbsp;&nbsp;水\n\n涨　了 </p>", "江 水 涨 了"),
    "scripts, styles and comments are no text": (
        "<script>var p='<p>无</p>'</script><style>p{}</style><!-- 无 -->江水",
        "江水",
    ),
    "hidden elements are no text, what follows them is": ('<p style="DISPLAY : none">无<b>无</b></p>江水', "江水"),
    "options and text fields are no text": ("<select><option>无</select><textarea>无</textarea>江水", "江水"),
    "noframes is what a page without frames shows": (
        "<frameset><frame src=a></frameset><noframes>江水</noframes>",
        "江水",
    ),
    "tags that never close": ("<p>江<b>水<p>涨</i>了", "江水\n涨了"),
    "plain text": ("江水 < 堤坝", "江水 < 堤坝"),
    "an XML head": ('<?xml version="1.0" encoding="gbk"?><p>江水</p>', "江水"),
    "nothing": ("", ""),
    "nothing but comments": ("<!-- 无 -->", ""),
    "characters XML refuses": ("<p>江\x00水\ud800涨</p>", "江水涨"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_its_blocks(name: str) -> None:
    markup, text = PAGES[name]
    assert render(markup)[0] == text


def notes(markup: str) -> list[tuple[str, str]]:
    text, marks = render(markup)
    return [(text[mark.start : mark.end], mark.note) for mark in marks if mark.reason == "html_line"]


def test_each_line_has_its_share_of_links() -> None:
    found = notes('<p><a href="/">首页</a></p><p>江水<a name="x">涨了</a></p><p>无链接</p>')
    assert [(line, note.split()[0]) for line, note in found] == [
        ("首页", "1.00"),
        ("江水涨了", "0.50"),
        ("无链接", "0.00"),
    ]


def test_lines_side_by_side_share_a_box() -> None:
    found = notes("<div><ul><li>首页<li>新闻</ul><div><h1>春汛</h1><p>江水涨了<br>又退了<p>船来了</div></div>尾")
    assert [note.split()[1] for _, note in found] == ["li", "li", "h1", "p", "p", "p", "body"]
    boxes = [note.split()[2:4] for _, note in found]
    menu, article, after = boxes[0], boxes[2], boxes[-1]
    assert boxes == [menu, menu, article, article, article, article, after]
    assert menu[1] == article[1]
    assert len({menu[0], article[0], after[0]}) == 3


def test_what_the_boxes_around_are_called_is_told() -> None:
    markup = (
        '<div id="nav"><p>首页</p></div><div class="article-content"><p>江水涨了</p><div class="share">分享</div>'
        "<footer>再会</footer></div>"
    )
    assert [note.split()[4:] for _, note in notes(markup)] == [["nav"], ["text"], ["social"], ["foot"]]


def test_hidden_elements_are_no_boxes() -> None:
    markup = "<div>江水</div>{}<div>涨了</div>"
    plain, hidden = (notes(markup.format(between)) for between in ("", '<div style="display:none"><div>无</div></div>'))
    assert plain == hidden


def test_marks_are_edits_that_change_nothing() -> None:
    text, marks = render('<title>清江网</title><a>首页</a><p>江水涨了。</p><h1 style="display:none">春汛</h1>')
    doc = Document("a", text).edit("html", marks)
    assert doc.text == text
    assert [mark.note.split()[0] for mark in doc.marks("html_line")] == ["1.00", "0.00"]
    assert doc.meta["html"] == {"page_title": "清江网", "h1": "春汛"}


def test_the_head_of_a_page_states_facts() -> None:
    markup = '<meta property="og:title" content="春汛"><meta name="PubDate" content="2024-03-05 08:30"><p>江水</p>'
    assert render(markup)[1][0].meta == {"html": {"title": "春汛", "published": "2024-03-05 08:30"}}


@pytest.mark.parametrize("closed", ["", "</div>" * 100_000])
def test_a_hundred_thousand_nested_blocks_lose_nothing(closed: str) -> None:
    assert render("<div>" * 100_000 + "江水" + closed + "<p>涨了")[0] == "江水\n涨了"


def test_a_line_of_any_length_comes_through() -> None:
    assert len(render("<p>" + "江" * 3_000_000)[0]) == 3_000_000


@given(st.text(alphabet="<>/abprediv 江水!-&;=\"'\n\x00\ud800", max_size=200))
def test_any_markup_gives_lines_and_disjoint_marks(markup: str) -> None:
    text, marks = render(markup)
    assert Document("a", text).edit("html", marks).text == text
    assert all(line.strip() for line in text.split("\n")) or not text


@given(st.lists(st.text(alphabet="江水涨了，。 abc", min_size=1, max_size=20), max_size=8))
def test_paragraphs_come_out_as_they_are(paragraphs: list[str]) -> None:
    lines = [" ".join(paragraph.split()) for paragraph in paragraphs]
    markup = "".join(f"<p>{line}</p>" for line in lines)
    assert render(markup)[0] == "\n".join(line for line in lines if line)
