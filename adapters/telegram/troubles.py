"""Troubles on the way to Telegram: one line when one begins, one when it is over, and how long to wait in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from adapters.logs import logger
from adapters.telegram.refusals import seconds
from bot.alarms import Alarm
from bot.retry import RetryPolicy
from bot.store.errors import StoreUnavailableError

_log = logger("telegram")
_LEAST_SECONDS = 0.2
"""With chance alone a wait could be none at all."""
_SAID = {
    "conflict": "another process asks Telegram for messages with this token: stop it; trying on",
    "token": "Telegram refuses the token: set the one that @BotFather shows; trying on",
    "network": "Telegram cannot be reached; trying on",
    "limited": "Telegram wants to be asked later",
    "database": "the database does not answer: messages are left with Telegram; trying on",
    "other": "Telegram answered with something unforeseen; trying on",
}


ALARMS = {"conflict": Alarm.CONFLICT, "token": Alarm.REFUSED, "network": Alarm.AWAY}
"""The kinds that admins hear of."""
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
    """What is wrong now, if anything, and how often in a row it was. `timer` gives seconds since any moment."""

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
        kind = _kind(error)
        self.times += 1
        self._last = self.timer()
        if kind != self.now:
            self._since = self._last
            detail = error.message if isinstance(error, TelegramError) else str(error)
            _log.warning(_SAID[kind], detail=detail)
        self.now = kind
        if self.listener is not None and kind in ALARMS:
            self.listener.goes_on(ALARMS[kind], self._lasted())
        if isinstance(error, RetryAfter):
            return seconds(error)
        return max(self.policy.wait(self.times, chance) / timedelta(seconds=1), _LEAST_SECONDS)

    def over(self) -> None:
        """Note that all went well."""
        tries, self.times = self.times, 0
        if not self.now or (self.now == "conflict" and self.timer() - self._last < self.calm):
            return
        _log.info("Telegram answers again", tries=tries)
        if self.listener is not None and self.now in ALARMS:
            self.listener.over(ALARMS[self.now], self._lasted())
        self.now = ""

    @property
    def ails(self) -> Alarm | None:
        """What is wrong now and cannot mend itself; an outage shows by nothing being heard."""
        alarm = ALARMS.get(self.now)
        return alarm if alarm is not Alarm.AWAY else None

    def _lasted(self) -> timedelta:
        return timedelta(seconds=self.timer() - self._since)


def _kind(error: Exception) -> str:
    kinds: list[tuple[type[Exception], str]] = [
        (Conflict, "conflict"), (InvalidToken, "token"), (RetryAfter, "limited"), (NetworkError, "network"),
        (StoreUnavailableError, "database"),
    ]  # fmt: skip
    return next((kind for of, kind in kinds if isinstance(error, of)), "other")
