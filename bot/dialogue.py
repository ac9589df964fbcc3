"""Dialogue.respond: the path of a message, in order, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.commands import SIGN, parse
from bot.compose import compose
from bot.decide import decide
from bot.followup import complete, expected, home_of, offered, picked
from bot.home import home_by_location
from bot.messages import ConversationId, IncomingMessage, Kind, Reply
from bot.obey import obey
from bot.obeyed import Obeyed
from bot.phrasebook import Phrasebook
from bot.question import Question, from_key
from bot.standing import Standing
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
    group_homes: dict[tuple[str, str], str] = field(default_factory=dict)

    def respond(self, message: IncomingMessage) -> Reply:
        """The reply to a message; the conversation remembers what came of it."""
        state = self._state(message.conversation)
        if message.pressed is not None:
            return self._pressed(message, message.pressed, state)
        if message.location is not None:
            return self._keep(
                message, home_by_location(message.location, state, self.index.kb, self._standing(message))
            )
        if len(message.text) > MAX_LENGTH:
            return self._notice("too-long", state)
        command = parse(message.text, self.index.kb)
        if command is not None:
            return self._keep(message, obey(command, state, self.index, self._standing(message)))
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
            home = message.home or state.home or self._standing(message).group_home
            question = complete(reading, state, self.index.kb, home)
        return self._settle(message, question, state, home=home_of(reading, self.index.kb))

    def press(self, conversation: ConversationId, key: str) -> Reply:
        """The reply to a button in a private conversation, by the key of its choice."""
        return self.respond(IncomingMessage(conversation=conversation, pressed=key))

    def _pressed(self, message: IncomingMessage, key: str, state: ConversationState) -> Reply:
        if key.startswith(SIGN):
            return self.respond(replace(message, pressed=None, text=key))
        question = from_key(key, self.index.kb)
        if question is None:
            return self._notice("old-choice", state)
        return self._settle(message, replace(question, language=state.language), state)

    def _state(self, conversation: ConversationId) -> ConversationState:
        return self.states.get(conversation, ConversationState()).fresh(self.clock())

    def _standing(self, message: IncomingMessage) -> Standing:
        return Standing.of(message, group_home=self.group_homes.get(_group(message)))

    def _settle(
        self, message: IncomingMessage, question: Question, state: ConversationState, home: str | None = None
    ) -> Reply:
        outcome = decide(question, self.index.kb)
        self.states[message.conversation] = advance(state, outcome, self.clock(), home=home)
        return compose(outcome, self.index.kb, in_group=not message.private)

    def _keep(self, message: IncomingMessage, obeyed: Obeyed) -> Reply:
        """Remember what came of a command, and answer the question it asked, if it asked one."""
        if obeyed.state is None:
            self.states.pop(message.conversation, None)
        else:
            self.states[message.conversation] = replace(obeyed.state, at=self.clock())
        if obeyed.group_home is not None:
            self.group_homes[_group(message)] = obeyed.group_home
        if obeyed.question is not None:
            return self._settle(message, obeyed.question, self._state(message.conversation))
        return obeyed.reply or self._notice("old-choice", self._state(message.conversation))

    def _notice(self, text: str, state: ConversationState) -> Reply:
        say = Phrasebook(kb=self.index.kb, language=state.language)
        return Reply(kind=Kind.NO_ANSWER, text=say(text), language=state.language)


def _group(message: IncomingMessage) -> tuple[str, str]:
    return message.conversation.network, message.conversation.chat
