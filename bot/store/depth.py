"""How much waits to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.outbox import PROMISE
from bot.store.schema import outbox
from bot.store.steps import Step, run
from bot.store.times import from_micros

_DEPTH = (
    select(outbox.c.network, func.count(), func.min(outbox.c.enqueued))
    .where(outbox.c.part != PROMISE)
    .group_by(outbox.c.network)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How much waits for a network, and since when the oldest."""

    letters: int
    oldest: datetime


async def depth(connection: AsyncConnection) -> dict[str, Depth]:
    """What waits, by network; what is only held back does not."""
    (rows,) = await run(connection, Step(_DEPTH, {}))
    return {network: Depth(letters=count, oldest=from_micros(oldest)) for network, count, oldest in rows}
