"""Rooms that are too large, and invites that are too many, on a real Synapse."""

from __future__ import annotations

from adapters.matrix.invites import Caps
from tests.adapters.matrix.conftest import Move, Start


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
