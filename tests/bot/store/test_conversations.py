"""What is remembered of a conversation comes back as it was, or is forgotten; never an error."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import update

from bot.question import Question
from bot.state import ConversationState
from bot.store import conversations
from bot.store.conversations import Remembered, decode, encode
from bot.store.engine import Store
from bot.store.schema import conversations as table
from knowledge.model import Field, KnowledgeBase, Language
from tests.bot.store.samples import NOW, whose

QUESTION = Question(topics=("a", "b"), places=("p",), village="v", entry="e", fields=(Field.PHONE,), confidence=0.5)
STATE = ConversationState(home="p", language=Language.RU, last=QUESTION, options=(QUESTION, Question()), at=NOW)


async def test_a_conversation_comes_back_as_it_was(store: Store) -> None:
    async with store.transaction() as connection:
        assert await conversations.load(connection, whose(store)) == Remembered()
        await conversations.save(connection, whose(store), Remembered(state=STATE, prompted=NOW), NOW)
    async with store.transaction() as connection:
        assert await conversations.load(connection, whose(store)) == Remembered(state=STATE, prompted=NOW)
    async with store.reading() as connection:
        assert await conversations.load(connection, whose(store)) == Remembered(state=STATE, prompted=NOW)
        assert await conversations.load(connection, whose(store, "jānis")) == Remembered()


async def test_a_later_save_replaces_the_earlier(store: Store) -> None:
    later = Remembered(state=replace(STATE, home=None, at=NOW + timedelta(minutes=1)))
    async with store.transaction() as connection:
        await conversations.save(connection, whose(store), Remembered(state=STATE, prompted=NOW), NOW)
        await conversations.save(connection, whose(store), later, NOW)
        assert await conversations.load(connection, whose(store)) == later
        await conversations.forget(connection, whose(store))
        assert await conversations.load(connection, whose(store)) == Remembered()


@pytest.mark.parametrize("text", ["", "null", "{", "[]", '{"last": 3}', '{"language": "xx"}', '{"at": "yesterday"}'])
async def test_a_state_that_cannot_be_read_any_more_is_forgotten(store: Store, text: str) -> None:
    async with store.transaction() as connection:
        await conversations.save(connection, whose(store), Remembered(state=STATE), NOW)
        await connection.execute(update(table).values(state=text))
        assert await conversations.load(connection, whose(store)) == Remembered()


def test_what_a_later_version_added_is_left_out() -> None:
    assert decode('{"home": "p", "mood": "good"}') == ConversationState(home="p")


def test_what_the_knowledge_does_not_know_is_forgotten(shipped_kb: KnowledgeBase) -> None:
    topic, place = next(iter(shipped_kb.topics)), next(iter(shipped_kb.municipalities))
    good = Question(topics=(topic,), places=(place,))
    state = ConversationState(home=place, last=good, options=(good,), at=NOW)
    assert decode(encode(state), shipped_kb) == state
    for bad in ({"topics": ("gone",)}, {"places": ("gone",)}, {"entry": "gone"}, {"outside": "gone"}, {"village": "?"}):
        changed = replace(state, options=(good, replace(good, **bad)))
        assert decode(encode(changed), shipped_kb) == replace(state, last=None, options=())
    assert decode(encode(replace(state, home="gone")), shipped_kb) == replace(state, home=None)


def test_every_village_that_a_question_names_is_known(shipped_kb: KnowledgeBase) -> None:
    for village in shipped_kb.places:
        state = ConversationState(last=Question(village=village), at=NOW)
        assert decode(encode(state), shipped_kb) == state


words = st.text(max_size=20)
questions = st.builds(
    Question,
    topics=st.lists(words, max_size=3).map(tuple),
    places=st.lists(words, max_size=3).map(tuple),
    entry=st.none() | words,
    fields=st.lists(st.sampled_from(Field), max_size=3).map(tuple),
    wants_all=st.booleans(),
    language=st.sampled_from(Language),
    confidence=st.floats(0, 1),
)


@given(
    st.builds(
        ConversationState, home=st.none() | words, last=st.none() | questions, options=st.lists(questions).map(tuple)
    )
)
def test_every_state_survives_its_writing(state: ConversationState) -> None:
    assert decode(encode(state)) == state
