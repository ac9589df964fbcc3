"""Bringing the tables to the schema of this Sēlis, one process at a time.

An empty database gets them as the code has them, and the mark that Alembic would leave: its migrations, which a test
holds to the same tables, are for older ones. Alembic takes a fifth of a second and 9 MB that stay.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, select, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.address import shown, sqlite_file
from bot.store.errors import NewerSchemaError, StoreUnavailableError, Trouble
from bot.store.schema import SCHEMA, metadata

MIGRATIONS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x5E115
_MARK = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic makes it."""
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
        await connection.run_sync(_make if found is None else _upgrade)


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
    if not inspect(connection).has_table(_MARK.name):
        return None
    return connection.execute(select(_MARK.c.version_num)).scalar()


def _make(connection: Connection) -> None:
    metadata.create_all(connection)
    _MARK.create(connection)
    connection.execute(insert(_MARK).values(version_num=SCHEMA))


def _upgrade(connection: Connection) -> None:
    # Imported where it is needed, which it is at the first start of a newer Sēlis alone.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
