"""What a snapshot knows about words and places, without the trained model: built once, in a fraction of a second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from knowledge import lexicon, place_forms
from knowledge.contacts import Contacts, contacts_of
from knowledge.gazetteer import Gazetteer
from knowledge.homes import Homes, homes_of
from knowledge.lexicon import Lexicon
from knowledge.model import EntryKind, Field, KnowledgeBase, Language, TopicKind
from knowledge.people import People, people_of
from knowledge.phrases import PhraseTable
from knowledge.text import fold

LAST = -1
"""The place of the last in a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables of one snapshot.

    `below` holds the topics that are a part of another, `sisters` the offices that are called like another but for the
    first of two words, `title_words` the keys of the words in the titles of entries but instruments,
    `beside_in_names` the keys that stand beside each in names; `next_years` finds "a year later" (1) and "a year
    before" (-1).
    """

    kb: KnowledgeBase
    lexicon: Lexicon
    gazetteer: Gazetteer
    names: PhraseTable[str]
    people: People
    contacts: Contacts
    name_words: Mapping[str, tuple[str, ...]]
    title_words: Mapping[str, tuple[str, ...]]
    beside_in_names: Mapping[str, tuple[str, ...]]
    fields: PhraseTable[Field]
    all_words: PhraseTable[bool]
    same: PhraseTable[bool]
    others: PhraseTable[bool]
    next_years: PhraseTable[int]
    homes: Homes
    introductions: PhraseTable[bool]
    kin: frozenset[str]
    denials: Mapping[Language, frozenset[str]]
    continuations: Mapping[Language, frozenset[str]]
    where: Mapping[Language, frozenset[str]]
    references: Mapping[Language, frozenset[str]]
    ordinals: Mapping[str, int]
    below: Mapping[str, tuple[str, ...]]
    sisters: Mapping[str, tuple[str, ...]]

    @property
    def phrase_keys(self) -> frozenset[str]:
        """The keys of all words in names and in phrases for fields: none of them is a slip."""
        return self.names.keys | self.people.names.keys | self.fields.keys | self.all_words.keys | self.homes.keys


def build(kb: KnowledgeBase) -> Tables:
    """Build the tables of a snapshot."""
    small = lexicon.build(kb.words)
    names = list(_names(kb, small))
    return Tables(
        kb=kb,
        lexicon=small,
        gazetteer=place_forms.build(kb, small),
        names=PhraseTable(names),
        people=people_of(kb, small, {key for name, _ in names for key in name}),
        contacts=contacts_of(kb.entries.values()),
        name_words=_name_words(kb, names),
        title_words=dict(_title_words(kb, small)),
        beside_in_names=_beside(name for name, _ in names),
        fields=PhraseTable(_field_phrases(kb, small)),
        all_words=PhraseTable(_marks(kb, small, "all")),
        same=PhraseTable(_marks(kb, small, "same")),
        others=PhraseTable(_marks(kb, small, "others")),
        next_years=PhraseTable(_next_years(kb, small)),
        homes=homes_of(((language, phrase) for language, held in kb.words.items() for phrase in held.home), small),
        introductions=PhraseTable(_marks(kb, small, "introductions")),
        kin=frozenset(key for (key, *_), _ in _marks(kb, small, "kin")),
        denials={language: frozenset(held.denials) for language, held in kb.words.items()},
        continuations={language: frozenset(held.continuations) for language, held in kb.words.items()},
        where={language: frozenset(held.where) for language, held in kb.words.items()},
        references={language: frozenset(map(fold, held.references)) for language, held in kb.words.items()},
        ordinals=dict(_ordinals(kb, small)),
        below=_below(kb),
        sisters=_sisters(kb, names),
    )


def _ordinals(kb: KnowledgeBase, small: Lexicon) -> Iterator[tuple[str, int]]:
    """The place in a list, from 1, that each ordinal names, by its key; `LAST` for "the last"."""
    for language, held in kb.words.items():
        for place, forms in (*enumerate(held.ordinals, 1), (LAST, held.last)):
            yield from ((small.sequence(form, language)[0], place) for form in forms)


def _next_years(kb: KnowledgeBase, small: Lexicon) -> Iterator[tuple[tuple[str, ...], int]]:
    """The phrases for the year before (-1) and the year after (1)."""
    for name, years in (("year_before", -1), ("year_after", 1)):
        yield from ((phrase, years) for phrase, _ in _marks(kb, small, name))


def _below(kb: KnowledgeBase) -> dict[str, tuple[str, ...]]:
    """The parts of each topic: its answers, the entries under it, their answers."""
    below: dict[str, list[str]] = defaultdict(list)
    for topic in kb.topics.values():
        for above in kb.above(topic.id):
            below[above].append(topic.id)
    return {topic: tuple(parts) for topic, parts in below.items()}


def _sisters(kb: KnowledgeBase, names: Iterable[tuple[tuple[str, ...], str]]) -> dict[str, tuple[str, ...]]:
    """The offices whose names of two words end alike ("education board", "culture board"), by office.

    An office and a part of it are no sisters.
    """
    ending: dict[str, dict[str, None]] = defaultdict(dict)
    for name, topic in names:
        if len(name) == 2 and kb.topics[topic].kind is TopicKind.OFFICE:
            ending[name[1]][topic] = None
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for alike in ending.values():
        for topic in alike:
            others = (
                other for other in alike if topic not in (other, *kb.above(other)) and other not in kb.above(topic)
            )
            found[topic].update(dict.fromkeys(others))
    return {topic: tuple(others) for topic, others in found.items()}


def _names(kb: KnowledgeBase, small: Lexicon) -> Iterator[tuple[tuple[str, ...], str]]:
    for topic in kb.topics.values():
        for language, name in topic.names.items():
            yield small.sequence(name, language), topic.id


def _name_words(kb: KnowledgeBase, names: Iterable[tuple[tuple[str, ...], str]]) -> dict[str, tuple[str, ...]]:
    """The entries in whose names each word stands; words for a whole group ("newspaper") are none of its members'."""
    found: dict[str, set[str]] = defaultdict(set)
    common: set[str] = set()
    for name, topic in names:
        kind = kb.topics[topic].kind
        if kind is TopicKind.ENTRY:
            for key in name:
                found[key].add(topic)
        elif kind is TopicKind.GROUP:
            common.update(name)
    return {key: tuple(sorted(topics)) for key, topics in found.items() if key not in common}


def _beside(names: Iterable[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The keys that stand right before or after each key in names."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for first, second in pairwise(name):
            found[first].add(second)
            found[second].add(first)
    return {key: tuple(sorted(beside)) for key, beside in found.items()}


def _title_words(kb: KnowledgeBase, small: Lexicon) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in kb.entries.values():
        if entry.kind is not EntryKind.INSTRUMENT:
            keys = (key for lang in Language for key in small.sequence(entry.title.get(lang), lang))
            yield entry.id, tuple(dict.fromkeys(keys))


def _field_phrases(kb: KnowledgeBase, small: Lexicon) -> Iterator[tuple[tuple[str, ...], Field]]:
    for language, held in kb.words.items():
        for name, phrases in held.fields.items():
            for phrase in phrases:
                yield small.sequence(phrase, language), Field(name)


def _marks(kb: KnowledgeBase, small: Lexicon, name: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    for language, held in kb.words.items():
        for phrase in getattr(held, name):
            yield small.sequence(phrase, language), True
