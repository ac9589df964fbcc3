"""The files of the latest versions of the knowledge, for replicas elsewhere, to whom each change is announced."""

from __future__ import annotations

from sqlalchemy import Insert, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import archives, history
from bot.store.steps import Inserting, Step, run

CHANNEL = "selis_knowledge"
KEPT = 10
"""Archives kept: as many as each process keeps on its own disk."""

_GET = select(archives.c.archive).where(archives.c.version == bindparam("of_version"))
_latest = select(history.c.version).order_by(history.c.at.desc(), history.c.id.desc()).limit(KEPT)
_PRUNE = delete(archives).where(archives.c.version.not_in(_latest))
_ANNOUNCE = select(func.pg_notify(CHANNEL, bindparam("version")))


def _put(insert: Inserting) -> Insert:
    new = insert(archives).values(version=bindparam("version"), archive=bindparam("archive"))
    return new.on_conflict_do_nothing()


async def publish(connection: AsyncConnection, version: str, archive: bytes) -> None:
    """Keep the archive of a version that was just entered into the history, and tell all who listen once it is kept.

    Only for PostgreSQL.
    """
    put = Step(_put, {"version": version, "archive": archive})
    await run(connection, put, Step(_PRUNE, {}))
    await announce(connection, version)


async def announce(connection: AsyncConnection, version: str) -> None:
    """Tell all who listen that the version in force is another, once this transaction is kept."""
    await run(connection, Step(_ANNOUNCE, {"version": version}))


async def get(connection: AsyncConnection, version: str) -> bytes | None:
    """The archive of a version, if it is kept."""
    (rows,) = await run(connection, Step(_GET, {"of_version": version}))
    return bytes(rows[0][0]) if rows else None
