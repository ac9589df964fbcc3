"""`selis run` as a real process: what it says, how it ends, and what is left when it is killed."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
from pathlib import Path

import pytest

from adapters.probe import probe
from bot.settings import Settings
from knowledge.files import DATA
from knowledge.index import Index
from tests.chaos.telegram import ASKED, Burst, on_telegram
from tests.selis_run import ended, selis_run
from tests.servers.botapi.faults import delay
from tests.servers.botapi.server import BotApi
from tests.servers.free_port import free_port


@pytest.fixture
def directory(shipped: Index, data_dir: Path, tmp_path: Path) -> Path:
    (tmp_path / "models").symlink_to(data_dir / "models")
    return tmp_path


async def test_without_a_network_it_says_what_to_set(directory: Path) -> None:
    async with selis_run(directory) as process:
        code, said = await ended(process)
    assert code == 2
    assert len(said.splitlines()) == 1
    assert "SELIS_TELEGRAM_TOKEN" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly_and_soon(number: signal.Signals, api: BotApi, directory: Path) -> None:
    anna = api.person("Anna")
    anna.sends("Mani sauc Anna, sociālais dienests Krāslavā")
    async with selis_run(directory, **on_telegram(api)) as process:
        await api.world.until(lambda: anna.private.from_bot(api.bot), within=60)
        process.send_signal(number)
        async with asyncio.timeout(10):
            code, said = await ended(process)
    assert code == 0
    assert "talking on Telegram" in said
    assert json.loads(said.splitlines()[-1])["event"] == "stopped"
    assert "Traceback" not in said
    for private in ("Anna", "sociālais", str(anna.id), api.token):
        assert private not in said


async def test_a_failing_network_is_one_line_without_the_token(api: BotApi, directory: Path) -> None:
    gone = on_telegram(api)
    await api.stop()
    async with selis_run(directory, **gone) as process:
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


async def test_health_is_asked_through_the_data_directory_and_at_the_port(api: BotApi, directory: Path) -> None:
    assert not (await health(directory))[0]
    async with selis_run(directory, **on_telegram(api)) as process:
        await api.world.until(lambda: api.log.of("getUpdates"), within=60)
        assert await health(directory) == (True, "ready: telegram")
        assert (directory / "health.sock").stat().st_mode & 0o077 == 0
        process.kill()
        await process.wait()
    assert not (await health(directory))[0]
    # What the killed one left does not stand in the way.
    port = free_port()
    async with selis_run(directory, **on_telegram(api), SELIS_HTTP_PORT=str(port)) as process:
        polls = len(api.log.of("getUpdates"))
        await api.world.until(lambda: len(api.log.of("getUpdates")) > polls, within=60)
        assert await health(directory) == await health(directory, port) == (True, "ready: telegram")
        process.terminate()
        await ended(process)
    assert not (await health(directory, port))[0]


async def health(directory: Path, port: int | None = None) -> tuple[bool, str]:
    probed = await asyncio.to_thread(probe, Settings(data_dir=directory, http_port=port))
    return probed.ready, probed.line


async def test_it_ends_soon_while_it_is_still_learning(api: BotApi, tmp_path: Path) -> None:
    async with selis_run(tmp_path, **on_telegram(api)) as process:
        assert process.stderr is not None
        async with asyncio.timeout(60):
            first = json.loads(await process.stderr.readline())
        assert first["event"].startswith("the knowledge has changed: learning its words")
        assert await health(tmp_path) == (False, "not ready: starting: the knowledge is being read")
        process.terminate()
        async with asyncio.timeout(10):
            code, said = await ended(process)
    assert code == 0, said
    assert [json.loads(line)["event"] for line in said.splitlines()] == ["stopping", "stopped"]


async def test_a_second_process_is_refused(api: BotApi, directory: Path) -> None:
    async with selis_run(directory, **on_telegram(api)) as first:
        await api.world.until(lambda: api.log.of("getUpdates"), within=60)
        async with selis_run(directory, **on_telegram(api)) as second:
            code, said = await ended(second)
        assert code == 2
        assert f"(process {first.pid})" in said.splitlines()[-1]
        assert "Traceback" not in said


async def test_nothing_is_lost_when_it_is_killed_in_a_burst(api: BotApi, directory: Path) -> None:
    """`make chaos` kills it ten times, and ten times while messages are brought to its webhook."""
    books = await Burst(api, directory, 2026).run(kills=2)
    assert books.asked == books.answered == 200
    assert books.fine(takes_transactions=False), f"\n{books}"


async def test_what_was_under_way_is_sent_at_once_by_the_next_process(api: BotApi, directory: Path) -> None:
    ilze, anna = api.person("Ilze"), api.person("Anna")
    knowledge = directory / "knowledge"
    shutil.copytree(DATA, knowledge)
    settings = on_telegram(api) | {"SELIS_ADMINS": f"telegram:{ilze.id}", "SELIS_KNOWLEDGE_DIR": str(knowledge)}
    api.faults.add("sendMessage", delay(60), skip=1)
    async with selis_run(directory, **settings) as process:
        await api.world.until(lambda: api.log.of("getUpdates"), within=60)
        with (knowledge / "media.yaml").open("a", encoding="utf-8") as media:
            media.write("# Checked.\n")
        ilze.sends("/parladet")
        await api.world.until(lambda: ilze.private.from_bot(api.bot), within=60)
        # The reload has begun, and an answer is on its way to Telegram.
        anna.sends("tiesībsarga tālrunis")
        await api.world.until(lambda: len(api.log.of("sendMessage")) == 2, within=60)
        process.kill()
        await process.wait()
    async with selis_run(directory, **settings):
        await api.world.until(lambda: anna.private.from_bot(api.bot), within=60)
        await api.world.until(lambda: len(ilze.private.from_bot(api.bot)) == 2, within=60)
    (answer,) = anna.private.from_bot(api.bot)
    assert ASKED["tiesībsarga tālrunis"] in answer.text
    assert ilze.private.from_bot(api.bot)[1].text.startswith("„/parladet” nepabeidzu")
