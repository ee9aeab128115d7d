"""The report as a person meets it: in a real browser, opened from disk."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reporting import HOSTILE, cleaned, many, news, written
from textclean import Document, Edit
from textclean.batch import report

pytestmark = pytest.mark.browser
playwright: Any = pytest.importorskip(
    "playwright.sync_api", reason="the report is opened with Playwright, which is not here"
)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PARTS = ("#/", "#/documents", "#/document/0", "#/document/1", "#/duplicates", "#/templates", "#/run")
Open = Callable[..., Any]
expect = playwright.expect


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless chromium."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine to open the report with")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a few documents, some of them hostile."""
    folder = tmp_path_factory.mktemp("small")
    return report.write(cleaned(news(folder / "in"), folder / "out"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on 450 documents, in several blocks."""
    folder = tmp_path_factory.mktemp("large")
    out = cleaned(many(folder / "in", 450), folder / "out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "BLOCK", 4000)
        return report.write(out)


@pytest.fixture
def opened(browser: Any) -> Iterator[Open]:
    """Open a report from disk; at the end, nothing was asked for and nothing complained."""
    contexts, requests, complaints = [], [], []

    def open_page(path: Path, part: str = "", **options: Any) -> Any:
        context = browser.new_context(**{"locale": "en-US", **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri() + part)
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    assert all(url.startswith("file://") and url.split("#")[0].endswith("/report.html") for url in requests)
    assert len(requests) == len(contexts)
    assert complaints == []
    for context in contexts:
        context.close()


def go(page: Any, part: str) -> None:
    """Go to another part of the report, as a link would."""
    page.evaluate(
        """part => location.hash === part || new Promise((done) => {
            addEventListener("hashchange", () => setTimeout(done), { once: true });
            location.hash = part;
        })""",
        part,
    )
    expect(page.locator("main[aria-busy]")).to_have_count(0)


def document(page: Any, name: str) -> None:
    """Open the document of this name through the list, as a person would."""
    go(page, "#/documents")
    page.fill("#search", name)
    expect(page.locator("#rows .id")).to_have_text([re.compile(re.escape(name))])  # one row, and this one
    page.locator("#rows a").click()
    page.wait_for_selector("#text")


def ids(page: Any) -> list[str]:
    return list(page.locator("#rows .id").all_inner_texts())


def test_it_opens_and_tells_the_figures(small: Path, opened: Open) -> None:
    page = opened(small)
    assert page.locator("h1").inner_text().startswith("6 documents in, 5 left.")
    assert page.locator("table.reasons a").first.is_visible()
    assert page.locator("svg.stack rect").count() > 1
    page.wait_for_selector("svg.columns rect")
    page.get_by_role("link", name="byline").click()
    page.wait_for_selector("#rows")
    assert ids(page) == ["site/a.txt", "site/b.txt", "site/c.txt"]


def test_lines_that_look_like_markup_are_text(small: Path, opened: Open) -> None:
    page = opened(small)
    document(page, "hostile")
    shown = page.locator("#text").inner_text()
    for line in HOSTILE[:-1]:
        assert line in shown
    assert "aU+2028bU+2029cU+0007dU+202Ee" in shown, "what cannot be seen is shown by its number"
    for part in PARTS:
        go(page, part)
        assert page.locator("main :is(script, img, b, i, iframe)").count() == 0
    assert page.evaluate("window.hit") is None
    document(page, "window.hit")
    assert page.locator(".document .id").inner_text() == '"><script>window.hit=4</script>'


def test_before_and_after_stand_side_by_side_with_reasons(small: Path, opened: Open) -> None:
    page = opened(small, viewport={"width": 1300, "height": 800})
    document(page, "site/c.txt")
    rows = page.locator("#text .row:not(.head)")
    changed = rows.filter(has_text="別國的事")
    assert changed.locator(".was").inner_text().startswith("別國的事")
    assert changed.locator(".is").inner_text() == "別国的事"
    left, right = changed.locator(".was").bounding_box(), changed.locator(".is").bounding_box()
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]
    gone = page.locator("#text .row.gone")
    assert gone.locator(".was").inner_text().startswith("責編:李四")
    assert gone.locator(".is").inner_text().split() == ["byline", "last", "line"]
    colours = [changed.locator("del"), gone.locator("del")]
    assert len({each.evaluate("node => getComputedStyle(node).backgroundColor") for each in colours}) == 2


def test_each_change_tells_its_evidence(small: Path, opened: Open) -> None:
    page = opened(small)
    document(page, "site/c.txt")
    page.keyboard.press("n")
    evidence = page.locator("#evidence")
    assert page.locator("ins.edit").get_attribute("title") == "traditional to simplified"
    assert evidence.inner_text().split()[:7] == ["Respelled國", "→", "国", "traditional", "to", "simplified", "swap"]
    page.keyboard.press("n")
    assert "last line" in evidence.inner_text()
    assert "Removed" in page.locator("#spoken").inner_text()
    page.keyboard.press("p")
    assert page.locator("ins.edit.now").inner_text() == "国"
    page.locator(".row.gone del").click()
    assert "footer" in page.locator("#evidence").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#evidence").is_hidden()


def test_what_cannot_be_seen_can_be_seen_when_it_went(opened: Open, tmp_path: Path) -> None:
    doc = Document("a", "一\u3000二\u200b三").edit("s", [Edit(1, 2, "", "space"), Edit(3, 4, "", "control", "U+200B")])
    page = opened(written([doc], tmp_path), "#/document/0")
    assert page.locator("#text .was").inner_text() == "一\u3000二U+200B三"
    page.keyboard.press("n")
    assert "U+3000" in page.locator("#evidence").inner_text()


def test_a_line_feed_that_went_is_shown_where_it_stood(opened: Open, tmp_path: Path) -> None:
    doc = Document("a", "一行断\n成两行。\n\n尾").edit("s", [Edit(3, 4, "", "line_end"), Edit(8, 11, "", "footer")])
    page = opened(written([doc], tmp_path), "#/document/0")
    assert page.locator("#text .was").all_inner_texts() == ["一行断⏎", "成两行。", "", "尾"]
    assert page.locator("#text .is").all_inner_texts() == ["一行断", "成两行。", "", "footer"]


def test_a_reason_can_be_silenced(small: Path, opened: Open) -> None:
    page = opened(small)
    document(page, "site/c.txt")
    chip = page.locator('.controls .chip[data-reason="script"]')
    chip.click()
    assert chip.get_attribute("aria-pressed") == "false"
    assert page.locator("del.quiet").inner_text() == "國"
    page.keyboard.press("n")
    assert "last line" in page.locator("#evidence").inner_text(), "the silenced one is passed over"


def test_documents_are_searched_filtered_and_sorted(large: Path, opened: Open) -> None:
    page = opened(large, "#/documents")
    assert page.locator("#count").inner_text() == "450 documents"
    assert page.locator("#rows tbody tr").count() == 100
    page.get_by_role("button", name="Next page").click()
    assert ids(page)[0] == "row0100"
    page.fill("#search", "ROW000")
    expect(page.locator("#rows tbody tr")).to_have_count(10)
    page.fill("#search", "之123号")
    page.wait_for_selector("#rows .empty, #rows tbody tr")
    page.check("#in-texts")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    assert ids(page) == ["row0123"]
    page.fill("#search", "")
    page.locator('#reasons .chip[data-reason="script"]').click()
    expect(page.locator("#count")).to_contain_text("150 of")
    page.get_by_role("button", name="Clear").click()
    page.select_option("#state", "same")
    assert page.locator("#count").inner_text() == "300 of 450 documents"
    page.select_option("#sort", "name")
    assert ids(page)[0] == "row0001"


def test_a_text_is_found_before_and_after(large: Path, opened: Open) -> None:
    page = opened(large, "#/documents")
    page.check("#in-texts")
    for word in ("國正文之3号", "国正文之3号"):
        page.fill("#search", word)
        expect(page.locator("#rows tbody tr")).to_have_count(1)
        assert ids(page) == ["row0003"]


def test_a_document_that_stays_is_named_for_each_that_went(small: Path, opened: Open) -> None:
    page = opened(small, "#/duplicates")
    assert page.locator(".clusters .keeper .id").inner_text() == "site/a.txt"
    gone = page.locator(".clusters li li")
    assert gone.locator(".id").inner_text() == "site/b.txt"
    assert gone.locator(".note").inner_text() == "exact duplicate"
    assert gone.locator(".note").get_attribute("title") == "same as site/a.txt"
    page.locator(".clusters li li a").click()
    page.wait_for_selector(".verdict")
    assert page.locator(".verdict").inner_text() == "All of this document was removed."


def test_site_templates_and_problems_are_listed(small: Path, opened: Open) -> None:
    page = opened(small, "#/templates")
    line = page.locator("table.templates tbody tr").filter(has_text="責編:李四")
    assert line.inner_text().split()[1:] == ["site", "3", "of", "3", "pages", "3", "3"]
    go(page, "#/run")
    page.wait_for_selector(".stages")
    assert "rows.jsonl:2" in page.locator("main").inner_text()


@pytest.mark.parametrize(
    ("locale", "heading"), [("zh-CN", "共 6 篇文档"), ("en-GB", "6 documents in"), ("fr-FR", "6 doc")]
)
def test_it_speaks_the_language_of_the_browser(locale: str, heading: str, small: Path, opened: Open) -> None:
    page = opened(small, locale=locale)
    assert page.locator("h1").inner_text().startswith(heading)
    assert page.evaluate("document.documentElement.lang") == ("zh-CN" if locale.startswith("zh") else "en")


def test_language_and_theme_can_be_chosen_and_stay(small: Path, opened: Open) -> None:
    page = opened(small, color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(23, 24, 26)"
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(background) == "rgb(252, 251, 249)"
    page.get_by_role("button", name="中文").click()
    assert page.get_by_role("link", name="文档", exact=True).is_visible()
    assert page.get_by_role("button", name="浅色").get_attribute("aria-pressed") == "true"
    page.keyboard.press("t")
    assert page.evaluate(background) == "rgb(23, 24, 26)"


def test_the_keys_do_what_the_help_says(large: Path, opened: Open) -> None:
    page = opened(large)
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    assert page.locator("#help dt").count() == 9
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").is_hidden()
    page.keyboard.press("/")
    page.wait_for_selector("#search:focus")
    page.keyboard.type("row000")
    expect(page.locator("#rows tbody tr")).to_have_count(10)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#text")
    assert page.locator(".document .id").inner_text() == "row0001"
    page.keyboard.press("j")
    expect(page.locator(".document .id")).to_have_text("row0002")
    page.keyboard.press("v")
    assert page.locator("#text").get_attribute("data-view") == "before"
    page.keyboard.press("Escape")
    expect(page.locator("#rows a:focus")).to_have_attribute("href", "#/document/2")  # where the reader was
    for key, section in ("3", "duplicates"), ("4", "templates"), ("5", "run"), ("1", "overview"):
        page.keyboard.press(key)
        page.wait_for_selector(f"main.{section}")
    page.keyboard.press("l")
    page.wait_for_selector("html[lang=zh-CN]")


def test_everything_one_can_use_has_a_name(small: Path, opened: Open) -> None:
    page = opened(small)
    nameless = """() => [...document.querySelectorAll('button, a, input, select')].filter((node) => node.offsetParent
        && !(node.getAttribute('aria-label') || node.textContent.trim() || (node.labels && node.labels.length)))
        .map((node) => node.outerHTML)"""
    for part in PARTS:
        go(page, part)
        assert page.evaluate(nameless) == []
        assert page.locator("h1").count() == 1
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_nothing_is_cut_off_on_a_phone(small: Path, opened: Open) -> None:
    page = opened(small, viewport={"width": 360, "height": 740})
    for part in PARTS:
        go(page, part)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, part
