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
from knowledge.model import KnowledgeBase, Language, Municipality, Place
from knowledge.reading import Meaning, Mention
from knowledge.text import Script, Word, fold

_LEVELS = {None: 0, "low": 1, "medium": 2, "high": 3}
_MIN_FUZZY = 6
_MIN_ROOT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What one written form can mean, how much it needs to be trusted, and whether it is a locative."""

    meaning: Meaning
    level: int
    locative: bool


Forms = dict[str, tuple[_Form, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """The place names of one snapshot, ready to be looked up."""

    lexicon: Lexicon
    forms: Forms
    roots: Forms
    kinds: frozenset[str]
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
        skip = -1
        for position, word in enumerate(message):
            if position <= skip:
                continue
            kind = self._kind_after(message, position, language)
            if position in taken and not kind:
                continue
            found = self._meanings(message, position, language, kind=kind, known=known)
            if found:
                skip = position + kind
                end = message[skip].end
                mentions.append(
                    Mention(
                        text=text[word.start : end],
                        start=word.start,
                        end=end,
                        meanings=found,
                        negated=self._negated(text, message, position, language),
                    )
                )
        return mentions

    def _kind_after(self, message: Sequence[Word], position: int, language: Language) -> int:
        """1 where the next word is pagasts, novads, город …, else 0."""
        if position + 1 >= len(message) or message[position + 1].sentence != message[position].sentence:
            return 0
        following = message[position + 1]
        if any(key in self.kinds for key in self.lexicon.keys(following, language)):
            return 1
        stem = "lv:" + latvian.stem(following.folded)
        close = len(stem) > 7 and any(len(k) > 7 and OSA.distance(stem, k, score_cutoff=1) <= 1 for k in self.kinds)
        return int(close)

    def _meanings(
        self, message: Sequence[Word], position: int, language: Language, *, kind: int, known: Callable[[Word], bool]
    ) -> tuple[Meaning, ...]:
        word = message[position]
        if kind:
            kind_key = self.lexicon.keys(message[position + 1], language)[0]
            alias = self.aliases.get((word.folded, kind_key))
            if alias is not None:
                return (alias,)
        before = message[position - 1] if position and message[position - 1].sentence == word.sentence else None
        trusted = [
            form for form in self._forms(word, language, known) if self._trusted(form, word, before, language, kind)
        ]
        return tuple(dict.fromkeys(form.meaning for form in trusted))

    def _forms(self, word: Word, language: Language, known: Callable[[Word], bool]) -> tuple[_Form, ...]:
        if word.script is Script.CYRILLIC:
            return self._russian(russian.to_latin(word.lower))
        found = self.forms.get(word.folded, ())
        if found or known(word):
            return found
        if language is Language.RU:
            return self._russian(word.folded)
        return self._close(word.folded)

    def _russian(self, latin: str) -> tuple[_Form, ...]:
        name = russian.skeleton(fold(latin))
        for cut in range(len(name), _MIN_ROOT - 1, -1):
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

    def _trusted(self, form: _Form, word: Word, before: Word | None, language: Language, kind: int) -> bool:
        if kind or form.level == 0:
            return True
        if form.level == 3:
            return False
        if form.level == 1:
            return language is Language.LV or word.capital
        if language is not Language.LV or not word.text[0].isupper():
            preposition = before is not None and before.folded in self.prepositions[Language.LV]
            return form.locative and (preposition or not word.lower.isascii())
        return form.locative or (word.capital and not word.opens)

    def _negated(self, text: str, message: Sequence[Word], position: int, language: Language) -> bool:
        if position == 0:
            return False
        before = message[position - 1]
        between = text[before.end : message[position].start]
        return before.lower in self.negations[language] and not between.strip()


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
    kinds = [(language, kind) for language, held in kb.words.items() for kind in held.place_kinds]
    frozen = {form: tuple(found) for form, found in forms.items()}
    return Gazetteer(
        lexicon=lexicon,
        forms=frozen,
        roots={root: tuple(found) for root, found in roots.items()},
        kinds=frozenset(key for language, kind in kinds for key in lexicon.sequence(kind, language)),
        aliases=dict(_aliases(kb, lexicon)),
        negations={language: _small(kb, language, "negations") for language in Language},
        prepositions={language: _small(kb, language, "place_prepositions") for language in Language},
        long_forms=tuple(form for form in frozen if len(form) >= _MIN_FUZZY),
    )


def _small(kb: KnowledgeBase, language: Language, name: str) -> frozenset[str]:
    held = kb.words.get(language)
    return frozenset(getattr(held, name)) if held else frozenset()


def _aliases(kb: KnowledgeBase, lexicon: Lexicon) -> Iterator[tuple[tuple[str, str], Meaning]]:
    for alias in kb.aliases:
        name, _, kind = alias.name.lower().partition(" ")
        for kind_key in lexicon.sequence(kind, Language.LV):
            for form in latvian.noun_forms(name):
                yield (fold(form), kind_key), Meaning(municipality=alias.municipality)


def _add_municipality(
    municipality: Municipality, forms: dict[str, dict[_Form, None]], roots: dict[str, dict[_Form, None]]
) -> None:
    name = municipality.short.lower()
    genitive = municipality.forms.get("gen", "").lower().partition(" ")[0]
    level = 0 if municipality.covered else 1
    form = _Form(meaning=Meaning(municipality=municipality.id), level=level, locative=False)
    if municipality.covered:
        for written in {*latvian.noun_forms(name), genitive}:
            forms[fold(written)][form] = None
        for root in _roots([name, municipality.ru]):
            roots[root][form] = None
    elif genitive and " " in municipality.name:
        # Other towns are in the list of places; their novadi are known by the genitive and the word novads.
        forms[fold(genitive)][_Form(meaning=form.meaning, level=3, locative=False)] = None


def _add_place(
    place: Place, forms: dict[str, dict[_Form, None]], roots: dict[str, dict[_Form, None]], *, meaning: Meaning
) -> None:
    level = _LEVELS[place.common_word]
    locative = fold(place.forms.get("loc", "").lower())
    for written in place.forms.values():
        folded = fold(written.lower())
        if " " not in folded:
            forms[folded][_Form(meaning=meaning, level=level, locative=folded == locative)] = None
    for demonym in place.demonyms:
        for written in latvian.noun_forms(demonym):
            forms[fold(written)][_Form(meaning=meaning, level=0, locative=False)] = None
    if level < 2:
        for root in _roots([place.name, place.ru]):
            roots[root][_Form(meaning=meaning, level=level, locative=False)] = None


def _roots(names: Iterable[str | None]) -> Iterator[str]:
    """The beginnings by which Russian texts name a place: kraslav, ekabpil and ekabpils, liepa."""
    for name in filter(None, names):
        whole = russian.skeleton(fold(russian.to_latin(name.lower().partition(" ")[0])))
        bare = whole.rstrip("aeiou")
        for root in {whole, bare, whole[: len(bare) + 1], whole.rstrip("s").rstrip("aeiou"), _adjective_root(whole)}:
            if len(root) >= _MIN_ROOT:
                yield root


def _adjective_root(name: str) -> str:
    """краславский -> kraslav."""
    return name.removesuffix("ski").removesuffix("s") if name.endswith("ski") else name
