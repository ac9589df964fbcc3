"""Facts: what is known of the rooms by their state, and which of them are direct."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import nio

from adapters.matrix.fields import mapping, name, sequence, whole
from adapters.matrix.me import Me
from adapters.matrix.owners import powers
from adapters.matrix.room import RoomView

DIRECT = "m.direct"
_MOST_MESSAGES, _AN_HOUR, _A_WEEK = 100, 3_600_000, 7 * 24 * 3_600_000


@dataclass(slots=True, kw_only=True)
class _Room:
    levels: Mapping[str, Any] | None = None
    create: Mapping[str, Any] = field(default_factory=dict)
    own_name: str = ""
    encryption: Mapping[str, Any] | None = None
    replaced_by: str = ""


@dataclass(slots=True, kw_only=True)
class Facts:
    """Nothing of it is kept: the first sync after a start tells all of it."""

    me: Me
    direct: dict[str, list[str]] = field(default_factory=dict)
    """Rooms by the person that is talked to there alone, as the account's `m.direct` has it."""
    _rooms: dict[str, _Room] = field(default_factory=dict, init=False)

    def note(self, room_id: str, events: Iterable[Any]) -> None:
        """Take in what events (as JSON) say of a room's state."""
        room = self._rooms.setdefault(room_id, _Room())
        for event in map(mapping, events):
            content = mapping(event.get("content"))
            match event.get("type"), event.get("state_key"):
                case "m.room.power_levels", "":
                    room.levels = content
                case "m.room.create", "":
                    room.create = event
                case "m.room.encryption", "":
                    room.encryption = content
                case "m.room.tombstone", "":
                    room.replaced_by = name(content.get("replacement_room"))
                case "m.room.member", self.me.user_id:
                    room.own_name = name(content.get("displayname"))

    def note_account(self, events: Iterable[Any]) -> None:
        """Take in what the account's own data say."""
        for event in events:
            if isinstance(event, nio.UnknownAccountDataEvent) and event.type == DIRECT:
                content = mapping(event.content)
                self.direct = {
                    name(person): [name(room) for room in sequence(rooms)] for person, rooms in content.items()
                }

    def with_direct(self, room_id: str, person: str) -> dict[str, list[str]]:
        """What `m.direct` has to be for a room to be one with this person."""
        rooms = self.direct.get(person, [])
        return self.direct | {person: rooms if room_id in rooms else [*rooms, room_id]}

    def without(self, room_id: str) -> dict[str, list[str]]:
        """What `m.direct` has to be once a room is gone."""
        left = {person: [one for one in rooms if one != room_id] for person, rooms in self.direct.items()}
        return {person: rooms for person, rooms in left.items() if rooms}

    def person_of(self, room_id: str) -> str:
        """Who is talked to alone in a room; empty where it is no direct room."""
        return next((person for person, rooms in self.direct.items() if room_id in rooms), "")

    def rotation(self, room_id: str) -> tuple[int, timedelta]:
        """For how many messages and how long one key is used in a room: 100 and a week, where it does not want less."""
        wants = mapping(self._rooms.get(room_id, _Room()).encryption)
        messages, millis = whole(wants.get("rotation_period_msgs")), whole(wants.get("rotation_period_ms"))
        messages = _MOST_MESSAGES if messages is None else min(max(messages, 1), _MOST_MESSAGES)
        # Changing it all the time would keep everybody busy with keys.
        millis = _A_WEEK if millis is None else min(max(millis, _AN_HOUR), _A_WEEK)
        return messages, timedelta(milliseconds=millis)

    def replaced_by(self, room_id: str) -> list[str]:
        """The rooms that say of themselves that this one replaces them."""
        return [old for old, room in self._rooms.items() if room_id and room.replaced_by == room_id != old]

    def forget(self, room_id: str) -> None:
        """We are in a room no longer."""
        self._rooms.pop(room_id, None)

    def view(self, room_id: str) -> RoomView:
        """A room as it is now."""
        room = self._rooms.get(room_id, _Room())
        return RoomView(
            room_id=room_id,
            direct=bool(self.person_of(room_id)),
            encrypted=room.encryption is not None,
            own_name=room.own_name,
            powers=powers(room.levels, room.create),
        )
