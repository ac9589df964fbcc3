"""Rooms: joining where Sēlis is invited, following rooms that move, and leaving nothing behind where it is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from adapters.logs import logger
from adapters.matrix.answers import answered
from adapters.matrix.api import join, keep_account_data
from adapters.matrix.client import Client
from adapters.matrix.errors import LimitExceededError, MatrixError, RefusedError
from adapters.matrix.facts import DIRECT, Facts
from adapters.matrix.fields import mapping, sequence
from adapters.matrix.invites import Door, Invitation, Verdict, invitation
from adapters.matrix.me import NETWORK, Me
from adapters.matrix.news import RoomNews
from adapters.matrix.progress import Open
from bot.chats import Chats

TRY_AGAIN = timedelta(minutes=5)
GIVE_UP = timedelta(days=2)
"""An invite that could not be followed for so long is forgotten; whoever sent it has long seen that nobody came."""
_log = logger("matrix")


@dataclass(slots=True, kw_only=True)
class Rooms:
    """`clock` gives aware UTC times. `open` are invites that could not be followed so far."""

    client: Client
    me: Me
    facts: Facts
    door: Door
    chats: Chats
    clock: Callable[[], datetime]
    open: list[Open] = field(default_factory=list)
    _tried: datetime | None = field(default=None, init=False)
    _limited_until: datetime | None = field(default=None, init=False)
    """Servers count the joins of an account together: until then none would be let through."""

    async def invited(self, told: Mapping[str, Any]) -> None:
        """Follow invites (as JSON) by the policy, or refuse them.

        The server tells of each once. One that cannot be followed now is left open.

        Raises:
            StoreUnavailableError: the settings of a room that was replaced could not be moved.
        """
        for room_id, info in told.items():
            state = mapping(mapping(info).get("invite_state")).get("events")
            found = invitation(room_id, sequence(state), self.me)
            if found is None:
                continue
            match self.door.verdict(found, len(self.client.rooms), self.clock()):
                case Verdict.JOIN:
                    await self._join(found)
                case Verdict.LATER:
                    self.open = [one for one in self.open if one.room != room_id]
                    self._leave_open(found)
                case Verdict.REFUSE:
                    _log.info("an invite is refused", settings="SELIS_MATRIX_INVITES")
                    await self._leave(room_id)

    async def try_again(self) -> None:
        """Follow the invites that could not be followed: when the server said, or else now and then.

        Raises:
            StoreUnavailableError: as `invited`.
        """
        now = self.clock()
        if not self.open or self._is_limited():
            return
        if self._limited_until is None and self._tried is not None and now - self._tried < TRY_AGAIN:
            return
        self._tried, self._limited_until = now, None
        self.open = [one for one in self.open if now - one.came < GIVE_UP]
        # Those that came all at once are followed some at a time: as many an hour as the caps allow.
        some = self.door.caps.rooms_an_hour * TRY_AGAIN // timedelta(hours=1) or 1
        for one in self.open[:some]:
            to = Invitation(room_id=one.room, inviter=one.inviter, direct=one.direct, via=one.via)
            await self._join(to, came=one.came)

    async def too_large(self, people: Mapping[str, int]) -> list[str]:
        """Leave the rooms of these that have more people than the caps allow, and give their ids."""
        large = [room_id for room_id, number in people.items() if not self.door.caps.holds(number)]
        for room_id in large:
            _log.warning("a room has too many people for Sēlis, and is left", most=self.door.caps.people)
            await self._leave(room_id)
        return large

    async def left(self, room_ids: Iterable[str]) -> None:
        """Sēlis is in these rooms no longer: nothing of them is kept.

        Raises:
            StoreUnavailableError: not all of it is deleted.
        """
        for room_id in room_ids:
            await self.chats.left(NETWORK, room_id)
            self.open = [one for one in self.open if one.room != room_id]
            await self._forget(room_id)

    async def moved(self, news: RoomNews) -> None:
        """Follow a room to the one that replaces it, with its settings.

        Raises:
            StoreUnavailableError: the settings could not be moved.
        """
        await self._join(Invitation(room_id=news.to, inviter=news.by, via=news.via))

    async def _join(self, to: Invitation, *, came: datetime | None = None) -> None:
        """Join a room, with all that belongs to one that it replaces; where that cannot be done now it stays open."""
        replaced = self.facts.replaced_by(to.room_id)
        person = next(filter(None, map(self.facts.person_of, replaced)), "")
        if person:
            to = replace(to, inviter=person, direct=True)
        self.open = [one for one in self.open if one.room != to.room_id]
        if self._is_limited():
            self._leave_open(to, came)
            return
        try:
            await join(self.client, to.room_id, to.via)
            if to.direct:
                # Only the account's own data tell what is direct once the invite is gone.
                direct = self.facts.with_direct(to.room_id, to.inviter)
                await keep_account_data(self.client, self.me.user_id, DIRECT, direct)
                self.facts.direct = direct
        except RefusedError as refusal:
            # Banned meanwhile, gone, or taken back; or it replaces another, and the invite is still to come.
            _log.info("a room does not let Sēlis in", code=refusal.code)
            return
        except MatrixError as error:
            if isinstance(error, LimitExceededError) and error.after is not None:
                self._limited_until = self.clock() + error.after
            _log.warning("a room could not be joined; trying again later", detail=str(error))
            self._leave_open(to, came)
            return
        for old in replaced:
            await self.chats.moved(NETWORK, old, to.room_id)
            await self._leave(old)

    def _is_limited(self) -> bool:
        return self._limited_until is not None and self.clock() < self._limited_until

    def _leave_open(self, to: Invitation, came: datetime | None = None) -> None:
        came = came or self.clock()
        self.open.append(Open(room=to.room_id, inviter=to.inviter, direct=to.direct, via=to.via, came=came))

    async def _leave(self, room_id: str) -> None:
        """Leave a room. Should it fail, we sit in a room where we say nothing."""
        with suppress(MatrixError):
            await answered(self.client.room_leave(room_id))
        await self._forget(room_id)

    async def _forget(self, room_id: str) -> None:
        self.facts.forget(room_id)
        person = self.facts.person_of(room_id)
        with suppress(MatrixError):
            if person:
                direct = self.facts.without(room_id)
                await keep_account_data(self.client, self.me.user_id, DIRECT, direct)
                self.facts.direct = direct
            await answered(self.client.room_forget(room_id))
        self.client.rooms.pop(room_id, None)
