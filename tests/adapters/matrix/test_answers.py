"""Whatever a homeserver answers becomes one exception that says what it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import nio
import pytest
from aiohttp import web

from adapters.matrix.answers import answered, checked, retry_after
from adapters.matrix.errors import (
    LimitExceededError,
    MatrixError,
    RefusedError,
    UnknownTokenError,
    UnreachableError,
)

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


class Ill:
    """A server that answers what it is told to."""

    def __init__(self) -> None:
        self.status = 200
        self.body = "{}"
        self.headers: dict[str, str] = {}
        self.asked = 0
        self.url = ""

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked += 1
        return web.Response(
            status=self.status, text=self.body, headers=self.headers, content_type="application/json"
        )  # fmt: skip


@pytest.fixture
async def ill() -> AsyncIterator[Ill]:
    server = Ill()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def client(ill: Ill) -> AsyncIterator[nio.AsyncClient]:
    config = nio.AsyncClientConfig(max_limit_exceeded=0, max_timeouts=0, encryption_enabled=False)
    client = nio.AsyncClient(ill.url, "@a:b", config=config)
    client.access_token = "a token"
    yield client
    await client.close()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, '{"errcode": "M_UNKNOWN_TOKEN", "error": "no"}', UnknownTokenError),
        (401, '{"errcode": "M_MISSING_TOKEN", "error": "no"}', UnknownTokenError),
        (429, '{"errcode": "M_LIMIT_EXCEEDED", "error": "slow"}', LimitExceededError),
        (429, "<html>nginx</html>", LimitExceededError),
        (403, '{"errcode": "M_FORBIDDEN", "error": "no"}', RefusedError),
        (404, "<html>no such page</html>", RefusedError),
        (502, "<html>nginx</html>", UnreachableError),
        (500, '{"errcode": "M_UNKNOWN", "error": "Internal server error"}', UnreachableError),
        (200, "neither JSON nor anything", UnreachableError),
        (200, '{"user_id": 7}', UnreachableError),
    ],
)
async def test_each_answer_has_one_meaning(
    status: int, body: str, kind: type[MatrixError], ill: Ill, client: nio.AsyncClient
) -> None:
    ill.status, ill.body = status, body
    with pytest.raises(kind):
        await answered(client.whoami())
    assert ill.asked == 1


async def test_nobody_there_is_unreachable(client: nio.AsyncClient) -> None:
    client.homeserver = "http://127.0.0.1:9"
    with pytest.raises(UnreachableError) as error:
        await answered(client.whoami())
    assert "127.0.0.1" not in str(error.value)


@pytest.mark.parametrize("soft", [True, False])
async def test_a_soft_logout_is_told_from_a_hard_one(soft: bool, ill: Ill, client: nio.AsyncClient) -> None:
    said = '{"errcode": "M_UNKNOWN_TOKEN", "error": "no", "soft_logout": %s}' % ("true" if soft else "false")
    ill.status, ill.body = 401, said
    with pytest.raises(UnknownTokenError) as error:
        await answered(client.whoami())
    assert error.value.soft is soft


async def test_the_header_is_obeyed_too(ill: Ill, client: nio.AsyncClient) -> None:
    ill.status, ill.headers = 429, {"Retry-After": "7"}
    ill.body = '{"errcode": "M_LIMIT_EXCEEDED", "error": "slow", "retry_after_ms": 1500}'
    with pytest.raises(LimitExceededError) as error:
        await answered(client.whoami())
    assert error.value.after == timedelta(seconds=7)


async def test_what_is_no_error_is_passed_on(ill: Ill, client: nio.AsyncClient) -> None:
    ill.body = '{"user_id": "@a:b", "device_id": "D"}'
    assert (await answered(client.whoami())).user_id == "@a:b"
    assert checked(7) == 7


@pytest.mark.parametrize(
    ("body", "header", "seconds"),
    [
        (1500, "", 1.5),
        (None, "7", 7),
        (9000, "7", 9),
        (None, "Sun, 29 Nov 2026 12:00:30 GMT", 30),
        (None, "Sun, 29 Nov 2026 11:00:00 GMT", 0),
        (None, "999999999", 3600),
        (1e300, "soon", None),
        (-5, "", None),
        ("much", "", None),
        (True, "", None),
        (None, "", None),
    ],
)
def test_how_long_to_wait(body: object, header: str, seconds: float | None) -> None:
    after = retry_after(body, {"Retry-After": header} if header else {}, NOW)
    assert after == (None if seconds is None else timedelta(seconds=seconds))
