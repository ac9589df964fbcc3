"""Events as a homeserver brings them, decrypted, made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from adapters.matrix.choices import FIELD
from adapters.matrix.incoming import Asked, Event, Redacted, read, wanted
from adapters.matrix.me import Me
from adapters.matrix.news import RoomNews
from adapters.matrix.owners import Powers
from adapters.matrix.room import RoomView

SELIS, ILZE, ANNA, OTHER = "@selis:example.org", "@ilze:example.org", "@anna:example.com", "@otherbot:example.org"
ME = Me(
    user_id=SELIS,
    device_id="DEVICE",
    display_name="Sēlis",
    knows=lambda text: text.split()[0] in {"/novads", "/palidziba", "/palīdzība", "/par"},
)
DIRECT = RoomView(room_id="!direct", direct=True, encrypted=True)
GROUP = RoomView(room_id="!group", powers=Powers(users={ILZE: 100}))
NOW = 1_795_000_000_000
Json = dict[str, Any]
_ids = count(1)


def event(kind: str, content: Any, sender: str = ILZE, **more: Any) -> Json:
    made = {
        "type": kind, "content": content, "sender": sender, "event_id": f"$e{next(_ids)}", "origin_server_ts": NOW,
        "unsigned": {"age": 5},
    }  # fmt: skip
    return made | more


def state(kind: str, content: Json, key: str = "", sender: str = ILZE, **more: Any) -> Json:
    return event(kind, content, sender, state_key=key, **more)


def text(body: str, html: str = "", *, mentions: list[str] | None = None, **more: Any) -> Json:
    """The content of a message; `mentions` as current clients write them, None as older ones."""
    made: Json = {"msgtype": "m.text", "body": body}
    if html:
        made |= {"format": "org.matrix.custom.html", "formatted_body": html}
    if mentions is not None:
        made["m.mentions"] = {"user_ids": mentions} if mentions else {}
    return made | more


def message(body: str, html: str = "", *, sender: str = ILZE, **more: Any) -> Json:
    return event("m.room.message", text(body, html, **more), sender)


def notice(body: str, *choices: str, sender: str = SELIS, **more: Any) -> Json:
    return event("m.room.message", {"msgtype": "m.notice", "body": body, FIELD: list(choices)} | more, sender)


def answering(to: Json) -> Json:
    return {"m.relates_to": {"m.in_reply_to": {"event_id": to["event_id"]}}}


def in_thread(root: str, answers: str = "", *, falls_back: bool = True) -> Json:
    relation = {"rel_type": "m.thread", "event_id": root, "is_falling_back": falls_back}
    return {"m.relates_to": relation | {"m.in_reply_to": {"event_id": answers or root}}}


def reaction(to: Json, key: Any, sender: str = ANNA) -> Json:
    relation = {"rel_type": "m.annotation", "event_id": to["event_id"], "key": key}
    return event("m.reaction", {"m.relates_to": relation}, sender)


def edit(of: Json, body: str, sender: str = ILZE, **more: Any) -> Json:
    content = text(f"* {body}") | {
        "m.new_content": text(body, **more),
        "m.relates_to": {"rel_type": "m.replace", "event_id": of["event_id"]},
    }
    return event("m.room.message", content, sender)


def understood(of: Any, room: RoomView = DIRECT, *known: Json) -> Asked | RoomNews | Redacted | None:
    """What comes of an event where these others can be had from the server."""
    on_server = {one["event_id"]: one for one in known}
    others: dict[str, Event | None] = {}
    while needed := wanted(of, room, ME, others):
        others[needed] = on_server.get(needed)
    return read(of, room, ME, others)


def asked(of: Json, room: RoomView = DIRECT, *known: Json) -> Asked:
    found = understood(of, room, *known)
    assert isinstance(found, Asked), found
    return found


def words(of: Json, room: RoomView = DIRECT, *known: Json) -> str | None:
    """The words that come through; None where nothing does."""
    found = understood(of, room, *known)
    return found.message.text if isinstance(found, Asked) else None


def needs(of: Mapping[str, Any], room: RoomView = DIRECT) -> str:
    return wanted(of, room, ME, {})
