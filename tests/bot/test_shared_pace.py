"""The limits hold over all replicas together, also where two of them are written to at the same moment."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.envelope import Envelope
from bot.limits import Limits, Verdict
from bot.messages import ConversationId, IncomingMessage
from bot.shared_pace import pace_of_all
from bot.store import exchange, paces
from bot.store.engine import Store, open_store
from tests.postgres import Cluster

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIMITS = Limits(person=3, group=5)
A, W, S = Verdict.ALLOWED, Verdict.WARN_ONCE, Verdict.SILENT


@pytest.fixture
def url(cluster: Cluster) -> str:
    return cluster.new_database("made")


@pytest_asyncio.fixture
async def stores(url: str, tmp_path: Path) -> AsyncIterator[list[Store]]:
    """Those of two replicas."""
    opened = [await open_store(url, tmp_path) for _ in range(2)]
    yield opened
    for store in opened:
        await store.close()


async def said(store: Store, number: int, person: str = "anna", chat: str = "", now: datetime = NOON) -> Verdict:
    """The verdict on a message, in a transaction like that of every message."""
    of = ConversationId(network="telegram", chat=chat or person, person=person)
    message = IncomingMessage(conversation=of, id=str(number), text="policija", private=not chat)
    envelope = Envelope.of(message, store, A)
    async with store.transaction() as connection:
        await exchange.begin(connection, envelope.event, envelope.whose, now)
        return await pace_of_all(connection, store, LIMITS, envelope, now)


async def test_messages_to_any_replica_count_for_all(stores: list[Store]) -> None:
    assert [await said(stores[number % 2], number) for number in range(6)] == [A, A, A, W, S, S]
    assert await said(stores[0], 7, person="ilze") is A
    assert await said(stores[1], 8, now=NOON + timedelta(minutes=1)) is A


async def test_what_comes_at_the_same_moment_is_counted_as_well(stores: list[Store]) -> None:
    verdicts = await asyncio.gather(*(said(stores[number % 2], number) for number in range(20)))
    assert Counter(verdicts) == {A: 3, W: 1, S: 16}


async def test_a_group_is_counted_together(stores: list[Store]) -> None:
    people = [f"person {number}" for number in range(12)]
    verdicts = await asyncio.gather(
        *(said(stores[number % 2], number, person, chat="group") for number, person in enumerate(people))
    )
    assert Counter(verdicts) == {A: 5, W: 1, S: 6}


async def test_who_is_silent_for_a_minute_leaves_nothing(stores: list[Store]) -> None:
    await said(stores[0], 1)
    await said(stores[0], 2, person="ilze", now=NOON + timedelta(seconds=50))
    async with stores[1].transaction() as connection:
        await paces.prune(connection, NOON + timedelta(seconds=70))
        assert (await connection.execute(text("SELECT count(*) FROM paces"))).scalar() == 1


async def test_with_sqlite_the_verdict_of_the_process_stands(file_store: Store) -> None:
    assert [await said(file_store, number) for number in range(6)] == [A] * 6
    async with file_store.reading() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM paces"))).scalar() == 0
