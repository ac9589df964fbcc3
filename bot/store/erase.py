"""Deleting everything of a person, or of a chat. `Store.scrub` after the transaction empties the files of it, too.

Marks of handled messages (seen) stay until they are pruned: they lead to no person, and without them a message that the
network sends again would be answered, and the person remembered, once more. So does what admins did (audit, history).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, bindparam, delete, exists
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import conversations, feedback, outbox, sent, unanswered, unanswered_asked
from bot.store.steps import Step, run

_OF_PEOPLE = (conversations, outbox, sent, feedback, unanswered_asked)
_OF_PERSON = [delete(table).where(table.c.person == bindparam("key")) for table in _OF_PEOPLE]
_OF_CHAT = [delete(table).where(table.c.chat == bindparam("key")) for table in _OF_PEOPLE]
_nobody: ColumnElement[bool] = ~exists().where(unanswered_asked.c.question == unanswered.c.id)
ASKED_BY_NOBODY = delete(unanswered).where(_nobody)
"""Questions whose last asker was deleted: what they wrote goes as well."""


async def erase_person(connection: AsyncConnection, person: bytes) -> None:
    """Delete what belongs to a person, in all chats of the network. An answer to that is best sent without `keep`."""
    await run(connection, *(Step(statement, {"key": person}) for statement in _OF_PERSON), Step(ASKED_BY_NOBODY, {}))


async def erase_chat(connection: AsyncConnection, chat: bytes) -> None:
    """Delete what belongs to a chat, of all who spoke there."""
    await run(connection, *(Step(statement, {"key": chat}) for statement in _OF_CHAT), Step(ASKED_BY_NOBODY, {}))
