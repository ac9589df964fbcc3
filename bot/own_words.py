"""own_choice(reading, state, kb) -> Choice: what a message is about by its own words, if it is no follow-up."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from bot.choose import MAX_TIED, Choice, choose, is_account
from bot.state import ConversationState
from knowledge.message import CONTACT_FIELDS
from knowledge.model import Entry, Field, KnowledgeBase, TopicKind
from knowledge.reading import Candidate, Reading

SURE_ANEW = 0.8
"""Less sure than this, a few words may be a follow-up where they begin with "un" or look like no question at all."""
_CERTAIN = 0.95
"""The same where the message says "it" and what was spoken of has parts."""
_CALLED = 0.5
"""What is called by its name is meant if it is so likely, whatever was spoken of."""
_HARDLY_OUTSIDE = 0.5
"""Less sure that it is outside the domain, a message is about the office or organisation that it names."""
_ASKS_MORE = CONTACT_FIELDS | {Field.ADDRESS, Field.ACCOUNT, Field.HOURS, Field.DATE}
_TO_REACH = CONTACT_FIELDS | {Field.ADDRESS}
SPOKEN_OF, SPOKEN_OF_SHORT = 60.0, 200.0
"""So many times as likely as by its words alone is a part of what was spoken of, in a message that names nothing; the
second where it has hardly a word of its own. Measured on the project's conversations.
"""
SHORT = 2
"""A message with no more telling words than this may be a follow-up by its place."""
LESS_SHORT = 4
"""The same where it says "it" or "and", too."""


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
        if _follows(choice, reading, state, kb):
            return Choice()
        return _by_name(_as_named(choice, reading, kb), reading, kb)
    follows = state.last is not None and (reading.places or reading.fields)
    place_only = reading.places and not reading.fields
    choice = choose(reading.candidates, kb)
    part = _asks_a_part(reading, kb) or (len(reading.expected) > 1 and not is_chat(choice, kb))
    return Choice() if follows or place_only or part else choice


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


def _follows(choice: Choice, reading: Reading, state: ConversationState, kb: KnowledgeBase) -> bool:
    """Whether a short message that is not sure of a topic of its own corrects or continues what was said before."""
    doubtful = is_silence(choice, kb) or (bool(choice.topics) and is_account(choice.topics[0], kb))
    elsewhere = _points_elsewhere(reading, state, kb)
    points = reading.continues or reading.refers or (doubtful and _names_again(reading, state, kb)) or elsewhere
    corrects = is_chat(choice, kb) and bool(reading.places)
    weak = choice.probability < kb.thresholds.understood and not CONTACT_FIELDS.isdisjoint(reading.fields)
    nowhere = bool(reading.places) and choice.probability < kb.thresholds.understood and not reading.named
    longer = corrects or weak or nowhere or (points and bool(reading.expected))
    called = choice.topics[:1] == reading.named[:1] and choice.probability >= _CALLED
    named = (reading.whole_name or called) and not is_silence(choice, kb)
    the_one = reading.continues and (reading.refers or reading.others) and elsewhere and reading.content == 1
    if state.last is not None and (the_one or _asks_a_part(reading, kb) or _says_where(choice, reading, state, kb)):
        return True
    if state.last is None or named or reading.content > (LESS_SHORT if longer else SHORT):
        return False
    asks = _ASKS_MORE.intersection(reading.fields) if doubtful and not points else reading.fields
    # "kas brauc uz Rīgu no Krāslavas" names a place and is about something else, unless a place was asked for.
    asked_where = bool(state.options) and any(kb.municipalities[m].covered for m in _named(reading))
    clear = choice.probability >= kb.thresholds.understood
    aside = doubtful and clear and not corrects and reading.content > 0 and not points and not asked_where
    placed = bool(reading.places) and not aside
    more = placed or elsewhere or (bool(asks) and (doubtful or points))
    chat = is_chat(choice, kb) and choice.probability >= kb.thresholds.sure
    part = len(reading.expected) > 1 and (points or doubtful) and not chat and not reading.places
    again = (points and (not choice.topics or (elsewhere and is_chat(choice, kb)))) or (
        is_chat(choice, kb) and _points_at_sister(reading, state, kb)
    )
    sure = SURE_ANEW if points or doubtful else kb.thresholds.sure
    torn = (placed or elsewhere) and len(choice.topics) > 1
    # "Thanks! Now the same for Aizkraukle."
    thanks = corrects and points and any(kb.municipalities[m].covered for m in _named(reading))
    undecided = torn or thanks or choice.probability < (_CERTAIN if points and part and doubtful else sure)
    return again or ((more or part) and undecided)


def costs_elsewhere(reading: Reading, kb: KnowledgeBase) -> bool:
    """Whether it is asked what something costs that is outside the domain: "and how much is petrol today?"."""
    asks = bool(reading.fields) and {Field.AMOUNT, Field.PRICE}.issuperset(reading.fields)
    likeliest = kb.topics[reading.candidates[0].topic].kind if reading.candidates else None
    return asks and likeliest is TopicKind.OUTSIDE and reading.content > 0 and not reading.named


def _says_where(choice: Choice, reading: Reading, state: ConversationState, kb: KnowledgeBase) -> bool:
    """Whether a message tells in which of the places that were offered for one thing somebody lives, and little else.

    "I don't know what it is called now, I live in Dviete"; "the municipality of Koknese".
    """
    named = any(kb.topics[topic].kind is not TopicKind.SMALLTALK for topic in reading.named)
    if len({option.topics for option in state.options}) != 1 or named:
        return False
    offered = {place for option in state.options for place in option.places}
    if len(offered) < len(state.options) or len(offered & _named(reading)) != 1:
        return False
    lives = any(mention.home for mention in reading.places) and choice.probability < kb.thresholds.understood
    return lives or (reading.content <= 1 and not is_silence(choice, kb))


def _asks_a_part(reading: Reading, kb: KnowledgeBase) -> bool:
    """Whether a message names nothing and may well ask for a part of what was spoken of: "how often is it held?"."""
    if len(reading.expected) < 2 or not names_nothing(reading, kb):
        return False
    family = {found.topic for found in reading.expected}
    beside = [found for found in reading.candidates if found.topic not in family]
    other = max([found.confidence for found in beside], default=0.0)
    if sum([found.confidence for found in beside if _is_sister(found.topic, family, kb)]) >= kb.thresholds.understood:
        return False
    # Of what is asked for in so many words ("how often?") the parts that nothing else speaks for are likely, too.
    vague = other < kb.thresholds.understood and not any(reading.in_names)
    asks = bool(reading.fields) and CONTACT_FIELDS.isdisjoint(reading.fields)
    weight = SPOKEN_OF_SHORT if reading.content <= SHORT else SPOKEN_OF
    return (asks and vague) or weight * reading.expected_share >= other


def _is_sister(topic: str, family: Set[str], kb: KnowledgeBase) -> bool:
    """Whether a topic belongs to one undertaking with those of a family."""
    above = {name for member in family for name in kb.above(member)}
    return not above.isdisjoint(kb.above(topic))


def names_nothing(reading: Reading, kb: KnowledgeBase) -> bool:
    """Whether few words name neither a place nor a topic; "later" is the name of some small talk."""
    chat = all(kb.topics[topic].kind is TopicKind.SMALLTALK for topic in reading.named)
    return chat and reading.content <= LESS_SHORT and not reading.places


def _points_elsewhere(reading: Reading, state: ConversationState, kb: KnowledgeBase) -> bool:
    """Whether a word of its title points at another office than the last ("not culture, education!")."""
    entry = kb.entries.get(reading.offered or "")
    last = state.last.topics if state.last is not None else ()
    return not state.options and entry is not None and bool(entry.topics) and set(entry.topics).isdisjoint(last)


def _points_at_sister(reading: Reading, state: ConversationState, kb: KnowledgeBase) -> bool:
    """Whether a word of its title points at another than what was told of, of one kind ("no, Vidusdaugava!")."""
    entry = kb.entries.get(reading.offered or "")
    last = state.last.topic if state.last is not None else None
    return not state.options and entry is not None and not entry.topics and entry.id != kb.whole(last or entry.id)


def _names_again(reading: Reading, state: ConversationState, kb: KnowledgeBase) -> bool:
    """Whether a word of the name of what was spoken of is said again: "and what does an initiative cost?"."""
    topic = kb.topics.get(state.last.topic or "") if state.last is not None else None
    return topic is not None and any(not names.isdisjoint(topic.entries) for names in reading.in_names)


def _named(reading: Reading) -> set[str]:
    """The municipalities that a message can name."""
    return {municipality for mention in reading.places for municipality in mention.municipalities}


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
    if topic is None or topic.kind is not TopicKind.ENTRY or reading.places or reading.whole_name:
        return choice
    named = frozenset.intersection(*reading.in_names) if reading.in_names else frozenset()
    if topic.id in named and len(named) > 1 and reading.content <= SHORT:
        return replace(choice, topics=(topic.id, *sorted(named - {topic.id})[: MAX_TIED - 1]))
    entry = kb.entries[topic.id]
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
    sure = is_silence(choice, kb) and choice.probability >= SURE_ANEW
    meant = bool(offices.intersection(choice.topics)) or ((reading.content <= little or asks) and not sure)
    return entry if meant else None


def contacts_listed(choice: Choice, reading: Reading, kb: KnowledgeBase) -> tuple[str, ...]:
    """What can be reached of all that a message lists: "sociālais dienests un policija"; none where it names one."""
    named = (*offices_named(reading, kb), *_reached(reading, kb))
    listed = 1 < len(named) <= MAX_TIED and reading.beside_names <= SHORT and not is_silence(choice, kb)
    return named if listed else ()


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


def is_chat(choice: Choice, kb: KnowledgeBase) -> bool:
    """Whether the choice is small talk."""
    return bool(choice.topics) and kb.topics[choice.topics[0]].kind is TopicKind.SMALLTALK


def is_silence(choice: Choice, kb: KnowledgeBase) -> bool:
    """Whether the choice is small talk or outside the domain."""
    return is_chat(choice, kb) or (bool(choice.topics) and kb.topics[choice.topics[0]].kind is TopicKind.OUTSIDE)
