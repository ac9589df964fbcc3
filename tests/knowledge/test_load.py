"""Loading a directory: a snapshot, or every problem at once with file, line, key and what to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError, Problem
from knowledge.files import MAX_TOTAL_BYTES, read_directory, version_of
from knowledge.load import load
from knowledge.model import EntryKind, Language, TopicKind
from knowledge.questions import read_questions
from tests.knowledge.samples import SMALL, edited, encoded, problems, write


def errors(directory: Path) -> list[Problem]:
    with pytest.raises(KnowledgeError) as caught:
        load(directory)
    return list(caught.value.problems)


def test_a_good_directory_becomes_a_snapshot(tmp_path: Path) -> None:
    kb = load(write(tmp_path, SMALL)).kb
    assert set(kb.entries) == {
        "contact/kraslava/policija", "organisation/centrs", "instrument/budzets",
        "practice/tikls", "practice/tikls-riga",
    }  # fmt: skip
    assert kb.topics["policija"].entries == ("contact/kraslava/policija",)
    assert kb.topics["centri"].entries == ("organisation/centrs",)
    assert kb.topics["instrument/budzets#gads"].kind is TopicKind.ANSWER
    assert [municipality.id for municipality in kb.covered] == ["kraslava"]


def test_an_entry_takes_source_and_date_from_the_head_of_its_file(tmp_path: Path) -> None:
    entry = load(write(tmp_path, SMALL)).kb.entries["contact/kraslava/policija"]
    assert (entry.kind, entry.area, entry.as_of) == (EntryKind.CONTACT, ("kraslava",), "2023")
    assert (entry.source.document, entry.source.section) == ("000", "Krāslavas novads")


def test_a_bare_text_is_a_latvian_text_wherever_a_text_stands(tmp_path: Path) -> None:
    kb = load(write(tmp_path, SMALL)).kb
    budget = kb.entries["instrument/budzets"]
    assert budget.law is not None
    assert budget.law.section is not None
    phone = kb.entries["contact/kraslava/policija"].phones[1]
    assert phone.title is not None
    assert (budget.title.lv, budget.law.title.lv, budget.law.section.lv, phone.title.lv) == (
        "Līdzdalības budžets", "Pašvaldību likums", "59. pants", "diennakts tālrunis",
    )  # fmt: skip


def test_names_of_several_languages_stay_apart(tmp_path: Path) -> None:
    topic = load(write(tmp_path, SMALL)).kb.topics["policija"]
    assert topic.names.items() == ((Language.LV, "pašvaldības policija"), (Language.EN, "municipal police"))
    assert topic.title.get(Language.RU) == "муниципальная полиция"
    assert topic.title.get(Language.EN) == topic.title.lv


def test_an_entry_of_a_topic_answers_for_the_topics_above_it(tmp_path: Path) -> None:
    above = "- {id: kartiba, kind: office, title: kārtība, names: [kārtība]}\n"
    files = edited("topics/all.yaml", "  kind: office\n", "  kind: office\n  parent: kartiba\n")
    files["topics/more.yaml"] = "topics:\n" + above
    assert load(write(tmp_path, files)).kb.topics["kartiba"].entries == ("contact/kraslava/policija",)


def test_topics_that_are_above_each_other_do_no_harm(tmp_path: Path) -> None:
    files = edited("topics/all.yaml", "  kind: office\n", "  kind: office\n  parent: centri\n")
    files["topics/all.yaml"] = files["topics/all.yaml"].replace("kind: group,", "kind: group, parent: policija,")
    kb = load(write(tmp_path, files)).kb
    assert set(kb.topics["policija"].entries) == set(kb.topics["centri"].entries)


CONTACT, ORGANISATION, TOPICS, PLACES = "contacts/kraslava.yaml", "organisations.yaml", "topics/all.yaml", "places.yaml"
PHONE, EMAIL, PAGE = "+371 65622907", "policija@kraslava.lv", "https://www.kraslava.lv/lv/policija"
UNKNOWN_KEY = "unknown key: correct its spelling or remove it (docs/knowledge.md lists the keys)"
AN_ORGANISATION = "  title: NVO centrs\n"

WRONG = [
    (CONTACT, PHONE, "+371 6562290", 8, "contacts.0.phones.0", "no valid phone number"),
    (CONTACT, PHONE, "+371 00000000", 8, "contacts.0.phones.0", "no valid phone number"),
    (CONTACT, PHONE, "65622907", 8, "contacts.0.phones.0", "write +371 and eight digits"),
    (CONTACT, PHONE, "²²²²", 8, "contacts.0.phones.0", "no valid phone number"),
    (CONTACT, PHONE, "1" * 300, 8, "contacts.0.phones.0", "no valid phone number"),
    (CONTACT, PHONE, "1", 8, "contacts.0.phones.0", "no valid phone number"),
    (CONTACT, PHONE, "zvaniet rīt", 8, "contacts.0.phones.0", "no valid phone number"),
    (CONTACT, PHONE, '"+371 65622907; +371 65681772"', 8, "contacts.0.phones.0", "no valid phone number"),
    (CONTACT, f"[{PHONE}, {{number: 8898, title: diennakts tālrunis}}]", PHONE, 8, "contacts.0.phones", "write a list"),
    (CONTACT, EMAIL, "policija.kraslava.lv", 9, "contacts.0.emails.0", "no valid e-mail address"),
    (CONTACT, EMAIL, "policija@kraslava", 9, "contacts.0.emails.0", "no valid e-mail address"),
    (CONTACT, EMAIL, "poli cija@kraslava.lv", 9, "contacts.0.emails.0", "no valid e-mail address"),
    (CONTACT, EMAIL, '"policija@kraslava.lv, dome@kraslava.lv"', 9, "contacts.0.emails.0", "no valid e-mail address"),
    (CONTACT, PAGE, "www.kraslava.lv", 10, "contacts.0.pages.0", "write https://…"),
    (CONTACT, PAGE, "ftp://kraslava.lv", 10, "contacts.0.pages.0", "write https://…"),
    (CONTACT, PAGE, "https://kraslava", 10, "contacts.0.pages.0", "write https://…"),
    (CONTACT, PAGE, "https://www.kraslava.lv/lv policija", 10, "contacts.0.pages.0", "write https://…"),
    (CONTACT, PAGE, "https://[::1", 10, "contacts.0.pages.0", "no valid address"),
    (CONTACT, PAGE, "https://kraslava..lv", 10, "contacts.0.pages.0", "no valid address"),
    ("instruments.yaml", "https://likumi.lv/ta/id/336956", "likumi.lv", 8, "instruments.0.law", "no valid address"),
    (ORGANISATION, "as_of: 2023-05-11", "as_of: 2023-02-30", 2, "as_of", "day is out of range"),
    (ORGANISATION, "as_of: 2023-05-11", "as_of: 11.05.2023", 2, "as_of", "a date: 2023 or 2023-05-11"),
    (ORGANISATION, 'document: "000"', 'document: "007"', 1, "source.document", "use one of '000'"),
    (ORGANISATION, AN_ORGANISATION, "  titel: NVO centrs\n", 4, "organisations.0.title", "missing: add it"),
    (ORGANISATION, AN_ORGANISATION, "  title:\n", 7, "organisations.0.title", "write it or remove it"),
    (ORGANISATION, AN_ORGANISATION, "  title: {ru: центр}\n", 7, "organisations.0.title.lv", "missing: add it"),
    (ORGANISATION, AN_ORGANISATION, "  title: {lv: a, de: b}\n", 7, "organisations.0.title.de", "unknown key"),
    (ORGANISATION, AN_ORGANISATION, AN_ORGANISATION + "  phone: 1\n", 8, "organisations.0.phone", "unknown key"),
    (ORGANISATION, AN_ORGANISATION, AN_ORGANISATION + "  names: [centrs, '']\n", 8, "organisations.0.names.1", "empty"),
    (ORGANISATION, AN_ORGANISATION, AN_ORGANISATION + "  names: {lv: centrs}\n", 8, "organisations.0.names.lv", "list"),
    (ORGANISATION, AN_ORGANISATION, AN_ORGANISATION + "  doubtful: ja\n", 8, "organisations.0.doubtful", "true"),
    (ORGANISATION, "id: centrs", "id: NVO_centrs", 4, "organisations.0.id", "use a-z, digits and hyphens"),
    (ORGANISATION, "id: centrs", "id: [centrs]", 4, "organisations.0.id", "write a text here"),
    (ORGANISATION, "organisations:\n", "organizations:\n", 4, "organizations", "unknown key"),
    (TOPICS, "kind: office", "kind: biroja", 3, "topics.0.kind", "use one of 'office', 'group', 'smalltalk'"),
    (PLACES, "lat: 56.0951", "lat: ziemeļi", 13, "places.0.lat", "write a number"),
    (PLACES, "lat: 56.0951", "lat: nan", 13, "places.0.lat", "less than or equal to 59"),
    (PLACES, "loc: Dagdā}", "lok: Dagdā}", 15, "places.0.forms.lok", "use one of 'nom', 'gen'"),
    (PLACES, "kind: pilseta", "kind: village", 11, "places.0.kind", "use one of 'pilseta'"),
    ("words/lv.yaml", "language: lv", "language: de", 1, "language", "use one of 'lv', 'ru' or 'en'"),
    ("texts/lv.yaml", "sveiciens: Labdien!", 'sveiciens: ""', 4, "texts.sveiciens", "must not be empty"),
    ("instruments.yaml", "level: municipality", "level: city", 5, "instruments.0.level", "use one of 'municipality'"),
    (ORGANISATION, "values: [+371 26565858, +371 26565859]", "values: [+371 26565858]", 10,
     "organisations.0.conflicts.0.values", "needs more values"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "line", "key", "message"), WRONG)
def test_a_value_that_does_not_fit_is_named(
    tmp_path: Path, file: str, old: str, new: str, line: int, key: str, message: str
) -> None:
    found = errors(write(tmp_path, edited(file, old, new)))
    assert (file, line, key) in {(problem.file, problem.line, problem.key) for problem in found}
    assert any(message in problem.message for problem in found if problem.key == key)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (PHONE, "8898"),
        (PHONE, "+37165622907"),
        (PHONE, "+371 6 703 9252"),
        (PHONE, "+371 80020091"),
        (EMAIL, "pasts@augšdaugavasnovads.lv"),
        (EMAIL, "Alliance4Dev@gmail.com"),
        (PAGE, "https://www.augšdaugavasnovads.lv/pasvaldiba/sabiedriba/biedribas/"),
        (PAGE, "http://www.radiolg.lv/"),
        (PAGE, "https://www.augsdaugavasnovads.lv/publiskie-dokumenti/page/2/?f1=178&f4=180"),
    ],
)
def test_what_the_documents_hold_is_allowed(tmp_path: Path, old: str, new: str) -> None:
    assert not [p for p in problems(write(tmp_path, edited(CONTACT, old, new))) if p.file == CONTACT]


def test_all_problems_of_all_files_are_listed_at_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        **SMALL,
        PLACES: SMALL[PLACES].replace("56.0951", "north"),
        CONTACT: SMALL[CONTACT].replace(PHONE, "6562290").replace(EMAIL, "x").replace(PAGE, "y"),
        ORGANISATION: "organisations: [\n",
        "media.yaml": b"\xff\xfe",
        "practice/tikls.yaml": SMALL["practice/tikls.yaml"].replace("id: tikls,", "id: tikls-riga,"),
        "contakts/kraslava.yaml": "a: b\n",
        "texts/lv.yaml": SMALL["texts/lv.yaml"] + "language: lv\n",
    }
    assert [(problem.file, problem.line) for problem in errors(write(tmp_path, files))] == [
        (CONTACT, 8), (CONTACT, 9), (CONTACT, 10), ("contakts/kraslava.yaml", 0), ("media.yaml", 1), (ORGANISATION, 2),
        (PLACES, 13), ("practice/tikls.yaml", 4), ("texts/lv.yaml", 5),
    ]  # fmt: skip


def test_a_problem_reads_as_file_line_key_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load(write(tmp_path, edited(TOPICS, "  kind: office\n", "  sort: office\n")))
    assert str(caught.value).splitlines() == [
        "topics/all.yaml:2: topics.0.kind: missing: add it",
        f"topics/all.yaml:3: topics.0.sort: {UNKNOWN_KEY}",
    ]


@pytest.mark.parametrize("name", ["contakts/a.yaml", "places.yml", "a.yaml", "places.yaml.yaml", "data/places.yaml"])
def test_a_file_with_a_wrong_name_is_named(tmp_path: Path, name: str) -> None:
    (problem,) = errors(write(tmp_path, {**SMALL, name: "a: b\n"}))
    assert (problem.file, problem.line) == (name, 0)
    assert "rename or remove it" in problem.message


def test_files_that_are_not_yaml_are_left_alone(tmp_path: Path) -> None:
    load(write(tmp_path, {**SMALL, "README.md": "x", "places.yaml~": "x", "contacts/photo.jpg": b"\xff"}))


def test_a_directory_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    (problem,) = errors(tmp_path / "nowhere")
    assert "no such directory" in str(problem)


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    (problem,) = errors(write(tmp_path, SMALL) / PLACES)
    assert "no such directory" in str(problem)


def test_an_empty_directory_is_said_plainly(tmp_path: Path) -> None:
    (problem,) = errors(write(tmp_path, {"README.md": "x"}))
    assert "holds no .yaml file" in str(problem)


def a_folder(path: Path) -> None:
    path.mkdir()


def a_broken_link(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def a_loop(path: Path) -> None:
    path.symlink_to(path)


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [a_folder, a_broken_link, a_loop, a_pipe])
def test_what_cannot_be_read_is_named(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(write(tmp_path, SMALL) / "media.yaml")
    (problem,) = errors(tmp_path)
    assert problem.file == "media.yaml"
    assert "cannot be read" in problem.message


def test_a_directory_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    with (write(tmp_path, SMALL) / "practice/large.yaml").open("wb") as large:
        large.truncate(MAX_TOTAL_BYTES)
    assert any("more than" in problem.message for problem in errors(tmp_path))


def test_a_file_of_ten_megabytes_is_refused(tmp_path: Path) -> None:
    (problem,) = errors(write(tmp_path, {**SMALL, "media.yaml": b"media: []\n" * 1_000_000}))
    assert (problem.file, problem.line) == ("media.yaml", 0)
    assert "split it" in problem.message


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX alone")
def test_a_file_name_that_is_no_text_is_named(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(write(tmp_path, SMALL)) + b"/\xff\xfe.yaml")).write_text("a: b\n", encoding="utf-8")
    (problem,) = errors(tmp_path)
    assert "rename or remove it" in str(problem)
    str(problem).encode()


def test_the_version_is_the_same_for_the_same_files(tmp_path: Path) -> None:
    backwards = dict(reversed(SMALL.items()))
    first, second = (write(tmp_path / name, files) for name, files in (("a", SMALL), ("b", backwards)))
    os.utime(second / PLACES, (0, 0))
    assert load(first).kb.version == load(second).kb.version == version_of(encoded(SMALL))


@pytest.mark.parametrize(
    "files",
    [
        edited("texts/lv.yaml", "Labdien!", "Labdien."),
        {**SMALL, PLACES: SMALL[PLACES] + "\n"},
        {**SMALL, "media.yaml": ""},
        {("texts/l.yaml" if name == "texts/lv.yaml" else name): content for name, content in SMALL.items()},
    ],
)
def test_the_version_changes_with_every_byte_and_name(tmp_path: Path, files: dict[str, str]) -> None:
    assert load(write(tmp_path, files)).kb.version != version_of(encoded(SMALL))


def test_content_that_moves_from_one_file_to_the_next_changes_the_version() -> None:
    assert version_of({"a": b"xb", "c": b""}) != version_of({"a": b"x", "b": b"", "c": b""})
    assert version_of({"a": b"1", "b": b"2"}) != version_of({"a": b"2", "b": b"1"})


def test_a_directory_is_read_with_forward_slashes(tmp_path: Path) -> None:
    assert set(read_directory(write(tmp_path, SMALL))) == set(SMALL)


def test_question_files_are_read_in_order(tmp_path: Path) -> None:
    write(tmp_path, SMALL)
    questions = read_questions([tmp_path / "questions/all.yaml", tmp_path / "questions/all.yaml"])
    assert [question.text for question in questions] == ["pašvaldības policija krāslavā", None] * 2


def test_all_problems_of_question_files_are_listed_at_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": "questions: x\n", "b.yaml": "questions: ["})
    with pytest.raises(KnowledgeError) as caught:
        read_questions([tmp_path / "a.yaml", tmp_path / "b.yaml", tmp_path / "c.yaml"])
    assert [Path(problem.file).name for problem in caught.value.problems] == ["a.yaml", "b.yaml", "c.yaml"]
