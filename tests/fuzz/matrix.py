"""Matrix' events: whatever a stranger writes into one, a sync that holds it is taken in, and reading never fails."""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import nio

from adapters.matrix.client import Client
from adapters.matrix.facts import Facts
from adapters.matrix.incoming import Asked, quoted, said_by
from adapters.matrix.invites import invitation
from adapters.matrix.since import answerable
from adapters.matrix.sound import sound
from tests.adapters.matrix.events import (
    ANNA,
    ILZE,
    ME,
    SELIS,
    Json,
    answering,
    edit,
    event,
    in_thread,
    message,
    notice,
    reaction,
    state,
    understood,
)  # fmt: skip
from tests.fuzz.target import Target, as_json, json_seeds

ROOM, NEW = "!room:example.org", "!new:example.org"
OURS = notice("Kuru?", "t:aa::", "!useful:e")
HERS = message("Sēlis: dome", '<a href="https://matrix.to/#/@selis:example.org">Sēlis</a>: dome', mentions=[SELIS])
SECRET = {
    "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgAEn", "device_id": "D", "sender_key": "k", "session_id": "s",
}  # fmt: skip
EVENTS: list[Json] = [
    OURS,
    HERS,
    edit(HERS, "Sēlis: duma"),
    reaction(OURS, "1️⃣"),
    message("> <@a:b> x\n\nJā", **answering(OURS)),
    message("Sēlis, jā", **in_thread("$root")),
    event("m.room.message", {"msgtype": "m.image", "body": "a.jpg", "url": "mxc://a/b", "info": {"size": 5}}),
    event("m.room.message", {"msgtype": "m.location", "body": "šeit", "geo_uri": "geo:55.9,27.1;u=3"}),
    event("m.sticker", {"body": "x", "url": "mxc://a/b", "info": {}}),
    event("m.room.redaction", {"redacts": "$a"}, redacts="$a"),
    event("m.room.encrypted", SECRET),
    state("m.room.member", {"membership": "join", "displayname": "Sēlis"}, SELIS),
    state("m.room.member", {"membership": "invite", "is_direct": True}, SELIS),
    state("m.room.power_levels", {"users": {ILZE: 100}, "users_default": 0, "events": {}, "state_default": 50}),
    state("m.room.create", {"type": "m.space", "room_version": "11"}),
    state("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}),
    state("m.room.name", {"name": "Ciems"}),
    state("m.room.tombstone", {"replacement_room": "!new:a", "body": "x"}),
    event("m.room_key_request", {"action": "request", "requesting_device_id": "D", "request_id": "1"}),
]


def seeds() -> list[bytes]:
    """Each kind of event that means anything, and changes to them."""
    return json_seeds(EVENTS)


def told(made: Any, said: Any) -> Json:
    """What a homeserver tells of an event: it stands in a room, in an invite and among messages between devices."""
    return {
        "next_batch": "s2",
        "device_one_time_keys_count": {},
        "rooms": {
            "join": {
                ROOM: {
                    "timeline": {"events": [HERS, made, HERS], "limited": False, "prev_batch": "s1"},
                    "state": {"events": [said]},
                    "ephemeral": {"events": []},
                    "account_data": {"events": []},
                }
            },
            "invite": {NEW: {"invite_state": {"events": [made, said]}}},
            "leave": {},
        },
        "to_device": {"events": [made]},
        "presence": {"events": []},
    }


async def taken_in(made: Any, said: Any) -> None:
    """Take a sync in as the adapter does, up to what is handed to the dialogue."""
    client = Client("http://127.0.0.1:1", SELIS, device_id="DEVICE")
    client.user_id = SELIS
    facts = Facts(me=ME)
    body = told(made, said)
    answer = nio.SyncResponse.from_dict(sound(copy.deepcopy(body)))
    assert isinstance(answer, nio.SyncResponse), "one event made the whole answer unreadable"
    await client.receive_response(answer)
    room = answer.rooms.join[ROOM]
    facts.note(ROOM, [one.source for one in room.state])
    read = 0
    for one, _ in answerable(room.timeline.events, ROOM, ME, first=False):
        facts.note(ROOM, [one.source])
        found = understood(one.source, facts.view(ROOM), OURS, HERS)
        read += isinstance(found, Asked)
        if isinstance(found, Asked):
            quoted(found.message.id), said_by(found.message.id)
        facts.view(ROOM).powers.owns(ANNA)
    assert read >= 2 or facts.view(ROOM).own_name != ME.display_name, "what stood beside it was not understood"
    for room_id, invite in body["rooms"]["invite"].items():
        invitation(room_id, invite["invite_state"]["events"], ME)


def take(data: bytes) -> None:
    """Take in an event, and the same as a part of the room's state."""
    try:
        made = as_json(data, EVENTS)
    except ValueError:
        return
    asyncio.run(taken_in(made, made))


@contextmanager
def opened() -> Iterator[Target]:
    """The target; nothing has to be started for it. What nio says of events that are not sound is as silent as ever."""
    logging.getLogger("nio").setLevel(logging.CRITICAL)
    yield take
