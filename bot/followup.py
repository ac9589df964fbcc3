"""complete(reading, state, kb) -> Question: what was left out is filled in from what was said before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.choose import Choice, is_account
from bot.own_words import LESS_SHORT, SHORT, is_chat, offices_listed, own_choice, owners_meant, person_meant
from bot.question import Question
from bot.state import ConversationState
from knowledge.model import Entry, KnowledgeBase, Topic, TopicKind
from knowledge.reading import Meaning, Mention, Reading
from knowledge.tables import Tables

_FIRST_AND_OTHER = 2
_TELLS = 0.5
"""How likely one of the topics that a conversation makes likely must be to be taken for what is meant."""


def complete(reading: Reading, state: ConversationState, kb: KnowledgeBase, home: str | None = None) -> Question:
    """The whole question a message stands for in its conversation.

    A place alone, a field alone or "un …" belongs to the last question; a topic alone takes the home place or the last
    one. `home` is a municipality known from outside the conversation.
    """
    choice = own_choice(reading, state, kb)
    introduced = _tells_home(reading) and (
        is_chat(choice, kb) or (reading.content <= SHORT and choice.probability < _TELLS)
    )
    if introduced:
        choice = Choice()
    meanings = _meanings(reading.places)
    inside = tuple(dict.fromkeys(m.municipality for m in meanings if kb.municipalities[m.municipality].covered))
    outside = next((m.municipality for m in meanings if not kb.municipalities[m.municipality].covered), None)
    person = person_meant(choice, reading, kb)
    owners = owners_meant(choice, reading, kb)
    if owners and person is None:
        return _owned(owners, reading)
    offices = offices_listed(choice, reading, kb)
    question = Question(
        topics=person.topics[:1] if person else offices or choice.topics,
        places=person.area if person else inside,
        entry=person.id if person else None,
        each=bool(offices) and person is None,
        outside=outside,
        village=_village(meanings, inside),
        fields=reading.fields,
        also=() if person else choice.also,
        aside=reading.aside,
        wants_all=reading.wants_all,
        place_named=bool(meanings),
        only_place=bool(meanings) and not choice.topics and (introduced or not reading.content),
        language=reading.language,
        confidence=choice.probability,
    )
    chosen = _chosen(question, reading, state)
    if chosen is not None:
        return chosen
    question = _continued(question, reading, state, kb)
    if question.places or question.outside or not question.topics:
        return question
    return _placed(question, state, home)


def _owned(owners: Sequence[Entry], reading: Reading) -> Question:
    """What is asked with somebody's number: who that is."""
    return Question(
        topics=tuple(dict.fromkeys(entry.topics[0] if entry.topics else entry.id for entry in owners)),
        places=owners[0].area,
        entry=owners[0].id if len(owners) == 1 else None,
        language=reading.language,
        confidence=1.0,
    )


def expected(state: ConversationState, tables: Tables) -> tuple[str, ...]:
    """The topics that a conversation makes likely: the choices offered, else the topic spoken of and its parts."""
    offered = tuple(dict.fromkeys(topic for option in state.options for topic in option.topics))
    if state.options:
        return offered if len(offered) > 1 else ()
    last = _spoken_of(state.last, tables.kb)
    if last is None or last.kind not in {TopicKind.ENTRY, TopicKind.ANSWER}:
        return ()
    whole = tables.kb.whole(last.id)
    return (whole, *tables.below.get(whole, ()))


def _spoken_of(last: Question | None, kb: KnowledgeBase) -> Topic | None:
    """The topic of the last question, where it was about one."""
    return kb.topics.get(last.topic or "") if last is not None else None


def offered(state: ConversationState, tables: Tables) -> tuple[str, ...]:
    """The entries between which was asked; where nothing was, the sisters of the account spoken of ("un Siguldā?")."""
    if state.options:
        return tuple(option.entry for option in state.options if option.entry is not None)
    last = _spoken_of(state.last, tables.kb)
    above = tables.kb.topics[tables.kb.whole(last.id)].parent if last is not None else None
    return tuple(t for t in tables.below.get(above or "", ()) if t in tables.title_words)


def picked(reading: Reading, state: ConversationState) -> Question | None:
    """The choice a bare number or "the second" means, counted from 1 as the choices were shown.

    Where nothing was offered "the first" and "the other" are what was asked about before.
    """
    number = reading.text.rstrip(".)")
    typed = int(number) if number.isdecimal() and len(number) < 3 else None
    place = reading.ordinal if typed is None else typed
    if place is None or reading.places:
        return None
    if 1 <= place <= len(state.options):
        return replace(state.options[place - 1], language=state.language, confidence=1.0)
    if state.before is None or state.options or typed is not None or place > _FIRST_AND_OTHER:
        return None
    return replace(state.before, fields=reading.fields or state.before.fields, language=state.language, confidence=1.0)


def _tells_home(reading: Reading) -> bool:
    """Whether somebody says where they live."""
    return any(mention.home for mention in reading.places)


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
    if reading.offered and not reading.places and reading.content <= LESS_SHORT:
        return [option for option in state.options if option.entry == reading.offered]
    if not reading.expected or not state.options or reading.places or not 0 < reading.content <= LESS_SHORT:
        return []
    if not set(question.topics).isdisjoint(reading.named):
        return [option for option in state.options if set(option.topics) <= set(question.topics)]
    best = reading.expected[0]
    offered = question.topics and set(question.topics) <= {found.topic for found in reading.expected}
    # A topic of its own that is likelier than not is none of those offered.
    if best.confidence < _TELLS or not (offered or question.confidence < _TELLS):
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


def _continued(question: Question, reading: Reading, state: ConversationState, kb: KnowledgeBase) -> Question:
    """A message without a topic of its own belongs to the last question, if it says anything."""
    last = state.last
    if last is None or not last.topics:
        return question
    if question.topics:
        asks_same = reading.continues and not question.fields
        part = _same_part(question.topic, last, kb) if asks_same and question.topic else None
        return replace(question, topics=(part,), also=()) if part else question
    if _tells_home(reading) and is_account(last.topics[0], kb):
        return question  # where one lives says nothing about what was done elsewhere
    part = _part_meant(reading, state)
    sister = reading.offered if not state.options and question.outside else None
    if sister is not None and reading.content <= LESS_SHORT:
        topic = _same_part(sister, last, kb) or sister
        return replace(last, topics=(topic,), also=(), entry=None, fields=question.fields, language=question.language)
    says = question.places or question.outside or question.fields or part or reading.refers
    if not says or reading.content > LESS_SHORT:
        return question
    place_said = bool(question.places or question.outside)
    return replace(
        last,
        topics=(part,) if part else last.topics,
        also=(),
        places=question.places if place_said else last.places,
        outside=question.outside if place_said else last.outside,
        village=question.village if place_said else None,
        entry=None if place_said else last.entry,
        fields=question.fields or last.fields,
        place_named=place_said,
        language=question.language,
    )


def _same_part(topic: str, last: Question, kb: KnowledgeBase) -> str | None:
    """What was asked of one account is asked of its sister: "who led it?", "and the second one?"."""
    whole, before = kb.whole(topic), _spoken_of(last, kb)
    if before is None or before.kind is not TopicKind.ANSWER or kb.topics[whole].parent is None:
        return None
    sisters = kb.whole(before.id) != whole and kb.topics[kb.whole(before.id)].parent == kb.topics[whole].parent
    part = f"{whole}#{before.id.partition('#')[2]}"
    return part if sisters and part in kb.topics else None


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
