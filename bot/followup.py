"""complete(reading, state, kb) -> Question: what was left out is filled in from what was said before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.choose import SURE, Choice, choose, is_account
from bot.question import Question
from bot.state import ConversationState
from knowledge.message import CONTACT_FIELDS
from knowledge.model import Field, KnowledgeBase, TopicKind
from knowledge.reading import Candidate, Meaning, Mention, Reading

_SURE_ANEW = 0.8
"""Less sure than this, a few words may be a follow-up where they begin with "un" or look like no question at all."""
_ASKS_MORE = CONTACT_FIELDS | {Field.ADDRESS, Field.HOURS, Field.DATE}
SHORT = 2
"""A message with no more telling words than this may be a follow-up by its place."""


def complete(reading: Reading, state: ConversationState, kb: KnowledgeBase, home: str | None = None) -> Question:
    """The whole question a message stands for in its conversation.

    A place alone, a field alone or "un …" belongs to the last question; a topic alone takes the home place or the last
    one. `home` is a municipality known from outside the conversation.
    """
    choice = _choice(reading, state, kb)
    introduced = _is_chat(choice, kb) and any(mention.home for mention in reading.places)
    if introduced:
        choice = Choice()
    meanings = _meanings(reading.places)
    inside = tuple(dict.fromkeys(m.municipality for m in meanings if kb.municipalities[m.municipality].covered))
    outside = next((m.municipality for m in meanings if not kb.municipalities[m.municipality].covered), None)
    question = Question(
        topics=choice.topics,
        places=inside,
        outside=outside,
        village=_village(meanings, inside),
        fields=reading.fields,
        wants_all=reading.wants_all,
        place_named=bool(meanings),
        only_place=bool(meanings) and not choice.topics and (introduced or not reading.content),
        language=reading.language,
        confidence=choice.probability,
    )
    chosen = _chosen(question, state)
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
        if not choice.topics:
            choice = choose(reading.candidates, kb, whole=reading.wants_all)
        return Choice() if _follows(choice, reading, state, kb) else choice
    follows = state.last is not None and (reading.places or reading.fields)
    place_only = reading.places and not reading.fields
    return Choice() if follows or place_only else choose(reading.candidates, kb)


def _is_chat(choice: Choice, kb: KnowledgeBase) -> bool:
    return bool(choice.topics) and kb.topics[choice.topics[0]].kind is TopicKind.SMALLTALK


def _is_silence(choice: Choice, kb: KnowledgeBase) -> bool:
    return _is_chat(choice, kb) or (bool(choice.topics) and kb.topics[choice.topics[0]].kind is TopicKind.OUTSIDE)


def _possible(reading: Reading, kb: KnowledgeBase) -> tuple[Candidate, ...]:
    """The candidates without accounts of elsewhere that are not nearly certain, where a place of ours is named."""
    named = {m for mention in reading.places if not mention.region for m in mention.municipalities}
    if not named or not all(kb.municipalities[m].covered for m in named):
        return reading.candidates
    return tuple(c for c in reading.candidates if c.confidence >= SURE or not is_account(c.topic, kb))


def _follows(choice: Choice, reading: Reading, state: ConversationState, kb: KnowledgeBase) -> bool:
    """Whether a short message that is not sure of a topic of its own corrects or continues what was said before."""
    if state.last is None or reading.content > SHORT:
        return False
    silence = _is_silence(choice, kb)
    more = bool(reading.places) or (silence and bool(_ASKS_MORE.intersection(reading.fields)))
    return more and choice.probability < (_SURE_ANEW if reading.continues or silence else SURE)


def picked(reading: Reading, state: ConversationState) -> Question | None:
    """The choice a bare number means, counted from 1 as the choices were shown."""
    number = reading.text.rstrip(".)")
    if number.isdecimal() and len(number) < 3 and 1 <= int(number) <= len(state.options):
        return replace(state.options[int(number) - 1], language=state.language, confidence=1.0)
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


def _chosen(question: Question, state: ConversationState) -> Question | None:
    """An answer to a question of ours: words that fit exactly one of the choices offered."""
    if question.topics:
        return None
    fitting = [o for o in state.options if question.places and o.places == question.places]
    if len(fitting) != 1:
        return None
    return replace(
        fitting[0],
        village=question.village,
        language=question.language,
        place_named=True,
        fields=question.fields or fitting[0].fields,
    )


def _continued(question: Question, reading: Reading, state: ConversationState) -> Question:
    """A message without a topic of its own belongs to the last question, if it says anything."""
    last = state.last
    if question.topics or last is None or not last.topics:
        return question
    says = question.places or question.outside or question.fields
    if not says or reading.content > 3:
        return question
    place_said = bool(question.places or question.outside)
    return replace(
        last,
        places=question.places if place_said else last.places,
        outside=question.outside if place_said else last.outside,
        village=question.village if place_said else None,
        entry=None if place_said else last.entry,
        fields=question.fields or last.fields,
        place_named=place_said,
        language=question.language,
    )


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
