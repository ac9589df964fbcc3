"""What was spoken of in a conversation, and what a message can mean of it that names nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from bot.choose import is_account
from bot.follows import LESS_SHORT
from bot.question import Question
from bot.state import ConversationState
from knowledge.model import KnowledgeBase, Topic, TopicKind
from knowledge.reading import Reading
from knowledge.tables import Tables

_OTHER = 2
"""In Latvian "the second" is "the other" as well."""


def spoken_of(last: Question | None, kb: KnowledgeBase) -> Topic | None:
    """The topic of the last question, where it was about one."""
    return kb.topics.get(last.topic or "") if last is not None else None


def expected(state: ConversationState, tables: Tables) -> tuple[str, ...]:
    """The topics that a conversation makes likely: the choices offered, else the topic spoken of and its parts.

    An account without parts is one of several of an undertaking ("who paid for it?", "who were the partners?").
    """
    offered = tuple(dict.fromkeys(topic for option in state.options for topic in option.topics))
    if state.options:
        return offered if len(offered) > 1 else ()
    last = spoken_of(state.last, tables.kb)
    if last is None or last.kind not in {TopicKind.ENTRY, TopicKind.ANSWER}:
        return ()
    whole = tables.kb.whole(last.id)
    if whole not in tables.below and is_account(whole, tables.kb):
        whole = (whole, *tables.kb.above(whole))[-1]
    return (whole, *tables.below.get(whole, ()))


def offered(state: ConversationState, tables: Tables) -> tuple[str, ...]:
    """The entries between which was asked. Where nothing was, those that a word of their titles may point at: the
    sisters of an account ("un Siguldā?"); the offices spoken of, and those called like the last but for one word.
    """
    if state.options:
        return tuple(option.entry for option in state.options if option.entry is not None)
    last = spoken_of(state.last, tables.kb)
    if last is not None and last.kind is TopicKind.OFFICE:
        return tuple(_contacts(last, state, tables))
    above = tables.kb.topics[tables.kb.whole(last.id)].parent if last is not None else None
    return tuple(t for t in tables.below.get(above or "", ()) if t in tables.title_words)


def _contacts(last: Topic, state: ConversationState, tables: Tables) -> Iterator[str]:
    """The contacts of the offices spoken of, each in its municipality, and those of the sisters of the last."""
    kb = tables.kb
    places: dict[str, str | None] = dict.fromkeys(
        (last.id, *tables.sisters.get(last.id, ())), state.last.place if state.last else None
    )
    before = spoken_of(state.before, kb)
    if before is not None and state.before is not None and before.kind is TopicKind.OFFICE:
        places.setdefault(before.id, state.before.place)
    for topic, place in places.items():
        yield from (entry for entry in kb.topics[topic].entries if place and kb.entries[entry].serves(place))


def pointed_back(question: Question, reading: Reading, state: ConversationState, kb: KnowledgeBase) -> Question | None:
    """The office meant by one word of its title: the one before the last, or a sister ("not culture, education")."""
    entry = kb.entries.get(reading.offered or "")
    if state.options or state.last is None or entry is None or not entry.topics or question.topics:
        return None
    topic = entry.topics[0]
    if topic in state.last.topics or reading.content > LESS_SHORT:
        return None
    of = state.before if state.before is not None and topic in state.before.topics else state.last
    return replace(
        of,
        topics=(topic,),
        also=(),
        entry=of.entry if of is state.before else None,
        fields=question.fields or of.fields,
        places=question.places or of.places,
        language=question.language,
    )


def the_rest(question: Question, reading: Reading, state: ConversationState, kb: KnowledgeBase) -> Question | None:
    """All that was offered, or all that belong with what was given: "all of them", "and the others?"."""
    says_little = reading.content <= LESS_SHORT and not (reading.named or reading.places)
    understood = bool(question.topics) and question.confidence >= kb.thresholds.understood
    others = reading.others or (reading.continues and reading.ordinal == _OTHER)
    if not others or not says_little or understood:
        return None
    if state.options:
        return replace(_all_offered(state.options), fields=question.fields, language=question.language)
    last = spoken_of(state.last, kb)
    if last is None or state.last is None or (question.topics and not reading.continues):
        return None
    topic = _together(last, kb)
    if topic is None:
        return None
    return replace(
        state.last,
        topics=(topic,),
        places=_where_others_are(topic, state.last.places, kb),
        also=(),
        entry=None,
        wants_all=True,
        fields=question.fields or state.last.fields,
        language=question.language,
    )


def _all_offered(options: tuple[Question, ...]) -> Question:
    """One question for all choices: of several topics, of one in several municipalities, or of one with all entries."""
    topics = tuple(dict.fromkeys(topic for option in options for topic in option.topics))
    places = tuple(dict.fromkeys(place for option in options for place in option.places))
    return replace(options[0], topics=topics, places=places, entry=None, each=len(topics) > 1, wants_all=True)


def _together(last: Topic, kb: KnowledgeBase) -> str | None:
    """The topic of those that belong with the one spoken of; None where it stands alone."""
    if last.kind is TopicKind.ENTRY:
        return next(iter(kb.entries[last.entries[0]].groups), None)
    whole = last.parent or last.id if last.kind is TopicKind.OFFICE else last.id
    return whole if len(kb.topics[whole].entries) > 1 else None


def _where_others_are(topic: str, places: tuple[str, ...], kb: KnowledgeBase) -> tuple[str, ...]:
    """The same municipality where several hold the office there, else all that have one."""
    entries = [kb.entries[entry] for entry in kb.topics[topic].entries]
    here = [entry for entry in entries if all(map(entry.serves, places))]
    if len(here) > 1 or kb.topics[topic].kind is not TopicKind.OFFICE:
        return places
    return tuple(m.id for m in kb.covered if any(entry.serves(m.id) for entry in entries))
