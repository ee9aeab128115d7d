"""Which documents, or paragraphs, of this corpus does it already have?"""

from __future__ import annotations

import itertools
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textclean import Document, NearDuplicates, Pipeline
from textclean.stages.duplicates import compare, corpus, evidence, fold, join, names, near
from textclean.stages.duplicates.near import EDITS, bands
from textclean.stages.duplicates.verdicts import Removed, Verdict, Verdicts

BASES = [
    "城南水厂三期工程昨日通水日供水能力增加八万吨",
    "合作社把分散的果园连成一片统一修剪统一施肥",
    "春江潮水连海平海上明月共潮生滟滟随波千万里",
]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """``'城南水廠三期程昨日通水…'``: a base with a few characters cut, doubled or turned traditional."""
    base = draw(st.sampled_from([*BASES, "甲", "", "　", "甲乙丙", BASES[0] + BASES[1]]))
    for at in draw(st.lists(st.integers(0, 30), max_size=4)):
        base = base[:at] + draw(st.sampled_from(["", "新", base[at : at + 1] * 2])) + base[at + 1 :]
    return draw(st.sampled_from([base, base.replace("厂", "廠").replace("万", "萬"), f"“{base}”"]))


@st.composite
def corpora(draw: st.DrawFn, paragraphs: bool = False) -> list[Document]:
    """Up to 14 documents with ids in no order, some with a date."""
    bodies = draw(st.lists(st.lists(texts(), max_size=4).map("\n".join) if paragraphs else texts(), max_size=14))
    names = draw(st.permutations([f"{number}.txt" for number in range(len(bodies))]))
    days = st.sampled_from([{}, {"published": "2022-07-22"}, {"published": "2021-01-05"}])
    return [Document(name, body, draw(days)) for name, body in zip(names, bodies, strict=True)]


def grams(text: str, ngram: int) -> set[str]:
    return {text[at : at + ngram] for at in range(len(text) - ngram + 1)} or ({text} if text else set())


def similarity(one: str, other: str, ngram: int) -> float:
    if fold.key(one) == fold.key(other):
        return 1.0 if fold.key(one) else 0.0
    left, right = grams(fold.plain_text(one), ngram), grams(fold.plain_text(other), ngram)
    return len(left & right) / len(left | right) if left and right else 0.0


def learn(learner: NearDuplicates, docs: list[Document], cuts: int = 1) -> dict[str, str]:
    """Removed document → note."""
    stage = learner.decide([learner.observe(docs[start::cuts]) for start in range(cuts)])
    return {doc.id: edit.note for doc in docs for edit in stage(doc)}


OPTIONS = st.fixed_dictionaries(
    {
        "threshold": st.sampled_from([0.5, 0.8, 1.0]),
        "ngram": st.sampled_from([1, 2, 5]),
        "exact": st.booleans(),
        "keep": st.sampled_from(["first", "longest", "earliest published"]),
    }
)


def first(keep: str, doc: Document) -> tuple[Any, ...]:
    day = doc.meta.get("published", "~")
    return {"first": (), "longest": (-len(fold.key(doc.text)),), "earliest published": (day,)}[keep] + (doc.id,)


@given(corpora(), OPTIONS)
def test_who_goes_is_what_looking_at_all_pairs_says(docs: list[Document], options: dict[str, Any]) -> None:
    options["exact"] = True
    keep = sorted(docs, key=lambda doc: first(options["keep"], doc))
    kept: list[Document] = []
    gone = {}
    for doc in keep:
        for other in kept:
            jaccard = similarity(doc.text, other.text, options["ngram"])
            same = fold.key(doc.text) == fold.key(other.text) != ""
            if same or jaccard >= options["threshold"]:
                gone[doc.id] = f"same as {other.id}" if same else f"jaccard {jaccard:.2f} with {other.id}"
                break
        else:
            kept.append(doc)
    assert learn(NearDuplicates(**options), docs) == gone


@given(corpora(), OPTIONS, st.integers(1, 4), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_shards_and_order_change_nothing(docs: list[Document], options: dict[str, Any], cuts: int, random: Any) -> None:
    learner = NearDuplicates(**options)
    once = learn(learner, docs)
    mixed = random.sample(docs, len(docs))
    assert learn(learner, mixed, cuts) == once


@given(corpora(), OPTIONS)
@settings(max_examples=100)
def test_every_removed_document_names_a_kept_one_that_is_similar_enough(
    docs: list[Document], options: dict[str, Any]
) -> None:
    learner = NearDuplicates(**options)
    notes = learn(learner, docs)
    by_id = {doc.id: doc for doc in docs}
    for name, note in notes.items():
        keeper = note.rsplit(" ", 1)[1]
        assert keeper not in notes
        assert similarity(by_id[name].text, by_id[keeper].text, options["ngram"]) >= options["threshold"]


@given(corpora(paragraphs=True), st.booleans())
@settings(max_examples=100)
def test_of_paragraphs_too(docs: list[Document], exact: bool) -> None:
    learner = NearDuplicates(scope="paragraph", min_chars=3, threshold=0.6, ngram=2, exact=exact)
    stage = learner.decide([learner.observe(docs[::2]), learner.observe(docs[1::2])])
    cleaned = {doc.id: doc.edit("d", stage(doc)) for doc in docs}
    for doc in docs:
        after = cleaned[doc.id]
        assert after.original == doc.text
        assert not stage(after)
        assert "\n\n" not in after.text or "\n\n" in doc.text
        for note in (note for row in after.audit() for note in row.note.split("; ")):
            said = re.fullmatch(r"(?:jaccard \d\.\d\d with|same as) (\d+\.txt) ¶(\d+)", note)
            assert said
            lines = [line for line in by_id(docs)[said[1]].text.split("\n") if line.strip()]
            assert lines[int(said[2]) - 1] in cleaned[said[1]].text.split("\n")
    left = [line for doc in cleaned.values() for line in doc.text.split("\n") if len(fold.key(line)) >= 3]
    if exact:
        assert all(similarity(one, other, 2) < 0.6 for one, other in itertools.combinations(left, 2))


def by_id(docs: list[Document]) -> dict[str, Document]:
    return {doc.id: doc for doc in docs}


def test_the_note_names_document_and_paragraph() -> None:
    body = "城南水厂三期工程昨日通水，日供水能力增加八万吨，沿线九个小区高层住户的水压不足问题由此得到缓解。"
    docs = [Document("a", f"标题\n\n{body}"), Document("b", f"{body}\n另一段"), Document("c", f"另一题\n{body[:-1]}！")]
    learner = NearDuplicates(scope="paragraph")
    stage = learner.decide([learner.observe(docs)])
    rows = [row for doc in docs for row in doc.edit("NearDuplicates", stage(doc)).audit()]
    assert [(row.before, row.reason, row.note) for row in rows] == [
        (f"{body}\n", "exact_duplicate", "same as a ¶2"),
        (f"\n{body[:-1]}！", "near_duplicate", "jaccard 0.96 with a ¶2"),
    ]


def test_a_removed_document_leaves_nothing_and_can_be_had_back() -> None:
    docs = [Document("a", "城南水厂三期工程昨日通水。\n"), Document("b", "城南水廠三期工程昨日通水。")]
    pipeline = Pipeline([NearDuplicates()]).learn(docs)
    kept, gone = pipeline.run(docs)
    assert (kept.text, gone.text, gone.original) == (docs[0].text, "", docs[1].text)
    assert pipeline(gone) == gone
    assert [row.reason for row in gone.audit()] == ["exact_duplicate"]


def test_a_document_that_is_not_the_one_observed_is_left_alone() -> None:
    docs = [Document("a", "城南水厂三期工程昨日通水。"), Document("b", "城南水厂三期工程昨日通水。")]
    stage = NearDuplicates().decide([NearDuplicates().observe(docs)])
    assert not stage(Document("b", "另一篇"))
    assert not stage(Document("c", docs[1].text))


def test_the_decided_stage_and_its_evidence_travel() -> None:
    docs = [Document(str(number), BASES[number % 2]) for number in range(5)]
    learner = NearDuplicates()
    shard = pickle.loads(pickle.dumps(learner.observe(docs)))  # noqa: S301  our own bytes
    stage = pickle.loads(pickle.dumps(learner.decide([shard])))  # noqa: S301
    assert [doc.id for doc in docs if stage(doc)] == ["2", "3", "4"]


def test_spilled_evidence_is_a_few_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = [Document(str(number), BASES[number % 2] + chr(0x4E00 + number) * 9) for number in range(500)]
    learner = NearDuplicates(spill=str(tmp_path / "evidence"))
    shards = [learner.observe(docs[::2]), learner.observe(docs[1::2])]
    assert sorted(path.suffix for path in (tmp_path / "evidence").iterdir()) == [".bands", ".bands", ".units", ".units"]
    travelled = [pickle.loads(pickle.dumps(shard)) for shard in shards]  # noqa: S301
    held = learn(NearDuplicates(), docs)
    stage = learner.decide(travelled)
    assert {doc.id: edit.note for doc in docs for edit in stage(doc)} == held
    monkeypatch.setattr(evidence, "IN_MEMORY", 100)  # a file without a name
    assert learn(NearDuplicates(), docs, 3) == held


def test_long_runs_are_settled_like_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    docs = [Document(f"{number:03}", BASES[0] + BASES[1] + BASES[2] + f"第{number}期") for number in range(60)]
    docs += [Document(f"x{number:03}", chr(0x4E00 + 9 * number) * 20 + BASES[2]) for number in range(40)]
    for exact in (False, True):
        learner = NearDuplicates(exact=exact, threshold=0.7)
        with monkeypatch.context() as patch:
            whole = learn(learner, docs)
            patch.setattr(join, "_LONG", 4)
            assert learn(learner, docs) == whole
        assert len(whole) == 59


@pytest.mark.parametrize("exact", [False, True])
def test_what_is_held_at_once_changes_nothing(exact: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = [Document(f"{number:03}", BASES[number % 3] + chr(0x4E00 + number // 3)) for number in range(36)]
    docs += [Document(f"x{number:02}", BASES[0] + BASES[1] + chr(0x5E00 + number)) for number in range(12)]
    learner = NearDuplicates(exact=exact, threshold=0.7)
    whole = learn(learner, docs)
    monkeypatch.setattr(join, "_PAIRS_HELD", 40)
    monkeypatch.setattr(join, "_EDGES_AT_ONCE", 7)
    monkeypatch.setattr(compare, "_CHARACTERS_AT_ONCE", 300)
    monkeypatch.setattr(names, "MANY", 2)
    monkeypatch.setattr(near, "_RANKS_AT_ONCE", 3)
    assert learn(learner, docs) == learn(learner, docs, 5) == whole
    monkeypatch.setattr(join, "_LONG", 4)
    monkeypatch.setattr(join, "_BLOCK", 7)
    assert learn(learner, docs[::-1], 2) == whole


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(
    ("bodies", "removed"),
    [
        ([], 0),
        (["一篇"], 0),
        ([""] * 3000, 0),
        (["　"] * 50, 0),
        (["同一篇"] * 3000, 2999),
        (["甲" * 300_000] * 3, 2),
        (["甲"], 0),
    ],
    ids=[
        "no document",
        "one document",
        "empty strings",
        "blanks",
        "all identical",
        "one character often",
        "one letter",
    ],
)
def test_odd_corpora(bodies: list[str], removed: int, exact: bool) -> None:
    docs = [Document(f"{number:05}", body) for number, body in enumerate(bodies)]
    assert len(learn(NearDuplicates(exact=exact), docs, 2)) == removed


def test_two_documents_with_one_id_are_refused() -> None:
    docs = [Document("a/1", "一"), Document("a/1", "二")]
    with pytest.raises(ValueError, match=r"two documents are called 'a/1'"):
        NearDuplicates().decide([NearDuplicates().observe(docs)])


def test_shards_of_other_settings_are_refused() -> None:
    docs = [Document("a", "一")]
    with pytest.raises(ValueError, match="different settings"):
        NearDuplicates().decide(
            [NearDuplicates().observe(docs), NearDuplicates(ngram=3).observe([Document("b", "二")])]
        )
    with pytest.raises(ValueError, match="other settings"):
        NearDuplicates().decide([NearDuplicates(ngram=3).observe(docs)])


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"scope": "sentence"}, "document, paragraph"),
        ({"threshold": 0.1}, "from 0.3"),
        ({"threshold": 1.5}, "from 0.3"),
        ({"ngram": 0}, "1 to 64"),
        ({"edits": 0.5}, "0.02, 0.05, 0.1"),
        ({"edits": 0.05, "ngram": 3}, "either edits or"),
        ({"keep": "newest"}, "earliest published"),
        ({"min_chars": 0}, "never a duplicate"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        NearDuplicates(**options)


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.58, 0.7, 0.8, 0.9, 0.99, 1.0])
def test_bands_miss_next_to_nothing_at_the_threshold(threshold: float) -> None:
    count, rows = bands(threshold)
    assert count * rows <= 128
    assert (1 - threshold**rows) ** count <= 5e-4


def test_minhash_finds_what_the_complete_join_finds() -> None:
    draw = np.random.default_rng(7)
    han = np.arange(0x4E00, 0x5200)
    docs = []
    for number in range(300):
        base = draw.choice(han, 150)
        for copy in range(2):
            edited = base.copy()
            edited[draw.integers(0, 150, 3 * copy)] = draw.choice(han, 3 * copy)
            docs.append(Document(f"{number}-{copy}", "".join(map(chr, edited))))
    complete, quick = learn(NearDuplicates(exact=True), docs), learn(NearDuplicates(), docs)
    assert len(complete) > 200
    assert set(quick) <= set(complete)
    assert len(quick) >= 0.995 * len(complete)


@pytest.mark.parametrize("edits", EDITS)
def test_the_edit_knob_finds_copies_edited_that_much(edits: float) -> None:
    draw = np.random.default_rng(3)
    han = np.arange(0x4E00, 0x5A00)
    docs = []
    for number in range(100):
        base = draw.choice(han, 300)
        edited = base.copy()
        edited[draw.choice(300, int(edits * 300), replace=False)] = draw.choice(han, int(edits * 300))
        docs += [Document(f"{number}-0", "".join(map(chr, base))), Document(f"{number}-1", "".join(map(chr, edited)))]
    assert len(learn(NearDuplicates(edits=edits), docs)) >= 90


@pytest.mark.parametrize("exact", [False, True])
def test_the_same_text_in_another_form_is_the_same_and_similarity_is_that_of_the_texts(exact: bool) -> None:
    spaced = "使用 Python 3 写的 12 个 脚本 ( 见 附录 ) 已 更新"
    docs = [
        Document("a", spaced),
        Document("b", "使用Python3写的１２个脚本（见附录）已更新"),
        Document("c", "使用　Ｐython 3 寫的 12 個 腳本 ( 見 附錄 ) 已 更新"),
        Document("d", "使用Python3写的１２个脚本（见附录）已更新了"),  # like b, which goes, but not like a, which stays
    ]
    assert learn(NearDuplicates(exact=exact), docs) == {"b": "same as a", "c": "same as a"}
    gone = learn(NearDuplicates(exact=exact), docs[1:])
    assert gone == {"c": "same as b", "d": "jaccard 0.95 with b"}


def test_paragraphs_by_the_date_of_their_document() -> None:
    body = "城南水厂三期工程昨日通水，日供水能力增加八万吨，沿线九个小区高层住户的水压不足问题由此得到缓解。"
    docs = [Document("a", f"题\n{body}"), Document("b", f"{body}\n别的", {"published": "2021-01-05"})]
    learner = NearDuplicates(scope="paragraph", keep="earliest published")
    assert learn(learner, docs) == {"a": "same as b ¶1"}


@given(st.lists(st.integers(1, 3), min_size=1, max_size=6), st.integers(1, 4))
def test_removals_come_in_any_portions(sizes: list[int], portion: int) -> None:
    rows = [(f"d{doc}", 10 * doc, number) for doc, size in enumerate(sizes) for number in range(size)]
    removed = Removed()
    for at in range(0, len(rows), portion):
        some = rows[at : at + portion]
        names = list(dict.fromkeys(name for name, _, _ in some))
        texts = [sum(name == other for other, _, _ in some) for name in names]
        lengths = [next(length for other, length, _ in some if other == name) for name in names]
        said = Verdicts(["k"] * len(some), [number for _, _, number in some], [0.9] * len(some))
        removed.extend(names, lengths, texts, [number for _, _, number in some], said)
    assert {name: (length, list(found)) for name, (length, found) in removed.items()} == {
        f"d{doc}": (10 * doc, list(range(size))) for doc, size in enumerate(sizes)
    }
    assert removed.texts == len(rows)
    assert removed[rows[-1][0]][1][rows[-1][2]] == Verdict("k", rows[-1][2], 0.9)


@given(
    st.lists(st.text("ab\0甲𠀀\ud800\uffff", max_size=20), max_size=20),
    st.sampled_from(["", "folder/file#"]),
    st.integers(1, 9),
)
def test_names_are_put_in_order_as_strings_are(found: list[str], before: str, at_once: int) -> None:
    found = [before + name for name in found]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "_AT_ONCE", at_once)
        order, equal = names.Names(found).order()
    assert [found[place] for place in order] == sorted(found)
    assert sum(equal.tolist()) == len(found) - len(set(found))
    assert all(found[order[at]] == found[order[at - 1]] for at in np.flatnonzero(equal).tolist())


@given(corpora(), st.integers(1, 5), st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_texts_are_read_in_order_of_rank_from_any_shards(
    tmp_path_factory: pytest.TempPathFactory, docs: list[Document], count: int, on_disk: bool, draw: Any
) -> None:
    folder = str(tmp_path_factory.mktemp("spill")) if on_disk else None
    shards = [NearDuplicates(spill=folder).observe(docs[at::count]) for at in range(count)]
    draw.shuffle(shards)
    whole = corpus.Corpus(shards, "first")
    known = {doc.id: fold.plain_text(doc.text) for doc in docs}
    ranks = np.array([rank for rank in range(len(whole)) if draw.random() < 0.7], np.int64)
    texts = whole.read(ranks)
    assert [texts.text(number) for number in range(len(ranks))] == [
        known[whole.ids[owner]] for owner in whole.owners[ranks]
    ]
