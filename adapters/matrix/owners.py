"""Owners: who may set things for a group, by the power levels of its room. Pure.

Who may change the room itself (its name, its settings) may set its municipality: that is `state_default`, 50 where the
room says nothing else. Where a room lets everybody change it, the owners are those with 50 or more all the same, as
otherwise every passer-by would be one. From room version 12 on creators stand above all levels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.matrix.fields import mapping, name, sequence, whole

MODERATOR = 50
"""The level at which a room begins to trust somebody, by the specification's defaults."""
_CREATOR = 100
_CREATORS_ABOVE_ALL = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """The power levels of a room. `creators` are above all of them."""

    users: Mapping[str, int] = field(default_factory=dict)
    users_default: int = 0
    state_default: int = MODERATOR
    creators: frozenset[str] = frozenset()

    def owns(self, person: str) -> bool:
        """Whether a person owns the group."""
        level = self.users.get(person, self.users_default)
        return person in self.creators or level >= max(self.state_default, MODERATOR)


def powers(levels: Mapping[str, Any] | None, create: Mapping[str, Any]) -> Powers:
    """The powers by the content of `m.room.power_levels` (None: the room has none) and the whole `m.room.create`."""
    create, content = mapping(create), mapping(mapping(create).get("content"))
    creator = name(create.get("sender")) or name(content.get("creator"))
    if (whole(content.get("room_version")) or 1) >= _CREATORS_ABOVE_ALL:
        others = (name(one) for one in sequence(content.get("additional_creators")))
        above = frozenset(one for one in (creator, *others) if one)
    else:
        above = frozenset()
    if levels is None:
        return Powers(users={creator: _CREATOR} if creator else {}, creators=above)
    levels = mapping(levels)
    found = {person: whole(value) for person, value in mapping(levels.get("users")).items()}
    state = whole(levels.get("state_default"))
    return Powers(
        users={person: level for person, level in found.items() if level is not None},
        users_default=whole(levels.get("users_default")) or 0,
        state_default=MODERATOR if state is None else state,
        creators=above,
    )
