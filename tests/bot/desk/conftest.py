"""An office for each test: its knowledge and its database are its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.store.engine import open_store
from tests.bot.desk.office import Office
from tests.bot.reloading import furnish


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    store = await open_store(None, tmp_path / "database")
    yield Office(house=furnish(tmp_path), store=store)
    await store.close()
