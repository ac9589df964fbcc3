"""Sēlis in groups on Matrix, end to end."""

from __future__ import annotations

import asyncio

import nio
import pytest
from sqlalchemy import func, select

from bot.store.schema import groups
from tests.adapters.matrix.street import DESK, DESK_BB, POLICE, Street, content, read_by

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def kept_rooms(street: Street) -> int:
    """How many groups have settings in the database."""
    async with street.matrix.service.store.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(groups))).scalar_one())


async def test_it_is_silent_unless_mentioned(street: Street) -> None:
    anna, berta = street.anna, street.berta
    room = await street.group()
    (hello,) = anna.messages(room)
    assert "!novads" in hello.body
    await anna.says("policija aa", room)
    question = await anna.sends(room, street.mention("klientu centrs aa"))
    answer = await anna.hears(DESK, room)
    assert (await berta.hears(DESK, room)).decrypted
    assert content(answer)["m.mentions"] == {"user_ids": [anna.user_id]}
    assert content(answer)["m.relates_to"]["m.in_reply_to"]["event_id"] == question
    assert len(anna.messages(room)) == 2


async def test_it_answers_in_the_thread_of_the_question(street: Street) -> None:
    anna = street.anna
    room = await street.group()
    root = await anna.says("vai kāds zina?", room)
    relation = {"rel_type": "m.thread", "event_id": root}
    await anna.sends(room, {**street.mention("policija aa"), "m.relates_to": relation})
    answer = await anna.hears(POLICE, room)
    assert content(answer)["m.relates_to"]["rel_type"] == "m.thread"
    assert content(answer)["m.relates_to"]["event_id"] == root


async def test_an_answer_to_it_is_to_it(street: Street) -> None:
    anna, berta = street.anna, street.berta
    room = await street.group()
    await anna.sends(room, street.mention("policija aa"))
    answer = await berta.hears(POLICE, room)
    relation = {"m.in_reply_to": {"event_id": answer.event_id}}
    await berta.says("klientu centrs aa", room, **{"m.relates_to": relation})
    await berta.hears(DESK, room)


async def test_who_comes_late_can_read_what_follows(street: Street) -> None:
    anna = street.anna
    room = await street.group()
    await anna.sends(room, street.mention("policija aa"))
    await anna.hears(POLICE, room)
    dace = await street.moves()
    invited = await anna.client.room_invite(room, dace.user_id)
    assert isinstance(invited, nio.RoomInviteResponse)
    await dace.join(room)
    await anna.joined_by(dace.user_id, room)
    await anna.sends(room, street.mention("klientu centrs aa"))
    assert (await dace.hears(DESK, room)).decrypted


async def test_its_owners_say_where_a_group_is_at_home(street: Street) -> None:
    anna, berta = street.anna, street.berta
    room = await street.group()
    await berta.says("!novads bē", room)
    await berta.until(lambda: len(berta.messages(room)) > 1)
    await anna.says("!novads bē", room)
    await anna.until(lambda: len(anna.messages(room)) > 2)
    await berta.sends(room, street.mention("klientu centrs"))
    await berta.hears(DESK_BB, room)


@pytest.mark.parametrize("invited", [False, True])
async def test_a_room_that_is_replaced_is_followed_with_its_settings(invited: bool, street: Street) -> None:
    anna = street.anna
    room = await street.group()
    if not invited:
        await anna.client.room_put_state(room, "m.room.join_rules", {"join_rule": "public"})
    await anna.says("!novads bē", room)
    await anna.until(lambda: len(anna.messages(room)) > 1)
    path = f"/_matrix/client/v3/rooms/{room}/upgrade"
    made = street.synapse.call("POST", path, {"new_version": "11"}, token=anna.client.access_token)
    new = made["replacement_room"]
    if invited:
        # As clients do it: whoever was there is invited, some time after the room was replaced. Nobody answers there.
        question = await anna.sends(room, street.mention("policija aa"))
        await anna.until(lambda: question in read_by(anna, room, street.bot))
        await anna.client.room_invite(new, street.bot)
    await anna.until(lambda: new in anna.client.rooms)
    await anna.joined_by(street.bot, new)
    await anna.until(lambda: anna.messages(new))
    await anna.sends(new, street.mention("klientu centrs"))
    await anna.hears(f"Tālrunis: {DESK_BB}", new)
    await anna.until(lambda: street.bot not in anna.client.rooms[room].users)


async def test_nothing_is_kept_of_a_room_it_was_thrown_out_of(street: Street) -> None:
    anna = street.anna
    before = await kept_rooms(street)
    room = await street.group()
    await anna.says("!novads bē", room)
    await anna.until(lambda: len(anna.messages(room)) > 1)
    assert await kept_rooms(street) == before + 1
    await anna.client.room_kick(room, street.bot)
    async with asyncio.timeout(30):
        while await kept_rooms(street) != before:
            await anna.sync()


async def test_whose_invites_are_not_wanted_is_refused(street: Street) -> None:
    stranger = await street.moves()
    room = await stranger.room(name="Telpa")
    content = {"type": "m.space"}
    made = street.synapse.call(
        "POST", "/_matrix/client/v3/createRoom",
        {"creation_content": content, "invite": [street.bot]}, token=stranger.client.access_token,
    )  # fmt: skip
    space = made["room_id"]
    await stranger.until(lambda: space in stranger.client.rooms and room in stranger.client.rooms)
    await stranger.until(lambda: street.bot not in stranger.client.rooms[space].users)
