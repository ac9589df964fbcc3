"""Telegram brings the updates: who is let in, and what is said when."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from adapters import wiring
from adapters.http import serving
from adapters.telegram.run import Telegram
from bot.secret import Secret
from bot.settings import Settings
from knowledge.index import Index
from tests.adapters.telegram.conftest import Start, hurried
from tests.servers.botapi.server import BotApi
from tests.servers.free_port import free_port

SECRET = "a-secret_of-ours"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@asynccontextmanager
async def hooked(api: BotApi, directory: Path, port: int) -> AsyncIterator[Telegram]:
    url = f"http://127.0.0.1:{port}/telegram"
    settings = Settings(
        data_dir=directory,
        telegram_token=Secret(api.token),
        telegram_api_url=api.url,
        telegram_webhook_url=url,
        telegram_webhook_secret=Secret(SECRET),
        http_port=port,
    )
    async with wiring.service(settings) as service, serving("127.0.0.1", port) as pages:
        adapter = Telegram(service=service, settings=settings, token=api.token, pages=pages, pacing=hurried())
        running = asyncio.create_task(adapter.run())
        try:
            await api.world.until(lambda: api.log.of("setWebhook"))
            yield adapter
        finally:
            adapter.stop()
            await running


@pytest.fixture
def directory(shipped: Index, data_dir: Path, tmp_path: Path) -> Path:
    if not (tmp_path / "models").exists():
        (tmp_path / "models").symlink_to(data_dir / "models")
    return tmp_path


@pytest.fixture
def port() -> int:
    return free_port()


async def test_messages_brought_are_answered_in_order(api: BotApi, directory: Path, port: int) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    async with hooked(api, directory, port):
        anna.sends("sociālais dienests Krāslavā")
        anna.sends("un e-pasts?")
        berta.sends("paldies")
        await api.world.until(lambda: len(anna.private.from_bot(api.bot)) == 2 and berta.private.from_bot(api.bot))
        await api.world.until(lambda: not api.world.queue.pending)
    assert "socdienests@kraslava.lv" in anna.private.from_bot(api.bot)[1].text


async def test_strangers_are_not_let_in(api: BotApi, directory: Path, port: int) -> None:
    url = f"http://127.0.0.1:{port}"
    async with hooked(api, directory, port), aiohttp.ClientSession(trust_env=False) as http:
        for headers in ({}, {HEADER: "wrong"}, {HEADER: SECRET[:-1]}):
            assert (await http.post(f"{url}/telegram", json={"update_id": 1}, headers=headers)).status == 403
        right = {HEADER: SECRET}
        assert (await http.post(f"{url}/telegram", json={"update_id": 1}, headers=right)).status == 200
        for nonsense in (b"{", b"\xff", b"[" * 100_000):
            assert (await http.post(f"{url}/telegram", data=nonsense, headers=right)).status == 400
        assert (await http.post(f"{url}/telegram", data=io.BytesIO(b" " * (2 << 20)), headers=right)).status == 413
        assert (await http.get(f"{url}/telegram", headers=right)).status == 405
        assert (await http.get(f"{url}/elsewhere")).status == 404


async def test_what_could_not_be_kept_is_brought_again(
    api: BotApi, directory: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.store.errors import StoreUnavailableError, Trouble

    anna = api.person("Anna")
    async with hooked(api, directory, port) as adapter:
        kept, failures = type(adapter.service.dialogue)._kept, 2

        async def fails(*given: object) -> object:
            nonlocal failures
            failures -= 1
            if failures >= 0:
                raise StoreUnavailableError(Trouble.LOCKED, "locked")
            return await kept(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(type(adapter.service.dialogue), "_kept", fails)
        anna.sends("paldies")
        await api.world.until(lambda: anna.private.from_bot(api.bot))
    assert failures < 0


async def test_polling_cleans_up_after_a_webhook(api: BotApi, directory: Path, port: int, start: Start) -> None:
    anna = api.person("Anna")
    async with hooked(api, directory, port):
        pass
    anna.sends("paldies")
    async with start():
        await api.world.until(lambda: anna.private.from_bot(api.bot), within=10)
    assert api.log.of("deleteWebhook")
