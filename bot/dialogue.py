"""Dialogue.respond: the path of a message, in order, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.commands import SIGN, Command, parse
from bot.compose import compose
from bot.decide import decide
from bot.followup import complete, expected, home_of, offered, picked
from bot.messages import ConversationId, IncomingMessage, Kind, Reply
from bot.obey import obey
from bot.phrasebook import Phrasebook
from bot.question import Question, from_key
from bot.state import ConversationState, advance
from knowledge.index import Index
from knowledge.read import read
from knowledge.text import MAX_LENGTH


@dataclass(slots=True)
class Dialogue:
    """Conversations, in memory, over one snapshot of the knowledge. `clock` gives aware UTC times."""

    index: Index
    clock: Callable[[], datetime]
    states: dict[ConversationId, ConversationState] = field(default_factory=dict)

    def respond(self, message: IncomingMessage) -> Reply:
        """The reply to a message; the conversation remembers what came of it."""
        state = self._state(message.conversation)
        if len(message.text) > MAX_LENGTH:
            return self._notice("too-long", state)
        command = parse(message.text, self.index.kb)
        if command is not None:
            return self._obey(message.conversation, command, state)
        likely = expected(state, self.index.tables)
        placed = state.last is not None and state.last.place is not None
        reading = read(
            message.text, self.index, state.language, expected=likely, offered=offered(state), place_known=placed
        )
        if not reading.text:
            return self._notice("empty", state)
        question = picked(reading, state)
        if question is None and reading.text.isdecimal():
            return self._notice("no-choices", state)
        if question is None:
            question = complete(reading, state, self.index.kb, message.home)
        return self._settle(message.conversation, question, state, home=home_of(reading, self.index.kb))

    def press(self, conversation: ConversationId, key: str) -> Reply:
        """The reply to a button, by the key of its choice."""
        if key.startswith(SIGN):
            return self.respond(IncomingMessage(conversation=conversation, text=key))
        state = self._state(conversation)
        question = from_key(key, self.index.kb)
        if question is None:
            return self._notice("old-choice", state)
        return self._settle(conversation, replace(question, language=state.language), state)

    def _state(self, conversation: ConversationId) -> ConversationState:
        return self.states.get(conversation, ConversationState()).fresh(self.clock())

    def _settle(
        self, conversation: ConversationId, question: Question, state: ConversationState, home: str | None = None
    ) -> Reply:
        outcome = decide(question, self.index.kb)
        self.states[conversation] = advance(state, outcome, self.clock(), home=home)
        return compose(outcome, self.index.kb)

    def _obey(self, conversation: ConversationId, command: Command, state: ConversationState) -> Reply:
        reply, after = obey(command, state, self.index)
        if after is None:
            self.states.pop(conversation, None)
        else:
            self.states[conversation] = replace(after, at=self.clock())
        return reply

    def _notice(self, text: str, state: ConversationState) -> Reply:
        say = Phrasebook(kb=self.index.kb, language=state.language)
        return Reply(kind=Kind.NO_ANSWER, text=say(text), language=state.language)
