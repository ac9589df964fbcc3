"""own_choice(reading, state, kb) -> Choice: what a message is about by its own words, if it is no follow-up."""

from __future__ import annotations

from msgspec.structs import replace

from bot.choose import MAX_TIED, Choice, choose, is_account, is_chat, is_silence
from bot.follows import LESS_SHORT, SHORT, SURE_ANEW, asks_a_part, follows
from bot.state import ConversationState
from knowledge.message import CONTACT_FIELDS
from knowledge.model import Entry, Field, KnowledgeBase, TopicKind
from knowledge.reading import Candidate, Reading

_HARDLY_OUTSIDE = 0.5
"""Less sure that it is outside the domain, a message is about the office or organisation that it names."""
_SURELY_OUTSIDE = 0.6
"""So sure, what is asked about a person has no answer, whoever it is: "what car does he drive, and its number?"."""
_TO_REACH = CONTACT_FIELDS | {Field.ADDRESS}


def own_choice(reading: Reading, state: ConversationState, kb: KnowledgeBase) -> Choice:
    """What a message is about by its own words; a place or a field alone belongs to what was said before."""
    if reading.content:
        if state.last is not None and state.last.topics and (reading.only_fields or _asks_the_same(reading, state)):
            return Choice()
        choice = choose(_possible(reading, kb), kb, whole=reading.wants_all)
        if not choice.topics or is_silence(choice, kb):
            choice = choose(reading.candidates, kb, whole=reading.wants_all)
        choice = _as_called(choice, reading, kb)
        if _only_chats(choice, reading, kb):
            return Choice(topics=(reading.chat or "",), probability=choice.probability)
        if follows(choice, reading, state, kb):
            return Choice()
        return _by_name(_as_named(choice, reading, kb), reading, kb)
    goes_on = state.last is not None and (reading.places or reading.fields)
    place_only = reading.places and not reading.fields
    choice = choose(reading.candidates, kb)
    part = asks_a_part(reading, kb) or (len(reading.expected) > 1 and not is_chat(choice, kb))
    return Choice() if goes_on or place_only or part else choice


def _asks_the_same(reading: Reading, state: ConversationState) -> bool:
    """Whether what was last asked is asked of another place: "and whom do I call about the same in Koknese?"."""
    likeliest = reading.candidates[0].topic if reading.candidates else None
    before = state.before is not None and likeliest in state.before.topics
    return reading.same and bool(reading.places) and not reading.named and not before


def _as_called(choice: Choice, reading: Reading, kb: KnowledgeBase) -> Choice:
    """The choice; the one office or organisation that a message names where that must be meant."""
    offices = offices_named(reading, kb)
    if len(offices) == 1 and _must_be_office(choice, reading, kb):
        return replace(choice, topics=offices)
    reached = _reached(reading, kb)
    asks = not CONTACT_FIELDS.isdisjoint(reading.fields)
    return replace(choice, topics=reached) if len(reached) == 1 and asks and _is_hardly_outside(choice, kb) else choice


def _is_hardly_outside(choice: Choice, kb: KnowledgeBase) -> bool:
    """Whether something that is not answered is likeliest, but not likelier than all else."""
    return is_silence(choice, kb) and choice.probability < _HARDLY_OUTSIDE


def _reached(reading: Reading, kb: KnowledgeBase) -> tuple[str, ...]:
    """The organisations and media that a message names and that have an e-mail."""
    return tuple(topic for topic in reading.named if topic in kb.entries and kb.entries[topic].emails)


def _must_be_office(choice: Choice, reading: Reading, kb: KnowledgeBase) -> bool:
    """Whether the office that a message names is meant, though something else is a little likelier.

    It is no small talk; few words with hardly anything outside the domain ("the police would help, too") are about it;
    and an account has no phone and no e-mail that could be asked for.
    """
    outside = _is_hardly_outside(choice, kb) and reading.content <= SHORT
    account = bool(choice.topics) and is_account(choice.topics[0], kb)
    return is_chat(choice, kb) or outside or (account and not {Field.PHONE, Field.EMAIL}.isdisjoint(reading.fields))


def _only_chats(choice: Choice, reading: Reading, kb: KnowledgeBase) -> bool:
    """Whether all that is understood of a few words is their "thanks"."""
    vague = not choice.topics or (is_silence(choice, kb) and choice.probability < kb.thresholds.understood)
    few = reading.content <= 1 and not (reading.places or reading.fields or reading.continues)
    return reading.chat is not None and vague and few


def _possible(reading: Reading, kb: KnowledgeBase) -> tuple[Candidate, ...]:
    """The candidates without accounts of elsewhere that are not nearly certain, where a place of ours is named."""
    named = {m for mention in reading.places if not mention.region for m in mention.municipalities}
    if not named or not all(kb.municipalities[m].covered for m in named):
        return reading.candidates
    return tuple(c for c in reading.candidates if c.confidence >= kb.thresholds.sure or not is_account(c.topic, kb))


def _as_named(choice: Choice, reading: Reading, kb: KnowledgeBase) -> Choice:
    """The choice; what is called by its name is understood, and only what comes close is offered beside it."""
    named = [t for t in reading.named if kb.topics[t].kind not in {TopicKind.SMALLTALK, TopicKind.OUTSIDE}]
    if not choice.topics:
        return Choice(topics=tuple(named), probability=kb.thresholds.understood) if len(named) == 1 else choice
    likely = {candidate.topic: candidate.confidence for candidate in reading.candidates}
    first, *others = choice.topics
    if len(named) != 1 or named[0] not in (first, *kb.above(first)):
        return choice
    least = kb.thresholds.tie * likely.get(first, 0.0)
    return replace(choice, topics=(first, *(topic for topic in others if likely.get(topic, 0.0) >= least)))


def _by_name(choice: Choice, reading: Reading, kb: KnowledgeBase) -> Choice:
    """The choice, in doubt where the words that are names do not tell one entry from others.

    "Alianse" alone may be either alliance; one local partnership is not meant where no word and no place points at it.
    """
    topic = kb.topics.get(choice.topics[0]) if len(choice.topics) == 1 else None
    of_entry = topic is not None and topic.kind in {TopicKind.ENTRY, TopicKind.ANSWER}
    if topic is None or not of_entry or reading.places or reading.whole_name:
        return choice
    named = frozenset.intersection(*reading.in_names) if reading.in_names else frozenset()
    if topic.id in named and len(named) > 1 and reading.content <= SHORT:
        return replace(choice, topics=(topic.id, *sorted(named - {topic.id})[: MAX_TIED - 1]))
    entry = kb.entries[topic.entries[0]]
    sisters = {name for group in entry.groups for name in kb.topics[group].entries} - {entry.id}
    pointed_at = any(entry.id in names and sisters.isdisjoint(names) for names in reading.in_names)
    return replace(choice, topics=entry.groups[:1]) if entry.area and sisters and not pointed_at else choice


def person_meant(choice: Choice, reading: Reading, kb: KnowledgeBase) -> Entry | None:
    """The contact of the one person named, where little else is said or the rest is about the same office.

    What is outside the domain ("how old is …") is not answered with an official's telephone.
    """
    if len(set(reading.people)) != 1:
        return None
    entry = kb.entries[reading.people[0]]
    offices = {above for topic in entry.topics for above in (topic, *kb.above(topic))}
    placed = any(set(mention.municipalities) == set(entry.area) for mention in reading.places)
    little = LESS_SHORT if (reading.full_name or placed) and not is_silence(choice, kb) else SHORT
    asks = (reading.full_name or placed) and not _TO_REACH.isdisjoint(reading.fields)
    sure = is_silence(choice, kb) and choice.probability >= _SURELY_OUTSIDE
    meant = bool(offices.intersection(choice.topics)) or ((reading.content <= little or asks) and not sure)
    return entry if meant else None


def contacts_listed(choice: Choice, reading: Reading, kb: KnowledgeBase) -> tuple[str, ...]:
    """What can be reached of all that a message lists: "sociālais dienests un policija"; none where it names one."""
    named = (*offices_named(reading, kb), *_reached(reading, kb))
    listed = 1 < len(named) <= MAX_TIED and reading.beside_names <= SHORT and not is_silence(choice, kb)
    likely = {above for topic in choice.topics for above in (topic, *kb.above(topic))}
    another = choice.probability >= SURE_ANEW and likely.isdisjoint(named)
    return named if listed and not another else ()


def offices_named(reading: Reading, kb: KnowledgeBase) -> tuple[str, ...]:
    """The offices that a message names, without those that another one named is a part of."""
    named = [topic for topic in reading.named if kb.topics[topic].kind is TopicKind.OFFICE]
    return tuple(topic for topic in named if not any(topic in kb.above(other) for other in named))


def owners_meant(choice: Choice, reading: Reading, kb: KnowledgeBase) -> list[Entry]:
    """The entries whose phone or e-mail stands in a message that is about them or nothing else.

    "Which paper's number is this?" One number can be that of several offices of a municipality.
    """
    owners = [kb.entries[entry] for entry in reading.contacts[:MAX_TIED]]
    theirs = {topic for entry in owners for topic in (entry.id, *entry.topics, *entry.groups)}
    about = not choice.topics or is_silence(choice, kb) or not theirs.isdisjoint(choice.topics)
    return owners if about else []
