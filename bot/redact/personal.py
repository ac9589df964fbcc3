"""What a snapshot knows about people's names and the words beside them, and which words are surely none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from knowledge import latvian, russian
from knowledge.index import Index
from knowledge.model import KnowledgeBase, Language, PersonalWords, Topic, TopicKind
from knowledge.phrases import PhraseTable
from knowledge.tables import Tables
from knowledge.text import Script, Word, fold, normalise, words

_TALK = {TopicKind.SMALLTALK, TopicKind.OUTSIDE}
_RUSSIAN_ENDINGS = {
    "а": "а ы и е у ой ою",
    "я": "я и е ю ей ею",
    "й": "й я ю ем е и",
    "ь": "ь я ю ем е и ью",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Tables of one snapshot. `given` are the case forms of given names, Latin ones folded, Cyrillic ones without ё.

    `known` are the keys of words in names and phrases that admins wrote, `plain` their folded forms where they were
    written in small letters, `hosts` the web hosts of the contacts.
    """

    tables: Tables
    given: frozenset[str]
    beside: Mapping[PersonalWords, frozenset[str]]
    introductions: PhraseTable[bool]
    known: frozenset[str]
    plain: frozenset[str]
    hosts: frozenset[str]

    def is_given(self, word: Word, language: Language) -> bool:
        """Whether a word, or a part of one with a hyphen, is a given name in any case form."""
        return is_given(word, language, self.given)

    def is_stop(self, word: Word, language: Language) -> bool:
        """Whether a word is one of the small ones."""
        return self.tables.lexicon.is_stop(word, language)

    def is_known(self, word: Word, language: Language) -> bool:
        """Whether it is a word of the knowledge, or a small one."""
        return self.is_stop(word, language) or not self.known.isdisjoint(self.tables.lexicon.keys(word, language))


def is_given(word: Word, language: Language, given: frozenset[str]) -> bool:
    """Whether a word, or a part of one with a hyphen, is among the forms of given names."""
    parts = word.lower.removesuffix("'s").split("-")
    if word.script is Script.CYRILLIC:
        return any(part.replace("ё", "е") in given for part in parts)
    if language is Language.RU and any(russian.to_cyrillic(part) in given for part in parts):
        return True
    return any(fold(part) in given for part in parts)


def build(index: Index) -> Personal:
    """Build the tables of a snapshot, in a fraction of a second."""
    kb, tables = index.kb, index.tables
    given = frozenset(_given(kb))
    known = _known(kb, given)
    return Personal(
        tables=tables,
        given=given,
        beside={name: _written(kb, name) for name in PersonalWords},
        introductions=PhraseTable(_introductions(kb, tables)),
        known=frozenset(key for (_, lang), word in known.items() for key in tables.lexicon.keys(word, lang)),
        plain=frozenset(word.folded for word in known.values() if word.text.islower()),
        hosts=frozenset(_hosts(kb)),
    )


def _given(kb: KnowledgeBase) -> Iterator[str]:
    for language, held in kb.words.items():
        for name in held.personal.get(PersonalWords.NAMES, ()):
            if language is Language.RU:
                yield from _russian_forms(name.lower().replace("ё", "е"))
            else:
                forms = latvian.noun_forms(name.lower()) if language is Language.LV else {name.lower()}
                yield from map(fold, forms)


def _russian_forms(name: str) -> Iterator[str]:
    """The case forms of a given name: stems would be shared by too many words (Света, света, свет)."""
    for ending, forms in _RUSSIAN_ENDINGS.items():
        if name.endswith(ending):
            yield from (name[: len(name) - len(ending)] + form for form in forms.split())
            return
    yield from (name + form for form in ("", "а", "у", "ом", "ем", "е", "ы"))


def _written(kb: KnowledgeBase, name: PersonalWords) -> frozenset[str]:
    """The words of a list as they are compared: small letters, without diacritics."""
    return frozenset(fold(word.lower()) for held in kb.words.values() for word in held.personal.get(name, ()))


def _introductions(kb: KnowledgeBase, tables: Tables) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Introductions with whether a name surely follows."""
    for language, held in kb.words.items():
        sure = (*held.introductions, *held.personal.get(PersonalWords.INTRODUCTIONS, ()))
        yield from ((tables.lexicon.sequence(phrase, language), True) for phrase in sure)
        maybe = held.personal.get(PersonalWords.PERHAPS, ())
        yield from ((tables.lexicon.sequence(phrase, language), False) for phrase in maybe)


def _known(kb: KnowledgeBase, given: frozenset[str]) -> dict[tuple[str, Language], Word]:
    """Each word of names and phrases once."""
    found: dict[tuple[str, Language], Word] = {}
    for topic in kb.topics.values():
        for language, text in _wordings(topic):
            for word in words(normalise(text)):
                # Small talk and what Sēlis stays out of name people by way of example.
                if topic.kind not in _TALK or not (
                    is_given(word, language, given) or (word.capital and not word.opens)
                ):
                    found.setdefault((word.text, language), word)
    return found


def _wordings(topic: Topic) -> Iterable[tuple[Language, str]]:
    return (*topic.names.items(), *topic.phrases.items())


def _hosts(kb: KnowledgeBase) -> Iterator[str]:
    for entry in kb.entries.values():
        yield from (_host(page.url) for page in entry.pages)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
