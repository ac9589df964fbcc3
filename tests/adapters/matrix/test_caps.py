"""Rooms that are too large, and invites that are too many for Sēlis or for its server, on a real Synapse."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.matrix import progress
from adapters.matrix.invites import Caps
from tests.adapters.matrix.conftest import Move, Start, moving_in
from tests.adapters.matrix.street import PASSWORD, POLICE
from tests.servers.synapse import Synapse


async def test_a_room_with_too_many_people_is_left_again(start: Start, resident: Move, bot: str) -> None:
    anna, berta = await resident(), await resident()
    async with start(caps=Caps(people=2)):
        small = await anna.room(bot, name="Divatā")
        await anna.joined_by(bot, small)
        large = await anna.room(berta.user_id, name="Daudzi")
        await berta.join(large)
        await anna.client.room_invite(large, bot)
        await anna.until(lambda: bot in anna.client.rooms[large].users)
        await anna.until(lambda: bot not in anna.client.rooms[large].users)
        # The greeting, and the answer to this.
        await anna.says("!palidziba", small)
        await anna.until(lambda: len([one for one in anna.messages(small) if one.sender == bot]) == 2)


async def test_one_person_cannot_fill_the_house(start: Start, resident: Move, bot: str) -> None:
    anna, berta = await resident(), await resident()
    async with start(caps=Caps(of_one_person_an_hour=2)):
        for name in ("Pirmā", "Otrā"):
            await anna.joined_by(bot, await anna.room(bot, name=name))
        third = await anna.room(bot, name="Trešā")
        await anna.until(lambda: third in anna.client.rooms)
        await anna.until(lambda: bot not in anna.client.rooms[third].users)
        # Others are as welcome as before.
        await berta.joined_by(bot, await berta.room(bot, name="Bertas"))


async def test_a_server_that_lets_it_join_now_and_then(start: Start, bot: str, tmp_path: Path) -> None:
    """Invites that came all at once wait for it, also over a restart."""
    server = await asyncio.to_thread(Synapse, rc_joins={"local": {"per_second": 1, "burst_count": 1}})
    try:
        server.register(bot.removeprefix("@").partition(":")[0], PASSWORD)
        async with moving_in(server, tmp_path) as moves:
            anna = await moves()
            rooms = [await anna.room(bot, encrypted=True, direct=True) for _ in range(3)]
            async with start(server=server) as matrix, asyncio.timeout(30):
                while len((await progress.load(matrix.service.store, bot)).invites) != 2:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            async with start(server=server) as matrix:
                for room in rooms:
                    await anna.joined_by(bot, room)
                    await anna.says("policija aa", room)
                for room in rooms:
                    await anna.hears(POLICE, room)
    finally:
        await asyncio.to_thread(server.close)
