"""Calls to the Bot API: what goes wrong on the way, proxies, and files."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import telegram
from aiohttp import web
from telegram.error import BadRequest, NetworkError, TimedOut

from adapters.telegram.line import Line
from adapters.telegram.requests import Requests
from tests.servers.botapi.faults import CUT, DROP_BEFORE, delay, late
from tests.servers.botapi.server import TOKEN, BotApi


@pytest_asyncio.fixture
async def line(api: BotApi) -> AsyncIterator[Line]:
    found = Line(api.token, api.url, poll_seconds=0)
    yield found
    await found.close()


@pytest.mark.parametrize("fault", [DROP_BEFORE, CUT])
async def test_no_answer_is_an_error_of_the_network_that_does_not_tell_the_token(
    fault: object, api: BotApi, line: Line
) -> None:
    api.faults.add("getMe", fault)  # type: ignore[arg-type]
    with pytest.raises(NetworkError) as raised:
        await line.bot.get_me()
    assert TOKEN not in str(raised.value)
    assert (await line.bot.get_me()).username == "selis_bot"


async def test_a_server_that_is_not_there(api: BotApi, line: Line) -> None:
    await api.stop()
    with pytest.raises(NetworkError, match="ClientConnectorError"):
        await line.bot.get_me()
    await line.close()


@pytest.mark.parametrize("fault", [delay(1), late(1)])
async def test_an_answer_that_does_not_come_is_not_waited_for(fault: object, api: BotApi, line: Line) -> None:
    anna = api.person("Anna", started=True)
    api.faults.add("sendMessage", fault)  # type: ignore[arg-type]
    with pytest.raises(TimedOut):
        await line.bot.send_message(anna.id, "labdien", read_timeout=0.05)


async def test_what_is_refused_is_the_library_s_own_error(api: BotApi, line: Line) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await line.bot.send_message(5, "labdien")


async def test_texts_and_files_arrive_as_they_were(api: BotApi, line: Line) -> None:
    anna = api.person("Anna", started=True)
    await line.bot.send_message(anna.id, "ā & b = c%20+ 😀\nд")
    sent = await line.bot.send_document(anna.id, b"\x00\xffsaturs", filename="šī datne.yaml")
    assert anna.private.from_bot(api.bot)[0].text == "ā & b = c%20+ 😀\nд"
    assert sent.document is not None
    assert sent.document.file_name == "šī datne.yaml"
    file = await line.bot.get_file(sent.document.file_id)
    assert await file.download_as_bytearray() == b"\x00\xffsaturs"


@pytest_asyncio.fixture
async def proxy() -> AsyncIterator[tuple[str, list[str]]]:
    """A proxy that answers everything itself; its address, and what it was asked for."""
    asked: list[str] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        asked.append(str(request.url))
        return web.Response(text="{}")

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield str(site.name), asked
    await runner.cleanup()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
async def test_the_environment_s_proxy_is_used(
    name: str, proxy: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = proxy
    monkeypatch.setenv(name, address)
    requests = Requests("http://api.example", connections=1, trusted=ssl.create_default_context())
    assert await requests.do_request("http://api.example/getMe", "POST") == (200, b"{}")
    await requests.shutdown()
    assert asked == ["http://api.example/getMe"]


async def test_a_server_that_the_environment_excepts_is_called_itself(
    api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    line = Line(api.token, api.url)
    assert isinstance(await line.bot.get_me(), telegram.User)
    await line.close()
