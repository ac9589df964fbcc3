"""The versions of the knowledge that were in force, and which one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import history
from bot.store.steps import Inserting, Step, run
from bot.store.times import from_micros, to_micros

MOST = 100
"""Rows kept; the archives of the knowledge are kept by a smaller number."""
_ALONE = select(func.pg_advisory_xact_lock(0x5E116))
_COLUMNS = ("version", "at", "who", "accuracy", "note")
_RETIRE = update(history).where(history.c.active).values(active=False)
_LIST = select(*(history.c[name] for name in (*_COLUMNS, "active"))).order_by(history.c.at.desc(), history.c.id.desc())
_LATEST = _LIST.limit(bindparam("most"))
_ACTIVE = _LIST.where(history.c.active).limit(1)
_DROP = delete(history).where(history.c.version == bindparam("of_version"))


def _add(insert: Inserting) -> Insert:
    new = insert(history).values({name: bindparam(name) for name in _COLUMNS} | {"active": True})
    return new.on_conflict_do_update(
        index_elements=[history.c.version],
        set_={name: new.excluded[name] for name in ("at", "who", "accuracy", "note", "active")},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of the knowledge since `at`; `who` is the key of the admin, None where no admin did it."""

    version: str
    at: datetime
    who: bytes | None
    accuracy: float | None
    note: str
    active: bool


async def enter(
    connection: AsyncConnection,
    version: str,
    now: datetime,
    *,
    who: bytes | None = None,
    accuracy: float | None = None,
    note: str = "",
) -> None:
    """Put a version in force, the place of the one before; one that was in force earlier is so again from now on."""
    values = {"version": version, "at": to_micros(now), "who": who, "accuracy": accuracy, "note": note}
    await run(connection, Step(_RETIRE, {}), Step(_add, values))


async def alone(connection: AsyncConnection) -> None:
    """Let no other process look and enter until this transaction ends. Only for PostgreSQL."""
    await run(connection, Step(_ALONE, {}))


async def active(connection: AsyncConnection) -> Version | None:
    """The version in force."""
    (rows,) = await run(connection, Step(_ACTIVE, {}))
    return _version(rows[0]) if rows else None


async def latest(connection: AsyncConnection, most: int = 10) -> Sequence[Version]:
    """The latest versions, the newest first."""
    (rows,) = await run(connection, Step(_LATEST, {"most": most}))
    return [_version(row) for row in rows]


async def drop(connection: AsyncConnection, version: str) -> None:
    """Delete a version that is kept no more."""
    await run(connection, Step(_DROP, {"of_version": version}))


def _version(row: Sequence[Any]) -> Version:
    version, at, who, accuracy, note, active_ = row
    return Version(version=version, at=from_micros(at), who=who, accuracy=accuracy, note=note, active=bool(active_))
