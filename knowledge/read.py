"""read(text, index) -> Reading: language, places, fields and topics of one message, with the words behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from knowledge.index import Index, known_word
from knowledge.lexicon import keys
from knowledge.match import Score
from knowledge.model import Field, Language, TopicKind
from knowledge.phrases import Match
from knowledge.reading import Candidate, Evidence, Mention, Reading
from knowledge.text import Script, Word, normalise, words

MAX_CANDIDATES = 8
_CONTACT_FIELDS = {Field.PHONE, Field.EMAIL, Field.PAGE}
_REPAIRED = 0.8
_NAME_BONUS = 9.0
_MIN_REPAIR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    """A message taken apart: its words, every key each can have, and what they were found to be."""

    text: str
    language: Language
    words: tuple[Word, ...]
    keys: tuple[tuple[str, ...], ...]
    names: tuple[Match[str], ...]
    fields: tuple[Match[Field], ...]
    places: tuple[Mention, ...]


def read(text: str, index: Index, default: Language = Language.LV) -> Reading:
    """Read one message; `default` is the language when the words do not tell."""
    message = _take_apart(normalise(text), index, default)
    content = _content(message, index)
    candidates = _candidates(message, content, index)
    return Reading(
        text=message.text,
        language=message.language,
        candidates=candidates,
        places=message.places,
        fields=tuple(dict.fromkeys(field for match in message.fields for field in match.payloads)),
        content=len(content),
        unknown=tuple(word.text for key, word, _ in content if not index.matcher.knows(key)),
        wants_all=bool(index.all_words.find(message.keys)),
        continues=_continues(message, index),
    )


def _take_apart(text: str, index: Index, default: Language) -> _Message:
    found = words(text)
    language = index.detector.detect(found, default)
    every = tuple(_repaired(word, keys(word, language), language, index) for word in found)
    names = index.names.find(every)
    taken = {position for match in names for position in match.positions}
    places = index.gazetteer.find(text, found, language, taken, lambda word: known_word(index, word, language))
    spans = [(mention.start, mention.end) for mention in places]
    names = [match for match in names if not _inside_place(match, found, spans)]
    homes = {found[match.start].sentence for match in index.home_words.find(every)}
    at = {word.start: word.sentence for word in found}
    places = [replace(mention, home=at[mention.start] in homes) for mention in places]
    return _Message(
        text=text,
        language=language,
        words=found,
        keys=every,
        names=tuple(names),
        fields=tuple(index.fields.find(every)),
        places=tuple(places),
    )


def _inside_place(match: Match[str], found: Sequence[Word], spans: Sequence[tuple[int, int]]) -> bool:
    """A name all of whose words belong to places was a place ("Staburaga pagasts")."""
    return all(any(start <= found[p].start < end for start, end in spans) for p in match.positions)


def _repaired(word: Word, options: tuple[str, ...], language: Language, index: Index) -> tuple[str, ...]:
    """The keys of a word; those of the nearest known word where it is none itself: one slip, two in a long word."""
    if len(word.folded) < _MIN_REPAIR or index.lexicon.is_stop(word, language):
        return options
    if any(index.matcher.knows(option) for option in options) or word.folded in index.gazetteer.forms:
        return options
    return next((found for option in options for found in _closest(option, index)), options)


def _closest(option: str, index: Index) -> list[tuple[str, ...]]:
    stem = option[3:]
    if len(stem) < _MIN_REPAIR - 1:
        return []
    allowed = 2 if len(stem) >= 9 else 1
    language = Language(option[:2])
    best, found = allowed + 1, ""
    for known in index.vocabulary[language]:
        if abs(len(known) - len(option)) <= allowed and known[3] == option[3]:
            distance = OSA.distance(option, known, score_cutoff=best - 1)
            if distance < best:
                best, found = distance, known
    return [(found,)] if found else []


def _content(message: _Message, index: Index) -> list[tuple[str, Word, float]]:
    """The words that can say what is wanted, each with its likeliest key and weight."""
    named = {position for match in message.names for position in match.positions}
    contact = {
        position
        for match in message.fields
        if _CONTACT_FIELDS.issuperset(match.payloads)
        for position in match.positions
    }
    content = []
    for position, word in enumerate(message.words):
        if position not in named and (position in contact or _is_covered_place(word, message, index)):
            continue
        if position not in named and index.lexicon.is_stop(word, message.language):
            continue
        options = message.keys[position]
        key = next((option for option in options if index.matcher.knows(option)), options[0])
        own = key in keys(word, message.language)
        content.append((key, word, 1.0 if own else _REPAIRED))
    return content


def _is_covered_place(word: Word, message: _Message, index: Index) -> bool:
    return any(
        mention.start <= word.start < mention.end
        and any(index.kb.municipalities[m].covered for m in mention.municipalities)
        for mention in message.places
    )


def _candidates(message: _Message, content: list[tuple[str, Word, float]], index: Index) -> tuple[Candidate, ...]:
    scores = {score.topic: score for score in index.matcher.score(content)}
    bonus = _name_bonus(message, content, index)
    points = {topic: score.points for topic, score in scores.items()}
    for topic, extra in bonus.items():
        points[topic] = points.get(topic, 0.0) + extra
    best = sorted(points, key=lambda topic: -points[topic])[:MAX_CANDIDATES]
    if not best:
        return ()
    top = points[best[0]]
    weights = {topic: math.exp((points[topic] - top) / _temperature(content)) for topic in best}
    total = sum(weights.values())
    strength = min(1.0, top / (4.0 * math.sqrt(max(1, len(content)))))
    return tuple(
        Candidate(
            topic=topic,
            confidence=strength * weights[topic] / total,
            named=topic in bonus,
            evidence=_evidence(scores.get(topic), content),
        )
        for topic in best
    )


def _temperature(content: Sequence[object]) -> float:
    return 0.8 + 0.25 * len(content)


def _name_bonus(message: _Message, content: list[tuple[str, Word, float]], index: Index) -> dict[str, float]:
    """What a whole name is worth; small talk only where nothing else was said."""
    bonus: dict[str, float] = {}
    for match in message.names:
        inside = {message.words[position].start for position in match.positions}
        alone = all(word.start in inside for _, word, _ in content) and not message.places
        for topic in match.payloads:
            if index.kb.topics[topic].kind is not TopicKind.SMALLTALK or alone:
                bonus[topic] = bonus.get(topic, 0.0) + _NAME_BONUS * math.sqrt(len(match.positions))
    return bonus


def _evidence(score: Score | None, content: list[tuple[str, Word, float]]) -> tuple[Evidence, ...]:
    if score is None:
        return ()
    pairs = [Evidence(word=word.text, weight=points) for (_, word, _), points in zip(content, score.words, strict=True)]
    return tuple(sorted((pair for pair in pairs if pair.weight), key=lambda pair: -pair.weight))


def _continues(message: _Message, index: Index) -> bool:
    first = message.words[0] if message.words else None
    return (
        first is not None
        and first.script is not Script.OTHER
        and first.lower in index.continuations.get(message.language, ())
    )
