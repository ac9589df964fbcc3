"""Talk: conversations in memory, over one snapshot of the knowledge. For one question, for files of them, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.messages import ConversationId, IncomingMessage, Reply
from bot.standing import Standing
from bot.state import ConversationState
from bot.turn import take_turn
from bot.typed import as_pressed, showing
from knowledge.index import Index


@dataclass(slots=True)
class Talk:
    """Remembers what was said until the process ends. `clock` gives aware UTC times."""

    index: Index
    clock: Callable[[], datetime]
    states: dict[ConversationId, ConversationState] = field(default_factory=dict)
    group_homes: dict[tuple[str, str], str] = field(default_factory=dict)

    def respond(self, message: IncomingMessage) -> Reply:
        """The reply to a message; the conversation remembers what came of it."""
        of = message.conversation
        group = (of.network, of.chat)
        standing = Standing.of(message, group_home=self.group_homes.get(group))
        now = self.clock()
        state = (self.states.get(of) or ConversationState()).fresh(now)
        turn = take_turn(as_pressed(message, state), state, self.index, standing, now)
        if turn.state is None:
            self.states.pop(of, None)
        else:
            self.states[of] = showing(turn.state, turn.reply)
        if turn.group_home is not None:
            self.group_homes[group] = turn.group_home
        return turn.reply

    def press(self, conversation: ConversationId, key: str) -> Reply:
        """The reply to a button in a private conversation, by the key of its choice."""
        return self.respond(IncomingMessage(conversation=conversation, pressed=key))
