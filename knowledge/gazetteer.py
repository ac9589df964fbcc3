"""Place names in a message: towns, parishes, villages, inhabitants, municipalities, in Latvian, Russian and English.

A name counts by its generated or listed forms, then by one slip of the keyboard in a long name. Names that are also
common words (Sala, Kalna, Skaista) count only with a kind word (pagasts, novads) or where a capital or a locative shows
that a place is meant; how far each can be trusted stands in the data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge import latvian, russian
from knowledge.lexicon import Lexicon
from knowledge.model import Language
from knowledge.nearby import Nearby
from knowledge.reading import Meaning, Mention
from knowledge.repair import MAX_REPAIRED
from knowledge.text import CLAUSE_ENDS, Script, Word, fold, in_one_clause
from knowledge.written_forms import Form, Forms, WrittenForms

LEVELS = {None: 0, "low": 1, "medium": 2, "high": 3}
SHOWN = 4
"""The level of a locative that is no word itself, but without its long vowel would be one: "Ludzā" is no "lūdza"."""
MIN_FUZZY = 6
MIN_FUZZY_PLAIN = 7
MIN_ROOT = 4
MIN_KIND = 7
MIN_BEGINNING = 5
"""Letters of a municipality's name that stand for the whole ("aizkr")."""
_KEYWORDS = 5
"""A message of no more words that names what is wanted is a search: "plavinas soc dienests"."""
_MAX_ENGLISH = 5
_LONG = frozenset("āēīū")
"""What a locative ends with: who begins with "Naujnē" says where."""


class _Spot(Struct, frozen=True, kw_only=True, gc=False):
    """A word that may be a place, with the word before it and the kind word after it, in the same sentence.

    `of_institution` tells that what follows is a council or another office of a municipality, `before_name` that it is
    the name of what is wanted; `searched` that the word stands in a few words beside such a name.
    """

    word: Word
    before: Word | None
    kind: str | None
    of_institution: bool
    before_name: bool
    searched: bool
    language: Language
    plain: bool
    home: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """The place names of one snapshot, ready to be looked up."""

    lexicon: Lexicon
    forms: WrittenForms
    roots: Forms
    kinds: frozenset[str]
    long_kinds: tuple[str, ...]
    region_kinds: frozenset[str]
    institutions: frozenset[str]
    aliases: dict[tuple[str, str], Meaning]
    negations: dict[Language, frozenset[str]]
    denials: dict[Language, frozenset[str]]
    refusals: dict[Language, frozenset[str]]
    prepositions: dict[Language, frozenset[str]]
    long_forms: Nearby
    long_roots: Nearby

    def find(
        self,
        text: str,
        message: Sequence[Word],
        language: Language,
        taken: Collection[int],
        known: Callable[[Word], bool],
        homes: Collection[int] = (),
    ) -> list[Mention]:
        """Every place named in `message`, in order.

        Words at the positions in `taken` belong to something else; at those in `homes` stands where somebody lives.
        """
        mentions: list[Mention] = []
        denied: list[int] = []
        plain = all(word.lower.isascii() for word in message)
        searched = plain and len(message) <= _KEYWORDS and bool(taken)
        skip = -1
        for position, word in enumerate(message):
            options = self._forms(message, position, language, known) if position > skip else ()
            if not options:
                continue
            spot = self._spot(
                message, position, language, taken, plain=plain, home=position in homes, searched=searched
            )
            if position in taken and spot.kind is None:
                continue
            forms = self._trusted_forms(options, spot)
            if forms:
                skip = position + (spot.kind is not None)
                mentions.append(self._mention(text, word.start, message[skip].end, forms, spot))
                if self._said_not_to_be_in(text, message, position, language):
                    denied.append(len(mentions) - 1)
                elif self._refused(text, message, skip, language):
                    mentions[-1] = replace(mentions[-1], negated=True)
        # "не в Дагде" alone may be a "нет, в Дагде"; where another place follows, it takes Dagda back.
        for at in denied:
            if at + 1 < len(mentions):
                mentions[at] = replace(mentions[at], negated=True)
        return mentions

    def _refused(self, text: str, message: Sequence[Word], position: int, language: Language) -> bool:
        """Whether "… I don't need" ends the clause in which a place stands, with small words between at most."""
        for before, word in pairwise(message[position:]):
            if not in_one_clause(text, before, word):
                return False
            if word.lower in self.refusals[language]:
                return text[word.end : word.end + 1] in {"", *CLAUSE_ENDS}
            if not self.lexicon.is_stop(word, language):
                return False
        return False

    def _said_not_to_be_in(self, text: str, message: Sequence[Word], position: int, language: Language) -> bool:
        """Whether "not in" stands right before a word."""
        if position < 2:
            return False
        no, preposition = message[position - 2 : position]
        told = no.lower in self.denials[language] and preposition.lower in self.prepositions[language]
        return told and not text[no.end : preposition.start].strip()

    def _spot(
        self,
        message: Sequence[Word],
        position: int,
        language: Language,
        taken: Collection[int],
        *,
        plain: bool,
        home: bool,
        searched: bool,
    ) -> _Spot:
        word = message[position]
        before = message[position - 1] if position else None
        after = message[position + 1] if position + 1 < len(message) else None
        after = after if after is not None and after.sentence == word.sentence else None
        return _Spot(
            word=word,
            before=before if before is not None and before.sentence == word.sentence else None,
            kind=self._kind(after, language) if after is not None else None,
            of_institution=after is not None and not self.institutions.isdisjoint(self.lexicon.keys(after, language)),
            before_name=after is not None and position + 1 in taken,
            searched=searched,
            language=language,
            plain=plain,
            home=home,
        )

    def _mention(self, text: str, start: int, end: int, forms: Sequence[Form], spot: _Spot) -> Mention:
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
        if len(stem) < MIN_KIND:
            return None
        near = process.extractOne(stem, self.long_kinds, scorer=OSA.distance, score_cutoff=1)
        return near[0] if near else None

    def _trusted_forms(self, options: Sequence[Form], spot: _Spot) -> tuple[Form, ...]:
        if spot.kind is not None:
            known_as = [self.aliases.get((form.meaning.municipality, spot.kind)) for form in options]
            alias = next((meaning for meaning in known_as if meaning is not None), None)
            if alias is not None:
                return (Form(meaning=alias, level=0, locative=""),)
        trusted = tuple(form for form in options if self._trusted(form, spot))
        regions = tuple(form for form in trusted if form.region)
        of_region = spot.kind is None or spot.kind in self.region_kinds
        return regions if regions and of_region else tuple(form for form in trusted if not form.region)

    def _forms(
        self, message: Sequence[Word], position: int, language: Language, known: Callable[[Word], bool]
    ) -> tuple[Form, ...]:
        """What a word can be a form of; one slip is allowed in the first words."""
        word, near = message[position], position < MAX_REPAIRED
        if word.script is Script.CYRILLIC:
            latin = russian.to_latin(word.lower)
            return self._russian(latin) or (self._close_russian(latin) if near and not known(word) else ())
        found = self.forms.get(word.folded)
        if found:
            return found
        if language is Language.RU:
            return self._russian(word.folded)
        # A long word, or a capital inside a sentence: other words look like places too easily ("izvākta", Izvalta).
        if not near or len(word.folded) < MIN_FUZZY or known(word):
            return ()
        capital = word.capital and (not word.opens or word.lower[-1] in _LONG)
        if len(word.folded) >= MIN_FUZZY_PLAIN or capital or self._before_kind(message, position, language):
            return self._close(word.folded)
        return ()

    def _before_kind(self, message: Sequence[Word], position: int, language: Language) -> bool:
        """Whether a word like "novads" follows."""
        return position + 1 < len(message) and self._kind(message[position + 1], language) is not None

    def _russian(self, latin: str) -> tuple[Form, ...]:
        name = russian.skeleton(fold(latin))
        for cut in range(len(name), MIN_ROOT - 2, -1):
            if name[:cut] in self.roots and name[cut:] in russian.CASE_ENDINGS:
                return self.roots[name[:cut]]
        return ()

    def _close_russian(self, latin: str) -> tuple[Form, ...]:
        """Forms of a long root one slip away, with a case ending behind it: Айзкраукее, Екабппилсе."""
        name = russian.skeleton(fold(latin))
        if len(name) < MIN_FUZZY_PLAIN:
            return ()
        for cut in range(len(name), MIN_FUZZY - 1, -1):
            near = self.long_roots.nearest(name[:cut], 1) if name[cut:] in russian.CASE_ENDINGS else ()
            if near:
                return self.roots[near[0]]
        return ()

    def _close(self, folded: str) -> tuple[Form, ...]:
        """Forms one slip away; two in very long names. The first letter is nearly always right."""
        allowed = 2 if len(folded) >= 11 else 1
        nearest = self.long_forms.nearest(folded, allowed)
        listed = self.forms.listed
        return tuple(dict.fromkeys(option for form in nearest for option in listed[form] if option.level < 2))

    def _trusted(self, form: Form, spot: _Spot) -> bool:
        word = spot.word
        if spot.kind is not None or form.level == LEVELS[None]:
            return True
        if form.level == SHOWN and spot.language is Language.LV:
            return _shows_locative(form, word)
        if form.level == LEVELS["high"] and spot.language is Language.LV:
            # "Saldū" with its capital is the town, as "saldus" never is; so is "Jūrmalas sociālais dienests".
            shown = form.locative == word.lower and not word.opens and not word.lower.isascii()
            return spot.of_institution or (word.capital and (shown or (form.genitive and spot.before_name)))
        after_preposition = spot.before is not None and spot.before.lower in self.prepositions[spot.language]
        if spot.searched or spot.home or after_preposition:
            return True
        if form.level == LEVELS["low"]:
            # "lone" and "sece" are or look like English words; longer names are none.
            foreign = spot.language is Language.EN and len(word.folded) > _MAX_ENGLISH
            return spot.language is Language.LV or foreign or word.text[0].isupper()
        return _is_locative(form, spot) or (word.capital and not word.opens)


def _is_locative(form: Form, spot: _Spot) -> bool:
    """Whether a word is the place's locative: as it is shown, or with a capital where all is plain."""
    word = spot.word
    plain = bool(form.locative) and fold(form.locative) == word.folded and spot.plain and word.text[0].isupper()
    return plain or _shows_locative(form, word)


def _shows_locative(form: Form, word: Word) -> bool:
    """Whether a word is the place's locative as written or in SMS spelling: its last vowel is long."""
    if form.locative == word.lower:
        return True
    doubled = word.lower[-2:] in {"aa", "ee", "ii", "uu", "oo"} or word.lower[-3:-1] in {"aa", "ii", "oo"}
    return doubled and bool(form.locative) and fold(form.locative) == word.folded
