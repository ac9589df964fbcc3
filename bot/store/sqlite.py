"""SQLite's side: the settings of a connection, and the one connection that writes.

A trip to a connection's thread and back costs several times what a message's statements cost there. So the writer's
short statements run where they are asked for: they only reach the log in the system's memory, and what can take its
time does not run there. Waiting for a lock sleeps (`begin`), the disk is waited for in a thread (`checkpoint`), and
reports and migrations go through SQLAlchemy to the connection's thread.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, cast

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

PATIENCE_SECONDS = 5.0
"""How long another process may hold the database before we call it locked."""

WRITER = "writer"
"""Under this name a SQLAlchemy connection's `info` holds the sqlite3 connection that may be used at once."""

_PRAGMAS = (
    f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000:.0f}",
    # In WAL mode this loses nothing when the process dies, and keeps the file whole when the power fails. Only then the
    # last moments may be missing, and a network is told to forget a message after `write_through` alone.
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    # Deleted rows are overwritten: ids of chats stand in the outbox, and "delete me" means it.
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
    # Pages that a connection keeps: the process grows by what is written until they are full. The system keeps the file
    # in its own memory, so with 16 MB here a message's statements were hardly faster (`tests/bench/store.py`).
    "PRAGMA cache_size=-1000",
    "PRAGMA journal_size_limit=16777216",
)


def write_through(file: Path) -> None:
    """Make the disk take what the log of a database has; it waits for the disk.

    Raises:
        OSError: it did not.
    """
    # The log alone, whose changes are in order. Closing it breaks no lock of SQLite's: those are on the other files.
    with file.with_name(f"{file.name}-wal").open("rb") as log:
        os.fsync(log.fileno())


class Batch(NamedTuple):
    """Statements with their parameters, run in one trip to the connection's thread."""

    steps: Sequence[tuple[str, Sequence[Any]]]


class _Itself(NamedTuple):
    """Asks a connection for itself."""


class _Results(NamedTuple):
    """Shaped like a cursor."""

    rows: list[Any]

    def fetchall(self) -> list[Any]:
        return self.rows


class Connection(sqlite3.Connection):
    """A connection with our settings."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for pragma in _PRAGMAS:
            super().execute(pragma)

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Like that of sqlite3. It also takes a batch as parameters, and is thus the one door from another thread."""
        if isinstance(parameters, Batch):
            return _Results(self.run(parameters))
        if isinstance(parameters, _Itself):
            return _Results([self])
        return super().execute(sql, parameters)

    def close(self) -> None:
        """Undo what was not kept, and close.

        SQLite only lets go of a connection when the last of its statements is gone. That of a task that was cancelled
        may stay with the task's exception, and would keep the database locked until garbage is collected.
        """
        with suppress(sqlite3.Error):
            if self.in_transaction:
                super().execute("ROLLBACK")
        super().close()

    def run(self, batch: Batch) -> list[Sequence[Any]]:
        """The rows of each statement."""
        return [super(Connection, self).execute(*step).fetchall() for step in batch.steps]


class ReadingConnection(Connection):
    """A connection that cannot write."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        super().execute("PRAGMA query_only=ON")


class WritingConnection(Connection):
    """The connection that writes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not super().execute("PRAGMA page_count").fetchone()[0]:
            # Settings of a new file. Pages that pruning frees can be given back; readers and the writer do not wait for
            # each other.
            super().execute("PRAGMA auto_vacuum=INCREMENTAL")
            super().execute("PRAGMA journal_mode=WAL")
        # We wait by ourselves, without holding anybody up.
        super().execute("PRAGMA busy_timeout=0")
        # Copying the log into the file waits for the disk: that is `checkpoint`'s.
        super().execute("PRAGMA wal_autocheckpoint=0")
        self._file = Path(super().execute("PRAGMA database_list").fetchone()[2])
        self._inode = self._file.stat().st_ino

    def begin(self) -> None:
        """Take the write lock at once: a transaction that only asks for it later may be refused after it has read.

        Raises:
            sqlite3.OperationalError: locked by another, or the file is no longer the one that was opened. SQLite would
                go on writing into a deleted file, and all of it would be lost when the process ends.
        """
        try:
            same = self._file.stat().st_ino == self._inode
        except OSError:
            same = False
        if not same:
            raise sqlite3.OperationalError("unable to open database file: it was moved or deleted")
        super().execute("BEGIN IMMEDIATE")


class Writer:
    """The writing connection of a process; whoever uses it holds `Store`'s lock."""

    def __init__(self, connection: AsyncConnection, raw: WritingConnection) -> None:
        self.connection = connection
        self._raw = raw

    @classmethod
    async def open(cls, engine: AsyncEngine) -> Writer:
        """Connect."""
        connection = await engine.connect()
        try:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            (raw,) = await driver.execute_fetchall("", _Itself())
            (await connection.get_raw_connection()).info[WRITER] = raw
        except BaseException:
            # A task that is cancelled here must not leave the connection to the garbage collector.
            await connection.close()
            raise
        return cls(connection, cast(WritingConnection, raw))

    async def begin(self) -> None:
        """Begin a transaction, and wait while another process writes."""
        waited, pause = 0.0, 0.001
        while True:
            try:
                self._raw.begin()
            except sqlite3.OperationalError as error:
                busy = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
                if not busy or waited >= PATIENCE_SECONDS:
                    raise
                await asyncio.sleep(pause)
                waited, pause = waited + pause, min(pause * 2, 0.05)
            else:
                return

    async def commit(self) -> None:
        """Keep what was written."""
        if self.connection.in_transaction():
            await self.connection.commit()
        else:
            sqlite3.Connection.execute(self._raw, "COMMIT")

    async def rollback(self) -> None:
        """Undo what was written, as far as SQLite has not done so already."""
        if self.connection.in_transaction():
            await self.connection.rollback()
        if self._raw.in_transaction:
            sqlite3.Connection.execute(self._raw, "ROLLBACK")

    async def copy_log(self) -> None:
        """Copy the log into the file as far as readers let it, in the connection's thread."""
        await (await self._driver()).execute_fetchall("PRAGMA wal_checkpoint(PASSIVE)")

    async def empty_log(self) -> bool:
        """Give free pages back and empty the log, in the connection's thread; False where somebody is in the way."""
        driver = await self._driver()
        # As a script, since `execute` stops at the first page.
        await driver.executescript("PRAGMA incremental_vacuum")
        ((blocked, *_),) = await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        return not blocked

    async def _driver(self) -> Any:
        return (await self.connection.get_raw_connection()).driver_connection

    async def close(self) -> None:
        """Close the connection, whatever ails it.

        A statement that was abandoned in the connection's thread would hold the file until its end: it is broken off.
        """
        with suppress(sqlite3.Error):
            self._raw.interrupt()
        for close in (self.connection.invalidate, self.connection.close):
            with suppress(SQLAlchemyError, sqlite3.Error, ValueError):
                await close()
