"""Sēlis on Matrix after a restart, when keys are missing, and when the server is away or wants to be left alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import nio
import pytest

from adapters.matrix import receive, sync
from bot.retry import RetryPolicy
from bot.store.errors import StoreUnavailableError, Trouble
from tests.adapters.matrix.conftest import Move, Start, until
from tests.adapters.matrix.street import DESK, DESK_BB, PASSWORD, POLICE
from tests.servers.relay import Relay
from tests.servers.resident import Resident
from tests.servers.synapse import Synapse

QUICK = RetryPolicy(longest=timedelta(milliseconds=300))
UNREADABLE = "nevaru izlasīt"


async def alone(anna: Resident, bot: str, *, encrypted: bool = True) -> str:
    room = await anna.room(bot, encrypted=encrypted, direct=True)
    await anna.joined_by(bot, room)
    return room


def devices(anna: Resident, bot: str) -> list[str]:
    """The devices that Sēlis has, as far as somebody knows."""
    return [device.id for device in anna.client.device_store.active_user_devices(bot)]


async def test_what_was_asked_meanwhile_is_answered_by_the_same_device(start: Start, resident: Move, bot: str) -> None:
    anna = await resident()
    async with start():
        room = await alone(anna, bot)
        await anna.says("policija aa", room)
        await anna.hears(POLICE, room)
    await anna.says("klientu centrs aa", room)
    async with start():
        await anna.hears(DESK, room)
        await anna.says("klientu centrs bē", room)
        await anna.hears(DESK_BB, room)
    assert len(anna.messages(room)) == 3
    assert len(devices(anna, bot)) == 1


async def test_an_invite_that_came_meanwhile_is_followed(start: Start, resident: Move, bot: str) -> None:
    anna = await resident()
    room = await anna.room(bot, encrypted=True, direct=True)
    await anna.says("policija aa", room)
    async with start():
        await anna.joined_by(bot, room)
        await anna.says("klientu centrs aa", room)
        await anna.hears(DESK, room)


async def test_more_messages_than_a_server_tells_at_once(
    start: Start, resident: Move, bot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "_NEWS", sync._filter(4))
    monkeypatch.setattr(sync, "_PAGE", 4)
    anna = await resident()
    async with start():
        room = await alone(anna, bot)
        await anna.says("policija aa", room)
        await anna.hears(POLICE, room)
    await anna.says("klientu centrs aa", room)
    for number in range(12):
        await anna.sends(room, {"msgtype": "m.notice", "body": str(number)})
    await anna.says("klientu centrs bē", room)
    async with start():
        await anna.hears(DESK_BB, room)
    bodies = [message.body for message in anna.messages(room)]
    assert len(bodies) == 3
    assert DESK in bodies[1]


async def test_messages_of_half_a_day_ago_get_one_apology(
    start: Start, resident: Move, bot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await resident()
    async with start():
        room = await alone(anna, bot)
    for text in ("policija aa", "klientu centrs aa"):
        await anna.says(text, room)
    with monkeypatch.context() as later:
        later.setattr(receive, "is_too_old", lambda _, message: "klientu centrs bē" not in message.text)
        async with start():
            await anna.until(lambda: anna.messages(room))
            await anna.says("klientu centrs bē", room)
            await anna.hears(DESK_BB, room)
    first, _ = anna.messages(room)
    assert "nebiju sasniedzams" in first.body


async def says_in_secret(anna: Resident, bot: str, text: str, room: str) -> str:
    """Say something that Sēlis gets no key for; give that key, with its id before it."""
    client = anna.client
    (device,) = client.device_store.active_user_devices(bot)
    client.invalidate_outbound_session(room)
    client.blacklist_device(device)
    await client.share_group_session(room, ignore_unverified_devices=True)
    session = client.olm.outbound_group_sessions[room]
    key = f"{session.id} {session.session_key}"
    await anna.says(text, room)
    client.unblacklist_device(device)
    return key


async def gives_key(anna: Resident, bot: str, key: str, room: str) -> None:
    """Let Sēlis have a key after all."""
    olm = anna.client.olm
    (device,) = anna.client.device_store.active_user_devices(bot)
    session_id, _, session_key = key.partition(" ")
    content = {"algorithm": "m.megolm.v1.aes-sha2", "room_id": room, "session_id": session_id}
    encrypted = olm._olm_encrypt(
        olm.session_store.get(device.curve25519), device, "m.room_key", content | {"session_key": session_key}
    )
    message = nio.event_builders.ToDeviceMessage("m.room.encrypted", device.user_id, device.id, encrypted)
    await anna.client.to_device(message)


async def test_what_cannot_be_read_is_told_once_and_answered_when_the_key_comes(
    start: Start, resident: Move, bot: str, relay: Relay
) -> None:
    anna = await resident()
    relay.plan("GET", "/.well-known", status=404, times=2)
    async with start(hint_after=0.1, server=relay) as matrix:
        room = await alone(anna, bot)
        await anna.says("policija aa", room)
        await anna.hears(POLICE, room)
        for _ in range(2):
            key = await says_in_secret(anna, bot, "klientu centrs aa", room)
        hint = await anna.hears(UNREADABLE, room)
        assert not hint.decrypted
        assert matrix.health().undecrypted == 2
    # Its waiting outlives a restart.
    async with start(hint_after=0.1, server=relay) as matrix:
        await gives_key(anna, bot, key, room)
        await anna.hears(DESK, room)
        assert matrix.health().stepped_over["decrypted late"] == 1
        await anna.says("klientu centrs bē", room)
        await anna.hears(DESK_BB, room)
    bodies = [message.body for message in anna.messages(room)]
    assert sum(UNREADABLE in body for body in bodies) == 1
    # For each of the two keys the writer's device and our own others are asked, once.
    assert sum("m.room_key_request" in path for _, path in relay.calls) == 4


async def test_a_server_that_goes_away_and_comes_back(bot: str, start: Start, resident: Move, synapse: Synapse) -> None:
    anna = await resident()
    async with start() as matrix:
        matrix.troubles.policy = QUICK
        room = await alone(anna, bot)
        await asyncio.to_thread(synapse.stop)
        await until(lambda: matrix.troubles.now == "network")
        await asyncio.to_thread(synapse.start)
        await anna.says("policija aa", room)
        await anna.hears(POLICE, room)
        await until(lambda: not matrix.troubles.now)


async def test_a_server_that_falls_silent_is_asked_anew(
    start: Start, resident: Move, bot: str, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "_LATE_SECONDS", 0.2)
    anna = await resident()
    relay.plan("GET", "/.well-known", status=404)
    async with start(server=relay) as matrix:
        matrix.troubles.policy = QUICK
        room = await alone(anna, bot)
        relay.plan("GET", "/sync$", hangs=True)
        await until(lambda: matrix.troubles.now == "network")
        await anna.says("policija aa", room)
        await anna.hears(POLICE, room)
        await until(lambda: not matrix.troubles.now)


async def test_a_server_that_wants_to_be_left_alone(bot: str, start: Start, resident: Move, synapse: Synapse) -> None:
    """Answers come as fast as it lets them; meanwhile people see that somebody writes."""
    anna = await resident()

    def types() -> bool:
        return bot in anna.client.rooms[room].typing_users

    async with start() as matrix:
        room = await alone(anna, bot)
        await anna.says("policija aa", room)
        await anna.hears(POLICE, room)
        path = f"/_synapse/admin/v1/users/{bot}/override_ratelimit"
        synapse.admin("POST", path, {"messages_per_second": 1, "burst_count": 1})
        for text in ("klientu centrs aa", "policija aa", "klientu centrs bē"):
            await anna.says(text, room)
        await anna.until(types)
        await anna.hears(DESK_BB, room)
        await anna.until(lambda: not types())
        assert matrix.health().figures["limited"] > 0
    assert len(anna.messages(room)) == 4


async def test_messages_stay_with_the_server_while_the_database_is_away(
    bot: str, start: Start, resident: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await resident()
    async with start() as matrix:
        matrix.troubles.policy = QUICK
        room = await alone(anna, bot)
        dialogue, failures = matrix.service.dialogue, 3
        kept = type(dialogue)._kept

        async def fails(*given: object) -> object:
            nonlocal failures
            failures -= 1
            if failures >= 0:
                raise StoreUnavailableError(Trouble.LOCKED, "locked")
            return await kept(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(type(dialogue), "_kept", fails)
        await anna.says("policija aa", room)
        await anna.hears(POLICE, room)
    assert len(anna.messages(room)) == 1


async def test_a_token_that_was_taken_away_is_replaced_by_logging_in(
    bot: str, start: Start, resident: Move, synapse: Synapse, tmp_path: Path
) -> None:
    anna = await resident()
    async with start():
        room = await alone(anna, bot)
        await anna.says("policija aa", room)
        await anna.hears(POLICE, room)
        (before,) = devices(anna, bot)
        synapse.call("POST", "/_matrix/client/v3/logout/all", {}, token=synapse.token(bot, PASSWORD))
        # Its device went with its token: it comes back as another.
        await anna.until(lambda: devices(anna, bot) and before not in devices(anna, bot))
        await anna.says("klientu centrs aa", room)
        await anna.hears(DESK, room)
