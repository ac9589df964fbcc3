"""`selis run` with Matrix as a real process: beside Telegram, how it ends, and what it says when it cannot begin."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import httpx
import pytest

from tests.adapters.matrix.conftest import Move
from tests.adapters.matrix.street import PASSWORD, POLICE
from tests.bot.reloading import House
from tests.selis_run import ended, selis_run
from tests.servers.botapi.server import BotApi
from tests.servers.free_port import free_port
from tests.servers.synapse import Synapse


@pytest.fixture
def settings(synapse: Synapse, bot: str, house: House, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "models").symlink_to(house.data / "models")
    return {
        "SELIS_KNOWLEDGE_DIR": str(house.directory),
        "SELIS_MATRIX_HOMESERVER": synapse.url,
        "SELIS_MATRIX_USER_ID": bot,
        "SELIS_MATRIX_PASSWORD": PASSWORD,
    }


async def test_it_talks_on_both_networks_and_ends_cleanly(
    settings: dict[str, str], resident: Move, bot: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    anna = await resident()
    async with BotApi() as api:
        jana = api.person("Jana")
        jana.sends("policija aa")
        settings |= {"SELIS_TELEGRAM_TOKEN": api.token, "SELIS_TELEGRAM_API_URL": api.url}
        async with selis_run(tmp_path, **settings) as process:
            room = await anna.room(bot, encrypted=True, direct=True)
            await anna.joined_by(bot, room, within=60)
            await anna.says("policija aa", room)
            await anna.hears(POLICE, room)
            await api.world.until(lambda: jana.private.from_bot(api.bot), within=60)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(15):
                code, said = await ended(process)
    assert code == 0, said
    assert POLICE in jana.private.from_bot(api.bot)[0].text
    assert "talking on Matrix" in said
    assert "talking on Telegram" in said
    assert json.loads(said.splitlines()[-1])["event"] == "stopped"
    assert "Traceback" not in said
    for private in (anna.user_id, "policija", room, PASSWORD):
        assert private not in said


async def test_a_token_that_is_taken_away_ends_matrix_alone(
    settings: dict[str, str], synapse: Synapse, bot: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    del settings["SELIS_MATRIX_PASSWORD"]
    token = synapse.token(bot, PASSWORD, device_id="SELIS1")
    settings |= {"SELIS_MATRIX_ACCESS_TOKEN": token}
    async with BotApi() as api, httpx.AsyncClient(trust_env=False) as http:
        jana, admin, port = api.person("Jana"), api.person("Admin"), str(free_port())
        admin.sends("paldies")
        networks = settings | {
            "SELIS_TELEGRAM_TOKEN": api.token,
            "SELIS_TELEGRAM_API_URL": api.url,
            "SELIS_ADMINS": f"telegram:{admin.id}",
            "SELIS_HTTP_PORT": port,
        }

        async def ready() -> httpx.Response:
            return await http.get(f"http://127.0.0.1:{port}/readyz")

        async with selis_run(tmp_path, **networks) as process:
            await api.world.until(lambda: admin.private.from_bot(api.bot), within=60)
            async with asyncio.timeout(60):
                while (await ready()).status_code != httpx.codes.OK:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            synapse.call("POST", "/_matrix/client/v3/logout", {}, token=token)
            await api.world.until(
                lambda: any("mani nelaiž iekšā" in said.text for said in admin.private.from_bot(api.bot)), within=60
            )
            red = await ready()
            jana.sends("policija aa")
            await api.world.until(lambda: jana.private.from_bot(api.bot), within=60)
            process.send_signal(signal.SIGTERM)
            code, said = await ended(process)
    assert (red.status_code, red.json()["reasons"]) == (503, ["matrix: not let in: set a valid token"])
    assert POLICE in jana.private.from_bot(api.bot)[0].text
    assert code == 0, said
    (line,) = [line for line in map(json.loads, said.splitlines()) if line["level"] == "error"]
    assert "SELIS_MATRIX_ACCESS_TOKEN" in line["detail"]
    assert token not in said
    async with selis_run(tmp_path, **settings) as process:
        code, said = await ended(process)
    assert (code, len(said.splitlines())) == (2, 1), said
    assert said.startswith("selis: SELIS_MATRIX_ACCESS_TOKEN")
