"""Rooms on Matrix, end to end: plain and encrypted, direct and groups."""

from __future__ import annotations

from tests.adapters.matrix.conftest import Move, Start
from tests.servers.resident import Resident

POLICE, DESK = "+371 65283888", "+371 65207081"


async def together(anna: Resident, bot: str, *, encrypted: bool, direct: bool = True) -> str:
    """A room of a resident and Sēlis."""
    room = await anna.room(bot, encrypted=encrypted, direct=direct)
    await anna.joined_by(bot, room)
    return room


async def test_a_plain_direct_room(start: Start, resident: Move, bot: str) -> None:
    anna = await resident()
    async with start():
        room = await together(anna, bot, encrypted=False)
        await anna.says("policija aa", room)
        answer = await anna.hears(POLICE, room)
    assert answer.source["content"]["msgtype"] == "m.notice"


async def test_an_encrypted_direct_room(start: Start, resident: Move, bot: str) -> None:
    anna = await resident()
    async with start():
        room = await together(anna, bot, encrypted=True)
        await anna.says("policija aa", room)
        answer = await anna.hears(POLICE, room)
        assert answer.decrypted
