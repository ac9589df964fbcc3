"""Letters that are held back while a message is worked at, to be sent should nobody do it to the end.

Each is alone in a queue of its own, claimed by the process that works: only its successor, or after a time anybody,
sends it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, null, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.outbox import PROMISE, Claim, Letter, enqueuing
from bot.store.schema import outbox
from bot.store.steps import Step, run
from bot.store.times import to_micros

PART = PROMISE
_WITHDRAW = delete(outbox).where(outbox.c.conversation == bindparam("queue"))
_LET_GO = (
    update(outbox).where(outbox.c.conversation == bindparam("queue")).values(due=bindparam("from_now"), holder=null())
)


async def hold_back(
    connection: AsyncConnection, letter: Letter, now: datetime, *, until: datetime, holder: str
) -> None:
    """Hold a letter back until then."""
    await run(connection, enqueuing(letter, now, Claim(holder=holder, until=until)))


async def withdraw(connection: AsyncConnection, queue: bytes) -> None:
    """Delete the letter that is held back in a queue."""
    await run(connection, Step(_WITHDRAW, {"queue": queue}))


async def let_go(connection: AsyncConnection, queue: bytes, now: datetime) -> None:
    """Hold the letter back no longer."""
    await run(connection, Step(_LET_GO, {"queue": queue, "from_now": to_micros(now)}))
