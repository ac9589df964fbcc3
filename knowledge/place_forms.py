"""Places of a snapshot -> Gazetteer: every form by which each can be named, generated or listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from knowledge import latvian, russian
from knowledge.gazetteer import LEVELS, MIN_BEGINNING, MIN_FUZZY, MIN_KIND, MIN_ROOT, SHOWN, Gazetteer
from knowledge.geography import Place, Region
from knowledge.lexicon import Lexicon
from knowledge.model import KnowledgeBase, Language, Municipality
from knowledge.nearby import Nearby
from knowledge.reading import Meaning
from knowledge.text import fold
from knowledge.written_forms import Form, WrittenForms, people_roots


def build(kb: KnowledgeBase, lexicon: Lexicon) -> Gazetteer:
    """The gazetteer of a snapshot."""
    forms: dict[str, dict[Form, None]] = defaultdict(dict)
    roots: dict[str, dict[Form, None]] = defaultdict(dict)
    for municipality in kb.municipalities.values():
        _add_municipality(municipality, forms, roots)
    shorts = {(m.id, fold(m.short.lower())) for m in kb.municipalities.values()}
    for place in kb.places.values():
        own = (place.municipality, fold(place.name.lower())) in shorts
        _add_place(
            place, forms, roots, meaning=Meaning(municipality=place.municipality, place=None if own else place.id)
        )
    for region in kb.regions:
        _add_region(region, forms, roots)
    spelled = [form for form in forms if len(form) >= MIN_FUZZY]
    _add_beginnings(kb, forms)
    region_kinds = _keys(kb, lexicon, "region_kinds")
    kinds = _keys(kb, lexicon, "place_kinds") | region_kinds
    return Gazetteer(
        lexicon=lexicon,
        forms=WrittenForms(listed=_frozen(forms), people=_frozen(_people(kb))),
        roots=_frozen(roots),
        kinds=kinds,
        long_kinds=tuple(sorted(key for key in kinds if len(key) > MIN_KIND)),
        region_kinds=region_kinds,
        institutions=_keys(kb, lexicon, "institutions"),
        aliases=dict(_aliases(kb, lexicon)),
        negations={language: _small(kb, language, "negations") for language in Language},
        denials={language: _small(kb, language, "denials") for language in Language},
        refusals={language: _small(kb, language, "refusals") for language in Language},
        prepositions={language: _small(kb, language, "place_prepositions") for language in Language},
        long_forms=Nearby(spelled),
        long_roots=Nearby(root for root in roots if len(root) >= MIN_FUZZY),
    )


def _frozen(forms: dict[str, dict[Form, None]]) -> dict[str, tuple[Form, ...]]:
    return {written: tuple(found) for written, found in forms.items()}


def _small(kb: KnowledgeBase, language: Language, name: str) -> frozenset[str]:
    held = kb.words.get(language)
    return frozenset(getattr(held, name)) if held else frozenset()


def _keys(kb: KnowledgeBase, lexicon: Lexicon, name: str) -> frozenset[str]:
    """The keys of the words of one list, in all languages."""
    listed = ((language, word) for language, held in kb.words.items() for word in getattr(held, name))
    return frozenset(key for language, word in listed for key in lexicon.sequence(word, language))


def _aliases(kb: KnowledgeBase, lexicon: Lexicon) -> Iterator[tuple[tuple[str, str], Meaning]]:
    for alias in kb.aliases:
        for language in Language:
            for kind in alias.kinds:
                for kind_key in lexicon.sequence(kind, language):
                    yield (alias.named_after, kind_key), Meaning(municipality=alias.municipality)


def _add_municipality(
    municipality: Municipality, forms: dict[str, dict[Form, None]], roots: dict[str, dict[Form, None]]
) -> None:
    name = municipality.short.lower()
    genitive = municipality.forms.get("gen", "").lower().partition(" ")[0]
    level = 0 if municipality.covered else 1
    form = Form(meaning=Meaning(municipality=municipality.id), level=level, locative="")
    if municipality.covered:
        for written in {*latvian.noun_forms(name), genitive}:
            forms[fold(written)][form] = None
        for root in _roots([name, municipality.ru]):
            roots[root][form] = None
    elif genitive and " " in municipality.name:
        # Other towns are in the list of places; their novadi are known by the genitive and the word novads.
        forms[fold(genitive)][Form(meaning=form.meaning, level=3, locative="")] = None


def _add_region(region: Region, forms: dict[str, dict[Form, None]], roots: dict[str, dict[Form, None]]) -> None:
    for municipality in region.municipalities:
        form = Form(meaning=Meaning(municipality=municipality), level=0, locative="", region=True)
        for written in latvian.noun_forms(region.name.lower()):
            forms[fold(written)][form] = None
        for root in _roots([region.name, region.ru]):
            roots[root][form] = None


def _add_place(
    place: Place, forms: dict[str, dict[Form, None]], roots: dict[str, dict[Form, None]], *, meaning: Meaning
) -> None:
    locative = place.forms.get("loc", "").lower()
    for case, written in place.forms.items():
        folded = fold(written.lower())
        if " " not in folded:
            own = _level(place, case)
            forms[folded][Form(meaning=meaning, level=own, locative=locative, genitive=case == "gen")] = None
    person = Form(meaning=meaning, level=0, locative="")
    for demonym in place.demonyms:
        for written in latvian.noun_forms(demonym):
            forms[fold(written)][person] = None
    # What is a word in Latvian is mostly none in Russian, and is believed with a capital or a preposition.
    # A name of which only some cases are words in Latvian is believed anywhere: Лудза is never "please".
    doubtful = place.common_word == "high" and (place.common_ru or not place.common_forms)
    of_root = Form(meaning=meaning, level=LEVELS["medium" if doubtful else None], locative="")
    for root in _roots([place.name, place.ru]):
        roots[root][of_root] = None


def _level(place: Place, case: str) -> int:
    """How far one case of a name can be trusted."""
    if not place.common_forms or case in place.common_forms:
        return LEVELS[place.common_word]
    words = {fold(place.forms[common].lower()) for common in place.common_forms}
    return SHOWN if fold(place.forms[case].lower()) in words else LEVELS[None]


def _people(kb: KnowledgeBase) -> dict[str, dict[Form, None]]:
    """The people of every place, beside what is listed, by what stands before the ending: zīlān- for Zīlāni."""
    named = [(m.short, Meaning(municipality=m.id)) for m in kb.municipalities.values()]
    places = [place for place in kb.places.values() if place.common_word != "high"]
    named += [(place.name, Meaning(municipality=place.municipality, place=place.id)) for place in places]
    found: dict[str, dict[Form, None]] = defaultdict(dict)
    for name, meaning in named:
        for root in people_roots(name.lower()) if " " not in name else ():
            found[root][Form(meaning=meaning, level=0, locative="")] = None
    return found


def _add_beginnings(kb: KnowledgeBase, forms: dict[str, dict[Form, None]]) -> None:
    """The names of our municipalities cut short, as in "aizkr dome", where no place is called so."""
    found: dict[str, dict[Form, None]] = defaultdict(dict)
    for municipality in kb.covered:
        name = fold(municipality.short.lower())
        for length in range(MIN_BEGINNING, len(name)):
            found[name[:length]][Form(meaning=Meaning(municipality=municipality.id), level=0, locative="")] = None
    for written, meant in found.items():
        if written not in forms:
            forms[written].update(meant)


def _roots(names: Iterable[str | None]) -> Iterator[str]:
    """The beginnings by which Russian texts name a place: kraslav, ekabpil and ekabpils, liepa."""
    for name in filter(None, names):
        whole = russian.skeleton(fold(russian.to_latin(name.lower().partition(" ")[0])))
        shorter = {_unvowelled(whole), _unvowelled(_unvowelled(whole)), _unvowelled(whole.removesuffix("s"))}
        # Рига has three letters before its ending; a root as short as that is taken from a short name alone.
        shortest = MIN_ROOT if len(whole) > MIN_ROOT + 1 else MIN_ROOT - 1
        yield from {r for r in {whole, _adjective_root(whole)} | shorter if len(r) >= shortest}


def _unvowelled(name: str) -> str:
    return name[:-1] if name[-1:] in set("aeiou") else name


def _adjective_root(name: str) -> str:
    """краславский -> kraslav."""
    return name.removesuffix("ski").removesuffix("s") if name.endswith("ski") else name
