"""complete(reading, state, kb) -> Question: what was left out is filled in from what was said before."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot.choose import Choice, is_account, is_chat, is_silence
from bot.follows import LESS_SHORT, SHORT, costs_elsewhere
from bot.own_words import contacts_listed, own_choice, owners_meant, person_meant
from bot.places_meant import places_meant, village_of
from bot.question import Question
from bot.spoken_of import pointed_back, spoken_of, the_rest
from bot.state import ConversationState
from bot.years import of_the_year
from knowledge.model import Entry, Field, KnowledgeBase, TopicKind
from knowledge.reading import Reading
from knowledge.tables import LAST

_FIRST_AND_OTHER = 2
_TELLS = 0.5
"""How likely one of the topics that a conversation makes likely must be to be taken for what is meant."""


def complete(reading: Reading, state: ConversationState, kb: KnowledgeBase, home: str | None = None) -> Question:
    """The whole question a message stands for in its conversation, about the year that is asked for.

    A place alone, a field alone or "un …" belongs to the last question; a topic alone takes the home place or the last
    one. `home` is a municipality known from outside the conversation.
    """
    return of_the_year(_completed(reading, state, kb, home), reading, state, kb)


def _completed(reading: Reading, state: ConversationState, kb: KnowledgeBase, home: str | None) -> Question:
    choice = own_choice(reading, state, kb)
    introduced = _tells_home(reading) and (
        is_chat(choice, kb) or (reading.content <= SHORT and choice.probability < _TELLS)
    )
    if introduced:
        choice = Choice()
    person = person_meant(choice, reading, kb)
    owners = owners_meant(choice, reading, kb)
    if owners and person is None:
        return _owned(owners, reading, () if is_silence(choice, kb) else reading.fields)
    question = _by_itself(choice, reading, person, kb, introduced=introduced)
    chosen = the_rest(question, reading, state, kb) or _chosen(question, reading, state)
    if chosen is not None:
        return chosen
    question = _continued(question, reading, state, kb)
    if not question.topics and not question.only_place and not introduced:
        # Nothing that was said goes on with it: it stands by itself.
        alone = own_choice(reading, ConversationState(), kb)
        question = replace(question, topics=alone.topics, also=alone.also, confidence=alone.probability)
    if question.places or question.outside or not question.topics:
        return question
    return _placed(question, state, home)


def _by_itself(
    choice: Choice, reading: Reading, person: Entry | None, kb: KnowledgeBase, *, introduced: bool
) -> Question:
    """The question without the conversation. `introduced` tells that somebody only says where they live."""
    meanings = places_meant(reading, kb)
    inside = tuple(dict.fromkeys(m.municipality for m in meanings if kb.municipalities[m.municipality].covered))
    outside = next((m.municipality for m in meanings if not kb.municipalities[m.municipality].covered), None)
    listed = contacts_listed(choice, reading, kb)
    return Question(
        topics=person.topics[:1] if person else listed or choice.topics,
        places=person.area if person else inside,
        entry=person.id if person else None,
        each=bool(listed) and person is None,
        outside=outside,
        village=village_of(meanings, inside),
        fields=reading.fields,
        also=() if person else choice.also,
        aside=reading.aside,
        wants_all=reading.wants_all,
        place_named=bool(meanings),
        only_place=bool(meanings) and not choice.topics and (introduced or not reading.content),
        language=reading.language,
        confidence=choice.probability,
    )


def _owned(owners: Sequence[Entry], reading: Reading, fields: tuple[Field, ...]) -> Question:
    """What is asked with somebody's number: who that is, or more of them."""
    return Question(
        topics=tuple(dict.fromkeys(entry.topics[0] if entry.topics else entry.id for entry in owners)),
        places=owners[0].area,
        entry=owners[0].id if len(owners) == 1 else None,
        fields=fields,
        language=reading.language,
        confidence=1.0,
    )


def picked(reading: Reading, state: ConversationState) -> Question | None:
    """The choice a bare number or "the second" means, counted from 1 as the choices were shown.

    Where nothing was offered "the first" and "the other" are what was asked about before.
    """
    number = reading.text.rstrip(".)")
    typed = int(number) if number.isdecimal() and len(number) < 3 else None
    place = reading.ordinal if typed is None else typed
    if place is None or reading.places:
        return None
    place = len(state.options) if place == LAST else place
    if 1 <= place <= len(state.options):
        return replace(state.options[place - 1], language=state.language, confidence=1.0)
    if state.before is None or state.options or typed is not None or not 0 < place <= _FIRST_AND_OTHER:
        return None
    return replace(state.before, fields=reading.fields or state.before.fields, language=state.language, confidence=1.0)


def _tells_home(reading: Reading) -> bool:
    """Whether somebody says where they live."""
    return any(mention.home for mention in reading.places)


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
    if is_account(last.topics[0], kb) and (_tells_home(reading) or (question.places and reading.content > SHORT)):
        return question  # nothing that is said of a place of ours goes on with what was done elsewhere
    back = pointed_back(question, reading, state, kb)
    if back is not None:
        return back
    part = _part_meant(reading, state, kb)
    if part is None and costs_elsewhere(reading, kb):
        return question
    sister = _sister_meant(question, reading, state, kb)
    if sister is not None:
        topic = _same_part(sister, last, kb) or sister
        return replace(question, topics=(topic,), also=(), entry=None, place_named=False)
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


def _sister_meant(question: Question, reading: Reading, state: ConversationState, kb: KnowledgeBase) -> str | None:
    """The sister of what was last spoken of at which a word of its title points: "and in Riga?", "the Zemgale one"."""
    sister = kb.topics.get(reading.offered or "")
    if sister is None or state.options or reading.content > LESS_SHORT:
        return None
    of_group = sister.parent is not None and kb.topics[sister.parent].kind is TopicKind.GROUP
    return sister.id if of_group or question.outside else None


def _same_part(topic: str, last: Question, kb: KnowledgeBase) -> str | None:
    """What was asked of one account is asked of its sister: "who led it?", "and the second one?"."""
    whole, before = kb.whole(topic), spoken_of(last, kb)
    if before is None or before.kind is not TopicKind.ANSWER or kb.topics[whole].parent is None:
        return None
    sisters = kb.whole(before.id) != whole and kb.topics[kb.whole(before.id)].parent == kb.topics[whole].parent
    part = f"{whole}#{before.id.partition('#')[2]}"
    return part if sisters and part in kb.topics else None


def _part_meant(reading: Reading, state: ConversationState, kb: KnowledgeBase) -> str | None:
    """The part of what was last spoken of that a message asks for, if the words tell it from the other parts.

    It may be the part that was told: "who was the third expert?".
    """
    if state.options or len(reading.expected) < 2 or reading.places:
        return None
    best = reading.expected[0]
    told = state.last is not None and best.topic == state.last.topic == kb.whole(best.topic)
    return best.topic if best.confidence >= _TELLS and not told else None


def _placed(question: Question, state: ConversationState, home: str | None) -> Question:
    """A topic that needs a place takes the home place, else the one spoken of last."""
    known = home or state.home
    if known is not None:
        return replace(question, places=(known,))
    if state.last is not None and state.last.place:
        return replace(question, places=state.last.places)
    return question
