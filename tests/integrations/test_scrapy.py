"""The item pipeline inside Scrapy itself: a crawl of a site on this machine's loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from textclean import Pipeline, StageError
from toy_stages import half_width, no_footer, refuses_four

pytest.importorskip("scrapy", reason="scrapy is not installed: pip install --group integrations")
pytestmark = pytest.mark.filterwarnings("default")

import scrapy
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from textclean.integrations.scrapy import TextCleanPipeline

CLEAN = Pipeline([half_width, no_footer])


class Fixed(scrapy.Item):  # type: ignore[misc]  # an item class with fields of its own
    text = scrapy.Field()
    url = scrapy.Field()


class Wide(Fixed):
    textclean_edits = scrapy.Field()


@dataclass
class Plain:
    text: str
    url: str


@pytest.mark.parametrize("make", [dict, Fixed, Wide, Plain])
def test_items_of_any_kind(make: Any) -> None:
    from itemadapter import ItemAdapter

    item = make(text="２日。責編:李四", url="http://a")
    fields = ItemAdapter(TextCleanPipeline(CLEAN).process_item(item))
    assert fields["text"] == "2日。"
    assert ("textclean_edits" in fields) == (make in {dict, Wide})


def test_settings_and_statistics() -> None:
    settings = {"TEXTCLEAN_PIPELINE": CLEAN, "TEXTCLEAN_TEXT": "body", "TEXTCLEAN_FACTS": ["url"]}
    crawler = get_crawler(settings_dict=settings)
    crawler.stats = crawler.stats or {}
    pipeline = TextCleanPipeline.from_crawler(crawler)
    assert pipeline.process_item({"body": "２日。責編:李四", "url": "http://a"})["body"] == "2日。"
    assert pipeline.facts == ("url",)
    assert TextCleanPipeline.from_crawler(get_crawler()).pipeline == Pipeline.default()


def test_a_failing_item_goes_on_as_it_was_or_raises(caplog: pytest.LogCaptureFixture) -> None:
    kept = TextCleanPipeline(Pipeline([refuses_four])).process_item({"text": "四", "url": "http://d"})
    assert kept["text"] == "四"
    assert "unlucky" in kept["textclean_error"]
    assert "http://d" in caplog.text
    with pytest.raises(StageError):
        TextCleanPipeline(Pipeline([refuses_four]), on_error="raise").process_item({"text": "四"})


def test_an_item_without_text_says_which_setting() -> None:
    with pytest.raises(TypeError, match="set TEXTCLEAN_TEXT"):
        TextCleanPipeline(CLEAN).process_item({"url": "http://a"})


def test_an_item_already_seen_is_dropped_and_its_twin_named(tmp_path: Path) -> None:
    body = "城南水厂三期工程昨日通水，新增供水能力每日十万吨，沿线居民用水更有保障，有关部门将继续做好服务。"
    first = TextCleanPipeline(CLEAN, index=tmp_path / "seen", stats=get_crawler().stats)
    assert first.process_item({"url": "http://a/1", "text": body})["text"] == body
    with pytest.raises(DropItem, match="http://b/7: same as http://a/1"):
        first.process_item({"url": "http://b/7", "text": body.replace("，新", ",新") + "責編:李五"})
    tomorrow = TextCleanPipeline(CLEAN, index=tmp_path / "seen")  # another crawl, another process
    with pytest.raises(DropItem, match=r"jaccard 0\.\d+ with http://a/1"):
        tomorrow.process_item({"url": "http://c/3", "text": body[:-1] + "工作。"})
    with pytest.raises(DropItem, match="http://a/1: same as http://a/1"):
        tomorrow.process_item({"url": "http://a/1", "text": body})
    changed = {"url": "http://a/1", "text": "另一天的另一条消息，同一个网址。"}
    assert tomorrow.process_item(changed) == changed
    assert tomorrow.process_item({"url": "http://d/1", "text": ""})["text"] == ""


SPIDER = """
import http.server, sys, threading
import scrapy
from scrapy.crawler import CrawlerProcess
from textclean import Pipeline
from toy_stages import half_width, no_footer

class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<p>２日，正文。責編:李四</p>".encode())
    def log_message(self, *_): pass

server = http.server.HTTPServer(("127.0.0.1", 0), Pages)
threading.Thread(target=server.serve_forever, daemon=True).start()

class Spider(scrapy.Spider):
    name = "news"
    start_urls = [f"http://127.0.0.1:{server.server_port}/{n}" for n in range(3)]
    def parse(self, response):
        yield {"url": response.url, "text": response.css("p::text").get()}

process = CrawlerProcess(settings={
    "ITEM_PIPELINES": {"textclean.integrations.scrapy.TextCleanPipeline": 300},
    "TEXTCLEAN_PIPELINE": Pipeline([half_width, no_footer]),
    "FEEDS": {sys.argv[1]: {"format": "jsonlines", "encoding": "utf-8"}},
    "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False,
})
process.crawl(Spider)
process.start()
"""


def test_a_crawl(tmp_path: Path) -> None:
    """In a process of its own: Twisted's reactor starts once."""
    tests = Path(__file__).parents[1]
    subprocess.run(
        [sys.executable, "-c", SPIDER, str(tmp_path / "items.jsonl")],
        check=True,
        env={"PYTHONPATH": f"{tests}:{tests.parent / 'src'}", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        timeout=120,
    )
    items = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text("utf-8").splitlines()]
    assert [item["text"] for item in items] == ["2日，正文。"] * 3
    assert all(json.loads(item["textclean_meta"]) == {"editor": "李四"} for item in items)
