"""README's "Matrix in five minutes", followed to the letter as by somebody who has never seen Sēlis; and losing all."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import stat
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from knowledge.index import Index
from tests.adapters.matrix.conftest import Move
from tests.adapters.matrix.street import PASSWORD
from tests.adapters.matrix.test_cli import key_in
from tests.servers.synapse import Synapse

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Matrix in five minutes")[2].partition("\n## ")[0]
FILES, LOGIN = (
    re.sub(r"^ +", "", block, flags=re.MULTILINE).strip() for block in re.findall(r"```\n(.*?)```", SECTION, re.S)
)
STATUS, RUN = (re.findall(rf"\n{step}\. `(.+?)`", SECTION)[0] for step in (4, 5))
RECOVER = ".venv/bin/" + re.findall(r"`(selis matrix recover)`", SECTION)[0]
ASKED = re.findall(r"in an encrypted room: `(.+)`", SECTION)[0]
ANSWER = "https://www.kraslava.lv/lv/trauksmes-celsana"


class Shell:
    """Where a new user types, in a folder with what `make run` has left: the command, and what it learned."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / ".venv").symlink_to(Path(sys.executable).parent.parent)
        self.data = home / ".local/share/selis"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SELIS_")}
        self.settings = kept | {"HOME": str(home)}

    def has_learned(self, models: Path) -> None:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.data / "models").symlink_to(models)

    async def begins(self, command: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            "bash", "-c", command, cwd=self.home, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=self.settings
        )

    async def types(self, command: str, more: str = "") -> tuple[int, str]:
        """Exit code and all that was said."""
        async with asyncio.timeout(60):
            process = await self.begins(command)
            said, complained = await process.communicate(more.encode())
        return process.returncode or 0, said.decode() + complained.decode()


@pytest.fixture
def shell(shipped: Index, data_dir: Path, tmp_path: Path) -> Shell:
    made = Shell(tmp_path)
    made.has_learned((data_dir / "models").resolve())
    return made


async def test_a_new_user_is_answered_and_comes_back_after_losing_all(
    shell: Shell, synapse: Synapse, bot: str, resident: Move, data_dir: Path
) -> None:
    password, environment, *lines = FILES.splitlines()
    await shell.types(password, PASSWORD + "\n")
    assert stat.S_IMODE((shell.home / "password").stat().st_mode) == 0o600
    theirs = "\n".join(lines).replace("@selis:example.org", bot).replace("=example.org", f"={synapse.url}")
    await shell.types(environment, theirs + "\n")

    code, said = await shell.types(LOGIN)
    key = key_in(said)
    assert code == 0, said
    assert key is not None
    assert f"Logged in as {bot}" in said
    assert key not in "".join(path.read_text(errors="ignore") for path in (shell.data / "matrix").iterdir())
    code, said = await shell.types(STATUS)
    assert (code, key_in(said)) == (0, None), said
    assert "Green:" in said

    anna = await resident()
    process = await shell.begins(f"exec {RUN}")
    try:
        room = await anna.room(bot, encrypted=True, direct=True)
        await anna.joined_by(bot, room, within=60)
        await anna.says(ASKED, room)
        assert (await anna.hears(ANSWER, room)).decrypted
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            _, complained = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    assert "talking on Matrix" in complained.decode()

    shutil.rmtree(shell.data)
    code, said = await shell.types(RECOVER, f"{key}\n")
    assert code == 0, said
    assert re.search(r"Red: .*not signed.*Green:", said, re.DOTALL)
