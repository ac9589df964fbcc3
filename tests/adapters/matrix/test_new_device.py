"""Sēlis goes on as a new device when the one it was is gone, and people who ask are answered."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from adapters.matrix.kept import Folder, Kept
from tests.adapters.matrix.conftest import Move, Start, until
from tests.adapters.matrix.street import DESK, POLICE
from tests.adapters.matrix.test_session import devices
from tests.servers.resident import Resident
from tests.servers.synapse import Synapse


def kept(data_dir: Path) -> Kept:
    found = Folder.of(data_dir).session()
    assert found is not None
    return found


async def answered(one: Resident, bot: str) -> None:
    """A first question in an encrypted room, by a device that has to claim one of the bot's one-time keys."""
    room = await one.room(bot, encrypted=True, direct=True)
    await one.joined_by(bot, room)
    await one.says("policija aa", room)
    await one.hears(POLICE, room)


async def becomes_another(device: str, synapse: Synapse, bot: str, data_dir: Path) -> None:
    await until(lambda: kept(data_dir).device_id != device and kept(data_dir).fingerprint != "")
    assert devices(synapse, bot) == {kept(data_dir).device_id}


def known(one: Resident, bot: str) -> set[str]:
    """The bot's devices that somebody's client knows."""
    return {device.id for device in one.client.device_store.active_user_devices(bot)}


async def test_logged_out_by_an_admin_it_goes_on(
    start: Start, resident: Move, bot: str, synapse: Synapse, tmp_path: Path
) -> None:
    anna = await resident()
    async with start():
        room = await anna.room(bot, encrypted=True, direct=True)
        await anna.joined_by(bot, room)
        await anna.says("policija aa", room)
        await anna.hears(POLICE, room)
        device = kept(tmp_path).device_id
        await asyncio.to_thread(synapse.admin, "DELETE", f"/_synapse/admin/v2/users/{bot}/devices/{device}")
        await becomes_another(device, synapse, bot, tmp_path)
        # Her client hears of it by itself; what it sends before that, no new device can read.
        await anna.until(lambda: known(anna, bot) == {kept(tmp_path).device_id})
        await anna.says("klientu centrs aa", room)
        await anna.hears(DESK, room)


async def test_with_keys_from_an_old_backup_it_goes_on(
    start: Start, resident: Move, bot: str, synapse: Synapse, tmp_path: Path
) -> None:
    async with start():
        pass
    device = kept(tmp_path).device_id
    store = Folder.of(tmp_path).path / Folder.store_name(device)
    shutil.copy2(store, tmp_path / "backup")
    async with start():
        await answered(await resident(), bot)
    shutil.copy2(tmp_path / "backup", store)
    berta = await resident()
    async with start():
        # This takes one of the keys that the backup has, and makes it want to upload others.
        room = await berta.room(bot, encrypted=True, direct=True)
        await berta.joined_by(bot, room)
        await berta.says("policija aa", room)
        await becomes_another(device, synapse, bot, tmp_path)
        await answered(await resident(), bot)
