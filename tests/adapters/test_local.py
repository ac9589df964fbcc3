"""The door in the data directory: how long its path is does not matter, and who left it open neither."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import pytest

from adapters import local
from adapters.probe import probe
from adapters.watch import Watch
from bot.settings import Settings


async def ask(directory: Path) -> tuple[bool, str]:
    probed = await asyncio.to_thread(probe, Settings(data_dir=directory))
    return probed.ready, probed.line


@pytest.mark.parametrize("folder", ["short", "long" * 50])
async def test_it_tells_what_there_is(tmp_path: Path, folder: str) -> None:
    directory = tmp_path / folder
    watch = Watch()
    async with local.listening(directory, watch.told):
        assert await ask(directory) == (False, "not ready: starting: the knowledge is being read")
        watch.close()
        assert await ask(directory) == (False, "not ready: stopping")
        assert json.loads(await asyncio.to_thread(local.asked, directory, 5)) == {
            "ready": False, "reasons": ["stopping"],
        }  # fmt: skip
    ready, line = await ask(directory)
    assert not ready
    assert line.endswith("is `selis run` running?")
    assert not list(directory.glob("*.sock"))


async def test_what_a_killed_process_left_is_replaced_and_a_living_one_is_let_be(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / local.SOCKET))
    first, second = Watch(), Watch()
    second.close()
    async with local.listening(tmp_path, first.told):
        async with local.listening(tmp_path, second.told):
            assert (await ask(tmp_path))[1].startswith("not ready: starting")
        assert (await ask(tmp_path))[1].startswith("not ready: starting")


async def test_a_directory_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with local.listening(tmp_path / "file", Watch().told):
        pass
