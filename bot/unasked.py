"""What Sēlis says of itself, without having been asked: on coming to a group, after it was away."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.dialogue import Dialogue
from bot.envelope import Envelope
from bot.limits import Verdict
from bot.messages import IncomingMessage, Kind, Reply
from bot.phrasebook import Phrasebook
from bot.store import outbox, seen
from knowledge.model import Language

TOO_OLD = timedelta(hours=12)
"""Messages that waited longer while Sēlis was away get an apology: by then a conversation is forgotten as well."""


async def say_once(
    dialogue: Dialogue, message: IncomingMessage, text: str, language: Language = Language.LV, **values: str
) -> bool:
    """Put a text of the knowledge into the outbox, once for each id of a message in its chat; whether it was now.

    Raises:
        StoreUnavailableError: nothing was kept.
    """
    say = Phrasebook(kb=dialogue.live.current.index.kb, language=language)
    reply = Reply(kind=Kind.COMMAND, text=say(text, **values), language=language)
    return await put_once(dialogue, message, reply)


async def put_once(dialogue: Dialogue, message: IncomingMessage, reply: Reply, *, keep: bool = True) -> bool:
    """Put a reply to a message into the outbox, once for each id of a message in its chat; whether it was now.

    Raises:
        StoreUnavailableError: nothing was kept.
    """
    envelope = Envelope.of(message, dialogue.store, Verdict.ALLOWED)
    now = dialogue.clock()
    async with dialogue.store.transaction() as connection:
        fresh = await seen.mark(connection, envelope.event, now)
        if fresh:
            await outbox.enqueue(connection, envelope.letter(reply, keep=keep), now)
    dialogue.wake(message.conversation.network)
    return fresh


def is_too_old(dialogue: Dialogue, message: IncomingMessage) -> bool:
    """Whether a message waited too long for an answer to be of use."""
    return message.sent_at is not None and dialogue.clock() - message.sent_at > TOO_OLD


async def apologise(dialogue: Dialogue, message: IncomingMessage) -> None:
    """Say once in a chat that older messages are not answered.

    Raises:
        StoreUnavailableError: nothing was kept.
    """
    day = message.sent_at.date() if message.sent_at is not None else ""
    await say_once(dialogue, replace(message, id=f"away:{day}", edits=None), "was-away")
