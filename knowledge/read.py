"""read(text, index) -> Reading: language, places, fields and topics of one message, with the words behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from knowledge import story
from knowledge.features import SMALL, KeyedWord
from knowledge.index import Index, repairing
from knowledge.match import HARDLY, Score
from knowledge.message import Message, chat_in, in_full, take_apart, telling
from knowledge.model import Field, Language, TopicKind
from knowledge.phrases import Match
from knowledge.reading import Candidate, Evidence, Mention, Reading, ReadWord
from knowledge.text import normalise, words
from knowledge.years import years_in

MAX_CANDIDATES = 12
MAX_NAMES = 3
"""Names looked at for what stands around them; a message with more is a list."""
WHOLE_NAME = 0.95
"""How sure a name makes us that stands alone."""
TOLD_APART = 0.8
"""How likely one of several offices under one name must be, by the words around the name, to be the one meant."""


class _Meant(Struct, frozen=True, gc=False):
    """What a message can be about: the fields of a reading of the same names."""

    fields: tuple[Field, ...]
    whole_name: bool
    candidates: tuple[Candidate, ...]
    expected: tuple[Candidate, ...]
    expected_share: float
    offered: str | None
    words: tuple[ReadWord, ...]


def read(
    text: str,
    index: Index,
    default: Language = Language.LV,
    *,
    expected: Sequence[str] = (),
    offered: Sequence[str] = (),
    place_known: bool = False,
    explain: bool = False,
) -> Reading:
    """Read one message; `default` is the language when the words do not tell.

    `expected` are topics the conversation makes likely, read apart; `offered` entries between which it asked.
    `place_known` says that the conversation has a place: a message that goes on ("a policija?") is read as naming it.
    With `explain` every candidate, also one that hardly can be, comes with the words that spoke for it and how much.
    """
    normal = normalise(text)
    message = _message(normal, default, index)
    said = telling(message, index.tables, index.model.knows)
    content = in_full(said, message, index.tables, place_known=place_known and _continues(message, index))
    sums = index.model.sums(content)
    likely = [] if _only_numbers(said, index) else index.model.best(sums, MAX_CANDIDATES, 0.0 if explain else HARDLY)
    fields, name = story.fields(message), _whole_name(message, said)
    candidates = _candidates(likely)
    if fields != (Field.WHAT,):
        candidates = _part_of_named(candidates, message, content, index)
    if name is not None:
        candidates = _with_whole_name(candidates, name)
    meant = _Meant(
        fields=fields,
        whole_name=name is not None,
        candidates=_explained(candidates, content, index) if explain else candidates,
        expected=_candidates(index.model.among(sums, expected)) if expected else (),
        expected_share=index.model.share(sums, expected) if expected else 0.0,
        offered=_pointed_at(said, offered, index) if offered else None,
        words=_read_words(content) if explain else (),
    )
    return _reading(message, said, meant, index)


def _only_numbers(said: Sequence[KeyedWord], index: Index) -> bool:
    """Whether all that is known of a message's words are numbers: "ggg hjjk 55" is about no section 55."""
    knows = index.model.knows
    known = [word for key, word, _ in said if knows(key)]
    return 0 < len(known) < len(said) and all(word.text[0].isdigit() for word in known)


def _reading(message: Message, said: Sequence[KeyedWord], meant: _Meant, index: Index) -> Reading:
    """What a message can be about, and what it says by itself whatever it is about."""
    places, knows = story.places(message), index.model.knows
    return Reading(
        text=message.text,
        language=message.language,
        places=places,
        fields=meant.fields,
        only_fields=_only_fields(message, said),
        content=_content(message, said, index),
        unknown=tuple([word.text for key, word, _ in said if not knows(key)]),
        wants_all=bool(index.tables.all_words.find(message.keys, message.every)),
        same=bool(index.tables.same.find(message.keys, message.every)),
        others=bool(index.tables.others.find(message.keys, message.every)),
        continues=_continues(message, index),
        refers=_refers(message, index),
        ordinal=_ordinal(said, index),
        years=years_in(message.words),
        next_year=_next_year(message, index),
        people=tuple(entry for match in message.people for entry in match.payloads),
        full_name=any(len(match.positions) > 1 for match in message.people),
        in_names=tuple(_in_names(said, message, index)),
        whole_name=meant.whole_name,
        named=tuple(dict.fromkeys(topic for match in message.names for topic in match.payloads)),
        beside_names=_beside_names(message, said),
        chat=chat_in(message, index.tables),
        aside=_aside(message, places),
        contacts=index.tables.contacts.named_in(message.text),
        candidates=meant.candidates,
        expected=meant.expected,
        expected_share=meant.expected_share,
        offered=meant.offered,
        words=meant.words,
    )


def _next_year(message: Message, index: Index) -> int | None:
    found = index.tables.next_years.find(message.keys, message.every)
    return found[0].payloads[0] if found else None


def _aside(message: Message, kept: Sequence[Mention]) -> tuple[str, ...]:
    """The municipalities of the places that are not covered and were told of on the way."""
    covered = {message.words[position].start for position in message.covered}
    left = [mention for mention in message.places if mention not in kept and mention.start not in covered]
    return tuple(municipality for mention in left for municipality in mention.municipalities)


def _message(normal: str, default: Language, index: Index) -> Message:
    found = words(normal)
    language = index.detector.detect(found, default)
    return take_apart(
        normal,
        found,
        language,
        index.tables,
        lambda word: index.knows(word, language),
        repairing(index.tables, index.vocabulary),
    )


def _content(message: Message, said: Sequence[KeyedWord], index: Index) -> int:
    """How many words could say what is wanted; none in one that goes on for others only: "and my mother in Zasa?"."""
    keys = [key for key, word, _ in said if word.start not in message.in_places]
    return 0 if _continues(message, index) and index.tables.kin.issuperset(keys) else len(keys)


def _only_fields(message: Message, said: Sequence[KeyedWord]) -> bool:
    """Whether every telling word asks for a part of something, and no name is said."""
    inside = {message.words[position].start for match in message.fields for position in match.positions}
    return not message.names and all(word.start in inside for _, word, _ in said)


def _candidates(scores: Sequence[Score]) -> tuple[Candidate, ...]:
    return tuple(Candidate(topic=score.topic, confidence=score.probability) for score in scores)


def _ordinal(said: Sequence[KeyedWord], index: Index) -> int | None:
    """The place in a list that a message names, where it names nothing else."""
    named = {index.tables.ordinals.get(key) for key, _, _ in said}
    return named.pop() if len(named) == 1 else None


def _pointed_at(said: Sequence[KeyedWord], offered: Sequence[str], index: Index) -> str | None:
    """The one of the entries offered that a word of its title tells from the others."""
    titles = {entry: frozenset(index.tables.title_words.get(entry, ())) for entry in offered}
    keys = {key for key, _, _ in said}
    found = [
        entry for entry, title in titles.items() if keys & title and not all(keys & title <= t for t in titles.values())
    ]
    return found[0] if len(found) == 1 else None


def _read_words(content: Sequence[KeyedWord]) -> tuple[ReadWord, ...]:
    words = sorted(content, key=lambda keyed: keyed[1].start)
    return tuple(ReadWord(text=word.text, start=word.start, end=word.end, key=key) for key, word, _ in words)


def _explained(candidates: Sequence[Candidate], content: Sequence[KeyedWord], index: Index) -> tuple[Candidate, ...]:
    return tuple(replace(found, evidence=_evidence(found.topic, content, index)) for found in candidates)


def _evidence(topic: str, content: Sequence[KeyedWord], index: Index) -> tuple[Evidence, ...]:
    votes = index.model.votes_of(content, topic)
    pairs = [Evidence(word=word.text, weight=vote) for (_, word, _), vote in zip(content, votes, strict=True) if vote]
    return tuple(sorted(pairs, key=lambda pair: -pair.weight))


def _part_of_named(
    candidates: tuple[Candidate, ...], message: Message, content: Sequence[KeyedWord], index: Index
) -> tuple[Candidate, ...]:
    """Where a topic with parts is named, the words around its name tell which part is meant.

    The name itself speaks for the whole; left in, it would drown the few words that ask for a figure or a date.
    """
    for match in message.names[:MAX_NAMES]:
        inside = {message.words[position].start for position in match.positions}
        around = [keyed for keyed in content if keyed[1].start not in inside]
        for topic in match.payloads:
            family = (topic, *index.tables.below.get(topic, ()))
            if len(family) > 1 and any(key[2:3] != SMALL for key, _, _ in around):
                parts = index.model.apart(around, family)
                candidates = _shared_out(candidates, _told_apart(topic, parts, index))
    return candidates


def _told_apart(topic: str, parts: Sequence[Score], index: Index) -> Sequence[Score]:
    """The parts of a topic that was named; only itself where its parts are other people and no word tells which."""
    if index.kb.topics[topic].kind is not TopicKind.OFFICE or parts[0].probability >= TOLD_APART:
        return parts
    return [replace(part, probability=float(part.topic == topic)) for part in parts]


def _shared_out(candidates: tuple[Candidate, ...], parts: Sequence[Score]) -> tuple[Candidate, ...]:
    """The probability of a family, shared out among its members anew."""
    names = {part.topic for part in parts}
    mass = sum(candidate.confidence for candidate in candidates if candidate.topic in names)
    members = [Candidate(topic=part.topic, confidence=mass * part.probability) for part in parts[:MAX_CANDIDATES]]
    others = [candidate for candidate in candidates if candidate.topic not in names]
    return tuple(sorted([*members, *others], key=lambda candidate: -candidate.confidence))


def _with_whole_name(candidates: tuple[Candidate, ...], match: Match[str]) -> tuple[Candidate, ...]:
    """Where a message says a name and nothing else, besides places and fields, the name decides."""
    named = [Candidate(topic=t, confidence=WHOLE_NAME / len(match.payloads)) for t in match.payloads]
    rest = 1 - WHOLE_NAME
    others = [replace(c, confidence=rest * c.confidence) for c in candidates if c.topic not in match.payloads]
    return (*named, *others)


def _whole_name(message: Message, said: Sequence[KeyedWord]) -> Match[str] | None:
    """The name that all words of a message belong to, besides places and fields."""
    if not message.names:
        return None
    starts = {word.start for _, word, _ in said} or {word.start for word in message.words}
    for match in message.names:
        if starts <= {message.words[position].start for position in match.positions}:
            return match
    return None


def _beside_names(message: Message, said: Sequence[KeyedWord]) -> int:
    """How many telling words stand in no name and in no place."""
    inside = {message.words[position].start for match in message.names for position in match.positions}
    return sum(word.start not in inside and word.start not in message.in_places for _, word, _ in said)


def _in_names(said: Sequence[KeyedWord], message: Message, index: Index) -> Iterator[frozenset[str]]:
    keys = {word.start: options for word, options in zip(message.words, message.keys, strict=True)}
    names, nowhere = index.tables.name_words, frozenset[str]()
    for key, word, _ in said:
        if word.start not in message.in_places:
            found = [names[option] for option in {key, *keys[word.start]} if option in names]
            yield nowhere.union(*found) if found else nowhere


def _continues(message: Message, index: Index) -> bool:
    first = message.words[0] if message.words else None
    return first is not None and first.lower in index.tables.continuations.get(message.language, ())


def _refers(message: Message, index: Index) -> bool:
    references = index.tables.references.get(message.language, frozenset())
    return not references.isdisjoint([word.folded for word in message.words])
