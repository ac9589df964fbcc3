"""A Bot API server and the real library as its client."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import telegram
from telegram.request import HTTPXRequest

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


def client(api: BotApi, token: str = "") -> telegram.Bot:
    """Two polls at once need two connections; proxies are for the outside."""

    def request() -> HTTPXRequest:
        return HTTPXRequest(connection_pool_size=8, httpx_kwargs={"trust_env": False})

    return telegram.Bot(
        token or api.token,
        base_url=api.base_url,
        base_file_url=api.base_file_url,
        request=request(),
        get_updates_request=request(),
    )


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[telegram.Bot]:
    async with client(api) as started:
        yield started


@pytest.fixture
def anna(api: BotApi) -> Person:
    """Has written to the bot before."""
    return api.person("Anna", username="anna_lv", started=True)


class Raw:
    """Plain HTTP, where the library hides what was said."""

    def __init__(self, api: BotApi, http: httpx.AsyncClient) -> None:
        self.api = api
        self.http = http

    async def __call__(self, method: str, **parameters: Any) -> dict[str, Any]:
        answer = await self.http.post(f"{self.api.base_url}{self.api.token}/{method}", json=parameters)
        body: dict[str, Any] = answer.json()
        assert answer.status_code == body.get("error_code", 200)
        return body

    async def refused(self, method: str, **parameters: Any) -> str:
        """The description, after it was made sure that it is a refusal."""
        body = await self(method, **parameters)
        assert body["ok"] is False
        return str(body["description"])


@pytest.fixture
async def raw(api: BotApi) -> AsyncIterator[Raw]:
    async with httpx.AsyncClient(trust_env=False) as http:
        yield Raw(api, http)
