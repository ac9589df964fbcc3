"""Alarms: a network that cannot be carried as it should is told to admins once, and its recovery once.

What is wrong with a network is told on it only where messages still go out there; admins on other networks hear of it
at once, and its own when it is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from babel.dates import format_timedelta

from bot.notices import Notices
from bot.phrasebook import Phrasebook
from bot.statistics import LOCALES
from bot.store.errors import StoreUnavailableError

LONG = timedelta(minutes=5)
"""An outage that is shorter is none of an admin's business."""


class Alarm(StrEnum):
    """What is wrong: somebody else takes our messages, we are not let in, the network does not answer, or it is carried
    no longer until an operator mends something.
    """

    CONFLICT = "conflict"
    REFUSED = "refused"
    AWAY = "away"
    ENDED = "ended"


_TEXTS = {
    Alarm.CONFLICT: "alarm-conflict", Alarm.REFUSED: "alarm-refused", Alarm.AWAY: "alarm-away",
    Alarm.ENDED: "alarm-ended",
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Alarms:
    """The alarms of one network. `notices` are those of all networks, by name."""

    network: str
    notices: Mapping[str, Notices]
    long: timedelta = LONG
    _told: Alarm | None = field(default=None, init=False)
    _heard: set[str] = field(default_factory=set, init=False)
    _telling: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    def goes_on(self, alarm: Alarm, lasted: timedelta) -> None:
        """Something is wrong, and has been for so long."""
        if alarm is Alarm.AWAY and lasted < self.long:
            return
        if self._told is not alarm:
            self._told = alarm
            self._heard.clear()
        name = f"{self.network} {alarm}"
        for network, notices in self.notices.items():
            if network not in self._heard and (network == self.network) == (alarm is Alarm.CONFLICT):
                self._heard.add(network)
                self._tell(notices, name, lambda say: say(_TEXTS[alarm], network=self.network))

    def over(self, alarm: Alarm, lasted: timedelta) -> None:
        """It is over, and has lasted so long."""
        told, self._told = self._told, None
        self._heard.clear()
        if told is None and lasted < self.long:
            return
        for notices in self.notices.values():
            self._tell(notices, f"{self.network} {alarm} over", lambda say: self._over(say, lasted))

    async def idle(self) -> None:
        """Wait until what is to be told stands in the outbox."""
        await asyncio.gather(*self._telling)

    def _over(self, say: Phrasebook, lasted: timedelta) -> str:
        time = format_timedelta(max(lasted, timedelta(seconds=1)), threshold=1.5, locale=LOCALES[say.language])
        return say("alarm-over", network=self.network, time=time)

    def _tell(self, notices: Notices, name: str, text: Callable[[Phrasebook], str]) -> None:
        task = asyncio.create_task(self._written(notices, name, text))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _written(self, notices: Notices, name: str, text: Callable[[Phrasebook], str]) -> None:
        try:
            if not await notices.chats():
                # A network that has just begun knows none yet: next time.
                self._heard.discard(notices.network)
            await notices.tell(name, text)
        except StoreUnavailableError:
            # Health is red and the log has its line; this is one way of three.
            return
