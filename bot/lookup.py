"""Lookup: what is asked in passing, from chats where Sēlis is not. Nothing of it is kept, and nothing waits for it.

Who reads the reply is not known, so it has the manners of a group.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from bot.commands import question_of
from bot.compose import compose
from bot.decide import decide
from bot.followup import complete
from bot.limits import Pace, Verdict
from bot.live import LiveKnowledge
from bot.messages import ConversationId, IncomingMessage, Reply
from bot.outcomes import Answer, Clarify, Outcome, Unavailable
from bot.question import from_key
from bot.state import ConversationState
from bot.store import conversations
from bot.store.engine import Store
from bot.store.errors import StoreUnavailableError
from bot.turn import notice
from knowledge.index import Index
from knowledge.model import Language
from knowledge.read import read
from knowledge.text import MAX_LENGTH

WHILE_TYPING = 4
"""So many times as often as messages a person may ask: one question is asked again and again while it is typed."""
MOST_FOUND = 8
"""Answers to a question that fits several things at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Answers to choose from, the best first; none where there is nothing to be said aloud. `personal` tells that they
    rest on what is remembered of the person, and are not for others who ask the same.
    """

    answers: tuple[Reply, ...] = ()
    personal: bool = False


@dataclass(slots=True, kw_only=True)
class Lookup:
    """Answers in passing. `clock` gives aware UTC times; `pace` is its own, since people type many questions in a go.

    A person's home and language are those of their private chat, which `conversation` is; they are only read.
    """

    store: Store
    live: LiveKnowledge
    pace: Pace
    clock: Callable[[], datetime]

    def may(self, person: ConversationId) -> bool:
        """Whether a person has not asked too much this minute; it then counts."""
        message = IncomingMessage(conversation=person)
        return self.pace.check(message, self.clock()) is Verdict.ALLOWED

    async def find(self, person: ConversationId, text: str, language: Language) -> Found:
        """What answers a text; `language` is a guess for people whom Sēlis does not know."""
        index = self.live.current.index
        state = await self._remembered(person, language, index)
        mine = answers(text, state, index)
        return Found(answers=mine, personal=mine != answers(text, ConversationState(), index))

    async def reply(self, person: ConversationId, text: str, language: Language) -> Reply:
        """The one reply to a text, whatever comes of it."""
        index = self.live.current.index
        state = await self._remembered(person, language, index)
        if len(text) > MAX_LENGTH:
            return notice("too-long", state, index)
        asked = question_of(text, index.kb)
        if not asked.strip():
            return notice("empty", state, index)
        return compose(_outcome(asked, state, index), index.kb, in_group=True)

    def press(self, key: str, language: Language) -> Reply:
        """The reply to a choice under a reply that was given in passing: its key is the whole question."""
        index = self.live.current.index
        question = from_key(key, index.kb)
        if question is None:
            return notice("old-choice", ConversationState(language=language), index)
        return compose(decide(replace(question, language=language), index.kb), index.kb, in_group=True)

    async def _remembered(self, person: ConversationId, language: Language, index: Index) -> ConversationState:
        """The home and the language of a person; what was spoken of in private does not belong here."""
        of = person
        whose = self.store.keys.whose(network=of.network, chat=of.chat, person=of.person, thread=of.thread)
        try:
            async with self.store.reading() as connection:
                known = (await conversations.load(connection, whose, index.kb)).state
        except StoreUnavailableError:
            known = ConversationState()
        if known == ConversationState():
            return ConversationState(language=language)
        return ConversationState(home=known.home, language=known.language)


def answers(text: str, state: ConversationState, index: Index) -> tuple[Reply, ...]:
    """The answers to a text; where it fits several things, one for each. Small talk and silence give none. Pure."""
    asked = question_of(text, index.kb)
    if not asked.strip() or len(asked) > MAX_LENGTH:
        return ()
    outcome = _outcome(asked, state, index)
    found = [outcome]
    for _ in range(2):
        # A topic that was in doubt may need a municipality as well.
        found = [each for one in found for each in _each(one, index)]
    told = [compose(one, index.kb, in_group=True) for one in found if isinstance(one, Answer | Unavailable)]
    return tuple({reply.text: reply for reply in told}.values())[:MOST_FOUND]


def _outcome(text: str, state: ConversationState, index: Index) -> Outcome:
    question = complete(read(text, index, state.language), state, index.kb, state.home)
    return decide(question, index.kb)


def _each(outcome: Outcome, index: Index) -> list[Outcome]:
    if not isinstance(outcome, Clarify):
        return [outcome]
    return [decide(replace(option, language=outcome.question.language), index.kb) for option in outcome.options]
