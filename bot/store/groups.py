"""The settings of group chats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Insert, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.erase import erase_chat
from bot.store.outbox import read_address, write_address
from bot.store.schema import conversations, feedback, groups, outbox, sent, unanswered_asked
from bot.store.steps import Inserting, Step, run
from bot.store.times import from_micros, to_micros

_GET = select(groups.c.network, groups.c.home, groups.c.language, groups.c.since).where(
    groups.c.chat == bindparam("of_chat")
)
_DELETE = delete(groups).where(groups.c.chat == bindparam("of_chat"))
_WAITING = select(outbox.c.id, outbox.c.address).where(outbox.c.chat == bindparam("of_chat"))
_REDIRECT = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(address=bindparam("to_address"), chat=bindparam("to_chat"))
)
_FORGET_CONVERSATIONS = delete(conversations).where(conversations.c.chat == bindparam("of_chat"))
_MOVES = [
    update(table).where(table.c.chat == bindparam("of_chat")).values(chat=bindparam("to_chat"))
    for table in (sent, feedback, unanswered_asked)
]


def _put(insert: Inserting) -> Insert:
    new = insert(groups).values({column.name: bindparam(column.name) for column in groups.columns})
    return new.on_conflict_do_update(
        index_elements=[groups.c.chat], set_={name: new.excluded[name] for name in ("home", "language")}
    )


class Group(Struct, frozen=True, kw_only=True, gc=False):
    """A group's settings: home municipality and language, as its owners set them, and when Sēlis came."""

    network: str
    since: datetime
    home: str | None = None
    language: str | None = None


async def get(connection: AsyncConnection, chat: bytes) -> Group | None:
    """The settings of a group."""
    (rows,) = await run(connection, Step(_GET, {"of_chat": chat}))
    return _group(rows[0]) if rows else None


async def put(connection: AsyncConnection, chat: bytes, group: Group) -> None:
    """Keep the settings of a group; of one that is known, network and time stay as they are."""
    values = {"chat": chat, "network": group.network, "home": group.home, "language": group.language}
    await run(connection, Step(_put, values | {"since": to_micros(group.since)}))


async def move(connection: AsyncConnection, old: bytes, new: bytes, new_chat: str) -> None:
    """Let all that belongs to a chat follow it to another id, `new_chat` by the network and `new` by its key.

    What was said before the move is forgotten: conversations are known by hashes that hold the old id.
    """
    before, already = await get(connection, old), await get(connection, new)
    if before is not None:
        home = before.home or (already.home if already else None)
        language = before.language or (already.language if already else None)
        await run(connection, Step(_DELETE, {"of_chat": old}), Step(_DELETE, {"of_chat": new}))
        await put(connection, new, replace(before, home=home, language=language))
    (waiting,) = await run(connection, Step(_WAITING, {"of_chat": old}))
    redirected = [
        Step(
            _REDIRECT,
            {"row": row, "to_chat": new, "to_address": write_address(replace(read_address(address), chat=new_chat))},
        )
        for row, address in waiting
    ]
    moved = [Step(statement, {"of_chat": old, "to_chat": new}) for statement in _MOVES]
    await run(connection, *redirected, *moved, Step(_FORGET_CONVERSATIONS, {"of_chat": old}))


async def leave(connection: AsyncConnection, chat: bytes) -> None:
    """Delete a group's settings and all that belongs to its chat. `Store.scrub` then empties the files of it."""
    await erase_chat(connection, chat)
    await run(connection, Step(_DELETE, {"of_chat": chat}))


def _group(row: Any) -> Group:
    network, home, language, since = row
    return Group(network=network, since=from_micros(since), home=home, language=language)
