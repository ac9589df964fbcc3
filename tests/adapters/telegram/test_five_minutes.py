"""README's "Telegram in five minutes", followed to the letter as by somebody who has never seen Sēlis."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.adapters.telegram.test_process import directory as directory  # noqa: PLC0414 - a fixture
from tests.adapters.telegram.test_webhook import port as port  # noqa: PLC0414 - a fixture
from tests.servers.botapi.server import BotApi

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Telegram in five minutes")[2].partition("\n## ")[0]
BLOCKS = [
    re.sub(r"^ +", "", block, flags=re.MULTILINE).strip() for block in re.findall(r"```\n(.*?)```", SECTION, re.S)
]
ASKED = re.findall(r"^3\. .*`(.+)`$", SECTION, re.MULTILINE)[0]
INLINE = re.findall(r"`@YOUR_BOT (.+)`", SECTION)[0]
ANSWER = "https://www.kraslava.lv/lv/trauksmes-celsana"


@pytest.fixture
def home(directory: Path) -> Path:
    """Where the commands are typed: the command stands in .venv/bin, as `make` puts it."""
    (directory / ".venv").symlink_to(Path(sys.executable).parent.parent)
    return directory


@asynccontextmanager
async def typed(command: str, home: Path, **settings: str) -> AsyncIterator[Process]:
    """A line in the shell; the server of the test stands for Telegram's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SELIS_")}
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", f"exec env {command}" if "SELIS_" in command else command,
        cwd=home, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=kept | settings,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ends(process: Process) -> str:
    """What it said, after Ctrl-C."""
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(20):
        _, said = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_five_minutes(api: BotApi, home: Path, port: int) -> None:
    first, started = BLOCKS[0].split("\n")
    async with typed(first, home) as shell:
        async with asyncio.timeout(20):
            await shell.communicate(f"{api.token}\n".encode())
    assert (home / "token").stat().st_mode & 0o777 == 0o600
    elsewhere = {"SELIS_TELEGRAM_API_URL": api.url, "SELIS_DATA_DIR": str(home)}
    anna = api.person("Anna")
    async with typed(started, home, **elsewhere) as process:
        anna.sends(ASKED)
        await api.world.until(lambda: anna.private.from_bot(api.bot), within=60)
        query = anna.asks_inline(INLINE)
        await api.world.until(lambda: query.answer, within=10)
        said = await ends(process)
    assert ANSWER in anna.private.from_bot(api.bot)[0].text
    assert query.answer is not None
    assert ANSWER in query.answer["results"][0]["input_message_content"]["message_text"]
    assert "talking on Telegram" in said
    assert '"inline": true' in said
    assert api.token not in said

    url = f"http://127.0.0.1:{port}/telegram"
    webhook = BLOCKS[1].replace("8080", str(port)).replace("https://selis.example.org/telegram", url)
    async with typed(f"{webhook} {started}", home, **elsewhere) as process:
        await api.world.until(lambda: api.log.of("setWebhook"), within=60)
        anna.sends(ASKED)
        await api.world.until(lambda: len(anna.private.from_bot(api.bot)) == 2, within=20)
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/readyz") as health:
            assert health.status == 200
        await ends(process)
