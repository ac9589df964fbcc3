"""Bringing the tables to the schema of this Sēlis, one process at a time."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.address import shown, sqlite_file
from bot.store.errors import NewerSchemaError, StoreUnavailableError, Trouble
from bot.store.schema import SCHEMA

MIGRATIONS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x5E115
_PATIENCE_SECONDS = 120.0
_POLL_SECONDS = 0.02


class _Transacting(Protocol):
    url: URL

    def transaction(self) -> AbstractAsyncContextManager[AsyncConnection]: ...


async def migrate(store: _Transacting) -> None:
    """Make or change the tables as far as needed; all of it or nothing.

    Raises:
        NewerSchemaError: the tables are of a Sēlis that is newer than this one.
        StoreUnavailableError: the database does not answer.
    """
    async with one_at_a_time(store.url), store.transaction() as connection:
        if connection.dialect.name == "postgresql":
            # Held until the transaction ends: whoever comes second finds the tables made.
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        found = await connection.run_sync(_version)
        if found == SCHEMA:
            return
        if found is not None and found > SCHEMA:
            raise NewerSchemaError(shown(store.url), found, SCHEMA)
        await connection.run_sync(_upgrade)


@asynccontextmanager
async def one_at_a_time(url: URL) -> AsyncIterator[None]:
    """Hold the lock file beside an SQLite database, which is made here when it is new; PostgreSQL needs none."""
    file = sqlite_file(url)
    if file is None:
        yield
        return
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file.with_name(file.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreUnavailableError(Trouble.GONE, f"{file}: {error.strerror}") from None
    try:
        await _lock(descriptor, file)
        # Readable for its owner alone, which the log beside it takes over.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        yield
    finally:
        os.close(descriptor)


async def _lock(descriptor: int, file: Path) -> None:
    waited = 0.0
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waited > _PATIENCE_SECONDS:
                raise StoreUnavailableError(Trouble.LOCKED, f"{file}: another process changes the tables") from None
            await asyncio.sleep(_POLL_SECONDS)
            waited += _POLL_SECONDS
        else:
            return


def _version(connection: Connection) -> str | None:
    """The schema that the database has, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    # Alembic takes a fifth of a second to import, and most starts have nothing to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
