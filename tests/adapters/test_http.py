"""The web server: nonsense of strangers is answered, and is no error of ours."""

from __future__ import annotations

import asyncio
import logging

import pytest
from aiohttp import web

from adapters.http import serving
from tests.servers.free_port import free_port

LOUD = {"aiohttp.server", "asyncio", "selis.http"}


async def sent(port: int, request: bytes, *, hang_up: bool = False) -> bytes:
    """What is answered to some bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        if hang_up:
            writer.write_eof()
        async with asyncio.timeout(20):
            return await reader.read()
    finally:
        writer.close()


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /healthz HTTP/1.1\rHTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost : b\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.0\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    ],
)
async def test_nonsense_is_refused_and_not_logged(request_: bytes, caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    async with serving("127.0.0.1", port):
        assert b" 400 " in (await sent(port, request_)).partition(b"\r\n")[0]
    assert errors(caplog) == []


async def test_who_hangs_up_before_the_answer_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    port, gone = free_port(), asyncio.Event()

    async def slow(_: web.Request) -> web.StreamResponse:
        try:
            await asyncio.sleep(0.05)
        finally:
            gone.set()
        return web.Response(text="late")

    async with serving("127.0.0.1", port) as pages:
        pages.add("/slow", slow)
        await sent(port, b"GET /slow HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", hang_up=True)
        assert (await sent(port, b"GET /slow HTTP/1.0\r\n\r\n")).endswith(b"late")
    assert errors(caplog) == []


async def test_a_fault_of_ours_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()

    async def fails(_: web.Request) -> web.StreamResponse:
        raise ZeroDivisionError

    async with serving("127.0.0.1", port) as pages:
        pages.add("/fails", fails)
        assert b" 500 " in await sent(port, b"GET /fails HTTP/1.0\r\n\r\n")
    assert len(errors(caplog)) == 1
