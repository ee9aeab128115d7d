"""What every worker of a run needs, imported and used once before workers are forked.

Importing this module does it: patterns are compiled, tables and models read,
kernels loaded. Each worker would else spend about a second on that.
"""

from __future__ import annotations

from textclean.document import Document
from textclean.kernels import native
from textclean.pipeline import Pipeline

_PAGE = """首页 > 新闻 > 要闻
城南水厂三期工程（二期）昨日通水
2024-03-05 10:00 来源：清江日报 记者 李四
水利局表示：“工程历时三年，投资约1.2亿元，可供八万人用水。”昨日上午，记者在现场看到，清水从管道中涌出。
城南水厂三期工程昨日通水，可供八万人用水；水务局称，二期工程将于明年开工,届时供水能力会再提高三成。
臺北市長表示，將於下週公布細節，並邀請里長參加說明會。
相关新闻
责任编辑：张三"""


def _use() -> None:
    native.load()
    for stage in Pipeline.default(corpus=True).stages:
        docs = [Document(f"{site}/{number}", _PAGE + "文" * number) for site in "ab" for number in range(3)]
        ready = stage if callable(stage) else stage.decide([stage.observe(docs)])
        for doc in docs:
            list(ready(doc))


_use()
