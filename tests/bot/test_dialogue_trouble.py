"""While the database is away messages wait with their network, health says so, and all goes on by itself afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.dialogue import Dialogue
from bot.health import examined
from bot.limits import Pace
from bot.live import LiveKnowledge
from bot.messages import ConversationId, IncomingMessage
from bot.store import sqlite as sqlite_side
from bot.store.engine import Store, open_store
from bot.store.errors import StoreUnavailableError, Trouble
from bot.unanswered import Notebook
from tests.bot.reloading import NOW, furnish
from tests.postgres import Cluster

TRIES = 40
"""More than a person may send in a minute."""


@dataclass(kw_only=True)
class Counter:
    """A dialogue with one question that its network brings until it is acknowledged."""

    store: Store
    live: LiveKnowledge
    dialogue: Dialogue

    @classmethod
    def over(cls, store: Store, directory: Path) -> Counter:
        live = furnish(directory).reload.live
        dialogue = Dialogue(store=store, live=live, clock=lambda: NOW, pace=Pace(), notebook=Notebook())
        return cls(store=store, live=live, dialogue=dialogue)

    async def ask(self, number: int = 1) -> bool:
        """Whether the question is answered just now."""
        of = ConversationId(network="telegram", chat="77", person="77")
        return (
            await self.dialogue.respond(IncomingMessage(conversation=of, id=f"{number}", text="policija aa"))
            is not None
        )

    async def is_away(self, trouble: Trouble, tries: int = TRIES) -> None:
        """Nothing is acknowledged, however often it is brought, and health says why."""
        for _ in range(tries):
            with pytest.raises(StoreUnavailableError):
                await self.ask()
        health = await examined(self.store, self.live.current, NOW)
        assert health.database.trouble is trouble
        assert not health.is_well

    async def is_back(self) -> None:
        """The question is answered, once, and all is well."""
        assert await self.ask()
        assert not await self.ask()
        health = await examined(self.store, self.live.current, NOW)
        assert health.database.trouble is None
        assert health.is_well
        await self.store.close()


async def test_a_locked_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_side, "PATIENCE_SECONDS", 0.02)
    counter = Counter.over(await open_store(None, tmp_path), tmp_path)
    other = sqlite3.connect(tmp_path / "selis.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await counter.is_away(Trouble.LOCKED)
    other.execute("COMMIT")
    other.close()
    await counter.is_back()


async def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    counter = Counter.over(await open_store(None, small_disk), tmp_path)
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"x" * 4096)
    with pytest.raises(StoreUnavailableError):
        for number in range(2, 200):
            await counter.ask(number)
    await counter.is_away(Trouble.FULL)
    filler.unlink()
    await counter.is_back()


async def test_a_file_that_is_gone(tmp_path: Path) -> None:
    counter = Counter.over(await open_store(None, tmp_path), tmp_path)
    file, away = tmp_path / "selis.sqlite3", tmp_path / "away"
    file.rename(away)
    await counter.is_away(Trouble.GONE)
    away.rename(file)
    await counter.is_back()


async def test_a_server_that_is_gone(cluster: Cluster, tmp_path: Path) -> None:
    store = await open_store(await asyncio.to_thread(cluster.new_database, "made"), tmp_path)
    counter = Counter.over(store, tmp_path)
    await asyncio.to_thread(cluster.stop)
    try:
        await counter.is_away(Trouble.GONE)
    finally:
        await asyncio.to_thread(cluster.start)
    await counter.is_back()
