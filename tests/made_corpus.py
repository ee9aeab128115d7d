"""A small corpus with everything an engine must get right: sites, templates, copies, near copies, a hot text."""

from __future__ import annotations

import random
from collections.abc import Iterator

WORDS = (
    "城南水厂昨日通水工程进展顺利市民反映良好记者从会上获悉今年以来全区完成投资增长幅度居全市前列有关负责人表示"
    "将继续加强管理完善服务推动产业升级同时公园延长开放时间道路施工期间请绕行学校图书馆周末开放农民合作社丰收"
)


def sentence(rng: random.Random, length: int) -> str:
    return "".join(rng.choice(WORDS) for _ in range(length)) + "。"


def rows(count: int = 240, seed: int = 11) -> Iterator[dict[str, str | None]]:
    """Pages of three sites and of none: a tenth are copies, a tenth near copies, some share one paragraph, some are null."""
    rng = random.Random(seed)  # noqa: S311  a made corpus
    bodies: list[list[str]] = []
    notice = sentence(rng, 70)
    for number in range(count):
        site = ("river/", "hill/", "lake/", "")[number % 4]
        body = [sentence(rng, rng.randrange(45, 90)) for _ in range(rng.randrange(2, 5))]
        kind = rng.random()
        if bodies and kind < 0.1:
            body = list(rng.choice(bodies))
        elif bodies and kind < 0.2:
            body = list(rng.choice(bodies))
            at = rng.randrange(len(body))
            body[at] = body[at][:-6] + "并作了说明。"
        if kind > 0.9:
            body.insert(1, notice)
        bodies.append(body)
        frame = [f"{site[:-1]}新闻网 首页 投稿信箱", *body, f"{site[:-1]}网站版权所有 联系我们"] if site else body
        text = None if number % 97 == 96 else "\n".join(frame)
        yield {"id": f"{site}{rng.randrange(10**9):09d}", "text": text, "published": f"20{10 + number % 13}-01-02"}
