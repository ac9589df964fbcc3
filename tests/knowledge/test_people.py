"""Those who hold an office, by name: how their names are written, and what is read in their place."""

from __future__ import annotations

import pytest

from knowledge.index import Index
from knowledge.model import Language
from knowledge.phrases import in_a_row
from knowledge.read import read
from knowledge.text import normalise, words

JEKABPILS, KRASLAVA = "contact/jekabpils/izpilddirektors", "contact/kraslava/izpilddirektors"


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Uldis Skreivers", JEKABPILS),
        ("kā sasniegt Uldi Skreiveru?", JEKABPILS),
        ("Skreiveram Uldim", JEKABPILS),
        ("viktora aishpura numurs", KRASLAVA),
        ("Как связаться с Улдисом Скрейверсом?", JEKABPILS),
        ("Нужен Виктор Айшпур", KRASLAVA),
        ("Айшпурса телефон дайте", KRASLAVA),
        ("Mr Skreivers, please", JEKABPILS),
    ],
)
def test_a_name_is_found_in_every_case_and_alphabet(text: str, entry: str, index: Index) -> None:
    assert set(read(text, index).people) == {entry}


@pytest.mark.parametrize(
    "text",
    [
        "gribu parunāt ar Uldi Skreiveru",
        "man vajadzētu satikt Uldi Skreiveru",
        "How do I get hold of Uldis Skreivers?",
        "Как мне найти Улдиса Скрейверса?",
    ],
)
def test_what_is_said_of_a_person_is_read_as_said_of_the_office(text: str, index: Index) -> None:
    assert read(text, index).candidates[0].topic == "izpilddirektors"


@pytest.mark.parametrize("text", ["Vai Uldis Skreivers ir precējies?", "Cik gadu ir Viktoram Aišpuram?"])
def test_what_is_private_stays_so_under_a_name(text: str, index: Index) -> None:
    assert read(text, index).candidates[0].topic == "amatpersonu-privatums"


def test_the_words_of_the_office_stand_where_the_name_stood(index: Index) -> None:
    found = words(normalise("lūdzu Uldi Skreiveru"))
    people, lexicon = index.tables.people, index.tables.lexicon
    keys = [lexicon.keys(word, Language.LV) for word in found]
    said = [(key, word, 1.0) for word, (key, *_) in zip(found, keys, strict=True)]
    first, *office = people.as_offices(people.find(found, keys, in_a_row(keys)), said, found, Language.LV)
    assert first == said[0]
    assert [key for key, _, _ in office] == list(lexicon.sequence("izpilddirektors", Language.LV))
    assert {(word.start, word.end) for _, word, _ in office} == {(6, 20)}


def test_an_office_with_a_long_title_is_called_by_its_shortest_name(index: Index) -> None:
    title = index.kb.topics["nvo-referents"].title.lv
    held = index.tables.people.offices["contact/jekabpils/nvo-referents"][Language.LV]
    assert len(held) < len(title.split())


def test_the_e_mail_of_an_office_names_nobody(index: Index) -> None:
    assert not {entry for entry in index.tables.people.offices if entry.endswith(("policija", "dienests"))}
    for text in ("mne nuzhen telefon socialais dienests", "skazhite nomer pasvaldibas policija"):
        assert read(text, index).people == ()
