"""What the report says must be what the ledger says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from typer.testing import CliRunner

import batching
import textclean
from reporting import cleaned, documents, facts, many, news
from strategies import histories
from textclean import Document, Edit
from textclean.batch import output, plan, report
from textclean.batch.report import gather
from textclean.batch.report.pieces import Why, story
from textclean.cli import app


@given(histories())
def test_the_pieces_are_the_original_and_the_text(case: tuple[str, Document]) -> None:
    text, doc = case
    told = story(doc)
    assert told.original == text == "".join(piece.before for piece in told.pieces)
    assert doc.text == "".join(piece.after for piece in told.pieces)
    for piece in told.pieces:
        assert bool(piece.why) == (piece.before != piece.after)


@given(histories())
def test_each_reason_given_is_one_of_the_ledger(case: tuple[str, Document]) -> None:
    _, doc = case
    rows = [row for row in doc.audit() if row.before != row.after]
    known = {Why(row.stage, row.reason, row.note) for row in rows}
    assert {why for piece in story(doc).pieces for why in piece.why} <= known


@given(histories())
def test_a_fact_stands_where_the_ledger_puts_it(case: tuple[str, Document]) -> None:
    _, doc = case
    marked = doc.edit("marks", [Edit(0, len(doc.text), doc.text, "seen", "twice")]) if doc.text else doc
    facts = [row for row in marked.audit() if row.before == row.after]
    marks = story(marked).marks
    assert len(facts) == len(marks)
    for row, mark in zip(facts, marks, strict=True):
        assert row.start <= mark.start <= mark.end <= len(doc.original)
        assert mark.why == Why(row.stage, row.reason, row.note)


def test_a_change_names_only_what_made_it() -> None:
    doc = Document("a", "新聞，記者。")
    doc = doc.edit("zh", [Edit(0, 6, "新闻，记者。", "script")])
    doc = doc.edit("cut", [Edit(2, 3, "", "punctuation", "comma"), Edit(5, 6, "", "residue")])
    assert [(piece.before, piece.after, [why.reason for why in piece.why]) for piece in story(doc).pieces] == [
        ("新", "新", []),
        ("聞", "闻", ["script"]),
        ("，", "", ["punctuation"]),
        ("記", "记", ["script"]),
        ("者", "者", []),
        ("。", "", ["residue"]),
    ]


def test_what_was_changed_and_changed_back_stayed() -> None:
    doc = Document("a", "中文").edit("a", [Edit(0, 1, "x", "r")]).edit("b", [Edit(0, 1, "中", "r")])
    assert [tuple(piece) for piece in story(doc).pieces] == [("中文", "中文", ())]


def test_what_went_earlier_keeps_its_own_reason_inside_a_later_cut() -> None:
    doc = Document("a", "正文甲乙丙").edit("one", [Edit(3, 4, "", "control")]).edit("two", [Edit(2, 4, "", "footer")])
    assert [(piece.before, [why.reason for why in piece.why]) for piece in story(doc).pieces] == [
        ("正文", []),
        ("甲", ["footer"]),
        ("乙", ["control"]),
        ("丙", ["footer"]),
    ]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run over the shared news."""
    folder = tmp_path_factory.mktemp("report")
    return cleaned(news(folder / "in"), folder / "out")


@pytest.fixture(scope="module")
def page(out: Path) -> bytes:
    """Its report."""
    return report.write(out).read_bytes()


def test_the_same_output_gives_the_same_bytes(out: Path, page: bytes) -> None:
    assert report.write(out).read_bytes() == page


def test_workers_cannot_be_seen_in_the_report(out: Path, page: bytes, tmp_path: Path) -> None:
    other = cleaned(out.parent / "in", tmp_path / "out", jobs=2)
    assert report.write(other).read_bytes() == page


def test_nor_those_that_write_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "A_PROCESS", 1000)  # or so small a run would be one process's work
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3 * plan.SHARD_FILES // 2):
        (folder / f"{number:05d}.txt").write_text(f"第{number}篇的正文。\n本報訊 記者觀察了{number}天。\n")
    out = cleaned(folder, tmp_path / "out")
    assert len(output.shards(out)) > 1
    alone = report.write(out).read_bytes()
    assert report.write(out, 2).read_bytes() == alone


def test_every_document_is_there_whole(out: Path, page: bytes) -> None:
    found = facts(page)["docs"]
    entries = [entry.doc for entry in output.entries(out) if entry.doc is not None]
    assert found["id"] == [doc.id for doc in entries]
    assert found["before"] == [len(doc.original) for doc in entries]
    assert found["after"] == [len(doc.text) for doc in entries]
    for doc, row in zip(entries, documents(page), strict=True):
        pieces = [(piece, piece) if isinstance(piece, str) else piece[:2] for piece in row["pieces"]]
        assert ("".join(before for before, _ in pieces), "".join(after for _, after in pieces)) == (
            doc.original,
            doc.text,
        )
        assert row["meta"] == doc.meta


def test_figures_are_those_of_the_run(out: Path, page: bytes) -> None:
    found, totals = facts(page), json.loads((out / "manifest.json").read_bytes())["totals"]
    assert found["totals"]["characters_in"] == totals["characters_in"]
    assert found["totals"]["gone"] == 1 == totals["documents"] - totals["left"]
    assert {f"{stage}/{reason}": edits for stage, reason, edits, _, _ in found["steps"]} == totals["edits"]
    assert {(reason, documents) for _, reason, _, _, documents in found["steps"]} == {
        ("script", 5),
        ("byline", 3),
        ("exact_duplicate", 1),
        ("<b>loud", 1),
    }
    assert sum(found["sizes"][1]) == sum(found["left"]) == totals["documents"]
    assert found["totals"]["problems"] == len(found["problems"]) == 1


def test_duplicates_name_the_one_that_stays(page: bytes) -> None:
    clusters = facts(page)["clusters"]["rows"]
    assert clusters == [["site/a.txt", 1, [["site/b.txt", "exact_duplicate", "same as site/a.txt", True]]]]


def test_templates_tell_on_how_many_pages_and_how_often_they_went(page: bytes) -> None:
    rows = {line: row for site, line, *row in facts(page)["templates"]["rows"] if site == "site"}
    assert rows["某某新闻网首页"] == ["3 of 3 pages", 3, 1]  # it went with the one document that went whole
    assert rows["責編:李四"] == ["3 of 3 pages", 3, 3]


def test_nothing_of_a_document_is_markup(page: bytes) -> None:
    blocks = re.compile(rb'<script type="text/plain" id="block-\d+">[^<]*</script>')  # no tag can begin in them
    assert b"window.hit" in page
    assert b"window.hit" not in blocks.sub(b"", page)
    assert page.count(b"<script") == 3 + len(facts(page)["blocks"]) - 1  # facts, program, blocks
    assert b"{{" not in page.replace(b"{{facts}}", b"")


def test_the_page_asks_for_nothing(page: bytes) -> None:
    text = page.decode()
    addresses = set(re.findall(r"\w+://[^\"'\s)<]*", text))
    assert addresses == {"http://www.w3.org/2000/svg"}  # the name of a language, not a place
    assert "default-src 'none'" in text


def test_of_a_large_run_an_even_sample_is_shown(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = cleaned(many(tmp_path / "in", 400), tmp_path / "out")
    monkeypatch.setattr(gather, "DOCUMENTS", 100)
    found = facts(report.write(large).read_bytes())
    assert 70 < len(found["docs"]["id"]) < 130
    assert found["totals"]["documents"] == sum(found["left"]) == 400
    assert found["steps"][0][4] == 134  # documents, not those of the sample


def test_a_document_of_a_book_s_length_is_shown_by_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "LONGEST", 10)
    doc = Document("a", "國" * 30).edit("s", [Edit(5, 30, "国" * 25, "script")])
    row = json.loads(gather.Gathered().add(doc))
    assert (row["short"], row["pieces"]) == (10, ["國" * 5, ["國" * 5, "国" * 5, [0]]])


def test_lone_surrogates_come_through() -> None:
    doc = Document("a", "x\ud83dy").edit("s", [Edit(1, 2, "\ufffd", "code_point")])
    row = json.loads(gather.Gathered().add(doc))
    assert row["pieces"] == ["x", ["\ud83d", "\ufffd", [0]], "y"]


def test_an_empty_run_has_a_report(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("", encoding="utf-8")
    page = report.write(cleaned(tmp_path / "in", tmp_path / "out")).read_bytes()
    assert facts(page)["totals"]["changed"] == 0


def test_no_report_of_what_is_no_finished_run(tmp_path: Path) -> None:
    with pytest.raises(output.Damaged):
        report.write(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_new_run_takes_the_old_report_away(tmp_path: Path) -> None:
    out = cleaned(many(tmp_path / "in", 3), tmp_path / "out")
    report.write(out)
    cleaned(tmp_path / "in", out, fresh=True)
    assert not (out / "report.html").exists()


def test_clean_writes_it_and_report_writes_it_again(tmp_path: Path) -> None:
    many(tmp_path / "in", 3)
    (tmp_path / "p.toml").write_text(batching.LEDGER, encoding="utf-8")
    out, pipeline = str(tmp_path / "out"), ["--pipeline", str(tmp_path / "p.toml"), "--allow-code", "-j", "1"]
    done = CliRunner().invoke(app, ["clean", str(tmp_path / "in"), "-o", out, *pipeline])
    assert done.exit_code == 0
    page = (tmp_path / "out" / "report.html").read_bytes()
    (tmp_path / "out" / "report.html").unlink()
    done = CliRunner().invoke(app, ["report", out])
    assert (done.exit_code, done.stdout.strip()) == (0, str(tmp_path / "out" / "report.html"))
    assert (tmp_path / "out" / "report.html").read_bytes() == page
    (tmp_path / "out" / "_SUCCESS").unlink()
    assert CliRunner().invoke(app, ["report", out]).exit_code == 1


def test_a_run_may_go_without_a_report(tmp_path: Path) -> None:
    many(tmp_path / "in", 3)
    words = ["clean", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--no-report", "-j", "1"]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert not (tmp_path / "out" / "report.html").exists()


PAGE = Path(report.__file__).parent / "web"


def test_every_word_is_there_in_both_languages_and_used() -> None:
    words = json.loads((PAGE / "words.json").read_text("utf-8"))
    scripts = "\n".join(path.read_text("utf-8") for path in PAGE.glob("*.js"))
    for key, sentences in words["ui"].items():
        assert len(sentences) == 2, key
        english, chinese = (set(re.findall(r"{\w+}", sentence)) - {"{n}"} for sentence in sentences)
        assert english == chinese, key
        stems = ("theme_", "state_", "sort_", "view_", "keys_")
        assert f'"{key}"' in scripts or key.startswith(stems), f"{key} is said nowhere"
    for key in re.findall(r'\bt\("(\w+)"', scripts):
        assert key in words["ui"]
    assert {names[0] for names in words["reasons"].values()} <= set(words["families"])


def test_every_reason_of_the_shipped_rules_has_a_name() -> None:
    words = json.loads((PAGE / "words.json").read_text("utf-8"))
    rules = Path(textclean.__file__).parent / "rules"
    reasons = {
        reason
        for path in rules.glob("*.toml")
        for reason in re.findall(r'^reason = "(\w+)"', path.read_text("utf-8"), re.MULTILINE)
    }
    assert reasons
    assert reasons <= set(words["reasons"])
    stages = {name for name in textclean.stages.__all__ if name != "SiteTable"}
    assert stages <= set(words["stages"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(theme: str) -> None:
    style = (PAGE / "page.css").read_text("utf-8")
    start = style.index(':root[data-theme="dark"]') if theme == "dark" else 0
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", style[start : style.index("}", start)]))
    for hue in ("furniture", "about", "copies", "damage", "writing", "script", "other"):
        assert contrast(colours[hue], colours["paper"]) >= 4.5
        assert contrast(colours["ink"], colours[f"{hue}-wash"]) >= 4.5
        assert contrast(colours["soft"], colours[f"{hue}-wash"]) >= 4.5
    for name in ("ink", "soft", "link"):
        for behind in ("paper", "sheet", "wash"):
            assert contrast(colours[name], colours[behind]) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_both_dark_palettes_are_one() -> None:
    style = (PAGE / "page.css").read_text("utf-8")
    by_system, by_switch = (
        re.findall(r"--[\w-]+: #\w{6}", style[at : style.index("}", at)])
        for at in (style.index(':root:not([data-theme="light"])'), style.index(':root[data-theme="dark"]'))
    )
    assert by_system == by_switch
