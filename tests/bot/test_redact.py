"""What is kept of a question names nobody: numbers, addresses and names are gone, however they were written."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redact import MARK, MAX_KEPT, Personal, build, redact
from knowledge.index import Index
from knowledge.model import Language
from knowledge.personal_words import PersonalWords
from knowledge.text import fold

LV, RU, EN = Language


Keep = Callable[[str, Language], str]


@pytest.fixture(scope="session")
def personal(shipped: Index) -> Personal:
    return build(shipped)


@pytest.fixture(scope="session")
def keep(personal: Personal) -> Keep:
    def keep(text: str, language: Language = LV) -> str:
        return redact(text, language, personal)

    return keep


# What must be gone, in real messages. The parts after the text must not stand in what is kept.
HARD = [
    (LV, "mani sauc Jānis Bērziņš un man vajag pabalstu", "jānis bērziņš"),
    (LV, "mans vārds ir liene vītola, kur pieteikt suni", "liene vītola"),
    (LV, "Esmu Ilze Kalniņa no Dagdas, kur saņemt malku?", "ilze kalniņa"),
    (LV, "esmu vilhelmīne zvirbule no dagdas", "vilhelmīne zvirbule"),
    (LV, "jānis bērziņš nozadzis velosipēdu, kam sūdzēties", "jānis bērziņš"),
    (LV, "janis berzins nozadzis velosipedu", "janis berzins"),
    (LV, "Kaimiņš Vilks Zvirbulēns met atkritumus Rīgas ielā 5-12", "vilks zvirbulēns rīgas 5 12"),
    (LV, "BĒRZIŅŠ JĀNIS NOZAGA MALKU", "bērziņš jānis"),
    (LV, "J.Bērziņš neatbild", "bērziņš"),
    (LV, "Petrovas kundze neceļ telefonu", "petrovas"),
    (LV, "Anna Dagda grib pabalstu", "anna dagda"),
    (LV, "Ar cieņu, Andžejs Dombrovskis", "andžejs dombrovskis"),
    (LV, "Paldies, Māris", "māris"),
    (LV, "Anna-Marija Ozola-Kalniņa gaida rindā", "anna marija ozola kalniņa"),
    (LV, "zvaniet man 29 123 456 par atkritumiem", "29 123 456"),
    (LV, "mans numurs +371 (29) 12-34-56, gaidu", "371 29 12 34 56"),
    (LV, "tel.: 00371 29123456", "00371 29123456"),
    (LV, "2 9 1 2 3 4 5 6 zvani", "2 9 1 3 4 5 6"),
    (LV, "２９１２３４５６ zvani", "29123456 ２９１２３４５６"),
    (LV, "2️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣ zvani", "29123456 2 9"),
    (LV, "divi deviņi viens divi trīs četri pieci seši zvaniet", "divi deviņi viens trīs četri pieci seši"),
    (LV, "personas kods 010190-12345 vai derīgs", "010190 12345"),
    (LV, "personas kods 01019012345 vai derīgs", "01019012345"),
    (LV, "kods 327890-12345", "327890 12345"),
    (LV, "kods 32789012345", "32789012345"),
    (LV, "karte 4539 1488 0343 6467 bloķēta", "4539 1488 0343 6467"),
    (LV, "karte 4539148803436467", "4539148803436467"),
    (LV, "konts LV12 HABA 0551 2345 6789 0 nestrādā", "lv12 haba 0551 2345 6789 0"),
    (LV, "konts lv12haba0551234567890", "lv12haba0551234567890"),
    (LV, "pase LV1234567 nozagta", "lv1234567 1234567"),
    (LV, "dzimis 12.05.1956. Preiļos, kur pensija", "12 05 1956"),
    (LV, "dzimusi 1956. gada 5. maijā", "1956 5"),
    (LV, "bērns dzimis 2019. gadā", "2019"),
    (LV, "Brīvības iela 12 k-2 dz. 7 nav siltuma", "brīvības 12 7"),
    (LV, "Brīvības 45, Jēkabpils nav siltuma", "brīvības 45"),
    (LV, "Brīvības ielā 112 nav siltuma", "brīvības 112"),
    (LV, "Jāņa Čakstes ielā 5 nedeg lampas", "jāņa čakstes 5"),
    (LV, "māja „Kalnāji”, Rites pagasts, ceļš nav tīrīts", "kalnāji"),
    (LV, "ceļš uz Lejasbērziem nav tīrīts, LV-5201", "lejasbērziem 5201"),
    (LV, "auto AB-1234 stāv uz ietves", "ab 1234"),
    (LV, "auto AB 1234 stāv uz ietves", "ab 1234"),
    (LV, "auto ab1234 un ef 77 stāv", "ab1234 ef 77"),
    (LV, "raksti uz janis.berzins@inbox.lv", "janis berzins inbox"),
    (LV, "raksti uz janis.berzins @ inbox.lv", "janis berzins inbox"),
    (LV, "janis (at) inbox.lv lūdzu", "janis inbox"),
    (LV, "jberzins et inbox punkts lv", "jberzins inbox"),
    (LV, "sekojiet @janis_b, tg janisb, insta: liene.v", "janis_b janisb liene.v"),
    (LV, "https://facebook.com/janis.berzins kas tas ir", "facebook janis berzins"),
    (LV, "t.me/janisb un janisberzins.lv?id=7", "janisb janisberzins"),
    (LV, "mana parole ir saulite, kāpēc neder", "saulite"),
    (RU, "меня зовут Иван Петров, где получить дрова", "иван петров"),
    (RU, "я Мария, живу в Краславе", "мария"),
    (RU, "иван иванович сидоров украл велосипед", "иван иванович сидоров"),
    (RU, "петров иван украл велосипед", "иван петров"),
    (RU, "Петров И.И. шумит", "петров"),
    (RU, "сосед Петренко шумит ночью", "петренко"),
    (RU, "госпожа Скрейвере не берёт трубку", "скрейвере"),
    (RU, "улица Ригас 5-12 нет отопления", "ригас 5 12"),
    (RU, "живу на ул. Ригас, д. 5, кв. 12", "ригас 5 12"),
    (RU, "родился 12 мая 1956 г.", "12 1956"),
    (RU, "позвоните мне 29-12-34-56, 8 (910) 123 45 67", "29 12 910 123"),
    (RU, "ivan точка petrov собака mail точка ru", "ivan petrov mail"),
    (RU, "menja zovut Ivan Petrov gde policija", "ivan petrov"),
    (EN, "My name is John Smith and I need firewood", "john smith"),
    (EN, "I'm Kate, call me at 29123456", "kate 29123456"),
    (EN, "john smith stole my bike where to complain", "john smith"),
    (EN, "this is Priyanka Chowdhury from Dagda", "priyanka chowdhury"),
    (EN, "write to john dot smith at gmail dot com", "john smith gmail"),
    (EN, "I live at 5 Rigas street flat 12", "5 rigas 12"),
    (EN, "born on 5 May 1956, card 4111-1111-1111-1111", "5 1956 4111 1111"),
]


@pytest.mark.parametrize(("language", "text", "gone"), HARD)
def test_what_people_write_about_themselves_is_gone(keep: Keep, language: Language, text: str, gone: str) -> None:
    kept = keep(text, language)
    assert MARK in kept
    assert not set(gone.split()) & set(re.findall(r"[^\W_]+|\S+", kept.replace(MARK, " "))), kept


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (LV, "kad atver krāslavas baznīcu 2026. gadā"),
        (LV, "zvanīju 112 un neviens neceļ"),
        (LV, "kur sēlpilī var nopirkt malku un granulas"),
        (LV, "esmu pensionāre no viesītes, vai man pienākas malka"),
        (LV, "kur var iznomāt telpas kāzām nīcgalē"),
        (LV, "www.kraslava.lv neveras"),
        (LV, "vai uldis skreivers pieņem pirmdienās"),
        (LV, "gaida bērns rindā bērnudārzā"),
        (RU, "где в дагде купить дрова"),
        (RU, "я недоволен дорогой в ливаны"),
        (EN, "i'm looking for a dentist in preiļi"),
        (EN, "who is the mayor of krāslava"),
    ],
)
def test_an_ordinary_question_stays_whole(keep: Keep, language: Language, text: str) -> None:
    assert keep(text, language) == text


def test_capitals_of_places_and_officials_do_no_harm(keep: Keep) -> None:
    assert keep("Kādēļ Skreivers Krāslavā neceļ telefonu?", LV) == ("kādēļ skreivers krāslavā neceļ telefonu?")


DIGITS = st.text("0123456789", min_size=4, max_size=24)
SEPARATORS = st.sampled_from(["", " ", "-", ".", "/", " - ", ") ", " (", "\u00a0", "‑", ", ", "\n"])


@st.composite
def spelled_numbers(draw: st.DrawFn) -> str:
    """A number with separators anywhere, as people group them."""
    digits = draw(DIGITS)
    return draw(st.sampled_from(["", "+", "+371 ", "00371", "LV", "nr."])) + "".join(
        digit + draw(SEPARATORS) * draw(st.booleans()) for digit in digits
    )


@settings(max_examples=300, deadline=None)
@given(number=spelled_numbers(), before=st.sampled_from(["", "mans numurs ", "zvani uz ", "код ", "card: "]))
def test_no_digit_of_a_number_stays(keep: Keep, number: str, before: str) -> None:
    kept = keep(f"{before}{number} paldies", LV)
    lone = re.fullmatch(r"\D*(20[12]\d)\D*", number) and "371" not in number
    assert lone or not re.search(r"\d", kept), kept


SURNAMES = (
    "Bērziņš Bērziņa Kalniņš Kalniņa Ozoliņš Ozola Liepiņš Krūmiņa Vītols Vītola Zariņš Balode Kļaviņš Petrovs Petrova"
    " Ivanovs Ivanova Vasiļjeva Kozlovskis Kozlovska Jansons Jansone Andersons Eglītis Eglīte Pētersons Dombrovskis"
    " Kovaļovs Grišāne Zvirbulēns Stradiņš Šķēle Grūbe Zvaigzne Upītis Gailīte Žukovs Maslovska Rudzāts Locs Vucāns"
).split()
GIVEN = (
    "Jānis Anna Pēteris Ilze Māris Kristīne Andris Līga Edgars Inese Juris Aleksandrs Jeļena Vladimirs Svetlana".split()
)


@settings(max_examples=300, deadline=None)
@given(
    first=st.sampled_from(GIVEN),
    family=st.sampled_from(SURNAMES),
    order=st.sampled_from(["{0} {1}", "{1} {0}", "{0}  {1}", "{0} {0} {1}"]),
    frame=st.sampled_from(
        ["{} kaimiņš trokšņo", "vai {} vēl strādā", "kāpēc {}, neceļ", "Sveiki! {} te", "gribu ({})"]
    ),
    spell=st.sampled_from([str, str.lower, str.upper, lambda name: fold(name.lower())]),
)
def test_no_first_name_with_surname_stays(
    keep: Keep, first: str, family: str, order: str, frame: str, spell: object
) -> None:
    assert callable(spell)
    kept = keep(frame.format(spell(order.format(first, family))), LV)
    left = {fold(word) for word in re.findall(r"[^\W_]+", kept)}
    assert not left & {fold(first.lower()), fold(family.lower())}, kept


INFLECTED = {
    LV: (
        (
            "Jānim Bērziņam, Annas Kalniņas, Jāni Bērziņu, Pētera Ozola, Ilzei Vītolai, Kristīnes Balodes, "
            "Gunta Skuja, Dzintra Roze, Ēriks Ērglis, Anna Marija Roze, Žanna Ļebedeva, Ivan Petrov, Иван Петров"
        ),
        ["vai {} vēl strādā", "{} man teica, ka nav naudas", "runāju ar {} par malku", "kaimiņam {} ir suns"],
    ),
    RU: (
        "Ивана Петрова, Марии Ивановой, Сергей Сергеевич Смирнов, Смирнова Елена, Янис Берзиньш, Юрий Ким, Ivan Petrov",
        ["где {} работает", "{} мне сказал, что нет денег", "я говорил с {} о дровах", "сосед {} шумит"],
    ),
    EN: (
        "John Smith, Mary Jane Watson, Kate O'Brien, Andrew Lloyd-Webber, Janis Berzins",
        ["does {} still work there", "my neighbour {} makes noise", "{} told me there is no money"],
    ),
}


@pytest.mark.parametrize(
    ("language", "name", "frame"),
    [
        (language, name, frame)
        for language, (names, frames) in INFLECTED.items()
        for name in names.split(", ")
        for frame in frames
    ],
)
def test_names_are_gone_in_every_case_form_and_spelling(keep: Keep, language: Language, name: str, frame: str) -> None:
    for spelled in (name, name.lower(), name.upper()):
        kept = keep(frame.format(spelled), language)
        assert not set(re.findall(r"[^\W_]{2,}", name.lower())) & set(re.findall(r"[^\W_]+", kept)), kept


SYLLABLES = st.lists(st.sampled_from("ba dze gro kli mo ņu pre sķi štra vo zī žu".split()), min_size=2, max_size=4)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(parts=SYLLABLES, family=SYLLABLES, frame=st.sampled_from(["mani sauc {}", "vai {} strādā", "меня зовут {}"]))
def test_no_name_that_no_list_has_stays(keep: Keep, parts: list[str], family: list[str], frame: str) -> None:
    name = "".join(parts).capitalize() + "x " + "".join(family).capitalize() + "q"
    kept = keep(frame.format(name), LV)
    assert not set(name.lower().split()) & set(kept.split()), kept


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    user=st.from_regex(r"[a-z][a-z0-9._-]{1,12}[a-z]", fullmatch=True),
    host=st.sampled_from(["inbox.lv", "gmail.com", "mail.ru", "selis.example.lv"]),
    at=st.sampled_from(["@", " @ ", "@ ", " @", "(at)", " (at) ", " [at] ", " at ", " et "]),
)
def test_no_mailbox_stays(keep: Keep, user: str, host: str, at: str) -> None:
    kept = keep(f"rakstiet man uz {user}{at}{host} lūdzu", LV)
    assert kept == f"rakstiet man uz {MARK} lūdzu" or not {user, host} & set(kept.split()), kept


@settings(max_examples=200, deadline=None, derandomize=True)
@given(text=st.text(max_size=600), language=st.sampled_from(Language))
def test_any_text_is_kept_short_and_on_one_line(keep: Keep, text: str, language: Language) -> None:
    kept = keep(text, language)
    assert len(kept) <= MAX_KEPT
    assert "\n" not in kept
    assert not re.search(r"\d{5}", kept)


@pytest.mark.parametrize(
    "part", ["a", "@", "1 ", "ā.a", "Jānis ", "a.lv ", "-_", "divi ", "J.", "š'", "a@", "(at)", "iņš"]
)
def test_the_longest_message_takes_no_longer_than_its_length(keep: Keep, part: str) -> None:
    began = time.perf_counter()
    keep(part * 5000, LV)
    assert time.perf_counter() - began < 0.5


def test_words_beside_people_are_listed_in_every_language(personal: Personal) -> None:
    for language, held in personal.tables.kb.words.items():
        assert set(held.personal) == set(PersonalWords), language
