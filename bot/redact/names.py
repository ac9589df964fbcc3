"""People's names in a message, told by the list of given names, capital letters, surnames' endings and what stands
before them. Names of places and of officials whose contact is public stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.redact.personal import Personal
from knowledge.model import Language
from knowledge.personal_words import PersonalWords
from knowledge.phrases import Match
from knowledge.text import Script, Word

_SURNAME = re.compile(
    r"(?:iņš|iņa|iņas|iņai|iņam|iņu|iņi|iņiem|ītis|īša|ītim|īti|ietis|ieša"
    r"|[eo]v[sa]|[eo]vas|[eo]vam|[eo]vai|[eo]vu|[eoi]vičs?|[eo]viča|[eo]vičam|[eo]viču|evica|ovica|ovics|evics"
    r"|sons?|sona|sone|sonam|sonei|sonu|(?:ev|ov|in|an)sk(?:is|a|im|ai|u|as|i)|enko|čuks?|auskas|aitis"
    r"|\w{2}insh?|\w{3}insha|\w{3}ina)$"
)
_RUSSIAN = re.compile(r"(?:[ое]вич[аую]?|[ое]вичем|[ои]вн[аеуы]|[ое]вной|[ео]нко|швили|дзе)$")
_ENDING = 10
"""The letters at a word's end that are looked at; more would make a long word slow."""
_SHORTEST = 5
_MOST_NAMES = 3
_SHOUTED = 0.6
"""Where more of the letters are capitals, capitals say nothing."""
_ACRONYM = 5
_TIED = re.compile(r"[ .'’-]*")
_STOP = re.compile(r"[.!?…]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A word and what it may be. `given` is a given name, `ambiguous` one that is an ordinary word as well ("gaida").

    `alone` is a capital that no sentence's beginning explains; `tied` stands right after the word before it, `apart` in
    another sentence.
    """

    word: Word
    given: bool
    ambiguous: bool
    stop: bool
    unknown: bool
    place: bool
    official: bool
    capital: bool
    alone: bool
    surname: bool
    tied: bool
    apart: bool

    @property
    def may_be_name(self) -> bool:
        """Whether it is a name if a name stands beside it."""
        return not self.stop and (self.capital or self.unknown or self.surname or self.given)


def names_in(text: str, found: Sequence[Word], language: Language, personal: Personal) -> set[int]:
    """The positions of the words that may be a person's name."""
    keys = [personal.tables.lexicon.keys(word, language) for word in found]
    seen = _look(text, found, keys, language, personal)
    caseless = not any(word.alone and not word.place for word in seen)
    taken = set(_introduced(personal.introductions.find(keys), seen))
    for at, word in enumerate(seen):
        taken.update(_initial(text, seen, at))
        if word.given:
            taken.update(_full_name(seen, at, caseless=caseless))
        elif word.alone and word.unknown:
            taken.update((at, *_capitals(seen, at)))
        elif word.surname and not (word.place or word.official):
            taken.add(at)
        if word.word.folded in personal.beside[PersonalWords.TITLES]:
            taken.update(_titled(seen, at, language))
    return taken


def _look(
    text: str, found: Sequence[Word], keys: Sequence[tuple[str, ...]], language: Language, personal: Personal
) -> list[_Seen]:
    officials = {p for match in personal.tables.people.names.find(keys) for p in match.positions}
    letters = [letter for word in found for letter in word.text if letter.isalpha()]
    shouted = sum(map(str.isupper, letters)) > _SHOUTED * len(letters)
    places = _places(text, found, language, personal)
    seen: list[_Seen] = []
    for at, word in enumerate(found):
        known = personal.is_known(word, language)
        given, official, place = personal.words.is_given(word, language), at in officials, at in places
        capital = not (shouted or word.lower.startswith("i'")) and (
            word.capital or (word.text.isupper() and len(word.text) > _ACRONYM)
        )
        quoted = word.start > 0 and text[word.start - 1] in "\"'("
        seen.append(
            _Seen(
                word=word, given=given and not official, ambiguous=word.folded in personal.words.plain,
                stop=personal.is_stop(word, language),
                unknown=not (known or place or official), place=place, official=official, capital=capital,
                alone=capital and (not word.opens or quoted), surname=not known and _is_surname(word),
                tied=at > 0 and _TIED.fullmatch(text, found[at - 1].end, word.start) is not None,
                apart=at > 0 and _STOP.search(text, found[at - 1].end, word.start) is not None,
            )
        )  # fmt: skip
    return seen


def _places(text: str, found: Sequence[Word], language: Language, personal: Personal) -> set[int]:
    """Exact forms in Latin letters: one that is a slip away from a place may be a surname."""
    gazetteer = personal.tables.gazetteer
    mentions = gazetteer.find(text, found, language, set(), lambda _: True)
    cyrillic = {
        at
        for at, word in enumerate(found)
        if word.script is Script.CYRILLIC and any(mention.holds(word) for mention in mentions)
    }
    return cyrillic | {at for at, word in enumerate(found) if word.folded in gazetteer.forms}


def _is_surname(word: Word) -> bool:
    if len(word.lower) < _SHORTEST:
        return False
    pattern = _RUSSIAN if word.script is Script.CYRILLIC else _SURNAME
    return any(pattern.search(part[-_ENDING:]) for part in word.lower.split("-") if len(part) >= _SHORTEST)


def _introduced(matches: Sequence[Match[bool]], seen: Sequence[_Seen]) -> Iterator[int]:
    """The words after "my name is"; after "I am" only what can be a name."""
    for match in matches:
        at, sure = match.end, any(match.payloads)
        while sure and at < len(seen) and at < match.end + 2 and seen[at].stop and not seen[at].given:
            at += 1
        for position in range(at, min(at + _MOST_NAMES, len(seen))):
            word = seen[position]
            first_of_all = sure and position == at
            if word.apart or not (first_of_all or (word.may_be_name and not (word.place and not sure))):
                break
            yield position


def _full_name(seen: Sequence[_Seen], at: int, *, caseless: bool) -> Iterator[int]:
    """A given name with the surname before or after it. One that is a word, too, needs a sign that it is none here.

    Where nothing is told by capitals, any word beside it may be the surname ("jānis ozols").
    """
    word = seen[at]
    named = word.alone or not word.ambiguous
    bold = caseless and not word.ambiguous
    after = [p for p in _after(seen, at) if seen[p].may_be_name or _follows(seen[p], bold and p == at + 1)]
    before = [p for p in (at - 1,) if p >= 0 and word.tied and (_precedes(seen[p]) or _beside(seen[p], word, bold))]
    if named or any(seen[p].surname or seen[p].capital for p in after) or any(seen[p].surname for p in before):
        yield from (at, *after, *before)


def _follows(word: _Seen, bold: bool) -> bool:
    """Whether a word of the knowledge after a given name may be a surname all the same ("DZINTRA ROZE")."""
    return not word.stop and (bold or word.word.text[0].isupper())


def _beside(word: _Seen, given: _Seen, bold: bool) -> bool:
    """Whether a word of the knowledge before a given name may be a surname all the same ("Eglītis Jānis")."""
    return not (word.stop or word.place) and (bold or (word.word.text[0].isupper() and given.word.text[0].isupper()))


def _after(seen: Sequence[_Seen], at: int) -> Iterator[int]:
    """The next word, and further ones while each is a capital or follows a father's name."""
    for position in range(at + 1, min(at + _MOST_NAMES, len(seen))):
        further = position > at + 1 and not (seen[position].capital or seen[position - 1].surname)
        if not seen[position].tied or further:
            return
        yield position


def _precedes(word: _Seen) -> bool:
    """Whether a word before a given name can be the surname."""
    if word.stop or word.place or word.official:
        return False
    return word.alone or word.surname or word.unknown


def _capitals(seen: Sequence[_Seen], at: int) -> Iterator[int]:
    """The capitals around an unknown one: known words may be surnames, too ("Vilks")."""
    if at > 0 and seen[at].tied and _precedes(seen[at - 1]):
        yield at - 1
    if at + 1 < len(seen) and seen[at + 1].tied and seen[at + 1].alone and not seen[at + 1].stop:
        yield at + 1


def _initial(text: str, seen: Sequence[_Seen], at: int) -> Iterator[int]:
    """An initial with its surname: "J. Bērziņš", "Bērziņš J."."""
    word = seen[at].word
    if len(word.text) == 1 and word.text.isupper() and text[word.end : word.end + 1] == ".":
        for one, other in pairwise(range(max(0, at - 1), min(at + 2, len(seen)))):
            near = other if one == at else one
            if seen[near].word.capital and not seen[near].stop:
                yield from (one, other)


def _titled(seen: Sequence[_Seen], at: int, language: Language) -> Iterator[int]:
    """The names beside a title: in Latvian it follows ("Bērziņa kungs"), elsewhere it comes before."""
    for near in (at - 1, at + 1):
        word = seen[near] if 0 <= near < len(seen) else None
        if word is not None and not (word.stop or word.place or word.official):
            named = word.unknown and (near < at) == (language is Language.LV)
            if named or word.alone or word.given or word.surname or (near < at and word.capital):
                yield near
