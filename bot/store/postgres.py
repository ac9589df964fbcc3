"""PostgreSQL's side: transactions and statements through asyncpg itself, for the path that every message takes.

SQLAlchemy's connections are in autocommit mode: the transaction around its statements and ours is the one begun here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

POOL = 8
"""Connections at most, for each process."""

CONNECT_SECONDS = 10
"""How long we wait for the server to let us in."""

_KEEPALIVE = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "2"}
"""Makes the server notice within 15 s that the machine of a client is gone, and let go of its locks."""


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


@asynccontextmanager
async def apart(url: URL) -> AsyncIterator[Any]:
    """A connection of asyncpg for what lasts: listening, or a lock that is held for as long as it is open."""
    connect = {"timeout": CONNECT_SECONDS, "server_settings": _KEEPALIVE}
    single = create_async_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=connect)
    try:
        connection = await single.connect()
        driver: Any = (await connection.get_raw_connection()).driver_connection
        try:
            yield driver
        finally:
            # The connection may be dead: closing it in good order could wait for an answer that never comes.
            driver.terminate()
            with suppress(Exception):
                await connection.close()
    finally:
        await single.dispose()


def is_driver_error(error: BaseException) -> bool:
    """Whether asyncpg raised it, which is not installed everywhere."""
    return type(error).__module__.partition(".")[0] == "asyncpg"
