"""Receiver: what a sync tells becomes messages for the dialogue. It returns when what they led to is kept."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import nio
from msgspec.structs import replace

from adapters.logs import logger, where
from adapters.matrix.answers import answered
from adapters.matrix.askers import Askers
from adapters.matrix.client import Client
from adapters.matrix.errors import MatrixError, RefusedError
from adapters.matrix.facts import Facts
from adapters.matrix.incoming import Asked, Redacted, read, wanted
from adapters.matrix.me import Me
from adapters.matrix.news import Became, RoomNews
from adapters.matrix.notices import Notices
from adapters.matrix.opening import fetched, fetched_file
from adapters.matrix.rooms import Rooms
from adapters.matrix.since import answerable
from adapters.matrix.sync import Syncing
from adapters.matrix.undecryptable import Undecryptable
from adapters.typing import Typing
from bot.background import Background
from bot.dialogue import Dialogue
from bot.messages import IncomingMessage, Reply
from bot.store.errors import StoreUnavailableError
from bot.unasked import apologise, is_too_old

_log = logger("matrix")
_AT_ONCE = 16
"""How many rooms are looked at beside each other."""


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Takes answers to syncs. `figures` count what was stepped over."""

    client: Client
    me: Me
    dialogue: Dialogue
    syncing: Syncing
    facts: Facts
    rooms: Rooms
    undecryptable: Undecryptable
    notices: Notices
    typing: Typing
    askers: Askers
    figures: Counter[str] = field(default_factory=Counter)
    _aside: Background = field(default_factory=Background, init=False)
    _free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE), init=False)

    async def take(self, told: nio.SyncResponse, since: str | None, *, patiently: bool = True) -> None:
        """Take in what a sync since a token told: rooms beside each other, and in order within a room.

        Taking it in a second time does no harm. Without patience what the server does not give is stepped over.

        Raises:
            StoreUnavailableError: not all of it is kept.
            MatrixError: the server did not give all that belongs to it.
        """
        self.facts.note_account(told.account_data_events)
        for room_id, room in told.rooms.join.items():
            self.facts.note(room_id, [event.source for event in room.state])
        await self.rooms.left(told.rooms.leave)
        large = await self.rooms.too_large(people(told))
        await self.rooms.invited(self.client.invites)
        await self.rooms.try_again()
        await self._try_again(told.to_device_events, patiently=patiently)
        outcomes = await asyncio.gather(
            *(
                self._room(room_id, room, since, patiently=patiently)
                for room_id, room in told.rooms.join.items()
                if room_id not in large
            ),
            return_exceptions=True,
        )
        for outcome in outcomes:
            if outcome is not None:
                raise outcome
        await self.undecryptable.tell()

    async def close(self) -> None:
        """Finish what was begun aside."""
        await self.typing.close()
        await self._aside.close()

    async def _room(self, room_id: str, told: nio.responses.RoomInfo, since: str | None, *, patiently: bool) -> None:
        async with self._free:
            events = await self._events(room_id, told, since, patiently=patiently)
            for event, why_not in answerable(events, room_id, self.me, first=since is None):
                self.facts.note(room_id, [event.source])
                if why_not:
                    self.figures[why_not] += 1
                elif isinstance(event, nio.MegolmEvent):
                    await self.undecryptable.note(event, room_id)
                else:
                    await self._guarded(event.source, room_id, patiently=patiently)

    async def _events(
        self, room_id: str, told: nio.responses.RoomInfo, since: str | None, *, patiently: bool
    ) -> Sequence[Any]:
        try:
            return await self.syncing.events(room_id, told, since)
        except MatrixError as error:
            if patiently and not isinstance(error, RefusedError):
                raise
            self.figures["gaps"] += 1
            _log.warning("older messages of a room cannot be had, and are left unanswered", detail=str(error))
            return list(told.timeline.events)

    async def _try_again(self, told: Sequence[Any], *, patiently: bool) -> None:
        """Read what could not be read before, once its key has come."""
        for unread in self.undecryptable.readable(told):
            try:
                event = await fetched(self.client, unread.room, unread.event)
            except MatrixError:
                if patiently:
                    raise
                continue
            if event is not None and event.get("type") != "m.room.encrypted":
                await self._guarded(event, unread.room, patiently=patiently)
                self.undecryptable.give_up(unread.event)
                self.figures["decrypted late"] += 1

    async def _guarded(self, event: Mapping[str, Any], room_id: str, *, patiently: bool) -> None:
        try:
            await self._one(event, room_id, patiently=patiently)
        except StoreUnavailableError:
            raise
        except MatrixError as error:
            if patiently and not isinstance(error, RefusedError):
                raise
            self.figures["faults"] += 1
        except Exception as fault:
            # Should it come again it would fail again, and all behind it would wait for ever.
            self.figures["faults"] += 1
            _log.error("an event failed and is stepped over", fault=type(fault).__name__, where=where(fault))

    async def _one(self, event: Mapping[str, Any], room_id: str, *, patiently: bool) -> None:
        room = self.facts.view(room_id)
        others: dict[str, Mapping[str, Any] | None] = {}
        while needed := wanted(event, room, self.me, others):
            try:
                others[needed] = await fetched(self.client, room_id, needed)
            except MatrixError:
                if patiently:
                    raise
                others[needed] = None
        match read(event, room, self.me, others):
            case Asked() as asked:
                await self._asked(asked, str(event["event_id"]))
            case RoomNews(became=Became.ADDED) as news if not room.direct:
                await self.notices.greet(news)
            case RoomNews(became=Became.MOVED) as news:
                await self.rooms.moved(news)
            case Redacted() as redacted:
                person, by = str(event["sender"]), str(event["event_id"])
                await self.notices.take_back(room_id, person, redacted.of, by)
            case _:
                return

    async def _asked(self, asked: Asked, event_id: str) -> None:
        message = asked.message
        if is_too_old(self.dialogue, message):
            await apologise(self.dialogue, message)
            return
        of = message.conversation
        self.askers.note(event_id, of.person)
        await self.typing.until_sent(of.chat, of.thread, self._answered(asked))
        self._aside.begin(self._say_read(of.chat, of.thread, event_id))

    async def _answered(self, asked: Asked) -> Reply | None:
        return await self.dialogue.respond(await self._completed(asked))

    async def _completed(self, asked: Asked) -> IncomingMessage:
        """The message with what is in its file, where an admin sent one."""
        if asked.file is None or not self.dialogue.admins.hold(asked.message.conversation):
            return asked.message
        return replace(asked.message, attachment=await fetched_file(self.client, asked.file))

    async def _say_read(self, room_id: str, thread: str, event_id: str) -> None:
        """Show that a message was read; nobody waits for it."""
        with suppress(MatrixError):
            await answered(self.client.update_receipt_marker(room_id, event_id, thread_id=thread or "main"))


def people(told: nio.SyncResponse) -> dict[str, int]:
    """How many people are in each room that a sync tells it of."""
    summaries = ((room_id, room.summary) for room_id, room in told.rooms.join.items() if room.summary is not None)
    return {room_id: summary.joined_member_count or 0 for room_id, summary in summaries}
