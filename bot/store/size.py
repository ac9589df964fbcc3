"""How large the database is."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from bot.store.address import sqlite_file
from bot.store.engine import Store

_PARTS = ("", "-wal", "-shm")
_POSTGRES = select(func.pg_database_size(func.current_database()))


async def size(store: Store) -> int:
    """Bytes of the database, with what lies beside SQLite's file.

    Raises:
        StoreUnavailableError: the database does not answer.
    """
    file = sqlite_file(store.url)
    if file is not None:
        return _bytes(file)
    async with store.reading() as connection:
        return int((await connection.execute(_POSTGRES)).scalar_one())


def _bytes(file: Path) -> int:
    paths = [file.with_name(file.name + part) for part in _PARTS]
    return sum(path.stat().st_size for path in paths if path.exists())
