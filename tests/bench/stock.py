"""The transactions of messages as SQLAlchemy and aiosqlite run them: each statement a trip to a thread."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import TextClause, event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.steps import Statement, Step


def engine(file: Path) -> AsyncEngine:
    """An engine over a database whose tables are there, with the settings that change what a transaction costs."""
    made = create_async_engine(f"sqlite+aiosqlite:///{file}", connect_args={"isolation_level": "IMMEDIATE"})

    @event.listens_for(made.sync_engine, "connect")
    def _settings(connection: Any, _: object) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    return made


async def transact(made: AsyncEngine, first: list[Step], second: list[Step]) -> None:
    """One message: what is looked up first and what is kept then, in one transaction."""
    async with made.begin() as connection:
        for step in (*first, *second):
            clause, fixed = _text(step.statement)
            result = await connection.execute(clause, {**fixed, **step.values})
            if result.returns_rows:
                result.fetchall()


@cache
def _text(statement: Statement) -> tuple[TextClause, Mapping[str, Any]]:
    made = statement(sqlite.insert) if callable(statement) else statement  # type: ignore[arg-type]
    compiled = made.compile(dialect=sqlite.dialect(paramstyle="named"))
    return text(compiled.string), compiled.params
