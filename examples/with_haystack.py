"""Haystack: a component, for between the converter and the splitter. Needs haystack-ai."""

from dataclasses import replace
from pathlib import Path

from haystack import Document, Pipeline, component

import textclean


@component
class TextClean:
    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        return {"documents": [self.clean(document) for document in documents]}

    def clean(self, document: Document) -> Document:
        done = textclean.clean(document.content or "", kind="text")
        return replace(document, content=done.text, meta={**document.meta, **done.meta})


articles = sorted(Path(__file__).parent.joinpath("articles").glob("*.txt"))
raw = [Document(content=path.read_text("utf-8"), meta={"file": path.name}) for path in articles]

pipeline = Pipeline()
pipeline.add_component("clean", TextClean())
clean = pipeline.run({"clean": {"documents": raw}})["clean"]["documents"]

for before, after in zip(raw, clean, strict=True):
    print(f"{before.meta['file']}: {len(before.content)} -> {len(after.content)} characters")
