"""read(text, index) -> Reading: language, places, fields and topics of one message, with the words behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from knowledge.features import KeyedWord
from knowledge.index import Index, known_word
from knowledge.match import Score
from knowledge.model import Field, Language
from knowledge.phrases import Match
from knowledge.reading import Candidate, Evidence, Mention, Reading
from knowledge.text import Word, normalise, words

MAX_CANDIDATES = 12
_REPAIRED = 0.8
_MIN_REPAIR = 5
_TWO_SLIPS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    """A message taken apart: its words, every key each can have, and what they were found to be."""

    text: str
    language: Language
    words: tuple[Word, ...]
    keys: tuple[tuple[str, ...], ...]
    named: frozenset[int]
    fields: tuple[Match[Field], ...]
    homes: tuple[Match[bool], ...]
    places: tuple[Mention, ...]


def read(text: str, index: Index, default: Language = Language.LV) -> Reading:
    """Read one message; `default` is the language when the words do not tell."""
    message = _take_apart(normalise(text), index, default)
    content = telling(message, index)
    return Reading(
        text=message.text,
        language=message.language,
        candidates=tuple(_candidate(score, content) for score in index.model.score(content, MAX_CANDIDATES)),
        places=message.places,
        fields=tuple(dict.fromkeys(field for match in message.fields for field in match.payloads)),
        content=len(content),
        unknown=tuple(word.text for key, word, _ in content if not index.model.knows(key)),
        wants_all=bool(index.all_words.find(message.keys)),
        continues=_continues(message, index),
    )


def _take_apart(text: str, index: Index, default: Language) -> _Message:
    found = words(text)
    language = index.detector.detect(found, default)
    every = tuple(_repaired(word, index.lexicon.keys(word, language), language, index) for word in found)
    names = index.names.find(every)
    taken = {position for match in names for position in match.positions}
    places = index.gazetteer.find(text, found, language, taken, lambda word: known_word(index, word, language))
    spans = [(mention.start, mention.end) for mention in places]
    homes = tuple(index.home_words.find(every))
    at_home = {found[match.start].sentence for match in homes}
    sentence_of = {word.start: word.sentence for word in found}
    return _Message(
        text=text,
        language=language,
        words=found,
        keys=every,
        named=frozenset(p for match in names if not _is_place(match, found, spans) for p in match.positions),
        fields=tuple(index.fields.find(every)),
        homes=homes,
        places=tuple(replace(mention, home=sentence_of[mention.start] in at_home) for mention in places),
    )


def _is_place(match: Match[str], found: Sequence[Word], spans: Sequence[tuple[int, int]]) -> bool:
    """A name all of whose words belong to places was a place ("Staburaga pagasts")."""
    return all(any(start <= found[p].start < end for start, end in spans) for p in match.positions)


def _repaired(word: Word, options: tuple[str, ...], language: Language, index: Index) -> tuple[str, ...]:
    """The keys of a word; those of the nearest known word where it is none itself: one slip, two in a long word."""
    if len(word.folded) < _MIN_REPAIR or index.lexicon.is_stop(word, language):
        return options
    if any(index.model.knows(option) for option in options) or word.folded in index.gazetteer.forms:
        return options
    return next((found for option in options for found in _closest(option, index)), options)


def _closest(option: str, index: Index) -> list[tuple[str, ...]]:
    stem = option[3:]
    if len(stem) < _MIN_REPAIR - 1:
        return []
    allowed = 2 if len(stem) >= _TWO_SLIPS else 1
    best, found = allowed + 1, ""
    for known in index.vocabulary[Language(option[:2])].get(option[3], ()):
        if abs(len(known) - len(option)) <= allowed:
            distance = OSA.distance(option, known, score_cutoff=best - 1)
            if distance < best:
                best, found = distance, known
    return [(found,)] if found else []


def telling(message: _Message, index: Index) -> list[KeyedWord]:
    """The words that can say what is wanted, each with its likeliest key and weight.

    Small words, covered places and "I live in" do not say it; inside a whole name every word does.
    """
    homes = {position for match in message.homes for position in match.positions}
    content = []
    for position, word in enumerate(message.words):
        idle = index.lexicon.is_stop(word, message.language) or _is_covered_place(word, message, index)
        if position not in message.named and (idle or position in homes):
            continue
        options = message.keys[position]
        key = next((option for option in options if index.model.knows(option)), options[0])
        own = key in index.lexicon.keys(word, message.language)
        content.append((key, word, 1.0 if own else _REPAIRED))
    return content


def _is_covered_place(word: Word, message: _Message, index: Index) -> bool:
    return any(
        mention.start <= word.start < mention.end
        and any(index.kb.municipalities[m].covered for m in mention.municipalities)
        for mention in message.places
    )


def _candidate(score: Score, content: Sequence[KeyedWord]) -> Candidate:
    pairs = [Evidence(word=word.text, weight=vote) for (_, word, _), vote in zip(content, score.words, strict=True)]
    evidence = tuple(sorted((pair for pair in pairs if pair.weight), key=lambda pair: -pair.weight))
    return Candidate(topic=score.topic, confidence=score.probability, evidence=evidence)


def _continues(message: _Message, index: Index) -> bool:
    first = message.words[0] if message.words else None
    return first is not None and first.lower in index.continuations.get(message.language, ())
