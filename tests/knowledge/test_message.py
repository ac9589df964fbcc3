"""Marks of a message: what is asked for, and what somebody in office has privately."""

from __future__ import annotations

import pytest

from knowledge.index import Index
from knowledge.message import MARK, in_full, take_apart, telling
from knowledge.model import Field, Language
from knowledge.read import read
from knowledge.text import normalise, words

KIN = f"{MARK}kin"


def marks(text: str, index: Index, language: Language = Language.LV) -> set[str]:
    normal = normalise(text)
    message = take_apart(normal, words(normal), language, index.tables, lambda _: True, lambda _, options: options)
    said = telling(message, index.tables, lambda _: True)
    return {key for key, _, _ in in_full(said, message, index.tables) if key.startswith(MARK)}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mēra sievas telefons", Language.LV),
        ("Kāda ir Jēkabpils izpilddirektora mašīna?", Language.LV),
        ("kads ir Skreivera masinas numurs", Language.LV),
        ("жена мэра", Language.RU),
        ("the mayor's house", Language.EN),
    ],
)
def test_the_kin_and_belongings_of_somebody_in_office_are_marked(text: str, language: Language, index: Index) -> None:
    behind = language is not Language.RU
    assert (KIN in marks(text, index, language)) is behind, "in Russian they stand before the office"


@pytest.mark.parametrize("text", ["sieva zvanīja mēram", "izpilddirektors, sieva slima", "mana dēla skola", "mēra"])
def test_the_kin_of_others_is_not(text: str, index: Index) -> None:
    assert KIN not in marks(text, index)


@pytest.mark.parametrize(
    "text",
    [
        "kurā lapā ir nolikumi",
        "sociālā dienesta mājaslapa",
        "kur mājaslapā ir nolikumi",
        "socialais dienests majaslapa",
    ],
)
def test_a_page_is_asked_for(text: str, index: Index) -> None:
    assert read(text, index).fields == (Field.PAGE,)


@pytest.mark.parametrize(
    "text",
    [
        "kam sūtīt ziņu, lai ieliek novada mājaslapā",
        "kur iemest ziņu, lai to ieliek mājaslapā",
        "suns skraida bez saites",
    ],
)
def test_what_is_to_stand_on_a_page_asks_for_none(text: str, index: Index) -> None:
    assert Field.PAGE not in read(text, index).fields


@pytest.mark.parametrize(("text", "place"), [("pēdējais", -1), ("otrais", 2), ("tas pēdējais, lūdzu", -1)])
def test_a_place_in_a_list_is_read(text: str, place: int, index: Index) -> None:
    assert read(text, index).ordinal == place


@pytest.mark.parametrize(
    "text", ["Jēkabpils domes priekšsēdētāja vietniekam jāpiezvana", "vicemēram Augšdaugavā gribu viņam uzrakstīt"]
)
def test_between_several_who_hold_an_office_small_words_tell_nothing(text: str, index: Index) -> None:
    assert read(text, index).candidates[0].topic == "priekssedetaja-vietnieks"


def test_a_word_around_the_name_of_an_office_tells_which_of_them_is_meant(index: Index) -> None:
    found = read("Jēkabpils domes priekšsēdētāja vietnieks, kas atbild par kultūru", index).candidates[0]
    assert found.topic == "vietnieks-izglitiba-kultura"


@pytest.mark.parametrize("text", ["Ludzas novda policija", "Ludzas pagsts"])
def test_a_kind_of_place_may_have_a_slip(text: str, index: Index) -> None:
    assert [place.municipalities for place in read(text, index).places] == [("ludzas-novads",)]


def test_what_is_done_on_the_telephone_asks_for_no_number(index: Index) -> None:
    assert read("anketu, ko telefonā aizpilda", index).fields == ()
    assert read("kurā telefonā zvanīt policijai", index).fields == (Field.PHONE,)


def test_a_number_among_nothing_that_is_known_means_nothing(index: Index) -> None:
    assert not read("ggg hjjk ;;; 55", index).candidates
    assert all(read(text, index).candidates for text in ("55. pants", "hjjkk trauksmi 55"))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("pašvaldibas plocijas telefns", "pasvaldibas-policija"),
        ("kulturas parlvade", "kulturas-parvalde"),
        ("soscaalais dienests", "socialais-dienests"),
    ],
)
def test_beside_a_word_of_a_name_more_slips_are_forgiven(text: str, topic: str, index: Index) -> None:
    assert topic in read(text, index).named


def test_a_word_that_is_known_is_no_slip_of_a_name(index: Index) -> None:
    assert read("sociālais diena", index).named == ()


@pytest.mark.parametrize("text", ["un vīramātei Andrupenē?", "bet draugiem Zasā", "а свекрови в Дагде?"])
def test_who_goes_on_for_others_says_nothing_new(text: str, index: Index) -> None:
    assert read(text, index).content == 0


@pytest.mark.parametrize("text", ["vīramātei Andrupenē vajag palīdzību", "un kaimiņš Dagdā trokšņo"])
def test_kin_with_a_need_of_theirs_is_a_question(text: str, index: Index) -> None:
    assert read(text, index).content > 0


@pytest.mark.parametrize(
    "text",
    [
        "Labvakar! Esmu Ilga no Viesītes, pensionāre.",
        "mani sauc Jānis no Dagdas",
        "Esam daudzbērnu ģimene no Zasas, kur ir sociālais dienests?",
        "Меня зовут Ольга из Дагды",
        "I'm Peter from Nereta",
        "Esmu no Neretas",
    ],
)
def test_who_says_where_they_are_from_lives_there(text: str, index: Index) -> None:
    assert [mention.home for mention in read(text, index).places] == [True]


@pytest.mark.parametrize(
    "text", ["Kas ved skolēnus no Dagdas?", "esmu slims, cik tālu ir no Dagdas", "tālrunis no Dagdas"]
)
def test_who_names_where_something_comes_from_does_not(text: str, index: Index) -> None:
    assert [mention.home for mention in read(text, index).places] == [False]


def test_what_somebody_is_still_counts(index: Index) -> None:
    text = "I am an asylum seeker from Syria, who helps people like me?"
    assert read(text, index).candidates[0].topic == "organisation/gribu-palidzet-begliem"
