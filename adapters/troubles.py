"""Troubles on the way to a network: one line when one begins, one when it is over, and how long to wait in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from adapters.logs import logger
from bot.alarms import Alarm
from bot.retry import RetryPolicy

_LEAST_SECONDS = 0.2
"""With chance alone a wait could be none at all."""

_CALM_SECONDS = 60.0
"""Two processes that poll throw each other out in turns: a poll that went well proves nothing for so long."""


class Listener(Protocol):
    """Hears of troubles that admins have to know of (`bot.alarms`)."""

    def goes_on(self, alarm: Alarm, lasted: timedelta) -> None:
        """Something is wrong, and has been for so long."""

    def over(self, alarm: Alarm, lasted: timedelta) -> None:
        """It is over, and has lasted so long."""


@dataclass(slots=True, kw_only=True)
class Troubles:
    """What is wrong now, if anything, and how often in a row it was.

    `kind` names an error by a key of `said`, which has a line for operators; `asked` gives the seconds for which the
    network itself wants to be left alone, where it says so. `alarms` are the kinds that admins hear of. `timer` gives
    seconds since any moment.
    """

    network: str
    said: Mapping[str, str]
    kind: Callable[[Exception], str]
    asked: Callable[[Exception], float | None]
    alarms: Mapping[str, Alarm] = field(default_factory=dict)
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    listener: Listener | None = None
    timer: Callable[[], float] = time.monotonic
    calm: float = _CALM_SECONDS
    now: str = ""
    times: int = 0
    _since: float = field(default=0.0, init=False)
    _last: float = field(default=0.0, init=False)

    def after(self, error: Exception, chance: float) -> float:
        """Note an error, and give the seconds to wait; `chance` is 0 to below 1. What goes on is not told again."""
        kind = self.kind(error)
        self.times += 1
        self._last = self.timer()
        if kind != self.now:
            self._since = self._last
            logger(self.network.lower()).warning(self.said[kind], detail=str(error))
        self.now = kind
        if self.listener is not None and kind in self.alarms:
            self.listener.goes_on(self.alarms[kind], self._lasted())
        asked = self.asked(error)
        if asked is not None:
            return asked
        return max(self.policy.wait(self.times, chance) / timedelta(seconds=1), _LEAST_SECONDS)

    def over(self) -> None:
        """Note that all went well."""
        tries, self.times = self.times, 0
        alarm = self.alarms.get(self.now)
        if not self.now or (alarm is Alarm.CONFLICT and self.timer() - self._last < self.calm):
            return
        logger(self.network.lower()).info(f"{self.network} answers again", tries=tries)
        if self.listener is not None and alarm is not None:
            self.listener.over(alarm, self._lasted())
        self.now = ""

    @property
    def ails(self) -> Alarm | None:
        """What is wrong now and cannot mend itself; an outage shows by nothing being heard."""
        alarm = self.alarms.get(self.now)
        return alarm if alarm is not Alarm.AWAY else None

    def _lasted(self) -> timedelta:
        return timedelta(seconds=self.timer() - self._since)
