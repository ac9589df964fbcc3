"""Sēlis on Telegram, whole: the real parts of the process over a Bot API server on a real socket."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from adapters import wiring
from adapters.telegram.pacing import Limits as PaceLimits
from adapters.telegram.pacing import Pacing
from adapters.telegram.run import Telegram
from bot.limits import Limits
from bot.secret import Secret
from bot.settings import Settings
from knowledge.index import Index
from tests.servers.botapi.server import BotApi


def hurried() -> Pacing:
    """Tests do not wait a second for each message of a chat; those of pacing say so."""
    return Pacing(limits=PaceLimits(chat_seconds=0, group=1000, everywhere=1000))


Start = Callable[..., AbstractAsyncContextManager[Telegram]]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls obey the proxies of the environment."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
def start(api: BotApi, shipped: Index, data_dir: Path, tmp_path: Path) -> Start:
    """Starts Sēlis; it is stopped when the block ends. Over one test all starts share a database."""
    if not (tmp_path / "models").exists():
        (tmp_path / "models").symlink_to(data_dir / "models")

    @asynccontextmanager
    async def started(
        limits: Limits | None = None, pacing: Pacing | None = None, **more: object
    ) -> AsyncIterator[Telegram]:
        settings = Settings(
            data_dir=tmp_path, telegram_token=Secret(api.token), telegram_api_url=api.url, **more  # type: ignore[arg-type]
        )  # fmt: skip
        async with wiring.service(settings, limits=limits) as service:
            telegram = Telegram(
                service=service, settings=settings, token=api.token, poll_seconds=2, pacing=pacing or hurried()
            )
            running = asyncio.create_task(telegram.run())
            try:
                yield telegram
            finally:
                telegram.stop()
                async with asyncio.timeout(10):
                    await running

    return started
