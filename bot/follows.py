"""follows(choice, reading, state, kb): whether a short message goes on with what was said before. Pure."""

from __future__ import annotations

from collections.abc import Set

from msgspec import Struct

from bot.choose import Choice, is_account, is_chat, is_silence
from bot.state import ConversationState
from knowledge.message import CONTACT_FIELDS
from knowledge.model import Field, KnowledgeBase, TopicKind
from knowledge.reading import Reading

SURE_ANEW = 0.8
"""Less sure than this, a few words may be a follow-up where they begin with "un" or look like no question at all."""
_CERTAIN = 0.95
"""The same where the message says "it" and what was spoken of has parts."""
_CALLED = 0.5
"""What is called by its name is meant if it is so likely, whatever was spoken of."""
_ASKS_MORE = CONTACT_FIELDS | {Field.ADDRESS, Field.ACCOUNT, Field.HOURS, Field.DATE}
SPOKEN_OF, SPOKEN_OF_SHORT = 60.0, 200.0
"""So many times as likely as by its words alone is a part of what was spoken of, in a message that names nothing; the
second where it has hardly a word of its own. Measured on the project's conversations.
"""
SHORT = 2
"""A message with no more telling words than this may be a follow-up by its place."""
LESS_SHORT = 4
"""The same where it says "it" or "and", too."""


class _Said(Struct, frozen=True, kw_only=True, gc=False):
    """A message in its conversation, and what its words are likeliest about.

    `doubtful` tells that this is small talk, outside the domain or an account, `chat` that it is the first; `elsewhere`
    that a word points at another office than the last, `points` that anything points back; `placed` that a place is
    named that may go with what was spoken of.
    """

    choice: Choice
    reading: Reading
    state: ConversationState
    kb: KnowledgeBase
    doubtful: bool
    chat: bool
    elsewhere: bool
    points: bool
    placed: bool

    @property
    def corrects(self) -> bool:
        """Whether small talk comes with a place: "no, in Aizkraukle"."""
        return self.chat and bool(self.reading.places)


def follows(choice: Choice, reading: Reading, state: ConversationState, kb: KnowledgeBase) -> bool:
    """Whether a short message that is not sure of a topic of its own corrects or continues what was said before."""
    if state.last is None:
        return False
    said = _said(choice, reading, state, kb)
    if _means_the_one(said) or asks_a_part(reading, kb) or _says_where(said):
        return True
    if _stands_alone(said):
        return False
    return _points_back(said) or ((_adds(said) or _may_ask_a_part(said)) and _is_undecided(said))


def _said(choice: Choice, reading: Reading, state: ConversationState, kb: KnowledgeBase) -> _Said:
    chat = is_chat(choice, kb)
    doubtful = is_silence(choice, kb) or (bool(choice.topics) and is_account(choice.topics[0], kb))
    elsewhere = _points_elsewhere(reading, state, kb)
    points = reading.continues or reading.refers or (doubtful and _names_again(reading, state, kb)) or elsewhere
    # "kas brauc uz Rīgu no Krāslavas" names a place and is about something else, unless a place was asked for.
    asked_where = bool(state.options) and _names_ours(reading, kb)
    clear = doubtful and choice.probability >= kb.thresholds.understood
    aside = clear and not (chat or points or asked_where) and reading.content > 0
    return _Said(
        choice=choice,
        reading=reading,
        state=state,
        kb=kb,
        doubtful=doubtful,
        chat=chat,
        elsewhere=elsewhere,
        points=points,
        placed=bool(reading.places) and not aside,
    )


def _means_the_one(said: _Said) -> bool:
    """Whether one word tells which of those called alike is meant: "and the one for culture?"."""
    reading = said.reading
    points = reading.continues and (reading.refers or reading.others)
    return points and said.elsewhere and reading.content == 1


def _stands_alone(said: _Said) -> bool:
    """Whether a message calls what it is about by its name, or says too much to go on with anything."""
    choice, reading = said.choice, said.reading
    called = choice.topics[:1] == reading.named[:1] and choice.probability >= _CALLED
    if (reading.whole_name or called) and not is_silence(choice, said.kb):
        return True
    unclear = choice.probability < said.kb.thresholds.understood
    weak = unclear and not CONTACT_FIELDS.isdisjoint(reading.fields)
    nowhere = unclear and bool(reading.places) and _names_chat_alone(reading, said.kb)
    longer = said.corrects or weak or nowhere or (said.points and bool(reading.expected))
    return reading.content > (LESS_SHORT if longer else SHORT)


def _points_back(said: _Said) -> bool:
    """Whether a message that has hardly a topic of its own points at what was spoken of."""
    if said.chat and _points_at_sister(said):
        return True
    return said.points and (not said.choice.topics or (said.elsewhere and said.chat))


def _adds(said: _Said) -> bool:
    """Whether a place or a part is named that may go with what was spoken of."""
    reading = said.reading
    asks = _ASKS_MORE.intersection(reading.fields) if said.doubtful and not said.points else reading.fields
    return said.placed or said.elsewhere or (bool(asks) and (said.doubtful or said.points))


def _may_ask_a_part(said: _Said) -> bool:
    """Whether what was spoken of has parts, one of which may be meant."""
    reading = said.reading
    chat = said.chat and said.choice.probability >= said.kb.thresholds.sure
    return len(reading.expected) > 1 and (said.points or said.doubtful) and not chat and not reading.places


def _is_undecided(said: _Said) -> bool:
    """Whether a message is not sure enough of a topic of its own."""
    torn = (said.placed or said.elsewhere) and len(said.choice.topics) > 1
    # "Thanks! Now the same for Aizkraukle."
    thanks = said.corrects and said.points and _names_ours(said.reading, said.kb)
    if torn or thanks:
        return True
    sure = SURE_ANEW if said.points or said.doubtful else said.kb.thresholds.sure
    of_parts = said.points and said.doubtful and _may_ask_a_part(said)
    return said.choice.probability < (_CERTAIN if of_parts else sure)


def costs_elsewhere(reading: Reading, kb: KnowledgeBase) -> bool:
    """Whether it is asked what something costs that is outside the domain: "and how much is petrol today?"."""
    asks = bool(reading.fields) and {Field.AMOUNT, Field.PRICE}.issuperset(reading.fields)
    likeliest = kb.topics[reading.candidates[0].topic].kind if reading.candidates else None
    return asks and likeliest is TopicKind.OUTSIDE and reading.content > 0 and not reading.named


def _says_where(said: _Said) -> bool:
    """Whether a message tells in which of the places that were offered for one thing somebody lives, and little else.

    "I don't know what it is called now, I live in Dviete"; "the municipality of Koknese".
    """
    reading, state, kb = said.reading, said.state, said.kb
    if len({option.topics for option in state.options}) != 1 or not _names_chat_alone(reading, kb):
        return False
    offered = {place for option in state.options for place in option.places}
    if len(offered) < len(state.options) or len(offered & _named(reading)) != 1:
        return False
    lives = any(mention.home for mention in reading.places) and said.choice.probability < kb.thresholds.understood
    return lives or (reading.content <= 1 and not is_silence(said.choice, kb))


def asks_a_part(reading: Reading, kb: KnowledgeBase) -> bool:
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
    return _names_chat_alone(reading, kb) and reading.content <= LESS_SHORT and not reading.places


def _names_chat_alone(reading: Reading, kb: KnowledgeBase) -> bool:
    """Whether all that a message calls by its name is small talk: "no", "later"."""
    return all(kb.topics[topic].kind is TopicKind.SMALLTALK for topic in reading.named)


def _points_elsewhere(reading: Reading, state: ConversationState, kb: KnowledgeBase) -> bool:
    """Whether a word of its title points at another office than the last ("not culture, education!")."""
    entry = kb.entries.get(reading.offered or "")
    last = state.last.topics if state.last is not None else ()
    return not state.options and entry is not None and bool(entry.topics) and set(entry.topics).isdisjoint(last)


def _points_at_sister(said: _Said) -> bool:
    """Whether a word of its title points at another than what was told of, of one kind ("no, Vidusdaugava!")."""
    entry = said.kb.entries.get(said.reading.offered or "")
    last = said.state.last.topic if said.state.last is not None else None
    other = entry is not None and not entry.topics and entry.id != said.kb.whole(last or entry.id)
    return other and not said.state.options


def _names_again(reading: Reading, state: ConversationState, kb: KnowledgeBase) -> bool:
    """Whether a word of the name of what was spoken of is said again: "and what does an initiative cost?"."""
    topic = kb.topics.get(state.last.topic or "") if state.last is not None else None
    return topic is not None and any(not names.isdisjoint(topic.entries) for names in reading.in_names)


def _named(reading: Reading) -> set[str]:
    """The municipalities that a message can name."""
    return {municipality for mention in reading.places for municipality in mention.municipalities}


def _names_ours(reading: Reading, kb: KnowledgeBase) -> bool:
    """Whether a message names a place of ours."""
    return any(kb.municipalities[municipality].covered for municipality in _named(reading))
