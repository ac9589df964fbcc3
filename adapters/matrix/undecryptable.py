"""What cannot be decrypted yet: it waits for its key, and whoever wrote it is told after a while."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import nio

from adapters.matrix.answers import answered
from adapters.matrix.client import Client
from adapters.matrix.errors import MatrixError
from adapters.matrix.progress import Unread
from bot.unasked import TOO_OLD

HINT_AFTER = timedelta(minutes=1)
UNDECRYPTED = "undecrypted"
"""What these messages are counted as."""
_MOST = 500
"""So many wait at most; then the oldest are given up."""


@dataclass(slots=True, kw_only=True)
class Undecryptable:
    """`clock` gives aware UTC times; `hint` tells a room, at a time, that a message there cannot be read."""

    client: Client
    clock: Callable[[], datetime]
    hint: Callable[[str, datetime], Awaitable[None]]
    figures: Counter[str]
    hint_after: timedelta = HINT_AFTER
    waiting: dict[str, Unread] = field(default_factory=dict)
    """By the ids of the events."""
    _restarted: bool = field(default=True, init=False)
    _hinted: set[str] = field(default_factory=set, init=False)

    async def note(self, event: nio.MegolmEvent, room_id: str) -> None:
        """Let a message wait for its key, and ask our other devices for it once."""
        if event.event_id in self.waiting:
            return
        self.figures[UNDECRYPTED] += 1
        self.waiting[event.event_id] = Unread(
            room=room_id, event=event.event_id, session=event.session_id, came=self.clock()
        )
        while len(self.waiting) > _MOST:
            self.give_up(next(iter(self.waiting)))
        event.room_id = room_id
        # Asked for already, or nobody there to ask: the sender's device may send it all the same.
        with suppress(MatrixError, nio.LocalProtocolError):
            await answered(self.client.request_room_key(event))

    def readable(self, told: Iterable[Any]) -> list[Unread]:
        """Which of them may be tried again, by the messages between devices of a sync."""
        if self._restarted:
            # Keys may have come just before the end of the process before.
            self._restarted = False
            return list(self.waiting.values())
        came = {event.session_id for event in told if isinstance(event, nio.RoomKeyEvent)}
        return [one for one in self.waiting.values() if one.session in came]

    def give_up(self, event_id: str) -> None:
        """Let one wait no longer."""
        self.waiting.pop(event_id, None)
        self._hinted.discard(event_id)

    async def tell(self) -> None:
        """Tell the rooms where something has waited too long, and give up what is too old.

        Raises:
            StoreUnavailableError: not all are told.
        """
        now = self.clock()
        for one in list(self.waiting.values()):
            if now - one.came > TOO_OLD:
                self.give_up(one.event)
            elif now - one.came >= self.hint_after and one.event not in self._hinted:
                await self.hint(one.room, now)
                self._hinted.add(one.event)
