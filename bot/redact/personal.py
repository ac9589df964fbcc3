"""What a snapshot knows about people's names and the words beside them, and which words are surely none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from knowledge.index import Index
from knowledge.known_words import KnownWords
from knowledge.model import KnowledgeBase, Language
from knowledge.personal_words import PersonalWords
from knowledge.phrases import PhraseTable
from knowledge.tables import Tables
from knowledge.text import Word, fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Tables of one snapshot. `beside` are words that stand beside names, `hosts` the web hosts of the contacts."""

    tables: Tables
    words: KnownWords
    beside: Mapping[PersonalWords, frozenset[str]]
    introductions: PhraseTable[bool]
    hosts: frozenset[str]

    def is_stop(self, word: Word, language: Language) -> bool:
        """Whether a word is one of the small ones."""
        return self.tables.lexicon.is_stop(word, language)

    def is_known(self, word: Word, language: Language) -> bool:
        """Whether it is a word of the knowledge, or a small one."""
        keys = self.tables.lexicon.keys(word, language)
        return self.is_stop(word, language) or any(key in self.words.keys for key in keys)


def build(index: Index) -> Personal:
    """Put the tables of a snapshot together."""
    kb, tables = index.kb, index.tables
    return Personal(
        tables=tables,
        words=index.words,
        beside={name: _written(kb, name) for name in PersonalWords},
        introductions=PhraseTable(_introductions(kb, tables)),
        hosts=frozenset(_hosts(kb)),
    )


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


def _hosts(kb: KnowledgeBase) -> Iterator[str]:
    for entry in kb.entries.values():
        yield from (_host(page.url) for page in entry.pages)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
