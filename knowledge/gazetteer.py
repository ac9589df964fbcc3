"""Place names in a message: towns, parishes, villages, inhabitants, municipalities, in Latvian, Russian and English.

A name counts by its generated or listed forms, then by one slip of the keyboard in a long name. Names that are also
common words (Sala, Kalna, Skaista) count only with a kind word (pagasts, novads) or where a capital or a locative shows
that a place is meant; how far each can be trusted stands in the data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from knowledge import latvian, russian
from knowledge.lexicon import Lexicon
from knowledge.model import KnowledgeBase, Language, Municipality, Place, Region
from knowledge.reading import Meaning, Mention
from knowledge.text import Script, Word, fold

_LEVELS = {None: 0, "low": 1, "medium": 2, "high": 3}
_MIN_FUZZY = 6
_MIN_FUZZY_PLAIN = 8
_MIN_ROOT = 4
_MIN_KIND = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What one written form can mean, how far it can be trusted, and the place's locative as it is written."""

    meaning: Meaning
    level: int
    locative: str
    region: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """A word that may be a place, with the word before it and the kind word after it, in the same sentence."""

    word: Word
    before: Word | None
    kind: str | None
    language: Language
    plain: bool


Forms = dict[str, tuple[_Form, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """The place names of one snapshot, ready to be looked up."""

    lexicon: Lexicon
    forms: Forms
    roots: Forms
    kinds: frozenset[str]
    region_kinds: frozenset[str]
    aliases: dict[tuple[str, str], Meaning]
    negations: dict[Language, frozenset[str]]
    prepositions: dict[Language, frozenset[str]]
    long_forms: tuple[str, ...] = field(default=())

    def find(
        self,
        text: str,
        message: Sequence[Word],
        language: Language,
        taken: Collection[int],
        known: Callable[[Word], bool],
    ) -> list[Mention]:
        """Every place named in `message`, in order. Words at the positions in `taken` belong to something else."""
        mentions: list[Mention] = []
        plain = all(word.lower.isascii() for word in message)
        skip = -1
        for position, word in enumerate(message):
            spot = self._spot(message, position, language, plain=plain)
            if position <= skip or (position in taken and spot.kind is None):
                continue
            forms = self._trusted_forms(spot, known)
            if forms:
                skip = position + (spot.kind is not None)
                mentions.append(self._mention(text, word.start, message[skip].end, forms, spot))
        return mentions

    def _spot(self, message: Sequence[Word], position: int, language: Language, *, plain: bool) -> _Spot:
        word = message[position]
        before = message[position - 1] if position else None
        after = message[position + 1] if position + 1 < len(message) else None
        return _Spot(
            word=word,
            before=before if before is not None and before.sentence == word.sentence else None,
            kind=self._kind(after, language) if after is not None and after.sentence == word.sentence else None,
            language=language,
            plain=plain,
        )

    def _mention(self, text: str, start: int, end: int, forms: Sequence[_Form], spot: _Spot) -> Mention:
        before = spot.before
        negated = before is not None and before.lower in self.negations[spot.language]
        return Mention(
            text=text[start:end],
            start=start,
            end=end,
            meanings=tuple(dict.fromkeys(form.meaning for form in forms)),
            region=any(form.region for form in forms),
            # "ne Jēkabpilī, Krāslavā" takes Jēkabpils back; "nē, Jēkabpilī" does not.
            negated=negated and before is not None and not text[before.end : start].strip(),
        )

    def _kind(self, word: Word, language: Language) -> str | None:
        """The key of a word like pagasts, novads, город, one slip allowed; None for any other word."""
        own = self.lexicon.keys(word, language)
        found = next((key for key in own if key in self.kinds), None)
        if found is not None:
            return found
        stem = "lv:" + latvian.stem(word.folded)
        if len(stem) < _MIN_KIND:
            return None
        return next((k for k in self.kinds if len(k) > _MIN_KIND and OSA.distance(stem, k, score_cutoff=1) <= 1), None)

    def _trusted_forms(self, spot: _Spot, known: Callable[[Word], bool]) -> tuple[_Form, ...]:
        options = self._forms(spot.word, spot.language, known)
        if spot.kind is not None:
            known_as = [self.aliases.get((form.meaning.municipality, spot.kind)) for form in options]
            alias = next((meaning for meaning in known_as if meaning is not None), None)
            if alias is not None:
                return (_Form(meaning=alias, level=0, locative=""),)
        trusted = tuple(form for form in options if self._trusted(form, spot))
        regions = tuple(form for form in trusted if form.region)
        of_region = spot.kind is None or spot.kind in self.region_kinds
        return regions if regions and of_region else tuple(form for form in trusted if not form.region)

    def _forms(self, word: Word, language: Language, known: Callable[[Word], bool]) -> tuple[_Form, ...]:
        if word.script is Script.CYRILLIC:
            return self._russian(russian.to_latin(word.lower))
        found = self.forms.get(word.folded, ())
        if found:
            return found
        if language is Language.RU:
            return self._russian(word.folded)
        # A long word, or a capital inside a sentence: other words look like places too easily ("izvākta", Izvalta).
        likely = len(word.folded) >= _MIN_FUZZY_PLAIN or (word.capital and not word.opens)
        return self._close(word.folded) if likely and not known(word) else ()

    def _russian(self, latin: str) -> tuple[_Form, ...]:
        name = russian.skeleton(fold(latin))
        for cut in range(len(name), _MIN_ROOT - 2, -1):
            if name[:cut] in self.roots and name[cut:] in russian.CASE_ENDINGS:
                return self.roots[name[:cut]]
        return ()

    def _close(self, folded: str) -> tuple[_Form, ...]:
        """Forms one slip away; two in very long names. The first letter is nearly always right."""
        if len(folded) < _MIN_FUZZY:
            return ()
        allowed = 2 if len(folded) >= 11 else 1
        best: dict[int, list[str]] = defaultdict(list)
        for form in self.long_forms:
            if form[0] == folded[0] and abs(len(form) - len(folded)) <= allowed:
                distance = OSA.distance(folded, form, score_cutoff=allowed)
                if distance <= allowed:
                    best[distance].append(form)
        nearest = best[min(best)] if best else []
        return tuple(dict.fromkeys(option for form in nearest for option in self.forms[form] if option.level < 2))

    def _trusted(self, form: _Form, spot: _Spot) -> bool:
        word = spot.word
        if spot.kind is not None or form.level == _LEVELS[None]:
            return True
        if form.level == _LEVELS["high"]:
            return False
        if spot.before is not None and spot.before.lower in self.prepositions[spot.language]:
            return True
        if form.level == _LEVELS["low"]:
            return spot.language is Language.LV or word.text[0].isupper()
        return _is_locative(form, spot) or (word.capital and not word.opens)


def _is_locative(form: _Form, spot: _Spot) -> bool:
    """Whether a word is the place's locative: as written, in SMS spelling, or with a capital where all is plain."""
    word = spot.word
    if form.locative == word.lower:
        return True
    alike = bool(form.locative) and fold(form.locative) == word.folded
    doubled = word.lower[-2:] in {"aa", "ee", "ii", "uu", "oo"} or word.lower[-3:-1] in {"aa", "ii", "oo"}
    return alike and (doubled or (spot.plain and word.text[0].isupper()))


def build(kb: KnowledgeBase, lexicon: Lexicon) -> Gazetteer:
    """The gazetteer of a snapshot."""
    forms: dict[str, dict[_Form, None]] = defaultdict(dict)
    roots: dict[str, dict[_Form, None]] = defaultdict(dict)
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
    region_kinds = _keys(kb, lexicon, "region_kinds")
    frozen = {form: tuple(found) for form, found in forms.items()}
    return Gazetteer(
        lexicon=lexicon,
        forms=frozen,
        roots={root: tuple(found) for root, found in roots.items()},
        kinds=_keys(kb, lexicon, "place_kinds") | region_kinds,
        region_kinds=region_kinds,
        aliases=dict(_aliases(kb, lexicon)),
        negations={language: _small(kb, language, "negations") for language in Language},
        prepositions={language: _small(kb, language, "place_prepositions") for language in Language},
        long_forms=tuple(form for form in frozen if len(form) >= _MIN_FUZZY),
    )


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
    municipality: Municipality, forms: dict[str, dict[_Form, None]], roots: dict[str, dict[_Form, None]]
) -> None:
    name = municipality.short.lower()
    genitive = municipality.forms.get("gen", "").lower().partition(" ")[0]
    level = 0 if municipality.covered else 1
    form = _Form(meaning=Meaning(municipality=municipality.id), level=level, locative="")
    if municipality.covered:
        for written in {*latvian.noun_forms(name), genitive}:
            forms[fold(written)][form] = None
        for root in _roots([name, municipality.ru]):
            roots[root][form] = None
    elif genitive and " " in municipality.name:
        # Other towns are in the list of places; their novadi are known by the genitive and the word novads.
        forms[fold(genitive)][_Form(meaning=form.meaning, level=3, locative="")] = None


def _add_region(region: Region, forms: dict[str, dict[_Form, None]], roots: dict[str, dict[_Form, None]]) -> None:
    for municipality in region.municipalities:
        form = _Form(meaning=Meaning(municipality=municipality), level=0, locative="", region=True)
        for written in latvian.noun_forms(region.name.lower()):
            forms[fold(written)][form] = None
        for root in _roots([region.name, region.ru]):
            roots[root][form] = None


def _add_place(
    place: Place, forms: dict[str, dict[_Form, None]], roots: dict[str, dict[_Form, None]], *, meaning: Meaning
) -> None:
    level = _LEVELS[place.common_word]
    locative = place.forms.get("loc", "").lower()
    for written in place.forms.values():
        folded = fold(written.lower())
        if " " not in folded:
            forms[folded][_Form(meaning=meaning, level=level, locative=locative)] = None
    for demonym in place.demonyms:
        for written in latvian.noun_forms(demonym):
            forms[fold(written)][_Form(meaning=meaning, level=0, locative="")] = None
    if level < _LEVELS["high"]:
        for root in _roots([place.name, place.ru]):
            roots[root][_Form(meaning=meaning, level=0, locative="")] = None


def _roots(names: Iterable[str | None]) -> Iterator[str]:
    """The beginnings by which Russian texts name a place: kraslav, ekabpil and ekabpils, liepa."""
    for name in filter(None, names):
        whole = russian.skeleton(fold(russian.to_latin(name.lower().partition(" ")[0])))
        shorter = {_unvowelled(whole), _unvowelled(_unvowelled(whole)), _unvowelled(whole.removesuffix("s"))}
        # Рига has three letters before its ending; a root as short as that is taken from a short name alone.
        shortest = _MIN_ROOT if len(whole) > _MIN_ROOT + 1 else _MIN_ROOT - 1
        yield from {r for r in {whole, _adjective_root(whole)} | shorter if len(r) >= shortest}


def _unvowelled(name: str) -> str:
    return name[:-1] if name[-1:] in set("aeiou") else name


def _adjective_root(name: str) -> str:
    """краславский -> kraslav."""
    return name.removesuffix("ski").removesuffix("s") if name.endswith("ski") else name
