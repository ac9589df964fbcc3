"""Once a day what is too old is deleted, and a database that is away is tried again soon."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.retention import DAILY, SOON, prune_daily
from bot.store import seen
from bot.store.engine import Store
from bot.store.prune import Retention, rows_by_table
from bot.store.steps import run
from tests.bot.handed_time import HandedTime

DAY = DAILY.total_seconds()


async def handle(store: Store, number: int, time: HandedTime) -> None:
    async with store.transaction() as connection:
        await run(connection, seen.marking(store.keys.event("telegram", "1", str(number)), time.now))


async def kept(store: Store) -> int:
    return (await rows_by_table(store))["seen"]


@asynccontextmanager
async def pruning(store: Store) -> AsyncIterator[HandedTime]:
    time = HandedTime()
    task = asyncio.create_task(prune_daily(store, time.clock, time.sleep))
    try:
        yield time
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_what_is_too_old_goes_once_a_day(store: Store) -> None:
    days = Retention().seen.days
    async with pruning(store) as time:
        for day in range(days + 3):
            await time.asleep(DAY)
            assert await kept(store) == min(day, days)
            await handle(store, day, time)
            time.advance(DAY)


async def test_it_goes_on_after_the_database_was_away(file_store: Store, tmp_path: Path) -> None:
    file, away = tmp_path / "selis.sqlite3", tmp_path / "away"
    async with pruning(file_store) as time:
        await time.asleep(DAY)
        await handle(file_store, 1, time)
        file.rename(away)
        time.advance(4 * DAY)
        await time.asleep(SOON.total_seconds())
        away.rename(file)
        assert await kept(file_store) == 1
        time.advance(SOON.total_seconds())
        await time.asleep(DAY)
        assert await kept(file_store) == 0
