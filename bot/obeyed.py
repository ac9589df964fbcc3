"""What comes of a command, as data."""

from __future__ import annotations

from msgspec import Struct

from bot.messages import Choice, Kind, Reply
from bot.phrasebook import Phrasebook
from bot.question import Question
from bot.state import ConversationState


class Obeyed(Struct, frozen=True, kw_only=True, gc=False):
    """The reply to a command and what is to be kept after it.

    `state` is None where everything about the person is to be forgotten. `group_home` is the municipality id the group
    is to be set to. Where the command asks something (a link with a topic), `question` is to be answered and
    there is no reply.
    """

    state: ConversationState | None
    reply: Reply | None = None
    question: Question | None = None
    group_home: str | None = None


def reply_of(kind: Kind, text: str, say: Phrasebook, choices: tuple[Choice, ...] = ()) -> Reply:
    """A reply that says a text of ours."""
    return Reply(kind=kind, text=text, choices=choices, language=say.language, confidence=1.0)
