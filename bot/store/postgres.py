"""PostgreSQL's side: transactions and statements through asyncpg itself, for the path that every message takes.

SQLAlchemy's connections are in autocommit mode: the transaction around its statements and ours is the one begun here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

POOL = 8
"""Connections at most, for each process."""

CONNECT_SECONDS = 10
"""How long we wait for the server to let us in."""


def engine(url: URL) -> AsyncEngine:
    """A pool of connections."""
    return create_async_engine(
        url,
        pool_size=POOL,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={"timeout": CONNECT_SECONDS},
    )


@asynccontextmanager
async def transaction(pool: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection within a transaction."""
    async with pool.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        transaction = driver.transaction()
        await transaction.start()
        try:
            yield connection
        except BaseException:
            # A task that is cancelled within a statement takes the connection along, and the transaction with it.
            if not driver.is_closed():
                await transaction.rollback()
            raise
        await transaction.commit()


def is_driver_error(error: BaseException) -> bool:
    """Whether asyncpg raised it, which is not installed everywhere."""
    return type(error).__module__.partition(".")[0] == "asyncpg"
