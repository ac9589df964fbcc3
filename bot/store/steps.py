"""Several statements in one trip to the database, for the path that every message takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct
from sqlalchemy import Delete, Insert, Select, Table, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.sqlite import WRITER, Batch, WritingConnection

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as Upsert

Inserting = Callable[[Table], "Upsert"]
"""The `insert` of one engine: SQLAlchemy has ON CONFLICT for each apart."""
Statement = Insert | Update | Delete | Select[Any] | Callable[[Inserting], Insert]


class Step(Struct, frozen=True, gc=False):
    """A statement that stands in a module (it is compiled once), and the values of its parameters."""

    statement: Statement
    values: Mapping[str, Any]


async def run(connection: AsyncConnection, *steps: Step) -> list[Sequence[Any]]:
    """The rows of each statement, in order; an empty list for one that returns none.

    In SQLite's writer they run at once; otherwise SQLite's travel to the connection's thread together, and PostgreSQL's
    one after the other, since asyncpg knows no other way.
    """
    if not steps:
        return []
    fairy = connection.sync_connection.connection  # type: ignore[union-attr]
    driver: Any = fairy.driver_connection
    if connection.dialect.name == "postgresql":
        return [await driver.fetch(sql, *values) for sql, values in (_bound(step, "postgresql") for step in steps)]
    batch = Batch([_bound(step, "sqlite") for step in steps])
    writer = fairy.info.get(WRITER)
    if writer is not None:
        return cast(WritingConnection, writer).run(batch)
    results: list[Sequence[Any]] = await driver.execute_fetchall("", batch)
    return results


def _bound(step: Step, engine: str) -> tuple[str, Sequence[Any]]:
    sql, names, fixed = _compiled(step.statement, engine)
    values = step.values
    return sql, [values[name] if name in values else fixed[name] for name in names]


@cache
def _compiled(statement: Statement, engine: str) -> tuple[str, tuple[str, ...], Mapping[str, Any]]:
    insert, dialect = _of(engine)
    compiled = (statement(insert) if callable(statement) else statement).compile(dialect=dialect)
    return compiled.string, tuple(compiled.positiontup or ()), compiled.params


@cache
def _of(engine: str) -> tuple[Inserting, Dialect]:
    """What SQLAlchemy has of an engine. PostgreSQL's part takes 2 MB, which who runs on SQLite is spared."""
    if engine == "postgresql":
        from sqlalchemy.dialects import postgresql
        from sqlalchemy.dialects.postgresql import asyncpg

        return postgresql.insert, asyncpg.dialect()  # type: ignore[no-untyped-call]
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.dialects.sqlite import aiosqlite

    return sqlite.insert, aiosqlite.dialect()  # type: ignore[return-value]
