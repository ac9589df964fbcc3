"""Opening and closing the database, and its transactions."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store import bookmarks, postgres
from bot.store.address import opening, parse_url, sqlite_file
from bot.store.errors import KeyFileError, StoreUnavailableError, Trouble
from bot.store.holder import Holder, take_name
from bot.store.identity import KEY_FILE, Keys, load_keys
from bot.store.migrate import migrate
from bot.store.sqlite import ReadingConnection, Writer, WritingConnection, write_through
from bot.store.trouble import diagnose, is_of_database

CHECKPOINT_EVERY = 1000
"""Transactions between two copyings of SQLite's log into its file; the log has about 30 kB for each."""

_FINGERPRINT = "key"
_OF_PEOPLE = ("conversations", "outbox", "sent", "feedback", "unanswered", "unanswered_asked", "groups")


class Store:
    """The database of one process, the keys of its hashes and the name of the process. Made by `open_store`."""

    def __init__(self, url: URL, keys: Keys, holder: Holder) -> None:
        self.url = url
        self.keys = keys
        self.holder = holder
        self.trouble: StoreUnavailableError | None = None
        """What ailed the database when it was last used; None when all was well."""
        self.is_sqlite = sqlite_file(url) is not None
        """Whether it is a file of SQLite, and not a PostgreSQL server."""
        self._writers = _engine(url, factory=WritingConnection)
        self._readers = _engine(url, factory=ReadingConnection) if self.is_sqlite else self._writers
        # SQLite lets one write at a time: waiting here costs nothing, being refused and trying again does.
        self._turn = asyncio.Lock()
        self._writer: Writer | None = None
        self._commits = 0
        self._settling = asyncio.Lock()
        self._settled = 0
        self._copying: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read and write through; all of it is kept, or with an exception nothing.

        Raises:
            StoreUnavailableError: nothing was kept, unless the very commit was cut short; try again later.
        """
        if not self.is_sqlite:
            async with self._noticing(), postgres.transaction(self._writers) as connection:
                yield connection
            return
        async with self._turn, self._noticing():
            writer = await self._sqlite_writer()
            await writer.begin()
            try:
                yield writer.connection
                await writer.commit()
            except BaseException:
                await self._undo(writer)
                raise
        self._commits += 1
        if self._commits % CHECKPOINT_EVERY == 0 and self._copying is None:
            self._copying = asyncio.create_task(self._copy_log())

    async def settle(self) -> None:
        """Wait until all that was kept until now would outlast a power failure.

        PostgreSQL sees to that with each transaction. SQLite's log is written through once for all who wait.

        Raises:
            StoreUnavailableError: the disk did not take it; try again later.
        """
        file, kept = sqlite_file(self.url), self._commits
        async with self._settling:
            if file is None or self._settled >= kept:
                return
            kept = self._commits
            async with self._noticing():
                await asyncio.to_thread(write_through, file)
            self._settled = kept

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read through, beside the writers.

        Raises:
            StoreUnavailableError: try again later.
        """
        async with self._noticing(), self._readers.connect() as connection:
            yield connection

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[Any]:
        """A connection of asyncpg to listen or to hold a lock with, for as long as the block lasts. Only PostgreSQL's.

        Raises:
            StoreUnavailableError: it could not be opened, or broke.
        """
        async with self._noticing(), postgres.apart(self.url) as connection:
            yield connection

    async def scrub(self) -> None:
        """Make what was deleted unreadable in the files, too: SQLite's log is emptied, PostgreSQL's tables vacuumed.

        PostgreSQL's own log and its backups are in the hands of who runs the server.

        Raises:
            StoreUnavailableError: a reader or another process is in the way; try again later.
        """
        if self.is_sqlite:
            if self._copying is not None:
                await self._copying
            async with self._turn, self._noticing():
                if not await (await self._sqlite_writer()).empty_log():
                    raise self._fails(StoreUnavailableError(Trouble.LOCKED, "somebody reads: the log is not emptied"))
            return
        async with self._noticing(), self._writers.connect() as connection:
            await connection.exec_driver_sql(f"VACUUM {', '.join(_OF_PEOPLE)}")

    async def close(self) -> None:
        """Close all connections; SQLite's log is emptied into its file."""
        if self._copying is not None:
            await self._copying
        if self._writer is not None:
            with suppress(StoreUnavailableError):
                await self.scrub()
        await self._drop_connections()
        await self._writers.dispose()
        await self._readers.dispose()
        # Only now may a successor take over what was claimed.
        self.holder.close()

    async def _undo(self, writer: Writer) -> None:
        """Roll back. A task that is cancelled within a statement takes the connection along, and the transaction."""
        try:
            await writer.rollback()
        except Exception as error:
            if not is_of_database(error):
                raise
            await self._drop_connections()

    async def _sqlite_writer(self) -> Writer:
        if self._writer is None:
            self._writer = await Writer.open(self._writers)
        return self._writer

    async def _drop_connections(self) -> None:
        """Close what is open; the next transaction connects anew, so whatever ailed the connections goes with them."""
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.close()
        if not self.is_sqlite:
            await self._writers.dispose()

    async def _copy_log(self) -> None:
        """Copy SQLite's log into its file, beside the writer; the little that came meanwhile while it waits.

        Without the second part the log of a busy hour would never start over.
        """
        try:
            async with self.reading() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
            async with self._turn, self._noticing():
                await (await self._sqlite_writer()).copy_log()
        except StoreUnavailableError:
            # The log stays as long as it is until the next time.
            return
        finally:
            self._copying = None

    @asynccontextmanager
    async def _noticing(self) -> AsyncIterator[None]:
        """Turn the drivers' errors into ours, and remember how the database did."""
        try:
            yield
        except Exception as error:
            if not is_of_database(error):
                raise
            await self._drop_connections()
            # The driver's error holds parameters, such as the id of a chat: it does not go along into logs.
            raise self._fails(diagnose(error, self.url)) from None
        self.trouble = None

    def _fails(self, trouble: StoreUnavailableError) -> StoreUnavailableError:
        self.trouble = trouble
        return trouble


async def open_store(url: str | None, data_dir: Path) -> Store:
    """Open the database, make or change its tables as far as needed, and read the key of the hashes.

    `url` is SELIS_DATABASE_URL; None is SQLite in the data directory.

    Raises:
        DatabaseUrlError: the address cannot be used.
        KeyFileError: the key file cannot be used, or the database was written with another.
        NewerSchemaError: the tables are of a newer Sēlis.
        StoreUnavailableError: the database does not answer.
    """
    store = Store(parse_url(url, data_dir), load_keys(data_dir), take_name(data_dir))
    try:
        await migrate(store)
        async with store.transaction() as connection:
            await _check_key(connection, store.keys, data_dir)
    except BaseException:
        await store.close()
        raise
    return store


async def _check_key(connection: AsyncConnection, keys: Keys, data_dir: Path) -> None:
    """With another key nobody would be recognised: answered messages would be answered anew, groups lose their home."""
    known = await bookmarks.get(connection, _FINGERPRINT)
    if known is None:
        await bookmarks.put(connection, _FINGERPRINT, keys.fingerprint)
    elif known != keys.fingerprint:
        raise KeyFileError(
            str(data_dir / KEY_FILE), "is not the key this database was written with: restore it from a backup"
        )


def _engine(url: URL, *, factory: type[sqlite3.Connection]) -> AsyncEngine:
    if sqlite_file(url) is None:
        return postgres.engine(url)
    connect = {"factory": factory, "isolation_level": None, "check_same_thread": False}
    return create_async_engine(opening(url), connect_args=connect, pool_size=2, max_overflow=0, hide_parameters=True)
