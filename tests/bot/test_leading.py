"""One of several replicas leads; when it dies or loses its connection, another goes on, and never both at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.leading import Lead
from bot.store.engine import Store, open_store
from tests.postgres import Cluster

PATIENCE_SECONDS = 120


@dataclass
class Worker:
    """Does the work while it leads, which `at_work` tells of all."""

    at_work: list[str]
    name: str
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    told: list[str] = field(default_factory=list)

    async def work(self) -> None:
        self.at_work.append(self.name)
        try:
            await self.stopping.wait()
        finally:
            self.at_work.remove(self.name)


@asynccontextmanager
async def carried(store: Store, worker: Worker) -> AsyncIterator[asyncio.Task[None]]:
    lead = Lead(store=store, name="matrix", look=0.05, told=worker.told.append)
    task = asyncio.create_task(lead.carry(worker.work, worker.stopping))
    yield task
    worker.stopping.set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await task


async def until(at_work: list[str], wanted: list[str]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while at_work != wanted:
            assert len(at_work) <= 1
            await asyncio.sleep(0.01)


@pytest.fixture
def url(cluster: Cluster) -> str:
    return cluster.new_database("made")


async def test_another_goes_on_when_the_leader_ends(url: str, tmp_path: Path) -> None:
    stores = [await open_store(url, tmp_path) for _ in range(2)]
    at_work: list[str] = []
    first, second = Worker(at_work, "first"), Worker(at_work, "second")
    async with carried(stores[0], first):
        await until(at_work, ["first"])
        async with carried(stores[1], second):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not second.told:  # noqa: ASYNC110 - it tells nobody else
                    await asyncio.sleep(0.01)
            assert (at_work, second.told) == (["first"], ["another replica leads: standing by"])
            first.stopping.set()
            await until(at_work, ["second"])
    for store in stores:
        await store.close()


async def test_a_leader_that_loses_its_connection_stops_and_tries_again(
    url: str, cluster: Cluster, tmp_path: Path
) -> None:
    store = await open_store(url, tmp_path)
    at_work: list[str] = []
    stopped = asyncio.Event()
    worker = Worker(at_work, "it")
    work = worker.work

    async def noticing() -> None:
        try:
            await work()
        finally:
            stopped.set()

    worker.work = noticing  # type: ignore[method-assign]
    async with carried(store, worker):
        await until(at_work, ["it"])
        lost = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        await asyncio.to_thread(cluster.sql, lost)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await stopped.wait()
        await until(at_work, ["it"])
    await store.close()


async def test_what_the_work_raises_is_not_taken_for_a_trouble_of_the_database(url: str, tmp_path: Path) -> None:
    store = await open_store(url, tmp_path)

    async def fails() -> None:
        raise OSError("no such file")

    with pytest.raises(OSError, match="no such file"):
        await Lead(store=store, name="matrix").carry(fails, asyncio.Event())
    await store.close()


async def test_with_sqlite_nobody_is_waited_for(file_store: Store) -> None:
    at_work: list[str] = []
    worker = Worker(at_work, "it")
    async with carried(file_store, worker):
        await until(at_work, ["it"])
