"""Place names in messages. What must be found is told by the data: every form of every place in places.yaml."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

import pytest

from knowledge import latvian
from knowledge.geography import Place
from knowledge.index import Index
from knowledge.model import KnowledgeBase, Language
from knowledge.read import read
from knowledge.reading import Mention
from knowledge.text import fold
from knowledge.written_forms import people_roots

Meant = tuple[str, str | None]
"""Municipality and place; no place where the municipality itself was named."""

_SMS = dict(zip("āēīūčšžģķļņ", "aa ee ii uu ch sh zh gj kj lj nj".split(), strict=True))
_KIND_WORDS = {"pilseta": "pilsētā", "pagasts": "pagastā", "ciems": "ciemā"}


def without_diacritics(name: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))


def as_in_sms(name: str) -> str:
    return "".join(
        _SMS.get(letter, _SMS[letter.lower()].capitalize() if letter.lower() in _SMS else letter) for letter in name
    )


def as_written(name: str) -> str:
    return name


SPELLINGS: list[Callable[[str], str]] = [as_written, without_diacritics, as_in_sms]
spelled = pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda spelling: spelling.__name__)


def mentions(text: str, index: Index, language: Language = Language.LV) -> tuple[Mention, ...]:
    return read(text, index, language).places


def meant(text: str, index: Index, language: Language = Language.LV) -> set[Meant]:
    """Everything that a place of the message can mean, regions aside."""
    found = (mention for mention in mentions(text, index, language) if not mention.region)
    return {(meaning.municipality, meaning.place) for mention in found for meaning in mention.meanings}


def municipalities_meant(text: str, index: Index, language: Language = Language.LV) -> set[str]:
    return {municipality for municipality, _ in meant(text, index, language)}


def is_meant(place: Place, text: str, index: Index) -> bool:
    return bool({(place.municipality, place.id), (place.municipality, None)} & meant(text, index))


def named(kb: KnowledgeBase, *levels: str | None) -> Iterator[tuple[Place, str, str]]:
    """Every form of a place's name, with its case, that can be trusted as these levels say. What is no word itself, but
    would be one without its long vowel, is among none.
    """
    for place in kb.places.values():
        common = {without_diacritics(place.forms[case]) for case in place.common_forms}
        for case, form in place.forms.items():
            level = place.common_word if case in (place.common_forms or place.forms) else None
            if level in levels and (level is not None or without_diacritics(form) not in common):
                yield place, case, form


@spelled
def test_every_form_of_a_name_is_found(kb: KnowledgeBase, index: Index, spelling: Callable[[str], str]) -> None:
    missed = [
        text
        for place, _, form in named(kb, None, "low")
        for text in (f"kam zvanīt {spelling(form)}", f"kam zvanīt {spelling(form).lower()}?", f"{spelling(form)}?")
        if not is_meant(place, text, index)
    ]
    assert missed == []


@spelled
def test_every_form_of_a_name_like_a_common_word_is_found_with_a_capital_inside_a_sentence(
    kb: KnowledgeBase, index: Index, spelling: Callable[[str], str]
) -> None:
    texts = [(place, f"kam zvanīt {spelling(form)}") for place, _, form in named(kb, "medium")]
    assert [text for place, text in texts if not is_meant(place, text, index)] == []


def test_the_locative_of_a_name_like_a_common_word_is_found_where_its_diacritics_show_it(
    kb: KnowledgeBase, index: Index
) -> None:
    texts = [
        (place, f"kas notiek {form.lower()}")
        for place, case, form in named(kb, "medium")
        if case == "loc" and not form.isascii()
    ]
    assert [text for place, text in texts if not is_meant(place, text, index)] == []


@pytest.mark.parametrize("preposition", ["no", "pie", "uz"])
def test_a_preposition_shows_that_a_common_word_means_a_place(
    kb: KnowledgeBase, index: Index, preposition: str
) -> None:
    case = "acc" if preposition == "uz" else "gen"
    texts = [(p, f"zvanīju {preposition} {form.lower()}") for p, held, form in named(kb, "medium") if held == case]
    assert [text for place, text in texts if not is_meant(place, text, index)] == []


def test_a_common_word_in_another_case_is_no_place(kb: KnowledgeBase, index: Index) -> None:
    texts = [
        (place, f"kas ir {form.lower()} te") for place, _, form in named(kb, "medium") if form != place.forms["loc"]
    ]
    assert [text for place, text in texts if is_meant(place, text, index)] == []


@spelled
def test_a_word_that_hardly_ever_means_a_place_needs_a_kind_word(
    kb: KnowledgeBase, index: Index, spelling: Callable[[str], str]
) -> None:
    found = [
        text
        for place, case, form in named(kb, "high")
        for text in (f"kam zvanīt {spelling(form)}", f"kas ir {spelling(form).lower()}", f"{spelling(form)}?")
        if is_meant(place, text, index) and not (case == "loc" and spelling(form) == form and not form.isascii())
    ]
    assert found == []


def test_or_a_council_after_it_or_a_locative_with_capital_and_diacritics(kb: KnowledgeBase, index: Index) -> None:
    missed = [
        text
        for place, case, form in named(kb, "high")
        for text in (
            *([f"kam rakstīt {form} domē", f"vai {form} pašvaldība atbildēs"] if case == "gen" else []),
            *([f"kam zvanīt {form}", f"un {form}?"] if case == "loc" and not form.isascii() else []),
        )
        # Zemgale is a region as well.
        if " " not in form and not is_meant(place, text, index) and not any(m.region for m in mentions(text, index))
    ]
    assert missed == []


@spelled
def test_with_a_kind_word_every_form_of_every_name_is_found(
    kb: KnowledgeBase, index: Index, spelling: Callable[[str], str]
) -> None:
    missed = [
        text
        for place, _, form in named(kb, None, "low", "medium", "high")
        for text in (
            f"kam zvanīt {spelling(form)} {_KIND_WORDS[place.kind]}",
            f"{spelling(form).lower()} {spelling(_KIND_WORDS[place.kind])}",
        )
        if not is_meant(place, text, index)
    ]
    assert missed == []


@spelled
def test_every_form_of_every_name_of_inhabitants_is_found(
    kb: KnowledgeBase, index: Index, spelling: Callable[[str], str]
) -> None:
    missed = [
        text
        for place in kb.places.values()
        for demonym in place.demonyms
        for form in sorted(latvian.noun_forms(demonym))
        for text in (f"ko grib {spelling(form)}", f"ko grib {spelling(form).capitalize()}")
        if not is_meant(place, text, index)
    ]
    assert missed == []


def people_of(kb: KnowledgeBase) -> Iterator[tuple[str, Place]]:
    """Every folded form of every name for the people of a place, generated from its own."""
    for place in kb.places.values():
        for person in latvian.inhabitants(place.name.lower()) if " " not in place.name else ():
            yield from ((fold(form), place) for form in latvian.noun_forms(person))


def test_the_people_of_every_place_are_known_in_every_form(kb: KnowledgeBase, index: Index) -> None:
    forms = index.tables.gazetteer.forms
    missed = [
        form
        for form, place in people_of(kb)
        if place.common_word != "high"
        and form not in forms.listed
        and not any(found.meaning.place == place.id for found in forms.get(form))
    ]
    assert missed == []
    assert all(form not in forms for form in ("ietis", "pasvaldibietis", "kraslavasietis"))


def test_a_name_that_ends_in_a_vowel_melts_into_the_ending() -> None:
    assert people_roots("mia") == {"mi", "m"}
    assert {fold("miietis"), fold("miānieši")} == {"mietis", "mianiesi"}


def owners(kb: KnowledgeBase) -> dict[str, set[str]]:
    """Whom a folded form can belong to, by the data."""
    held: dict[str, set[str]] = {}
    for place in kb.places.values():
        demonyms = [form for demonym in place.demonyms for form in latvian.noun_forms(demonym)]
        for form in (*place.forms.values(), *demonyms):
            held.setdefault(fold(form.lower()), set()).add(place.municipality)
    for municipality in kb.municipalities.values():
        genitive = municipality.forms.get("gen", "").partition(" ")[0]
        for form in {*latvian.noun_forms(municipality.short), genitive}:
            held.setdefault(fold(form.lower()), set()).add(municipality.id)
    return held


def test_a_name_means_nobody_but_its_owners(kb: KnowledgeBase, index: Index) -> None:
    held = owners(kb)
    strangers = [
        (form, municipality, others)
        for _, _, form in named(kb, None, "low", "medium", "high")
        for municipality, _ in meant(f"kam zvanīt {form}", index)
        if municipality not in (others := held[fold(form.lower())])
    ]
    assert strangers == []


def test_the_municipalities_are_found_in_every_case(kb: KnowledgeBase, index: Index) -> None:
    missed = [
        text
        for municipality in kb.covered
        for form in (*municipality.forms.values(), *latvian.noun_forms(municipality.short))
        for text in (f"kam zvanīt {form}", f"kam zvanīt {without_diacritics(form).lower()}", as_in_sms(form))
        if meant(text, index) != {(municipality.id, None)}
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "municipalities"),
    [
        ("kas notiek Pilskalnē", {"aizkraukle", "augsdaugava"}),
        ("Pilskalnes pagasts", {"aizkraukle", "augsdaugava"}),
        ("Daugavpilī", {"daugavpils"}),
        ("dzīvoju Daugavpilī", {"daugavpils"}),
        ("Daugavpils novadā", {"augsdaugava"}),
        ("daugavpils novads", {"augsdaugava"}),
        ("Daugavpils nov. dome", {"augsdaugava"}),
        ("куда звонить, Даугавпилсский край", {"augsdaugava"}),
        ("Daugavpils novada dome", {"augsdaugava"}),
        ("agrāk Daugavpils rajons", {"augsdaugava"}),
        ("Krustpils novads", {"jekabpils"}),
        ("Ilūkstes novads", {"augsdaugava"}),
        ("Dagdas novads", {"kraslava"}),
        ("Pļaviņu novads", {"aizkraukle"}),
        ("Salas novads", {"jekabpils"}),
        ("KRĀSLAVAS NOVADS", {"kraslava"}),
        ("dzīvoju Rīgā", {"riga"}),
        ("Preiļos un Līvānos", {"preilu-novads", "livanu-novads"}),
    ],
)
def test_a_name_leads_to_the_municipality_of_today(text: str, municipalities: set[str], index: Index) -> None:
    assert {municipality for municipality, _ in meant(text, index)} == municipalities


SLIPS = ["Krāslaba", "Krsalavā", "Krāslaavā", "krasalva", "Krāslavaa", "krāslavvā"]


@pytest.mark.parametrize(
    ("text", "municipality"),
    [
        *((f"kam zvanīt {slip}", "kraslava") for slip in SLIPS),
        ("kam zvanīt jēkapilī", "jekabpils"),
        ("kam zvanīt jekapbils", "jekabpils"),
        ("kam zvanīt Aizkrauklee", "aizkraukle"),
        ("kam zvanīt aizkrukle", "aizkraukle"),
        ("Agšdaugavas novadā", "augsdaugava"),
        ("augsdaugvas novads", "augsdaugava"),
        ("kam zvanīt Ilukstē", "augsdaugava"),
        ("kam zvanīt ilūskte", "augsdaugava"),
    ],
)
def test_a_slip_of_the_keyboard_is_forgiven(text: str, municipality: str, index: Index) -> None:
    assert municipalities_meant(text, index) == {municipality}


RUSSIAN = {
    "kraslava": ["в Краславе", "из Краславы", "про Краславу", "под Краславой", "Краслава", "краславский край",
                 "в Краславском крае", "краславская дума", "краславчане"],
    "jekabpils": ["в Екабпилсе", "из Екабпилса", "Екабпилс", "екабпилсский край", "екабпилсской думы", "в Виесите",
                  "в Акнисте"],
    "aizkraukle": ["в Айзкраукле", "Айзкраукльский край", "в Айзкраукльском крае", "в Кокнесе", "в Яунелгаве",
                   "из Яунелгавы", "в Скривери", "в Плявиняс", "из Плявиняса"],
    "augsdaugava": ["в Аугшдаугаве", "Аугшдаугавский край", "Аугшдаугавского края", "в Илуксте", "илукстский",
                    "из Субате", "в Ницгале"],
    "daugavpils": ["в Даугавпилсе", "из Даугавпилса", "Даугавпилс"],
    "riga": ["в Риге", "из Риги", "Рига"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("municipality", "text"), [(municipality, text) for municipality, texts in RUSSIAN.items() for text in texts]
)
def test_a_russian_name_is_found_in_every_case(municipality: str, text: str, index: Index) -> None:
    assert municipalities_meant(f"куда позвонить {text}", index, Language.RU) == {municipality}


TRANSLITERATED = {
    "kraslava": ["v kraslave", "iz kraslavy", "kraslava", "v dagde", "iz dagdy"],
    "jekabpils": ["v jekabpilse", "v ekabpilse", "iz jekabpilsa", "v viesite"],
    "aizkraukle": ["v aizkraukle", "v ajzkraukle", "v koknese"],
    "augsdaugava": ["v ilukste", "v augshdaugave", "v augšdaugave"],
    "daugavpils": ["v daugavpilse"],
}


@pytest.mark.parametrize(
    ("municipality", "text"), [(municipality, text) for municipality, texts in TRANSLITERATED.items() for text in texts]
)
def test_a_russian_name_in_latin_letters_is_found(municipality: str, text: str, index: Index) -> None:
    assert municipalities_meant(f"kuda pozvonit {text}", index, Language.RU) == {municipality}


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("nevis Krāslavā, bet Dagdā", [True, False]),
        ("ne Krāslavā", [True]),
        ("Dagdā, nevis Krāslavā", [False, True]),
        ("es nezvanu Krāslavā", [False]),
        ("nē, Krāslavā", [False]),
        ("не в Краславе", [False]),
        ("не в Краславе, мне в Дагде", [True, False]),
        ("нет, в Краславе или в Дагде", [False, False]),
        ("not in Kraslava, in Dagda", [True, False]),
        ("не Краслава, а Дагда", [True, False]),
    ],
)
def test_a_name_that_was_denied_is_marked(text: str, negated: list[bool], index: Index) -> None:
    language = Language.LV if text.isascii() or "ā" in text else Language.RU
    assert [mention.negated for mention in mentions(text, index, language)] == negated


def test_several_names_come_in_the_order_of_the_text_with_their_spans(index: Index) -> None:
    text = "no Dagdas uz Salas pagastu, tad Jēkabpilī"
    found = mentions(text, index)
    assert [mention.text for mention in found] == ["Dagdas", "Salas pagastu", "Jēkabpilī"]
    assert [text[mention.start : mention.end] for mention in found] == [mention.text for mention in found]


def test_a_region_means_all_its_municipalities(kb: KnowledgeBase, index: Index) -> None:
    for region in kb.regions:
        for form in latvian.noun_forms(region.name):
            (mention,) = mentions(f"kas notiek {form}", index)
            assert mention.region
            assert set(mention.municipalities) == set(region.municipalities)


ORDINARY = """
Vai pie mums var nopirkt salu saldējumu?
Kalna galā stāv veca egle.
Skaista diena šodien, vai ne?
Bērziņi aug pie mājas.
Kūkas cep svētkos.
Bebri uzcēla dambi upē.
Vai bebriem drīkst postīt dambi?
rite notika vakarā
Bija ritenis jālabo.
Meža rubenis izlidoja.
liepas tēja palīdz pret klepu
zem liepām ir soliņš
indra ir vārds
Ūdens krauja ir stāva.
aiz mājas ir eglaine
valka drēbes trīs dienas
bija saldus ābols
lūdzu palīdziet
ludzu iedodiet numuru
Lūdzu, kam zvanīt?
balvas dod konkursā
skolēnu balvi pasniedza uzvarētājam
ogas lasa mežā
Pilskalns ir augsts.
pilsēta aug
pils drupas ir skaistas
domes sēde ir rīt
elkšņi aug grāvī
ābeles zied dārzā
ābeļi zied
no ābolu sulas
asara bira uz vaiga
asaras acīs
zalves šāviens
jūrmala ir smilšaina
Salas iela ir slēgta
Kalna iela 5
Bērziņa kungs zvanīja
Jānis Kalniņš neatbild
Vai drīkst zvejot Daugavā?
aizkrauj krāsni ar malku
krāsas veikals ir ciet
Jēkaba iela 3
Dagnija neatbild
vabole rāpo pa lapu
kur ir konstantīna dēls
augstais kalns ir slidens
skrīvera amats
vai robežsardze atbild
kā nopļaut pļaviņas
Vabole rāpo pa lapu
Liepas zied jūlijā
Ilze zvanīja vakar
Rubeņi riesto pavasarī
""".strip().splitlines()

MISTAKES = {
    "bērzu birzī ir kluss": "birzī and Birži fold alike, and the data does not call it a common word",
}


@pytest.mark.parametrize(
    "text", [*ORDINARY, *(pytest.param(t, marks=pytest.mark.xfail(reason=why)) for t, why in MISTAKES.items())]
)
def test_ordinary_words_are_no_places(text: str, index: Index) -> None:
    assert meant(text, index) == set()


@pytest.mark.parametrize(
    ("text", "language", "municipality"),
    [
        ("телефон социальной службы в Юрмале", Language.RU, "jurmala"),
        ("полиция Лудзы", Language.RU, "ludzas-novads"),
        ("who do I call in Valka", Language.EN, "valkas-novads"),
        ("Jūrmalas sociālais dienests", Language.LV, "jurmala"),
        ("dod Saldus kultūras pārvaldi", Language.LV, "saldus-novads"),
        ("Salas pašvaldības policija", Language.LV, "jekabpils"),
        ("ludzaa soc dienests", Language.LV, "ludzas-novads"),
        ("Ludzā mazdēls ies skolā", Language.LV, "ludzas-novads"),
        ("madnas novada dome", Language.LV, "madonas-novads"),
    ],
)
def test_what_is_a_word_in_latvian_is_a_place_in_another_language_and_of_an_office(
    text: str, language: Language, municipality: str, index: Index
) -> None:
    assert municipalities_meant(text, index, language) == {municipality}


@pytest.mark.parametrize(
    "text",
    [
        "kaimiņš ludza naudu",
        "vai salas sociālais dienests",
        "ludzu policiju",
        "kas ir ar saldus ēdieniem",
        "сало и масло",
        "skaistas puķes",
    ],
)
def test_a_small_letter_or_no_office_leaves_it_a_word(text: str, index: Index) -> None:
    assert meant(text, index) == set()


@pytest.mark.parametrize(
    ("text", "language", "municipality"),
    [
        ("kuda pozvonit v plavinas", Language.RU, "aizkraukle"),
        ("plavinas soc dienests tel", Language.LV, "aizkraukle"),
        ("indra policija numurs", Language.LV, "kraslava"),
        ("aizkr dome", Language.LV, "aizkraukle"),
        ("kur augšdaug novadā rakstīt", Language.LV, "augsdaugava"),
        ("vai dagdānietis drīkst sēdēt domē", Language.LV, "kraslava"),
        ("dagdēniešiem jāmaksā", Language.LV, "kraslava"),
    ],
)
def test_a_search_of_few_words_and_names_as_people_shorten_and_make_them(
    text: str, language: Language, municipality: str, index: Index
) -> None:
    assert municipalities_meant(text, index, language) == {municipality}


def test_a_name_that_is_a_word_in_latvian_alone_is_the_place_in_russian(index: Index) -> None:
    assert municipalities_meant("лудза соцслужба", index, Language.RU) == {"ludzas-novads"}
    assert municipalities_meant("кто разрешает валку деревьев", index, Language.RU) == set()
    assert municipalities_meant("Полиция в Валке", index, Language.RU) == {"valkas-novads"}
