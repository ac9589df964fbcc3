"""A transaction is kept as a whole or not at all, and a database that fails is used again once it is back."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.state import ConversationState
from bot.store import bookmarks, conversations, exchange
from bot.store import sqlite as sqlite_side
from bot.store.conversations import Remembered
from bot.store.counters import Count, between
from bot.store.depth import depth
from bot.store.engine import Store, open_store
from bot.store.errors import StoreUnavailableError, Trouble
from bot.store.schema import bookmarks as table
from tests.bot.store.samples import NOW, letter, whose
from tests.postgres import Cluster


async def put(store: Store, value: str) -> None:
    async with store.transaction() as connection:
        await bookmarks.put(connection, "k", value)


async def get(store: Store) -> str | None:
    async with store.reading() as connection:
        return await bookmarks.get(connection, "k")


async def test_nothing_of_a_failed_transaction_is_kept(store: Store) -> None:
    await put(store, "before")
    with pytest.raises(RuntimeError):
        async with store.transaction() as connection:
            await bookmarks.put(connection, "k", "after")
            raise RuntimeError
    with pytest.raises(RuntimeError):
        async with store.transaction() as connection:
            await connection.execute(table.update().values(value="after"))
            raise RuntimeError
    assert await get(store) == "before"
    assert store.trouble is None


async def test_statements_of_sqlalchemy_and_ours_are_one_transaction(store: Store) -> None:
    async with store.transaction() as connection:
        await bookmarks.put(connection, "k", "a")
        await connection.execute(table.update().values(value=table.c.value + "b"))
        assert (await connection.execute(select(table.c.value).where(table.c.name == "k"))).scalar_one() == "ab"
    assert await get(store) == "ab"


async def test_a_cancelled_transaction_is_undone_and_the_next_goes_on(store: Store) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.transaction() as connection:
            await bookmarks.put(connection, "k", "never")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await get(store) is None
    await put(store, "a")
    assert await get(store) == "a"


def test_a_closed_connection_holds_no_lock_though_a_statement_is_left(tmp_path: Path) -> None:
    first, second = (
        sqlite3.connect(tmp_path / "db", factory=sqlite_side.WritingConnection, isolation_level=None) for _ in range(2)
    )
    first.begin()
    first.execute("CREATE TABLE numbers (number)")
    left = first.execute("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n")
    assert left.fetchone() == (1,)
    first.close()
    second.begin()
    assert second.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    second.close()


async def test_a_transaction_cancelled_within_a_statement_is_cancelled_and_undone(store: Store) -> None:
    slow = text(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000) SELECT max(x) FROM n"
    )

    async def count() -> None:
        async with store.transaction() as connection:
            await bookmarks.put(connection, "k", "never")
            await connection.execute(slow)

    await put(store, "a")
    for turns in range(1, 40):
        task = asyncio.create_task(count())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await get(store) == "a"
    await put(store, "b")
    assert await get(store) == "b"


async def test_the_log_is_written_through_once_for_all_who_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        fsync(descriptor)
        written.append(os.fstat(descriptor).st_size)

    store = await open_store(None, tmp_path)
    monkeypatch.setattr(os, "fsync", noted)
    await put(store, "a")
    await asyncio.gather(*(store.settle() for _ in range(20)))
    assert len(written) == 1
    await store.settle()
    assert len(written) == 1
    await put(store, "b" * 20_000)
    await store.settle()
    assert written[0] > 0
    assert written[1] > written[0] + 20_000
    await store.close()


async def test_readers_see_what_is_committed_and_do_not_wait(store: Store) -> None:
    await put(store, "a")
    async with store.transaction() as connection:
        await bookmarks.put(connection, "k", "b")
        assert await get(store) == "a"
    assert await get(store) == "b"


async def test_an_exchange_is_one_transaction(store: Store) -> None:
    who, event = whose(store), letter(store).event
    state = Remembered(state=ConversationState(home="p"))
    counts = [Count(NOW.date(), "outcome", "answer")]
    for fresh in (True, False):
        async with store.transaction() as connection:
            begun = await exchange.begin(connection, event, who, NOW)
            assert begun.fresh is fresh
            if fresh:
                await exchange.finish(connection, who, NOW, remembered=state, letter=letter(store), counts=counts)
    async with store.reading() as connection:
        assert begun.remembered == await conversations.load(connection, who) == state
        assert (await depth(connection))["telegram"].letters == 1
        assert await between(connection, NOW.date(), NOW.date()) == counts


async def test_two_processes_handle_a_message_once_and_a_conversation_in_turn(
    store: Store, url: str, tmp_path: Path
) -> None:
    other = await open_store(url, tmp_path)
    who = whose(store)
    fresh: list[bool] = []

    async def handle(mine: Store, number: int) -> None:
        async with mine.transaction() as connection:
            begun = await exchange.begin(connection, letter(store, number).event, who, NOW)
            fresh.append(begun.fresh)
            if begun.fresh:
                await asyncio.sleep(0)
                home = (begun.remembered.state.home or "") + "+"
                await exchange.finish(connection, who, NOW, remembered=Remembered(state=ConversationState(home=home)))

    try:
        await asyncio.gather(*(handle(mine, number) for number in range(10) for mine in (store, other)))
        assert sorted(fresh) == [False] * 10 + [True] * 10
        async with store.reading() as connection:
            assert (await conversations.load(connection, who)).state.home == "+" * 10
    finally:
        await other.close()


async def test_the_bot_goes_on_while_another_process_holds_the_database(file_store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "selis.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(put(file_store, "a"))
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert not waiting.done()
    other.execute("COMMIT")
    await waiting
    assert await get(file_store) == "a"
    other.close()


async def test_a_database_that_stays_locked_is_reported_and_used_again_later(
    file_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_side, "PATIENCE_SECONDS", 0.05)
    other = sqlite3.connect(tmp_path / "selis.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError) as caught:
        await put(file_store, "a")
    assert caught.value.trouble is Trouble.LOCKED
    assert file_store.trouble is caught.value
    other.execute("COMMIT")
    other.close()
    await put(file_store, "b")
    assert file_store.trouble is None
    assert await get(file_store) == "b"


async def test_a_file_that_is_gone_is_missed_and_used_again_when_it_is_back(file_store: Store, tmp_path: Path) -> None:
    await put(file_store, "a")
    file, away = tmp_path / "selis.sqlite3", tmp_path / "away"
    file.rename(away)
    for _ in range(2):
        with pytest.raises(StoreUnavailableError) as caught:
            await put(file_store, "b")
        assert caught.value.trouble is Trouble.GONE
    assert not file.exists()
    away.rename(file)
    assert await get(file_store) == "a"
    await put(file_store, "c")
    assert await get(file_store) == "c"


async def test_a_server_that_is_gone_is_used_again_when_it_is_back(cluster: Cluster, tmp_path: Path) -> None:
    store = await open_store(await asyncio.to_thread(cluster.new_database, "made"), tmp_path)
    await put(store, "a")
    await asyncio.to_thread(cluster.stop)
    try:
        for _ in range(2):
            with pytest.raises(StoreUnavailableError) as caught:
                await put(store, "b")
            assert caught.value.trouble is Trouble.GONE
    finally:
        await asyncio.to_thread(cluster.start)
    await put(store, "d")
    assert await get(store) == "d"
    await store.close()


async def test_a_full_disk_keeps_nothing_by_halves_and_is_used_again_when_there_is_room(small_disk: Path) -> None:
    store = await open_store(None, small_disk)
    await put(store, "a")
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"x" * 4096)
    with pytest.raises(StoreUnavailableError) as caught:
        for size in range(100):
            await put(store, f"b{size}" * 20_000)
    assert caught.value.trouble is Trouble.FULL
    with pytest.raises(StoreUnavailableError):
        await put(store, "c" * 200_000)
    filler.unlink()
    kept = await get(store)
    assert kept == "a" or (kept is not None and kept.startswith("b"))
    await put(store, "d" * 20_000)
    assert await get(store) == "d" * 20_000
    await store.close()


async def test_a_full_database_keeps_nothing_by_halves(file_store: Store) -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        async with file_store.transaction() as connection:
            pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
            await connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
            await bookmarks.put(connection, "small", "a")
            await bookmarks.put(connection, "k", "b" * 100_000)
    assert caught.value.trouble is Trouble.FULL
    async with file_store.transaction() as connection:
        assert await bookmarks.get(connection, "small") is None
        await bookmarks.put(connection, "k", "b" * 100_000)


async def test_the_log_is_copied_into_the_file_under_load(
    file_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.engine.CHECKPOINT_EVERY", 50)
    for number in range(2000):
        await put(file_store, f"{number}" * 100)
        await asyncio.sleep(0)
    assert (tmp_path / "selis.sqlite3-wal").stat().st_size < 4_000_000
    assert await get(file_store) == "1999" * 100


async def test_errors_tell_no_data(store: Store) -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        async with store.transaction() as connection:
            await connection.exec_driver_sql("INSERT INTO nowhere VALUES ('secret text')")
    error: BaseException | None = caught.value
    assert "secret text" not in str(error)
    assert error is not None
    assert error.__cause__ is None
    assert error.__suppress_context__
