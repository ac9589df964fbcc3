"""`selis run` as a real process: what it says, how it ends, and what is left when it is killed."""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from knowledge.index import Index
from tests.chaos.telegram import Burst
from tests.process import on_telegram, selis_run
from tests.servers.botapi.server import BotApi


@pytest.fixture
def directory(shipped: Index, data_dir: Path, tmp_path: Path) -> Path:
    (tmp_path / "models").symlink_to(data_dir / "models")
    return tmp_path


async def ended(process: Process) -> tuple[int, str]:
    """Exit code and what was said."""
    async with asyncio.timeout(60):
        said, complained = await process.communicate()
    assert said == b""
    return process.returncode or 0, complained.decode()


async def test_without_a_network_it_says_what_to_set(directory: Path) -> None:
    async with selis_run(directory, {}) as process:
        code, said = await ended(process)
    assert code == 2
    assert len(said.splitlines()) == 1
    assert "SELIS_TELEGRAM_TOKEN" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly_and_soon(number: signal.Signals, api: BotApi, directory: Path) -> None:
    anna = api.person("Anna")
    anna.sends("Mani sauc Anna, sociālais dienests Krāslavā")
    async with selis_run(directory, on_telegram(api)) as process:
        await api.world.until(lambda: anna.private.from_bot(api.bot), within=60)
        process.send_signal(number)
        async with asyncio.timeout(10):
            code, said = await ended(process)
    assert code == 0
    assert "talking on Telegram" in said
    assert said.splitlines()[-1].endswith("event='stopped'")
    assert "Traceback" not in said
    for private in ("Anna", "sociālais", str(anna.id), api.token):
        assert private not in said


async def test_a_failing_network_is_one_line_without_the_token(api: BotApi, directory: Path) -> None:
    gone = on_telegram(api)
    await api.stop()
    async with selis_run(directory, gone) as process:
        assert process.stderr is not None
        async with asyncio.timeout(60):
            first = (await process.stderr.readline()).decode()
        process.terminate()
        code, rest = await ended(process)
    said = first + rest
    assert code == 0, said
    assert said.count("cannot be reached") == 1
    assert api.token not in said
    assert "Traceback" not in said


async def test_a_second_process_is_refused(api: BotApi, directory: Path) -> None:
    async with selis_run(directory, on_telegram(api)) as first:
        await api.world.until(lambda: api.log.of("getUpdates"), within=60)
        async with selis_run(directory, on_telegram(api)) as second:
            code, said = await ended(second)
        assert code == 2
        assert f"(process {first.pid})" in said.splitlines()[-1]
        assert "Traceback" not in said


async def test_nothing_is_lost_when_it_is_killed_in_a_burst(api: BotApi, directory: Path) -> None:
    """`make chaos` kills it ten times, and ten times while messages are brought to its webhook."""
    books = await Burst(api, directory, 2026).run(kills=2)
    assert books.asked == books.answered == 200
    assert books.fine(takes_transactions=False), f"\n{books}"
