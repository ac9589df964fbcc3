"""Several statements in one trip to the database, for the path that every message takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Delete, Insert, Select, Update
from sqlalchemy.dialects.sqlite import aiosqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.sqlite import WRITER, Batch, WritingConnection

Statement = Insert | Update | Delete | Select[Any]


class Step(NamedTuple):
    """A statement that stands in a module (it is compiled once), and the values of its parameters."""

    statement: Statement
    values: Mapping[str, Any]


async def run(connection: AsyncConnection, *steps: Step) -> list[Sequence[Any]]:
    """The rows of each statement, in order; an empty list for one that returns none.

    With SQLite they run at once in the writer, and otherwise travel to the connection's thread together.
    """
    if not steps:
        return []
    if connection.dialect.name != "sqlite":
        return [await _run_one(connection, step) for step in steps]
    batch = Batch([_bound(step) for step in steps])
    fairy = connection.sync_connection.connection  # type: ignore[union-attr]
    writer = fairy.info.get(WRITER)
    if writer is not None:
        return cast(WritingConnection, writer).run(batch)
    driver: Any = fairy.driver_connection
    results: list[Sequence[Any]] = await driver.execute_fetchall("", batch)
    return results


async def _run_one(connection: AsyncConnection, step: Step) -> Sequence[Any]:
    result = await connection.execute(step.statement, step.values)
    return result.all() if result.returns_rows else []


def _bound(step: Step) -> tuple[str, Sequence[Any]]:
    sql, names, fixed = _compiled(step.statement)
    values = step.values
    return sql, [values[name] if name in values else fixed[name] for name in names]


@cache
def _compiled(statement: Statement) -> tuple[str, tuple[str, ...], Mapping[str, Any]]:
    compiled = statement.compile(dialect=aiosqlite.dialect())
    return compiled.string, tuple(compiled.positiontup or ()), compiled.params
