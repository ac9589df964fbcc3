"""Everything `read` looks things up in, built once for a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge import gazetteer, lexicon
from knowledge.gazetteer import Gazetteer
from knowledge.language import Detector
from knowledge.lexicon import Lexicon, key, sequence
from knowledge.match import Example, Matcher
from knowledge.model import EntryKind, Field, KnowledgeBase, Language, Topic
from knowledge.phrases import PhraseTable
from knowledge.text import Word, normalise, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The tables of one snapshot."""

    kb: KnowledgeBase
    lexicon: Lexicon
    detector: Detector
    gazetteer: Gazetteer
    matcher: Matcher
    names: PhraseTable[str]
    fields: PhraseTable[Field]
    all_words: PhraseTable[bool]
    home_words: PhraseTable[bool]
    vocabulary: Mapping[Language, tuple[str, ...]]
    continuations: Mapping[Language, frozenset[str]]


def build(kb: KnowledgeBase) -> Index:
    """Build the tables; about a second for the shipped knowledge."""
    small = lexicon.build(kb.words)
    matcher = Matcher(_examples(kb, small))
    known = matcher.vocabulary()
    return Index(
        kb=kb,
        lexicon=small,
        detector=Detector(small=small.stop, knows=matcher.knows),
        gazetteer=gazetteer.build(kb),
        matcher=matcher,
        names=PhraseTable(
            (sequence(name, language), topic.id) for topic in kb.topics.values() for language, name in _names(topic, kb)
        ),
        fields=PhraseTable(_field_phrases(kb)),
        all_words=PhraseTable(_marks(kb, "all")),
        home_words=PhraseTable(_marks(kb, "home")),
        vocabulary={language: tuple(k for k in known if k.startswith(language.value)) for language in Language},
        continuations={language: frozenset(held.continuations) for language, held in kb.words.items()},
    )


def _names(topic: Topic, kb: KnowledgeBase) -> Iterator[tuple[Language, str]]:
    """The names of a topic, and the people's names that its contacts' e-mails hold ("uldis.skreivers@…")."""
    yield from topic.names.items()
    for entry in (kb.entries[name] for name in topic.entries):
        if entry.kind is EntryKind.CONTACT and topic.id in entry.topics:
            for email in entry.emails:
                first, dot, surname = email.partition("@")[0].partition(".")
                if dot and first.isalpha() and surname.isalpha() and len(surname) > 3:
                    yield Language.LV, surname


def _examples(kb: KnowledgeBase, small: Lexicon) -> Iterator[Example]:
    for topic in kb.topics.values():
        for wordings in (topic.names, topic.phrases):
            for language, text in wordings.items():
                held = tuple(
                    (key(word.lower, word.script, language), word)
                    for word in words(normalise(text))
                    if not small.is_stop(word, language)
                )
                if held:
                    yield Example(topic=topic.id, words=held)


def _field_phrases(kb: KnowledgeBase) -> Iterator[tuple[tuple[str, ...], Field]]:
    for language, held in kb.words.items():
        for name, phrases in held.fields.items():
            for phrase in phrases:
                yield sequence(phrase, language), Field(name)


def _marks(kb: KnowledgeBase, name: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    for language, held in kb.words.items():
        for phrase in getattr(held, name):
            yield sequence(phrase, language), True


def known_word(index: Index, word: Word, language: Language) -> bool:
    """Whether a word is a small word or one that examples use."""
    if index.lexicon.is_stop(word, language):
        return True
    return index.matcher.knows(key(word.lower, word.script, language))
