"""`selis matrix` as an operator types it."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.matrix import operator
from adapters.matrix.cli import app
from adapters.matrix.errors import LoginError
from adapters.matrix.kept import Folder
from bot.errors import SettingsError
from bot.settings import Settings
from tests.adapters.matrix.conftest import Open
from tests.adapters.matrix.street import PASSWORD
from tests.servers.synapse import Synapse

KEY = re.compile(r"^    ((?:\w{4} ){11}\w{4})$", re.MULTILINE)


class Terminal:
    """Where commands are typed, with the three settings of README."""

    def __init__(self, synapse: Synapse, account: str, data_dir: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SELIS_")}
        self.settings = kept | {
            "SELIS_DATA_DIR": str(data_dir),
            "SELIS_MATRIX_HOMESERVER": synapse.url,
            "SELIS_MATRIX_USER_ID": account,
            "SELIS_MATRIX_PASSWORD": PASSWORD,
        }

    async def selis(self, *words: str, typed: str = "") -> tuple[int, str, str]:
        """Exit code, output and complaint."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "adapters.cli", "matrix", *words,
            stdin=PIPE, stdout=PIPE, stderr=PIPE, env=self.settings,
        )  # fmt: skip
        async with asyncio.timeout(120):
            said, complained = await process.communicate(typed.encode())
        return process.returncode or 0, said.decode(), complained.decode()


@pytest.fixture
def terminal(synapse: Synapse, account: str, tmp_path: Path) -> Terminal:
    return Terminal(synapse, account, tmp_path / "data")


def key_in(said: str) -> str | None:
    found = KEY.search(said)
    return found.group(1) if found else None


async def test_a_red_device_is_told(terminal: Terminal, opened: Open) -> None:
    session = await opened()
    await session.close()
    session.signer.folder.set_store_aside(session.device_id)
    (session.signer.folder.path / "self-signing.json").unlink()
    await opened()
    # The session is in use meanwhile.
    code, said, complained = await terminal.selis("status")
    assert (code, complained) == (1, "")
    assert "Red: this device is not signed by its account" in said
    assert "`selis matrix recover` signs it" in said


async def test_new_keys_and_a_new_device(terminal: Terminal, opened: Open, tmp_path: Path) -> None:
    session = await opened()
    await session.close()
    before = Folder.of(tmp_path / "data").take_recovery_key()

    code, said, _ = await terminal.selis("reset", "--identity")
    assert (code, key_in(said) not in (None, before)) == (0, True)
    assert "Green:" in said

    code, said, _ = await terminal.selis("reset")
    assert code == 0
    assert f"Device {session.device_id} is logged out" in said
    again = await opened()
    assert again.chain.green
    assert again.device_id != session.device_id


@pytest.mark.parametrize("command", ["login", "status", "reset"])
def test_without_an_account_it_says_what_to_set(command: str) -> None:
    with pytest.raises(SettingsError, match="SELIS_MATRIX_USER_ID: is missing"):
        CliRunner().invoke(app, [command], catch_exceptions=False)


def test_before_the_first_login_there_is_no_status(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, matrix_user_id="@a:b")
    with pytest.raises(LoginError, match="`selis matrix login`"):
        asyncio.run(operator.status(settings))
