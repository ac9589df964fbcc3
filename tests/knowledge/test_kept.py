"""What was read and learned once is used again: the facts, the questions, and a model as long as nothing it was learned
from has changed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import compiled, kept_questions, load
from knowledge.errors import KnowledgeError
from knowledge.files import DATA, question_files, read_directory, version_of
from knowledge.lessons import questions
from knowledge.load import load_files
from knowledge.prepare import facts, prepare_files
from tests.bot import little

FILES = little.whole()


def edited(name: str, old: str, new: str) -> dict[str, bytes]:
    assert old.encode() in FILES[name]
    return {**FILES, name: FILES[name].replace(old.encode(), new.encode())}


def fingerprint(files: dict[str, bytes]) -> str:
    return compiled.fingerprint(load_files(files)[0].kb, question_files(files))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("contacts/aa.yaml", "65283888", "65283999"),
        ("organisations.yaml", "29487108", "29487109"),
        ("instruments.yaml", "Sēdes ir atklātas.", "Sēdes ir slēgtas."),
        ("instruments.yaml", "Reizi mēnesī.", "Divreiz mēnesī."),
        ("texts/lv.yaml", "Labdien!", "Sveiki!"),
        ("topics/all.yaml", "topics:", "# nothing\ntopics:"),
    ],
)
def test_what_words_are_not_learned_from_needs_no_new_model(name: str, old: str, new: str) -> None:
    assert fingerprint(edited(name, old, new)) == fingerprint(FILES)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("topics/all.yaml", "names: {lv: [pāris]}", "names: {lv: [pāris, divi]}"),
        ("organisations.yaml", "groups: [duo], area: [aa]", "groups: [partners], area: [aa]"),
        ("instruments.yaml", "cik bieži ir sēdes", "cik reti ir sēdes"),
        ("places.yaml", "name: Dē,", "name: Dēe,"),
        ("words/lv.yaml", "function: [", "function: [bezgala,"),
        ("questions/q.yaml", "labdien", "labdien!"),
    ],
)
def test_what_words_are_learned_from_does(name: str, old: str, new: str) -> None:
    assert fingerprint(edited(name, old, new)) != fingerprint(FILES)


def test_facts_are_kept_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = facts(FILES, tmp_path)
    monkeypatch.setattr(load, "load_files", None)
    again = facts(FILES, tmp_path)
    assert again == read
    assert list(again.kb.topics) == list(read.kb.topics)
    asked_otherwise = edited("questions/q.yaml", "labdien", "labdien!")
    assert facts(asked_otherwise, tmp_path).kb.version == version_of(asked_otherwise) != read.kb.version


def test_the_shipped_facts_are_kept_as_they_were(tmp_path: Path) -> None:
    data = read_directory(DATA)
    assert facts(data, tmp_path) == facts(data, tmp_path) == load_files(data)[0]


def test_other_facts_are_read_anew_and_so_are_those_that_were_damaged(tmp_path: Path) -> None:
    for damage in (b"", b"{", b'{"kb": 1}'):
        first = facts(FILES, tmp_path)
        next(tmp_path.glob("*.facts.json")).write_bytes(damage)
        assert facts(FILES, tmp_path) == first
    changed = facts(edited("organisations.yaml", "29487108", "29487109"), tmp_path)
    assert changed.kb.entries != first.kb.entries
    for number in range(5):
        facts(edited("texts/lv.yaml", "Labdien!", f"Labdien {number}!"), tmp_path)
    assert len(list(tmp_path.glob("*.facts.json"))) == 3


def test_questions_are_kept_as_they_were(tmp_path: Path) -> None:
    learned: list[str] = []
    first = prepare_files(FILES, tmp_path, lambda: learned.append("once"), all_files=True)
    again = prepare_files(FILES, tmp_path, lambda: learned.append("twice"), all_files=True)
    assert learned == ["once"]
    assert first.questions == again.questions == tuple(questions(load_files(FILES)[1]))
    assert prepare_files(FILES, tmp_path).questions == ()
    for damage in (b"", b"{", b"[{}, 1]"):
        next(tmp_path.glob("*.questions.json")).write_bytes(damage)
        assert prepare_files(FILES, tmp_path, all_files=True).questions == first.questions


def test_kept_questions_that_no_longer_fit_are_told_with_their_line(tmp_path: Path) -> None:
    prepare_files(FILES, tmp_path)
    with pytest.raises(KnowledgeError, match=r"questions/q.yaml:3: .*contact/aa/police is not known"):
        prepare_files(edited("contacts/aa.yaml", "id: police,", "id: policemen,"), tmp_path, all_files=True)


def test_questions_go_with_their_model(tmp_path: Path) -> None:
    for number in range(5):
        prepare_files(edited("questions/q.yaml", "labdien", f"labdien {number}"), tmp_path)
    kept_questions.save((), tmp_path, "new")
    kept = {path.name.partition(".")[0] for path in tmp_path.glob("*.questions.json")}
    assert kept == {path.name.partition(".")[0] for path in tmp_path.glob("*.npz")} | {"new"}


def test_everything_wrong_is_told_in_facts_and_in_questions() -> None:
    broken = edited("contacts/aa.yaml", "+371 65283888", "+371 6") | {"questions/q.yaml": b"questions: [\n"}
    with pytest.raises(KnowledgeError) as caught:
        prepare_files(broken)
    assert [problem.file for problem in caught.value.problems] == ["contacts/aa.yaml", "questions/q.yaml"]
