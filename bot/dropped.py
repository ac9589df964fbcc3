"""Letters that nobody will get, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.store.outbox import Outgoing


class Why(StrEnum):
    """Why a letter was dropped."""

    TOO_OLD = "too-old"
    REFUSED = "refused"
    FAULT = "fault"
    """Sending failed again and again for a reason nobody foresaw."""
    UNREADABLE = "unreadable"
    """It was written by another version of Sēlis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Letters that nobody will get. `outgoing` is None where they could not be read; `detail` has no data of people."""

    network: str
    why: Why
    detail: str = ""
    letters: int = 1
    outgoing: Outgoing | None = None
