"""Invites: whose Sēlis follows, by SELIS_MATRIX_INVITES, and how many. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from adapters.matrix.fields import mapping, name
from adapters.matrix.me import Me, server_of
from bot.errors import SettingsError

SETTING = "SELIS_MATRIX_INVITES"
OWN, ANYONE = "own", "anyone"
_SERVER = re.compile(r"(?:[0-9A-Za-z.-]{1,230}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invites:
    """Whose invites are followed: those of people on `servers`, or everybody's where that is None."""

    servers: frozenset[str] | None

    def allows(self, inviter: str) -> bool:
        """Whether an invite of this person is followed."""
        server = server_of(inviter).lower()
        return bool(server) and (self.servers is None or server in self.servers)


def parse_invites(text: str, own_server: str) -> Invites:
    """The policy of "own", of "anyone", or of the names of servers with commas between them ("own" may be one).

    Raises:
        SettingsError: a part is no name of a server.
    """
    parts = [part.strip().lower() for part in text.split(",") if part.strip()] or [OWN]
    if ANYONE in parts:
        if len(parts) > 1:
            raise SettingsError(SETTING, f'"{ANYONE}" leaves nobody out: write it alone, or the servers alone')
        return Invites(servers=None)
    for part in parts:
        if part != OWN and not _SERVER.fullmatch(part):
            raise SettingsError(
                SETTING, f'{part!r} is no server: write "{OWN}", "{ANYONE}", or example.org,example.com'
            )
    return Invites(servers=frozenset(own_server.lower() if part == OWN else part for part in parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invite of ours. `direct` is whether the inviter means to talk to Sēlis alone, `space` that it is no room to
    talk in, `via` servers that know the room.
    """

    room_id: str
    inviter: str
    direct: bool = False
    space: bool = False
    via: tuple[str, ...] = ()


def invitation(room_id: str, state: Iterable[object], me: Me) -> Invitation | None:
    """The invite in the stripped state of a room (`invite_state.events`); None where nobody invited us."""
    found: Invitation | None = None
    space = False
    for event in map(mapping, state):
        content = mapping(event.get("content"))
        if event.get("type") == "m.room.create":
            space = content.get("type") == "m.space"
        elif event.get("type") == "m.room.member" and event.get("state_key") == me.user_id:
            # The members who are shown along with an invite have events of their own.
            invited, inviter = content.get("membership") == "invite", name(event.get("sender"))
            direct = content.get("is_direct") is True
            found = Invitation(room_id=room_id, inviter=inviter, direct=direct) if invited and inviter else None
    return Invitation(room_id=room_id, inviter=found.inviter, direct=found.direct, space=space) if found else None


class Verdict(StrEnum):
    """What is done with an invite."""

    JOIN = "join"
    LATER = "later"
    """Too many at once: it is kept, and looked at again."""
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How much is followed at most. `people` are those in one room; a larger one is left again."""

    rooms: int = 2_000
    rooms_an_hour: int = 200
    of_one_person_an_hour: int = 10
    people: int = 10_000

    def holds(self, people: int) -> bool:
        """Whether a room with so many people is not too large."""
        return people <= self.people


@dataclass(slots=True, kw_only=True)
class Door:
    """Decides on invites, and remembers for an hour whose it let in."""

    invites: Invites
    caps: Caps = field(default_factory=Caps)
    _let_in: list[tuple[datetime, str]] = field(default_factory=list, init=False)

    def verdict(self, of: Invitation, rooms: int, now: datetime) -> Verdict:
        """What is to be done with an invite while Sēlis sits in so many rooms; a join counts from now on."""
        if of.space or not self.invites.allows(of.inviter) or rooms >= self.caps.rooms:
            return Verdict.REFUSE
        # A clock that was set back must not keep the door shut.
        self._let_in = [one for one in self._let_in if abs(now - one[0]) < timedelta(hours=1)]
        if sum(person == of.inviter for _, person in self._let_in) >= self.caps.of_one_person_an_hour:
            return Verdict.REFUSE
        if len(self._let_in) >= self.caps.rooms_an_hour:
            return Verdict.LATER
        self._let_in.append((now, of.inviter))
        return Verdict.JOIN
