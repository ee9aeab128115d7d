"""Hypothesis generators the laws share. Each docstring shows what one makes."""

from __future__ import annotations

from hypothesis import strategies as st

from textclean.document import Document, Edit

ALPHABET = "中文新聞记者，。abc １(\n　\x00\ufffd𠀀"


def texts(max_size: int = 60) -> st.SearchStrategy[str]:
    """``'新聞，a\\n中'``: short, mixed, with the characters that break offset arithmetic."""
    return st.text(alphabet=ALPHABET, max_size=max_size)


@st.composite
def edits_for(draw: st.DrawFn, text: str) -> list[Edit]:
    """``[Edit(0, 2, '简', 'r'), Edit(3, 3, 'x', 'r')]``: disjoint, inside *text*, in no order."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10)))
    edits = [
        Edit(start, end, draw(st.text(alphabet="简体xyz", max_size=4)), "r", draw(st.sampled_from(["", "why"])))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return draw(st.permutations(edits))


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, Document]:
    """``('新聞', Document('x', 'xyz', history=(Change(...),)))``: an input and what up to four stages made of it."""
    text = draw(texts())
    doc = Document("x", text)
    for number in range(draw(st.integers(0, 4))):
        doc = doc.edit(f"stage{number}", draw(edits_for(doc.text)))
    return text, doc
