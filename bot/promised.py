"""Promised: an admin's command is noted as seen before it is done. Should Sēlis end meanwhile, a letter says so.

The letter is put into the outbox together with that note, in a queue of its own, and held back by this process. The
transaction that puts the last reply there takes it out. A process that dies in between leaves it to its successor.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.commands import Command, CommandName, called
from bot.envelope import Envelope
from bot.messages import Kind, Reply
from bot.phrasebook import Phrasebook
from bot.store import outbox, promises

HELD_BACK = timedelta(minutes=20)
"""Longer than a trial of the knowledge may take. After this anybody may send the letter: on another machine, say."""


async def promise(
    connection: AsyncConnection,
    envelope: Envelope,
    holder: str,
    command: Command | None,
    say: Phrasebook,
    now: datetime,
) -> None:
    """Hold a letter back that tells an admin that what they wanted was not done to the end."""
    message = envelope.message
    name = command.name if command is not None else None
    what = called(name, say.kb, say.language) if name is not None else ""
    if message.attachment is not None:
        what = message.attachment.name
    text = say("admin-interrupted", what=what, versions=called(CommandName.VERSIONS, say.kb, say.language))
    reply = Reply(kind=Kind.COMMAND, text=text, language=say.language, confidence=1.0)
    letter = envelope.letter(reply, part=promises.PART, keep=False)
    # Its queue is its own, so that it holds up nothing; the key of an event is no conversation's.
    letter = replace(letter, whose=replace(letter.whose, conversation=letter.event), edits=None)
    await promises.hold_back(connection, letter, now, until=now + HELD_BACK, holder=holder)


async def told(connection: AsyncConnection, envelope: Envelope, reply: Reply, part: int, now: datetime) -> None:
    """Put a reply into the outbox; with the last one the promise is kept."""
    await outbox.enqueue(connection, envelope.letter(reply, part=part), now)
    if not reply.more:
        await promises.withdraw(connection, envelope.event)


async def broken(connection: AsyncConnection, envelope: Envelope, now: datetime) -> None:
    """Nobody works at it any more: the letter goes out."""
    await promises.let_go(connection, envelope.event, now)
