"""How far each adapter has read (the token from which it goes on after a restart), and other single things to keep."""

from __future__ import annotations

from sqlalchemy import Insert, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import bookmarks
from bot.store.steps import Inserting, Step, run

_GET = select(bookmarks.c.value).where(bookmarks.c.name == bindparam("name"))
_FORGET = delete(bookmarks).where(bookmarks.c.name == bindparam("of_name"))
_ROOM = "room"
_MESSAGE = "x" * 16_384
"""More than what is written for a message."""


def _put(insert: Inserting) -> Insert:
    new = insert(bookmarks).values(name=bindparam("name"), value=bindparam("value"))
    return new.on_conflict_do_update(index_elements=[bookmarks.c.name], set_={"value": new.excluded.value})


async def get(connection: AsyncConnection, name: str) -> str | None:
    """What was put under a name last."""
    rows = (await run(connection, Step(_GET, {"name": name})))[0]
    return str(rows[0][0]) if rows else None


async def put(connection: AsyncConnection, name: str, value: str) -> None:
    """Keep a value under a name."""
    await run(connection, Step(_put, {"name": name, "value": value}))


async def look_for_room(connection: AsyncConnection) -> None:
    """Write as much as a message does, and delete it: a database that can only be read is full."""
    await put(connection, _ROOM, _MESSAGE)
    await run(connection, Step(_FORGET, {"of_name": _ROOM}))
