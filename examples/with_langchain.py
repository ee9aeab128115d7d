"""LangChain: a document transformer, for between the loader and the splitter. Needs langchain-core."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.documents import BaseDocumentTransformer, Document

import textclean


class TextClean(BaseDocumentTransformer):
    def transform_documents(self, documents: Sequence[Document], **_: Any) -> list[Document]:
        return [self.clean(document) for document in documents]

    def clean(self, document: Document) -> Document:
        done = textclean.clean(document.page_content, kind="text")
        return Document(page_content=done.text, metadata={**document.metadata, **done.meta})


articles = sorted(Path(__file__).parent.joinpath("articles").glob("*.txt"))
raw = [Document(page_content=path.read_text("utf-8"), metadata={"source": path.name}) for path in articles]

for path, before, after in zip(articles, raw, TextClean().transform_documents(raw), strict=True):
    print(f"{path.name}: {len(before.page_content)} -> {len(after.page_content)} characters")
