"""Everything `read` looks things up in, built once for a snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from knowledge import gazetteer, lexicon
from knowledge.features import KeyedWord
from knowledge.gazetteer import Gazetteer
from knowledge.language import Detector
from knowledge.lexicon import Lexicon, key
from knowledge.match import Model
from knowledge.model import EntryKind, Field, KnowledgeBase, Language, Topic
from knowledge.phrases import PhraseTable
from knowledge.text import Word, normalise, words
from knowledge.train import Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The tables of one snapshot. `below` holds, for a topic, the topics that are a part of it."""

    kb: KnowledgeBase
    lexicon: Lexicon
    detector: Detector
    gazetteer: Gazetteer
    model: Model
    names: PhraseTable[str]
    fields: PhraseTable[Field]
    all_words: PhraseTable[bool]
    home_words: PhraseTable[bool]
    vocabulary: Mapping[Language, Mapping[str, tuple[str, ...]]]
    continuations: Mapping[Language, frozenset[str]]
    below: Mapping[str, tuple[str, ...]]


Asked = tuple[str, Language, str]
"""A question known to be about a topic: topic id, language, text."""


def examples(kb: KnowledgeBase, asked: Iterable[Asked] = ()) -> list[Example]:
    """What the model is trained on: names, phrases, and questions without the covered places they name."""
    small = lexicon.build(kb.words)
    places = gazetteer.build(kb, small)
    return [*_worded(kb, small), *_asked(asked, kb, small, places)]


def build(kb: KnowledgeBase, model: Model) -> Index:
    """Build the tables around a trained model."""
    small = lexicon.build(kb.words)
    places = gazetteer.build(kb, small)
    known = model.vocabulary()
    return Index(
        kb=kb,
        lexicon=small,
        detector=Detector(small=small.stop, knows=model.knows),
        gazetteer=places,
        model=model,
        names=PhraseTable(_names(kb, small)),
        fields=PhraseTable(_field_phrases(kb, small)),
        all_words=PhraseTable(_marks(kb, small, "all")),
        home_words=PhraseTable(_marks(kb, small, "home")),
        vocabulary={language: _by_letter(known, language) for language in Language},
        continuations={language: frozenset(held.continuations) for language, held in kb.words.items()},
        below=_below(kb),
    )


def _by_letter(known: Iterable[str], language: Language) -> dict[str, tuple[str, ...]]:
    """The keys of one language by the first letter of their stem: slips hardly ever hit the first letter."""
    letters: dict[str, list[str]] = defaultdict(list)
    for name in known:
        if name.startswith(f"{language.value}:") and len(name) > 3:
            letters[name[3]].append(name)
    return {letter: tuple(names) for letter, names in letters.items()}


def _names(kb: KnowledgeBase, small: Lexicon) -> Iterator[tuple[tuple[str, ...], str]]:
    for topic in kb.topics.values():
        for language, name in topic.names.items():
            yield small.sequence(name, language), topic.id
        for surname in _surnames(topic, kb):
            yield small.sequence(surname, Language.LV), topic.id


def _surnames(topic: Topic, kb: KnowledgeBase) -> Iterator[str]:
    """Surnames as the e-mails of its contacts have them ("uldis.skreivers@…"): found, never shown."""
    for entry in (kb.entries[name] for name in topic.entries):
        if entry.kind is EntryKind.CONTACT and topic.id in entry.topics:
            for email in entry.emails:
                first, dot, surname = email.partition("@")[0].partition(".")
                if dot and first.isalpha() and surname.isalpha() and len(surname) > 3:
                    yield surname


def _below(kb: KnowledgeBase) -> dict[str, tuple[str, ...]]:
    below: dict[str, list[str]] = defaultdict(list)
    for topic in kb.topics.values():
        above, seen = topic.parent, {topic.id}
        while above is not None and above in kb.topics and above not in seen:
            below[above].append(topic.id)
            seen.add(above)
            above = kb.topics[above].parent
    return {topic: tuple(children) for topic, children in below.items()}


def _worded(kb: KnowledgeBase, small: Lexicon) -> Iterator[Example]:
    for topic in kb.topics.values():
        for wordings in (topic.names, topic.phrases):
            for language, text in wordings.items():
                yield Example(topic=topic.id, words=_telling(words(normalise(text)), language, small))


def _asked(asked: Iterable[Asked], kb: KnowledgeBase, small: Lexicon, places: Gazetteer) -> Iterator[Example]:
    """Questions as examples, without the covered places they name: those say where, not what."""
    for topic, language, text in asked:
        normal = normalise(text)
        found = words(normal)
        spans = [
            (mention.start, mention.end)
            for mention in places.find(normal, found, language, (), lambda _: False)
            if any(kb.municipalities[m].covered for m in mention.municipalities)
        ]
        rest = [word for word in found if not any(start <= word.start < end for start, end in spans)]
        yield Example(topic=topic, words=_telling(rest, language, small))


def _telling(found: Iterable[Word], language: Language, small: Lexicon) -> tuple[KeyedWord, ...]:
    return tuple(
        (key(word.lower, word.script, language), word, 1.0) for word in found if not small.is_stop(word, language)
    )


def _field_phrases(kb: KnowledgeBase, small: Lexicon) -> Iterator[tuple[tuple[str, ...], Field]]:
    for language, held in kb.words.items():
        for name, phrases in held.fields.items():
            for phrase in phrases:
                yield small.sequence(phrase, language), Field(name)


def _marks(kb: KnowledgeBase, small: Lexicon, name: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    for language, held in kb.words.items():
        for phrase in getattr(held, name):
            yield small.sequence(phrase, language), True


def known_word(index: Index, word: Word, language: Language) -> bool:
    """Whether a word is a small word or one that examples use."""
    if index.lexicon.is_stop(word, language):
        return True
    return index.model.knows(key(word.lower, word.script, language))
