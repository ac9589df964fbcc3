"""Syncing: what the server has to tell since a token, with nothing left out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import nio

from adapters.matrix.answers import answered
from adapters.matrix.client import Client
from adapters.matrix.fields import mapping, whole
from adapters.matrix.me import Me
from adapters.matrix.since import is_arrival
from bot.unasked import TOO_OLD

WAIT_SECONDS = 30.0
"""How long the server may hold a sync when there is nothing."""
_LATE_SECONDS = 20.0
"""A sync that comes so much later hangs."""
_FULL_SECONDS = 600.0
"""The first one after a start tells of all rooms, which takes a server its time."""
_PAGE = 100
"""Events of a room in one answer: more than that no server gives."""
_MOST_PAGES = 100
_NOTHING: dict[str, Any] = {"types": []}


def _filter(events: int) -> dict[str, Any]:
    return {
        "presence": _NOTHING,
        "account_data": {"types": ["m.direct"]},
        "room": {
            "ephemeral": _NOTHING,
            "account_data": _NOTHING,
            # Who is in a room is asked for when something is to be encrypted for them.
            "state": {"lazy_load_members": True},
            "timeline": {"limit": events, "lazy_load_members": True},
        },
    }


_NEWS, _FIRST = _filter(_PAGE), _filter(1)


@dataclass(slots=True, kw_only=True)
class Syncing:
    """`clock` gives aware UTC times."""

    client: Client
    me: Me
    clock: Callable[[], datetime]
    wait_seconds: float = WAIT_SECONDS
    _started: bool = field(default=False, init=False)

    async def news(self, since: str | None) -> nio.SyncResponse:
        """What has happened since a token; without one only where we are: nobody waits for answers of before that.

        Raises:
            MatrixError: the server did not answer, or with an error; one that falls silent does not answer either.
        """
        answer = await answered(self._asked(since))
        self._started = True
        return answer

    async def _asked(self, since: str | None) -> nio.SyncResponse:
        # nio leaves out an answer whose token it knows: one that we could not make use of must come in again.
        self.client.next_batch = ""
        full = not self._started
        most = _FULL_SECONDS if full else self.wait_seconds + _LATE_SECONDS
        answer: nio.SyncResponse = await asyncio.wait_for(
            self.client.sync(
                timeout=0 if full else int(self.wait_seconds * 1000),
                sync_filter=_NEWS if since else _FIRST,
                since=since,
                # Nothing of the rooms outlives a restart in nio.
                full_state=full,
            ),
            most,
        )
        return answer

    async def events(self, room_id: str, told: nio.responses.RoomInfo, since: str | None) -> Sequence[Any]:
        """All that happened in a room since a token, oldest first: the server leaves out what is too much at once.

        Raises:
            MatrixError: the server did not answer, or with an error.
        """
        timeline = told.timeline
        if not timeline.limited or since is None or not timeline.prev_batch:
            return list(timeline.events)
        self._forget_members(room_id)
        found: list[Any] = []
        start = timeline.prev_batch
        for _ in range(_MOST_PAGES):
            page = await answered(
                self.client.room_messages(
                    room_id, start=start, end=since, direction=nio.MessageDirection.back, limit=_PAGE
                )
            )
            found += page.chunk
            if not page.chunk or not page.end or self._is_enough(room_id, page.chunk):
                break
            start = page.end
        return [*reversed(found), *timeline.events]

    def _forget_members(self, room_id: str) -> None:
        """Who came meanwhile is told with what they said, and not those who said nothing: ask when it matters."""
        room = self.client.rooms.get(room_id)
        if room is not None and room.encrypted and self.client.olm is not None:
            room.members_synced = False
            self.client.invalidate_outbound_session(room_id)

    def _is_enough(self, room_id: str, chunk: Sequence[Any]) -> bool:
        """Whether what lies before is too old to be answered, or before our own time in the room."""
        oldest = self.clock() - TOO_OLD
        return all(_sent(event) < oldest.timestamp() for event in chunk) or any(
            is_arrival(event.source, room_id, self.me) for event in chunk
        )


def _sent(event: Any) -> float:
    return (whole(mapping(event.source).get("origin_server_ts")) or 0) / 1000
