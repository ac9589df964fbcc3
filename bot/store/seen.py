"""Which messages were handled already: the network sends again what it believes lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Insert, bindparam
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import seen
from bot.store.steps import Inserting, Step, run
from bot.store.times import to_micros


def _mark(insert: Inserting) -> Insert:
    new = insert(seen).values(event=bindparam("event"), at=bindparam("at"))
    return new.on_conflict_do_nothing().returning(seen.c.event)


async def mark(connection: AsyncConnection, event: bytes, now: datetime) -> bool:
    """Note that a message is handled in this transaction. False: it was already, so do nothing more for it."""
    (rows,) = await run(connection, marking(event, now))
    return bool(rows)


def marking(event: bytes, now: datetime) -> Step:
    """`mark` as a step; it returns a row for a message that is new."""
    return Step(_mark, {"event": event, "at": to_micros(now)})
