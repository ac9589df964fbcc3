"""Two ways to talk to the server: the real library, and plain HTTP where the library hides what was said."""

from typing import Any

import httpx
import telegram
from telegram.request import HTTPXRequest

from tests.servers.botapi.server import BotApi


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
