"""Troubles on the way to Telegram, by what an operator can do about them."""

from __future__ import annotations

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter

from adapters.telegram.refusals import seconds
from adapters.troubles import Troubles
from bot.alarms import Alarm
from bot.store.errors import StoreUnavailableError

_SAID = {
    "conflict": "another process asks Telegram for messages with this token: stop it; trying on",
    "token": "Telegram refuses the token: set the one that @BotFather shows; trying on",
    "network": "Telegram cannot be reached; trying on",
    "limited": "Telegram wants to be asked later",
    "database": "the database does not answer: messages are left with Telegram; trying on",
    "other": "Telegram answered with something unforeseen; trying on",
}


_ALARMS = {"conflict": Alarm.CONFLICT, "token": Alarm.REFUSED, "network": Alarm.AWAY}
"""The kinds that admins hear of."""


def troubles() -> Troubles:
    """None so far."""
    return Troubles(network="Telegram", said=_SAID, kind=_kind, asked=_asked, alarms=_ALARMS)


def _asked(error: Exception) -> float | None:
    return seconds(error) if isinstance(error, RetryAfter) else None


def _kind(error: Exception) -> str:
    kinds: list[tuple[type[Exception], str]] = [
        (Conflict, "conflict"), (InvalidToken, "token"), (RetryAfter, "limited"), (NetworkError, "network"),
        (StoreUnavailableError, "database"),
    ]  # fmt: skip
    return next((kind for of, kind in kinds if isinstance(error, of)), "other")
