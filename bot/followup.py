"""complete(reading, state, kb) -> Question: what was left out is filled in from what was said before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.choose import MAX_TIED, Choice, choose, is_account
from bot.question import Question
from bot.state import ConversationState
from knowledge.message import CONTACT_FIELDS
from knowledge.model import Entry, Field, KnowledgeBase, TopicKind
from knowledge.reading import Candidate, Meaning, Mention, Reading
from knowledge.tables import Tables

_SURE_ANEW = 0.8
"""Less sure than this, a few words may be a follow-up where they begin with "un" or look like no question at all."""
_CERTAIN = 0.95
"""The same where the message says "it" and what was spoken of has parts."""
_ASKS_MORE = CONTACT_FIELDS | {Field.ADDRESS, Field.HOURS, Field.DATE}
SHORT = 2
"""A message with no more telling words than this may be a follow-up by its place."""
LESS_SHORT = 4
"""The same where it says "it" or "and", too."""
_TELLS = 0.5
"""How likely one of the topics that a conversation makes likely must be to be taken for what is meant."""


def complete(reading: Reading, state: ConversationState, kb: KnowledgeBase, home: str | None = None) -> Question:
    """The whole question a message stands for in its conversation.

    A place alone, a field alone or "un …" belongs to the last question; a topic alone takes the home place or the last
    one. `home` is a municipality known from outside the conversation.
    """
    choice = _choice(reading, state, kb)
    introduced = any(mention.home for mention in reading.places) and (
        _is_chat(choice, kb) or (reading.content <= SHORT and choice.probability < kb.thresholds.sure)
    )
    if introduced:
        choice = Choice()
    meanings = _meanings(reading.places)
    inside = tuple(dict.fromkeys(m.municipality for m in meanings if kb.municipalities[m.municipality].covered))
    outside = next((m.municipality for m in meanings if not kb.municipalities[m.municipality].covered), None)
    person = _person(choice, reading, kb)
    question = Question(
        topics=person.topics[:1] if person else choice.topics,
        places=person.area if person else inside,
        entry=person.id if person else None,
        outside=outside,
        village=_village(meanings, inside),
        fields=reading.fields,
        wants_all=reading.wants_all,
        place_named=bool(meanings),
        only_place=bool(meanings) and not choice.topics and (introduced or not reading.content),
        language=reading.language,
        confidence=choice.probability,
    )
    chosen = _chosen(question, reading, state)
    if chosen is not None:
        return chosen
    question = _continued(question, reading, state)
    if question.places or question.outside or not question.topics:
        return question
    return _placed(question, state, home)


def _choice(reading: Reading, state: ConversationState, kb: KnowledgeBase) -> Choice:
    """What a message is about by its own words; a place or a field alone belongs to what was said before."""
    if reading.content:
        choice = choose(_possible(reading, kb), kb, whole=reading.wants_all)
        if not choice.topics or _is_silence(choice, kb):
            choice = choose(reading.candidates, kb, whole=reading.wants_all)
        return Choice() if _follows(choice, reading, state, kb) else _by_name(choice, reading, kb)
    follows = state.last is not None and (reading.places or reading.fields)
    place_only = reading.places and not reading.fields
    choice = choose(reading.candidates, kb)
    part = len(reading.expected) > 1 and not _is_chat(choice, kb)
    return Choice() if follows or place_only or part else choice


def _person(choice: Choice, reading: Reading, kb: KnowledgeBase) -> Entry | None:
    """The contact of the one person named, where little else is said or the rest is about the same office."""
    if len(reading.people) != 1:
        return None
    entry = kb.entries[reading.people[0]]
    offices = {above for topic in entry.topics for above in (topic, *kb.above(topic))}
    return entry if offices.intersection(choice.topics) or reading.content <= SHORT else None


def _by_name(choice: Choice, reading: Reading, kb: KnowledgeBase) -> Choice:
    """The choice, in doubt where the words that are names do not tell one entry from others.

    "Alianse" alone may be either alliance; one local partnership is not meant where no word and no place points at it.
    """
    topic = kb.topics.get(choice.topics[0]) if len(choice.topics) == 1 else None
    if topic is None or topic.kind is not TopicKind.ENTRY or reading.places:
        return choice
    named = frozenset.intersection(*reading.in_names) if reading.in_names else frozenset()
    if topic.id in named and len(named) > 1 and reading.content <= SHORT and not reading.whole_name:
        return replace(choice, topics=(topic.id, *sorted(named - {topic.id})[: MAX_TIED - 1]))
    entry = kb.entries[topic.id]
    sisters = {name for group in entry.groups for name in kb.topics[group].entries} - {entry.id}
    pointed_at = any(entry.id in names and sisters.isdisjoint(names) for names in reading.in_names)
    return replace(choice, topics=entry.groups[:1]) if entry.area and sisters and not pointed_at else choice


def expected(state: ConversationState, tables: Tables) -> tuple[str, ...]:
    """The topics that a conversation makes likely: the choices offered, else the topic spoken of and its parts."""
    offered = tuple(dict.fromkeys(topic for option in state.options for topic in option.topics))
    if state.options:
        return offered if len(offered) > 1 else ()
    last = tables.kb.topics.get(state.last.topic or "") if state.last else None
    if last is None or last.kind not in {TopicKind.ENTRY, TopicKind.ANSWER}:
        return ()
    whole = tables.whole(last.id)
    return (whole, *tables.below.get(whole, ()))


def _is_chat(choice: Choice, kb: KnowledgeBase) -> bool:
    return bool(choice.topics) and kb.topics[choice.topics[0]].kind is TopicKind.SMALLTALK


def _is_silence(choice: Choice, kb: KnowledgeBase) -> bool:
    return _is_chat(choice, kb) or (bool(choice.topics) and kb.topics[choice.topics[0]].kind is TopicKind.OUTSIDE)


def _possible(reading: Reading, kb: KnowledgeBase) -> tuple[Candidate, ...]:
    """The candidates without accounts of elsewhere that are not nearly certain, where a place of ours is named."""
    named = {m for mention in reading.places if not mention.region for m in mention.municipalities}
    if not named or not all(kb.municipalities[m].covered for m in named):
        return reading.candidates
    return tuple(c for c in reading.candidates if c.confidence >= kb.thresholds.sure or not is_account(c.topic, kb))


def _follows(choice: Choice, reading: Reading, state: ConversationState, kb: KnowledgeBase) -> bool:
    """Whether a short message that is not sure of a topic of its own corrects or continues what was said before."""
    points = reading.continues or reading.refers
    if state.last is None or reading.content > (LESS_SHORT if points and reading.expected else SHORT):
        return False
    doubtful = _is_silence(choice, kb) or (bool(choice.topics) and is_account(choice.topics[0], kb))
    asks = _ASKS_MORE.intersection(reading.fields) if doubtful and not points else reading.fields
    # "kas brauc uz Rīgu no Krāslavas" names a place and is about something else, unless a place was asked for.
    aside = doubtful and reading.content > 0 and not points and not state.options
    placed = bool(reading.places) and not aside
    more = placed or (bool(asks) and (doubtful or points))
    chat = _is_chat(choice, kb) and choice.probability >= kb.thresholds.sure
    part = len(reading.expected) > 1 and (points or doubtful) and not chat and not reading.places
    again = points and not choice.topics
    sure = _SURE_ANEW if points or doubtful else kb.thresholds.sure
    return again or ((more or part) and choice.probability < (_CERTAIN if points and part and doubtful else sure))


def picked(reading: Reading, state: ConversationState) -> Question | None:
    """The choice a bare number or "the second" means, counted from 1 as the choices were shown."""
    number = reading.text.rstrip(".)")
    place = int(number) if number.isdecimal() and len(number) < 3 else reading.ordinal
    if place is not None and 1 <= place <= len(state.options) and not reading.places:
        return replace(state.options[place - 1], language=state.language, confidence=1.0)
    return None


def _meanings(places: Iterable[Mention]) -> tuple[Meaning, ...]:
    """What the places mean together: an ambiguous name takes the meaning another place of the message points to."""
    named = [mention for mention in places if not mention.negated]
    certain = {m.municipalities[0] for m in named if len(m.municipalities) == 1}
    if any(not mention.region for mention in named):
        named = [mention for mention in named if not mention.region]
    meanings: list[Meaning] = []
    for mention in named:
        options = [meaning for meaning in mention.meanings if meaning.municipality in certain] or list(mention.meanings)
        meanings.extend(_first_of_each(options))
    return tuple(dict.fromkeys(meanings))


def _first_of_each(options: Iterable[Meaning]) -> list[Meaning]:
    return list({meaning.municipality: meaning for meaning in reversed(list(options))}.values())[::-1]


def _village(meanings: tuple[Meaning, ...], inside: tuple[str, ...]) -> str | None:
    """The smaller place that led to the municipality, unless the municipality was named too."""
    if len(inside) != 1:
        return None
    mine = [meaning for meaning in meanings if meaning.municipality == inside[0]]
    return mine[0].place if all(meaning.place for meaning in mine) else None


def _fitting(question: Question, reading: Reading, state: ConversationState) -> list[Question]:
    """The choices that a place, or words that speak for one of the topics offered, can mean."""
    if not question.topics and question.places:
        return [option for option in state.options if option.places == question.places]
    if not reading.expected or not state.options or reading.places or reading.content > LESS_SHORT:
        return []
    best = reading.expected[0]
    offered = question.topics and set(question.topics) <= {found.topic for found in reading.expected}
    if best.confidence < _TELLS or not (offered or question.confidence < _SURE_ANEW):
        return []
    return [option for option in state.options if option.topics == (best.topic,)]


def _chosen(question: Question, reading: Reading, state: ConversationState) -> Question | None:
    """An answer to a question of ours: words that fit exactly one of the choices offered."""
    fitting = _fitting(question, reading, state)
    if len(fitting) != 1:
        return None
    return replace(
        fitting[0],
        village=question.village,
        language=question.language,
        place_named=fitting[0].place_named or question.place_named,
        fields=question.fields or fitting[0].fields,
    )


def _continued(question: Question, reading: Reading, state: ConversationState) -> Question:
    """A message without a topic of its own belongs to the last question, if it says anything."""
    last = state.last
    if question.topics or last is None or not last.topics:
        return question
    part = _part_meant(reading, state)
    says = question.places or question.outside or question.fields or part or reading.refers
    if not says or reading.content > LESS_SHORT:
        return question
    place_said = bool(question.places or question.outside)
    return replace(
        last,
        topics=(part,) if part else last.topics,
        places=question.places if place_said else last.places,
        outside=question.outside if place_said else last.outside,
        village=question.village if place_said else None,
        entry=None if place_said else last.entry,
        fields=question.fields or last.fields,
        place_named=place_said,
        language=question.language,
    )


def _part_meant(reading: Reading, state: ConversationState) -> str | None:
    """The part of what was last spoken of that a message asks for, if the words tell it from the other parts."""
    if state.options or len(reading.expected) < 2 or reading.places:
        return None
    best = reading.expected[0]
    last = state.last.topic if state.last else None
    return best.topic if best.confidence >= _TELLS and best.topic != last else None


def _placed(question: Question, state: ConversationState, home: str | None) -> Question:
    """A topic that needs a place takes the home place, else the one spoken of last."""
    known = home or state.home
    if known is not None:
        return replace(question, places=(known,))
    if state.last is not None and state.last.place:
        return replace(question, places=state.last.places)
    return question


def home_of(reading: Reading, kb: KnowledgeBase) -> str | None:
    """The municipality a person says they live in ("esmu no Dagdas"), or None."""
    for mention in reading.places:
        if mention.home and len(mention.municipalities) == 1 and kb.municipalities[mention.municipalities[0]].covered:
            return mention.municipalities[0]
    return None
