"""What is remembered of a conversation, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import DecodeError, Struct, field
from msgspec.json import Decoder, Encoder
from msgspec.structs import replace
from sqlalchemy import Insert, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.question import Question
from bot.state import ConversationState
from bot.store.identity import Whose
from bot.store.schema import conversations
from bot.store.steps import Inserting, Step, run
from bot.store.times import from_micros, to_micros
from knowledge.model import KnowledgeBase

_READ = Decoder(ConversationState)
_WRITE = Encoder()

_LOAD = select(conversations.c.state, conversations.c.prompted).where(
    conversations.c.conversation == bindparam("conversation")
)
_FORGET = delete(conversations).where(conversations.c.conversation == bindparam("key"))


def _save(insert: Inserting) -> Insert:
    names = ("conversation", "chat", "person", "state", "at", "prompted")
    new = insert(conversations).values({name: bindparam(name) for name in names})
    return new.on_conflict_do_update(
        index_elements=[conversations.c.conversation],
        set_={name: new.excluded[name] for name in ("state", "at", "prompted")},
    )


class Remembered(Struct, frozen=True, kw_only=True, gc=False):
    """A conversation's state, and when it was last asked for feedback."""

    state: ConversationState = field(default_factory=ConversationState)
    prompted: datetime | None = None


async def load(connection: AsyncConnection, whose: Whose, kb: KnowledgeBase | None = None) -> Remembered:
    """What is remembered of a conversation; nothing where it is new or cannot be read any more."""
    (rows,) = await run(connection, loading(whose))
    return remembered(rows, kb)


async def save(connection: AsyncConnection, whose: Whose, what: Remembered, now: datetime) -> None:
    """Keep what is remembered of a conversation."""
    await run(connection, saving(whose, what, now))


async def is_known(connection: AsyncConnection, whose: Whose) -> bool:
    """Whether anything is remembered of a conversation."""
    (rows,) = await run(connection, loading(whose))
    return bool(rows)


async def forget(connection: AsyncConnection, whose: Whose) -> None:
    """Forget one conversation."""
    await run(connection, Step(_FORGET, {"key": whose.conversation}))


def loading(whose: Whose) -> Step:
    """`load` as a step; `remembered` reads its rows."""
    return Step(_LOAD, {"conversation": whose.conversation})


def saving(whose: Whose, what: Remembered, now: datetime) -> Step:
    """`save` as a step."""
    return Step(
        _save,
        {
            "conversation": whose.conversation,
            "chat": whose.chat,
            "person": whose.person,
            "state": encode(what.state),
            "at": to_micros(now),
            "prompted": None if what.prompted is None else to_micros(what.prompted),
        },
    )


def remembered(rows: Sequence[Any], kb: KnowledgeBase | None) -> Remembered:
    """The rows of `loading` read."""
    if not rows:
        return Remembered()
    state, prompted = rows[0]
    return Remembered(state=decode(state, kb), prompted=None if prompted is None else from_micros(prompted))


def encode(state: ConversationState) -> str:
    """A state as JSON, without what it has by default."""
    return _WRITE.encode(state).decode()


def decode(text: str, kb: KnowledgeBase | None = None) -> ConversationState:
    """The state of a JSON text, without what this program or this knowledge cannot read any more.

    Ids that `kb` does not know are forgotten with the question they stand in. Without `kb` they are not looked at.
    """
    try:
        state = _READ.decode(text)
    except DecodeError:
        return ConversationState()
    if kb is None:
        return state
    if state.home is not None and state.home not in kb.municipalities:
        state = replace(state, home=None)
    asked = [question for question in (state.last, state.before) if question is not None]
    if all(_known(question, kb) for question in (*state.options, *asked)):
        return state
    return replace(state, last=None, before=None, options=())


def _known(question: Question, kb: KnowledgeBase) -> bool:
    municipalities = (*question.places, *((question.outside,) if question.outside else ()))
    return (
        all(topic in kb.topics for topic in question.topics)
        and all(place in kb.municipalities for place in municipalities)
        and (question.village is None or question.village in kb.places)
        and (question.entry is None or question.entry in kb.entries)
    )
