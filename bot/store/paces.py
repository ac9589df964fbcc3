"""How fast somebody writes, counted for all replicas together: the windows of `bot.limits`, in PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Insert, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.limits import WINDOW, Window
from bot.store.schema import paces
from bot.store.steps import Inserting, Step, run
from bot.store.times import from_micros, to_micros

_COLUMNS = ("whose", "times", "warned", "at")
_LOCK = select(func.pg_advisory_xact_lock(bindparam("lock", type_=BigInteger)))
_GET = select(paces.c.times, paces.c.warned).where(paces.c.whose == bindparam("of"))
_PRUNE = delete(paces).where(paces.c.at < bindparam("oldest"))


def _put(insert: Inserting) -> Insert:
    new = insert(paces).values({name: bindparam(name) for name in _COLUMNS})
    return new.on_conflict_do_update(
        index_elements=[paces.c.whose], set_={name: new.excluded[name] for name in ("times", "warned", "at")}
    )


async def load(connection: AsyncConnection, whose: bytes) -> Window:
    """The window of somebody, whom nobody else counts until this transaction ends.

    Where a message has two, the person's comes before the group's: then no two processes wait for each other.
    """
    lock = Step(_LOCK, {"lock": int.from_bytes(whose[:8], signed=True)})
    _, rows = await run(connection, lock, Step(_GET, {"of": whose}))
    return _window(rows[0]) if rows else Window()


async def save(connection: AsyncConnection, whose: bytes, window: Window, now: datetime) -> None:
    """Keep a window."""
    times = json.dumps([to_micros(time) for time in window.times])
    warned = None if window.warned is None else to_micros(window.warned)
    await run(connection, Step(_put, {"whose": whose, "times": times, "warned": warned, "at": to_micros(now)}))


async def prune(connection: AsyncConnection, now: datetime) -> None:
    """Delete the windows of those who have been silent for longer than one lasts."""
    await run(connection, Step(_PRUNE, {"oldest": to_micros(now - WINDOW)}))


def _window(row: Sequence[Any]) -> Window:
    times, warned = row
    return Window(
        times=tuple(from_micros(time) for time in json.loads(times)),
        warned=None if warned is None else from_micros(warned),
    )
