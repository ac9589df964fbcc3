"""Russian words, typed in Cyrillic or in Latin letters, and names that Latvians and Russians spell differently."""

from __future__ import annotations

import pytest

from knowledge import russian
from knowledge.text import fold


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sluzhba", "служба"),
        ("služba", "служба"),
        ("telefon", "телефон"),
        ("pozvonitj", "позвонить"),
        ("pozvonit'", "позвонить"),
        ("kuda", "куда"),
        ("zhalovatsya", "жаловатся"),
        ("zaschita", "защита"),
        ("zashchita", "защита"),
        ("kak", "как"),
        ("policiya", "полиция"),
        ("policija", "полиция"),
        ("tsentr", "центр"),
        ("yurist", "юрист"),
        ("jurist", "юрист"),
        ("shkola", "школа"),
        ("škola", "школа"),
        ("chelovek", "человек"),
        ("moj", "мой"),
        ("kraj", "край"),
        ("socialnyj", "социалный"),
        ("novyje", "новые"),
        ("zayavleniye", "заявление"),
        ("partiju", "партию"),
        ("khorosho", "хорошо"),
        ("8898", "8898"),
        ("", ""),
    ],
)
def test_latin_letters_are_read_as_a_russian_would_have_meant_them(typed: str, meant: str) -> None:
    assert russian.to_cyrillic(typed) == meant


def test_russian_letters_stay() -> None:
    assert russian.to_cyrillic("полиция") == "полиция"


@pytest.mark.parametrize(
    ("russian_name", "latvian_name"),
    [
        ("Аугшдаугава", "Augšdaugava"),
        ("Краслава", "Krāslava"),
        ("Дагда", "Dagda"),
        ("Резекне", "Rēzekne"),
        ("Даугавпилс", "Daugavpils"),
        ("Айзкраукле", "Aizkraukle"),
        ("Лиепая", "Liepāja"),
        ("Прейли", "Preiļi"),
        ("Илуксте", "Ilūkste"),
        ("Виесите", "Viesīte"),
        ("Кокнесе", "Koknese"),
        ("Ницгале", "Nīcgale"),
        ("Межаре", "Mežāre"),
        ("Зиланы", "Zīlani"),
    ],
)
def test_a_name_has_one_skeleton_in_both_languages(russian_name: str, latvian_name: str) -> None:
    assert russian.skeleton(fold(russian.to_latin(russian_name.lower()))) == russian.skeleton(
        fold(latvian_name.lower())
    )


@pytest.mark.parametrize("typed", ["aizkraukle", "ajzkraukle", "aijzkraukle"])
def test_i_and_j_are_one_letter_of_a_skeleton(typed: str) -> None:
    assert russian.skeleton(typed) == "aizkraukle"


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [("объезд", "obezd"), ("мышь", "mis"), ("щука", "suka"), ("юля", "iulia"), ("ёж", "ez"), ("эхо", "eho")],
)
def test_every_cyrillic_letter_has_latin_ones(cyrillic: str, latin: str) -> None:
    assert russian.to_latin(cyrillic) == latin


def test_no_cyrillic_letter_is_left_over() -> None:
    alphabet = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
    assert russian.to_latin(alphabet).isascii()


FORMS = {
    "полиция": ["полиция", "полиции", "полицию", "полицией"],
    "служба": ["служба", "службы", "службе", "службу", "службой"],
    "самоуправление": ["самоуправление", "самоуправления", "самоуправлению", "самоуправлением"],
    "бюджет": ["бюджет", "бюджета", "бюджету", "бюджете", "бюджеты"],
    "жалоба": ["жалоба", "жалобы", "жалобу", "жалобой"],
    "заявление": ["заявление", "заявления", "заявлению"],
    "ёлка": ["ёлка", "елка", "елки", "ёлку"],
}


@pytest.mark.parametrize("forms", FORMS.values(), ids=FORMS)
def test_all_case_forms_have_one_stem(forms: list[str]) -> None:
    assert len({russian.stem(form) for form in forms}) == 1
