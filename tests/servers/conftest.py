"""A Bot API server and the real library as its client."""

from collections.abc import AsyncIterator

import httpx
import pytest
import telegram

from tests.servers.botapi.client import Raw, client
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi


@pytest.fixture(autouse=True)
def retry_after_is_a_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the library warns wherever it raises RetryAfter, and warnings are errors here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as started:
        yield started


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[telegram.Bot]:
    async with client(api) as started:
        yield started


@pytest.fixture
def anna(api: BotApi) -> Person:
    """Has written to the bot before."""
    return api.person("Anna", username="anna_lv", started=True)


@pytest.fixture
async def raw(api: BotApi) -> AsyncIterator[Raw]:
    async with httpx.AsyncClient(trust_env=False) as http:
        yield Raw(api, http)
