"""Troubles on the way to a homeserver, by what an operator can do about them."""

from __future__ import annotations

from adapters.matrix.errors import LimitExceededError, RefusedError, UnreachableError
from adapters.troubles import Troubles
from bot.alarms import Alarm
from bot.store.errors import StoreUnavailableError

_SAID = {
    "network": "the homeserver cannot be reached; trying on",
    "limited": "the homeserver wants to be asked later",
    "refused": "the homeserver refuses to tell what is new; trying on",
    "database": "the database does not answer: messages are left with the homeserver; trying on",
    "other": "the homeserver answered with something unforeseen; trying on",
}

_ALARMS = {"network": Alarm.AWAY, "refused": Alarm.AWAY}
"""The kinds that admins hear of once they are long. Who is not let in at all ends (`adapters.together`)."""


def troubles() -> Troubles:
    """None so far."""
    return Troubles(network="Matrix", said=_SAID, kind=_kind, asked=_asked, alarms=_ALARMS)


def _asked(error: Exception) -> float | None:
    if isinstance(error, LimitExceededError) and error.after is not None:
        return error.after.total_seconds()
    return None


def _kind(error: Exception) -> str:
    kinds: list[tuple[type[Exception], str]] = [
        (UnreachableError, "network"), (LimitExceededError, "limited"), (RefusedError, "refused"),
        (StoreUnavailableError, "database"),
    ]  # fmt: skip
    return next((kind for of, kind in kinds if isinstance(error, of)), "other")
