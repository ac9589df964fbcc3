"""What becomes of Sēlis in a room: in, out; and rooms that are replaced by others. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adapters.matrix.fields import mapping, name
from adapters.matrix.me import Me, server_of


class Became(StrEnum):
    """What happened to Sēlis in a room, or to the room."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomNews:
    """News of a room. `id` is unique within the chat; `to` is the room that replaces it, and `via` servers that know
    that one; `by` is whoever did it (ourselves, where we joined or left).
    """

    became: Became
    chat: str
    id: str = ""
    to: str = ""
    via: tuple[str, ...] = ()
    by: str = ""


def news_of(event: Mapping[str, Any], room_id: str, me: Me) -> RoomNews | None:
    """What an event of a room's state means; None for all that changes nothing for Sēlis."""
    match event.get("type"):
        case "m.room.member" if event.get("state_key") == me.user_id:
            return _membership(event, room_id)
        case "m.room.tombstone" if event.get("state_key") == "":
            return _replaced(event, room_id)
        case _:
            return None


def _membership(event: Mapping[str, Any], room_id: str) -> RoomNews | None:
    """Our own: others come and go without it mattering to us."""
    unsigned = mapping(event.get("unsigned"))
    before = mapping(unsigned.get("prev_content") or event.get("prev_content")).get("membership")
    match mapping(event.get("content")).get("membership"):
        case "join" if before != "join":
            became = Became.ADDED
        case "leave" | "ban":
            became = Became.REMOVED
        case _:
            # Another name or picture of ours, an invite (see `invites`), a knock.
            return None
    return RoomNews(became=became, chat=room_id, id=name(event.get("event_id")), by=name(event.get("sender")))


def _replaced(event: Mapping[str, Any], room_id: str) -> RoomNews | None:
    to, by = name(mapping(event.get("content")).get("replacement_room")), name(event.get("sender"))
    if not to or to == room_id:
        # A room that was closed, and is not replaced.
        return None
    # An id does not tell where the room can be found: whoever made it is in it, and old ids name a server.
    via = dict.fromkeys(server for server in (server_of(by), server_of(to)) if server)
    return RoomNews(became=Became.MOVED, chat=room_id, id=name(event.get("event_id")), to=to, via=tuple(via), by=by)
