"""Text as people type it: one spelling to compare by, words with their places in the text, nothing invisible."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import MAX_LENGTH, Script, fold, normalise, words
from tests.knowledge.samples import FUZZ

SPELLINGS = {
    "kraslava": ["krāslava", "kraslava", "kraaslava", "kráslava", "krāslāvā"],
    "viski": ["višķi", "viski", "vishkji", "visķi"],
    "pasvaldiba": ["pašvaldība", "pasvaldiba", "pashvaldiiba", "pašvaldiiba"],
    "epasts": ["e-pasts", "epasts"],
    "jekabpils": ["jēkabpils", "jekabpils", "jeekabpils"],
    "cels": ["ceļš", "cels", "celjsh"],
    "zina": ["ziņa", "zina", "zinja", "žiņa"],
    "gimene": ["ģimene", "gimene", "gjimene"],
    "liksna": ["līksna", "lixna"],
    "ludza": ["ludza", "lūdza"],
    "kungi": ["kungi", "kuņģi", "kunjgji"],
    "jusu": ["jūsu", "jusu", "juusu"],
}
ALL_SPELLINGS = [(folded, word) for folded, typed in SPELLINGS.items() for word in typed]


@pytest.mark.parametrize(("folded", "word"), ALL_SPELLINGS)
def test_a_word_folds_the_same_however_it_is_typed(folded: str, word: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize("word", ["krāslavā", "ģērbšanās", "kuņģis", "žņaudzējčūska"])
def test_composed_and_decomposed_letters_fold_the_same(word: str) -> None:
    assert fold(unicodedata.normalize("NFD", word)) == fold(word)


def test_cyrillic_words_keep_their_letters() -> None:
    assert fold("полиция") == "полиция"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("  labdien  ", "labdien"),
        ("viens\u00a0divi\u2003trīs", "viens divi trīs"),
        ("„Kaimiņi” «Kaimiņi» “Kaimiņi‟", '"Kaimiņi" "Kaimiņi" "Kaimiņi"'),
        ("mammas’ `x´ ‘y‚", "mammas' 'x' 'y'"),
        ("2022 – 2025 — x‑y − z", "2022 - 2025 - x-y - z"),
        ("kr\u0101slava", "krāslava"),
        ("kra\u0304slava", "krāslava"),
        ("kra\u200b\u0304slava", "krāslava"),
        ("\u202ekrāslava\u202c\u200f", "krāslava"),
        ("krā\u00adslava", "krāslava"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("viens\r\ndivi\rtrīs\tčetri", "viens \ndivi trīs četri"),
        ("\ud800labdien\udfff", "labdien"),
        ("😀 labdien", "😀 labdien"),
        ("", ""),
        ("\u200b\u200e \n", ""),
    ],
)
def test_what_cannot_be_seen_goes_and_quotes_and_dashes_become_one(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


def test_a_long_text_is_cut() -> None:
    assert normalise("a" * 100_000) == "a" * MAX_LENGTH


def test_a_letter_that_composes_to_more_does_not_make_the_text_longer() -> None:
    assert len(normalise("\u0958" * MAX_LENGTH)) <= MAX_LENGTH


def seen(text: str) -> list[str]:
    return [word.text for word in words(normalise(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kur celt trauksmi Krāslavā?", ["kur", "celt", "trauksmi", "Krāslavā"]),
        ("e-pasts, tālr.: 8898!", ["e-pasts", "tālr", "8898"]),
        ("NVO/biedrības (arī LEADER)", ["NVO", "biedrības", "arī", "LEADER"]),
        ("rock'n'roll d’Arc", ["rock'n'roll", "d'Arc"]),
        ("snake_case -x- y-", ["snake", "case", "x", "y"]),
        ("как позвонить в полицию?", ["как", "позвонить", "в", "полицию"]),
        ("👍🏽 ... !!! —", []),
        ("", []),
    ],
)
def test_words_are_letters_and_digits_with_hyphens_inside(text: str, found: list[str]) -> None:
    assert seen(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "skat. https://www.kraslava.lv/lv/trauksmes-celsana lapu",
        "skat. http://www.radiolg.lv/ lapu",
        "skat. www.kraslava.lv lapu",
        "skat. dome@kraslava.lv lapu",
        "skat. pasts@augšdaugavasnovads.lv, lapu",
    ],
)
def test_addresses_are_no_words(text: str) -> None:
    assert seen(text) == ["skat", "lapu"]


def test_words_count_their_sentences() -> None:
    found = words(normalise("Labdien! Kur ir dome? dzīvoju Dagdā\nUn policija"))
    assert [(word.text, word.sentence) for word in found if word.opens] == [
        ("Labdien", 0), ("Kur", 1), ("dzīvoju", 2), ("Un", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["plkst. 9.30", "Jēkabpils nov., Salas pag.", "1.vietnieks"])
def test_a_point_or_comma_inside_a_phrase_is_no_harm(text: str) -> None:
    assert words(normalise(text))


@pytest.mark.parametrize(
    ("text", "capital"),
    [("Sala", True), ("sala", False), ("SALA", False), ("Ā", True), ("ā", False), ("NVO", False), ("8898", False)],
)
def test_a_capital_is_one_great_letter_and_not_a_shout(text: str, capital: bool) -> None:
    (word,) = words(text)
    assert word.capital is capital


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("krāslava", Script.LATIN),
        ("краслава", Script.CYRILLIC),
        ("ёлка", Script.CYRILLIC),
        ("8898", Script.OTHER),
        ("αβγ", Script.OTHER),
        ("東京", Script.OTHER),
        ("1x", Script.LATIN),
        ("ẁord", Script.LATIN),
    ],
)
def test_the_script_is_that_of_the_first_letter(text: str, script: Script) -> None:
    (word,) = words(text)
    assert word.script is script


@FUZZ
@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal) == normal
    assert unicodedata.is_normalized("NFC", normal)


@FUZZ
@given(st.text(max_size=80))
def test_every_word_stands_where_it_says(text: str) -> None:
    normal = normalise(text)
    last = 0
    for word in words(normal):
        assert last <= word.start < word.end
        assert normal[word.start : word.end] == word.text
        last = word.end


@FUZZ
@given(st.text(alphabet=st.characters(exclude_categories=["C", "M"]), max_size=40))
def test_a_folded_word_has_no_marks_left(text: str) -> None:
    assert not any(unicodedata.combining(letter) for letter in fold(text.lower()))


def test_a_message_full_of_at_signs_is_read_like_any_other() -> None:
    text = "b" * 2000 + "@" * 2000 + " policija"
    assert words(normalise(text))[-1].lower == "policija"
