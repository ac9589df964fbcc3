"""Troubles on the way to Telegram: one line when one begins, one when it is over, and how long to wait in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from adapters.logs import logger
from adapters.telegram.refusals import seconds
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


@dataclass(slots=True, kw_only=True)
class Troubles:
    """What is wrong now, if anything, and how often in a row it was."""

    policy: RetryPolicy = field(default_factory=RetryPolicy)
    now: str = ""
    times: int = 0

    def after(self, error: Exception, chance: float) -> float:
        """Note an error, and give the seconds to wait; `chance` is 0 to below 1. What goes on is not told again."""
        kind = _kind(error)
        self.times += 1
        if kind != self.now:
            detail = error.message if isinstance(error, TelegramError) else str(error)
            _log.warning(_SAID[kind], detail=detail)
        self.now = kind
        if isinstance(error, RetryAfter):
            return seconds(error)
        return max(self.policy.wait(self.times, chance) / timedelta(seconds=1), _LEAST_SECONDS)

    def over(self) -> None:
        """Note that all went well."""
        if self.now:
            _log.info("Telegram answers again", tries=self.times)
        self.now, self.times = "", 0


def _kind(error: Exception) -> str:
    kinds: list[tuple[type[Exception], str]] = [
        (Conflict, "conflict"), (InvalidToken, "token"), (RetryAfter, "limited"), (NetworkError, "network"),
        (StoreUnavailableError, "database"),
    ]  # fmt: skip
    return next((kind for of, kind in kinds if isinstance(error, of)), "other")
