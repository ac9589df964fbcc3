"""Rules across files: each finds its own fault in a directory where all else is right, and names the line."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge import stale as aged
from knowledge.errors import KnowledgeError, Problem, Severity
from knowledge.load import load, load_with_files
from tests.knowledge.samples import SMALL, edited, problems, write

CONTACT, ORGANISATION, INSTRUMENT = "contacts/kraslava.yaml", "organisations.yaml", "instruments.yaml"
TOPICS, PLACES, PRACTICE = "topics/all.yaml", "places.yaml", "practice/tikls.yaml"
WORDS, LATVIAN, RUSSIAN, QUESTIONS = "words/lv.yaml", "texts/lv.yaml", "texts/ru.yaml", "questions/all.yaml"

FAULTS = {
    "topic of a contact": (CONTACT, "topics: [policija]", "topics: [policists]", 6, "policists is not known"),
    "group": (ORGANISATION, "groups: [centri]", "groups: [centrs]", 5, "centrs is not known"),
    "municipality of a file": (
        CONTACT, "municipality: kraslava",
        "municipality: ludza", 3, "unknown municipality ludza",
    ),
    "area": (ORGANISATION, "area: [kraslava]", "area: [kraslava, ludza]", 6, "ludza is not known"),
    "local": (INSTRUMENT, "local: {kraslava:", "local: {ludza:", 9, "ludza is not known"),
    "see": (INSTRUMENT, "see: [organisation/centrs]", "see: [organisation/x]", 10, "organisation/x is not known"),
    "parent of a practice": (PRACTICE, "parent: tikls,", "parent: x,", 4, "practice/x is not known"),
    "parent of a topic": (TOPICS, "  kind: office\n", "  kind: office\n  parent: x\n", 4, "topic x is not known"),
    "handled_by": (TOPICS, "handled_by: [centri]", "handled_by: [centri, x]", 7, "topic x is not known"),
    "nearest": (TOPICS, "nearest: [centri]", "nearest: [x]", 8, "topic x is not known"),
    "say": (TOPICS, "say: sveiciens}", "say: x}", 10, "texts/lv.yaml has no x"),
    "nothing to say": (TOPICS, ", say: sveiciens}", "}", 10, "needs `say:`"),
    "an office that says": (TOPICS, "  kind: office\n", "  kind: office\n  say: sveiciens\n", 4, "remove it"),
    "municipality of a place": (
        PLACES, "  municipality: kraslava\n",
        "  municipality: ludza\n", 12, "municipality ludza",
    ),
    "municipality of an alias": (
        PLACES, "rajons], municipality: kraslava",
        "rajons], municipality: x", 18, "municipality x",
    ),
    "name of an alias": (PLACES, "named_after: riga", "named_after: x", 18, "unknown municipality x"),
    "municipality of a region": (
        PLACES, "aliases:\n",
        "regions:\n- {name: Sēlija, municipalities: [kraslava, x]}\naliases:\n", 18, "municipality x",
    ),
    "municipality of a landmark": (
        PLACES, "aliases:\n",
        "landmarks:\n- {name: Druja, lat: 55.79, lon: 27.45, municipality: x}\naliases:\n", 18, "municipality x",
    ),
    "private contact": (
        CONTACT, "  topics: [policija]",
        "  private: true\n  topics: [policija]", 6, "not a key of contact",
    ),
    "topic of a question": (QUESTIONS, "topic: policija", "topic: x", 2, "topic x is not known"),
    "place of a question": (QUESTIONS, "place: kraslava", "place: x", 2, "municipality x is not known"),
    "entry of a question": (
        QUESTIONS, "[contact/kraslava/policija]",
        "[contact/x]", 2, "entry contact/x is not known",
    ),
    "question without an answer": (
        QUESTIONS, "- turns:\n  - {text: labdien, expect: {kind: smalltalk}}",
        "- {text: labdien}", 4, "write text and expect, or turns",
    ),
    "field word": (WORDS, "fields: {phone:", "fields: {fax:", 3, "no such field: use one of phone, email"),
    "conflict value not kept": (
        ORGANISATION, "  phones: [+371 26565858, +371 26565859]",
        "  phones: [+371 26565858]", 10, "+371 26565859 is not among the phones: keep both values",
    ),
    "topic without phrases": (
        TOPICS, ", phrases: [kas palīdz biedrībām]",
        "", 9, "neither names nor phrases in Latvian",
    ),
    "topic with Russian phrases alone": (
        TOPICS, "phrases: [kas palīdz biedrībām]",
        "phrases: {ru: [кто помогает]}", 9, "neither names nor phrases in Latvian",
    ),
    "topic nothing belongs to": (
        ORGANISATION, "  groups: [centri]\n",
        "  names: [nvo centrs]\n", 9, "no entry belongs to centri",
    ),
    "contact nothing leads to": (
        CONTACT, "  topics: [policija]\n",
        "", 5, "nothing leads to contact/kraslava/policija",
    ),
    "entry nothing leads to": (
        PRACTICE, "names: [pašvaldību tīkls]",
        "about: Tīkls.", 3, "nothing leads to practice/tikls",
    ),
    "name of two topics": (
        INSTRUMENT, "names: [līdzdalības budžets]",
        "names: [Labdien]", 7, "is also one of sveiciens",
    ),
    "topics on an organisation": (ORGANISATION, "groups:", "topics:", 5, "not a key of organisation entries"),
    "groups on a contact": (
        CONTACT, "  topics: [policija]",
        "  topics: [policija]\n  groups: [centri]", 7, "not a key of",
    ),
    "names on a contact": (CONTACT, "  topics: [policija]", "  topics: [policija]\n  names: [x]", 7, "not a key of"),
    "area on a contact": (CONTACT, "  topics: [policija]", "  topics: [policija]\n  area: [riga]", 7, "not a key of"),
    "level on an organisation": (ORGANISATION, "  area:", "  level: state\n  area:", 6, "not a key of organisation"),
    "parent on an instrument": (INSTRUMENT, "  level:", "  parent: budzets\n  level:", 5, "not a key of instrument"),
    "no source": (ORGANISATION, 'source: {document: "000"}\n', "", 3, "no source: add it"),
    "no date": (PRACTICE, "{id: tikls, as_of: 2022, ", "{id: tikls, ", 3, "no as_of: add it"),
    "contacts of nobody": (CONTACT, "municipality: kraslava\n", "", 1, "contacts need it at the head of the file"),
    "missing text": (RUSSIAN, "  sveiciens: Здравствуйте!\n", "", 3, "the text sveiciens is missing"),
    "text that Latvian lacks": (RUSSIAN, "texts:\n", "texts:\n  atvadas: Пока!\n", 3, "the text atvadas is missing"),
    "another placeholder": (RUSSIAN, "{value}", "{number}", 3, "{placeholders} differ from the Latvian"),
    "placeholder left out": (RUSSIAN, ": {value}", "", 3, "{placeholders} differ from the Latvian"),
    "open brace": (LATVIAN, "Labdien!", "'{ Labdien!'", 4, "write {name}, and {{ for a brace"),
    "empty braces": (LATVIAN, "Labdien!", "'Labdien, {}!'", 4, "write {name}, and {{ for a brace"),
    "braces that reach inside": (LATVIAN, "Labdien!", "'{value.__class__}'", 4, "write {name}, and {{ for a brace"),
    "braces with a format": (LATVIAN, "Labdien!", "'{value:>1000000000}'", 4, "write {name}, and {{ for a brace"),
    "id of an entry twice": (
        INSTRUMENT, "- id: budzets\n",
        "- {id: budzets, title: x, names: [x]}\n- id: budzets\n", 5, "stands already at instruments.yaml:4",
    ),
    "id of a topic twice": (
        TOPICS, "- {id: centri,",
        "- {id: policija, kind: office, title: x}\n- {id: centri,", 9, "stands already at topics/all.yaml:2",
    ),
    "id of a municipality twice": (
        PLACES, "id: riga,",
        "id: kraslava,", 7, "municipalities/kraslava stands already at places.yaml:2",
    ),
}  # fmt: skip


def errors_of(directory: Path) -> list[Problem]:
    return [problem for problem in problems(directory) if problem.severity is Severity.ERROR]


@pytest.mark.parametrize(("file", "old", "new", "line", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_found_where_it_stands(
    tmp_path: Path, file: str, old: str, new: str, line: int, message: str
) -> None:
    found = [p for p in problems(write(tmp_path, edited(file, old, new))) if message in p.message]
    where = LATVIAN if message == "the text atvadas is missing" else TOPICS if "no entry belongs" in message else file
    assert [(problem.file, problem.line, problem.severity) for problem in found] == [(where, line, Severity.ERROR)]
    assert found[0].key


MORE = {
    "an entry": (ORGANISATION, "instruments.yaml", "organisation/centrs"),
    "a topic": (TOPICS, "topics/more.yaml", "topic policija"),
    "a contact": (CONTACT, "contacts/more.yaml", "contact/kraslava/policija"),
    "the texts of a language": (LATVIAN, "texts/more.yaml", "texts in lv"),
    "the words of a language": (WORDS, "words/more.yaml", "words in lv"),
}


@pytest.mark.parametrize(("file", "copy", "name"), MORE.values(), ids=MORE)
def test_what_stands_in_two_files_is_found(tmp_path: Path, file: str, copy: str, name: str) -> None:
    found = problems(write(tmp_path, {**SMALL, copy: SMALL[file]}))
    assert any(p.message.startswith(f"{name} stands already at ") for p in found)


def test_the_same_id_in_two_municipalities_is_no_duplicate(tmp_path: Path) -> None:
    other = SMALL[CONTACT].replace("municipality: kraslava", "municipality: riga")
    assert not errors_of(write(tmp_path, {**SMALL, "contacts/riga.yaml": other}))


def test_braces_may_be_written_double(tmp_path: Path) -> None:
    assert not errors_of(write(tmp_path, edited(LATVIAN, "Labdien!", "'Labdien {{}}!'")))


def test_a_conflict_may_lie_in_a_page_of_one_municipality(tmp_path: Path) -> None:
    both = 'pages: ["https://a.lv/", "https://b.lv/"]'
    files = edited(INSTRUMENT, 'pages: ["https://www.kraslava.lv/"]', both)
    files[INSTRUMENT] += '  conflicts: [{field: pages, values: ["https://a.lv/", "https://b.lv/"]}]\n'
    assert not errors_of(write(tmp_path, files))


def test_warnings_do_not_stop_loading(tmp_path: Path) -> None:
    warnings = load(write(tmp_path, SMALL)).warnings
    assert [(w.file, w.line, w.key) for w in warnings] == [
        (ORGANISATION, 10, "organisation/centrs"),
        (PRACTICE, 4, "practice/tikls-riga"),
    ]
    assert {warning.severity for warning in warnings} == {Severity.WARNING}
    assert " warning: organisation/centrs: the source disagrees with itself" in str(warnings[0])


def test_errors_are_listed_without_the_warnings(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load(write(tmp_path, edited(QUESTIONS, "topic: policija", "topic: x")))
    assert [problem.file for problem in caught.value.problems] == [QUESTIONS]


def test_one_number_of_two_organisations_is_a_warning(tmp_path: Path) -> None:
    other = '- {id: cits, names: [cits centrs], title: Cits, phones: [+371 26565858], source: {document: "000"}}\n'
    warnings = load(write(tmp_path, {**SMALL, ORGANISATION: SMALL[ORGANISATION] + other})).warnings
    assert [
        w.line for w in warnings if "+371 26565858 is given for organisation/centrs and organisation/cits" in w.message
    ]


def test_one_number_of_two_offices_of_a_municipality_is_nothing_to_look_at(tmp_path: Path) -> None:
    other = "- {id: dome, topics: [policija], title: Dome, phones: [+371 65622907]}\n"
    warnings = load(write(tmp_path, {**SMALL, CONTACT: SMALL[CONTACT] + other})).warnings
    assert not [warning for warning in warnings if warning.file == CONTACT]


def test_what_refers_to_a_file_that_cannot_be_read_is_not_called_unknown(tmp_path: Path) -> None:
    assert {p.file for p in problems(write(tmp_path, edited(TOPICS, "kind: office", "kind: [")))} == {TOPICS}


def stale(directory: Path, today: date, **limit: timedelta) -> list[str]:
    loaded, files = load_with_files(directory)
    return [problem.key for problem in aged.stale(loaded.kb, files, today, **limit)]


def test_a_fact_is_stale_three_years_after_the_last_day_it_can_be_of(tmp_path: Path) -> None:
    directory = write(tmp_path, SMALL)
    assert stale(directory, date(2025, 12, 20)) == []
    assert stale(directory, date(2026, 1, 2)) == ["practice/tikls", "practice/tikls-riga"]
    assert "organisation/centrs" in stale(directory, date(2026, 5, 20))
    assert "organisation/centrs" not in stale(directory, date(2026, 5, 1))


def test_a_fact_that_somebody_checked_is_fresh_again(tmp_path: Path) -> None:
    directory = write(tmp_path, edited(ORGANISATION, "  area:", "  checked_on: 2026-11-01\n  area:"))
    assert "organisation/centrs" not in stale(directory, date(2026, 11, 21))


def test_how_long_a_fact_holds_can_be_set(tmp_path: Path) -> None:
    assert len(stale(write(tmp_path, SMALL), date(2024, 3, 1), limit=timedelta(days=30))) == 5


def test_a_stale_fact_is_a_warning_that_says_what_to_do(tmp_path: Path) -> None:
    loaded, files = load_with_files(write(tmp_path, SMALL))
    first = next(aged.stale(loaded.kb, files, date(2030, 1, 1)))
    assert (first.file, first.line, first.severity) == (CONTACT, 5, Severity.WARNING)
    assert first.message == "the facts are of 2023: check them and write checked_on"
