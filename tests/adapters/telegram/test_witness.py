"""An outside witness: the npm package telegram-test-api, somebody else's idea of the Bot API, where it is installed.

    cd DIRECTORY && npm install telegram-test-api@4.2.1
    TELEGRAM_TEST_API_DIR=DIRECTORY .venv/bin/pytest tests/adapters/telegram/test_witness.py

It forgets updates once it has handed them out, holds no poll, and two of its answers are not what the documentation
says and the library can read; those are mended on the way: getMe lacks is_bot, and dates are in milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from knowledge.index import Index
from tests.selis_run import selis_run
from tests.servers.free_port import free_port

TOKEN = "700000003:CCtestTESTtestTESTtestTESTtestTEST0"
WHERE = os.environ.get("TELEGRAM_TEST_API_DIR", "")
START = """
const Server = require('telegram-test-api');
const server = new Server({port: Number(process.argv[1]), host: '127.0.0.1'});
server.start().then(() => console.log('ready'));
"""

pytestmark = pytest.mark.skipif(
    not shutil.which("node") or not (Path(WHERE or "/nowhere") / "node_modules" / "telegram-test-api").is_dir(),
    reason="needs node, and TELEGRAM_TEST_API_DIR naming the folder of npm's telegram-test-api 4.2.1: docs/telegram.md",
)


@asynccontextmanager
async def witness() -> AsyncIterator[str]:
    """The emulator; gives its address."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        "node", "-e", START, str(port), cwd=WHERE, stdout=PIPE, stderr=DEVNULL
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            assert await process.stdout.readline() == b"ready\n"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def mended(server: str, http: aiohttp.ClientSession) -> AsyncIterator[str]:
    """The same with the two answers mended."""

    async def pass_on(request: web.Request) -> web.Response:
        headers = {"Content-Type": request.headers.get("Content-Type", "application/json")}
        async with http.request(
            request.method, server + request.path_qs, data=await request.read(), headers=headers
        ) as response:
            body = await response.json()
            return web.json_response(_mended(request.path, body), status=response.status)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", pass_on)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        assert site.name
        port = runner.addresses[0][1]
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


def _mended(path: str, body: Any) -> Any:
    if path.endswith("/getMe"):
        body["result"]["is_bot"] = True
    if path.endswith("/sendMessage"):
        body["result"]["date"] //= 1000
    return body


async def test_text_in_and_reply_out(shipped: Index, data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "models").symlink_to(data_dir / "models")
    anna = {"id": 7, "first_name": "Anna", "is_bot": False}
    chat = {"id": 7, "first_name": "Anna", "type": "private"}
    message = {"botToken": TOKEN, "from": anna, "chat": chat, "date": int(time.time()), "text": "tiesībsarga tālrunis"}
    async with (
        witness() as server,
        aiohttp.ClientSession(trust_env=False) as http,
        mended(server, http) as api,
        selis_run(tmp_path, SELIS_TELEGRAM_TOKEN=TOKEN, SELIS_TELEGRAM_API_URL=api),
    ):
        async with http.post(f"{server}/sendMessage", json=message) as taken:
            assert (await taken.json())["ok"]
        async with asyncio.timeout(60):
            while not (heard := await heard_by(7, server, http)):  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.1)
    assert "+371 67686768" in heard[0]["text"]
    assert heard[0]["parse_mode"] == "HTML"


async def heard_by(chat: int, server: str, http: aiohttp.ClientSession) -> list[dict[str, Any]]:
    """What the bot wrote there since the last look."""
    async with http.post(f"{server}/getUpdates", json={"token": TOKEN, "chatId": chat}) as response:
        return [update["message"] for update in json.loads(await response.text())["result"]]
