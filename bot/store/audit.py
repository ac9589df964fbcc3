"""What admins did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import audit
from bot.store.steps import Step, run
from bot.store.times import from_micros, to_micros

_ADD = insert(audit).values({name: bindparam(name) for name in ("at", "who", "act", "detail")})
_LATEST = (
    select(audit.c.at, audit.c.who, audit.c.act, audit.c.detail).order_by(audit.c.id.desc()).limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that an admin did; `who` is their key."""

    at: datetime
    who: bytes
    act: str
    detail: str


async def note(connection: AsyncConnection, who: bytes, act: str, now: datetime, detail: str = "") -> None:
    """Write down what an admin does, in the transaction that does it."""
    await run(connection, Step(_ADD, {"at": to_micros(now), "who": who, "act": act, "detail": detail}))


async def latest(connection: AsyncConnection, most: int = 50) -> Sequence[Act]:
    """What was done last, the newest first."""
    (rows,) = await run(connection, Step(_LATEST, {"most": most}))
    return [Act(at=from_micros(at), who=who, act=act, detail=detail) for at, who, act, detail in rows]
