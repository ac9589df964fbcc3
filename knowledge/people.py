"""Those who hold an office, by name: found as the e-mails of contacts have them, and read as the office they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from msgspec.structs import replace

from knowledge import latvian, russian
from knowledge.features import KeyedWord
from knowledge.lexicon import Lexicon
from knowledge.model import Entry, EntryKind, KnowledgeBase, Language
from knowledge.phrases import Keys, Match, PhraseTable, in_a_row
from knowledge.text import Script, Word, normalise, words

_SHORTEST = 4
"""A shorter surname is a word of many others."""
_LONGEST = 2
"""A title of more words is long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The names of people, each with the entry whose e-mail has it, and the words of the office of each entry."""

    names: PhraseTable[str]
    offices: Mapping[str, Mapping[Language, tuple[KeyedWord, ...]]]

    def find(self, found: Sequence[Word], keys: Sequence[Keys], every: Sequence[str]) -> tuple[Match[str], ...]:
        """The people whom some words name, by every key each word can have, and by those in a row."""
        if Script.CYRILLIC in [word.script for word in found]:
            keys = [
                (*of, _in_latin(word)) if word.script is Script.CYRILLIC else of
                for word, of in zip(found, keys, strict=True)
            ]
            every = in_a_row(keys)
        return tuple(self.names.find(keys, every))

    def as_offices(
        self, matches: Sequence[Match[str]], said: Sequence[KeyedWord], found: Sequence[Word], language: Language
    ) -> list[KeyedWord]:
        """The telling words, those of a name replaced by the office that the person holds: no example has the name."""
        if not matches:
            return list(said)
        names = {found[position].start for match in matches for position in match.positions}
        kept = [keyed for keyed in said if keyed[1].start not in names]
        return [*kept, *(keyed for match in matches for keyed in self._as_office(match, found, language))]

    def _as_office(self, match: Match[str], found: Sequence[Word], language: Language) -> Iterator[KeyedWord]:
        """The words of the office of a person, where the name stands."""
        start, end = found[match.start].start, found[match.end - 1].end
        for key, word, weight in self.offices[match.payloads[0]][language]:
            yield key, replace(word, start=start, end=end), weight


def people_of(kb: KnowledgeBase, small: Lexicon, offices: Set[str]) -> People:
    """The people of a knowledge.

    `offices` are the keys of the words in names of topics: "pasvaldibas.policija@…" is nobody, and a surname that is
    one of those words counts with the first name only.
    """
    named = list(_named(kb, small, offices))
    held = [kb.entries[entry] for entry in dict.fromkeys(entry for _, entry in named)]
    return People(
        names=PhraseTable(named),
        offices={entry.id: {language: _office(entry, kb, small, language) for language in Language} for entry in held},
    )


def _named(kb: KnowledgeBase, small: Lexicon, offices: Set[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Surnames, alone and with the first name: found, never shown.

    "uldis.skreivers@…" is found as "Skreivers", "Uldis Skreivers" and "Skreivers Uldis", in Russian letters too.
    """
    for entry in kb.entries.values():
        for email in entry.emails if entry.kind is EntryKind.CONTACT and entry.topics else ():
            first, dot, surname = email.partition("@")[0].partition(".")
            if not (dot and first.isalpha() and surname.isalpha() and len(surname) >= _SHORTEST):
                continue
            spellings = list(_spellings(first, surname, small))
            whole = all(offices.isdisjoint(given) for given, _ in spellings)
            alone = all(offices.isdisjoint(family) for _, family in spellings)
            for given, family in spellings:
                if whole:
                    yield from ((key, entry.id) for key in (given + family, family + given))
                if alone:
                    yield (family, entry.id)


def _spellings(first: str, surname: str, small: Lexicon) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The keys of first name and surname: Latvian, Russian in Latin letters, and as Cyrillic ones are compared."""
    for language in (Language.LV, Language.RU):
        yield small.sequence(first, language), small.sequence(surname, language)
    yield (_skeleton(first),), (_skeleton(surname),)


def _in_latin(word: Word) -> str:
    """A Cyrillic word by the key of a name: Айшпурсом and Скрейверса as Aišpurs and Skreivers."""
    return _skeleton(russian.to_latin(russian.stem(word.lower)))


def _skeleton(folded: str) -> str:
    return "name:" + latvian.stem(russian.skeleton(folded))


def _office(entry: Entry, kb: KnowledgeBase, small: Lexicon, language: Language) -> tuple[KeyedWord, ...]:
    """What an office is called, its shortest name where the title is long: that would drown what is asked of it."""
    topic = kb.topics[entry.topics[0]]
    names = sorted((name for of, name in topic.names.items() if of is language), key=len)
    title = words(normalise(topic.title.get(language).lower()))
    short = title if len(title) <= _LONGEST or not names else words(normalise(names[0].lower()))
    return tuple((small.keys(word, language)[0], word, 1.0) for word in short)
