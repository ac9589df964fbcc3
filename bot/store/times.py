"""Times as the tables hold them: whole microseconds since 1970 in UTC, which both engines keep and compare alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware time.

    Raises:
        TypeError: for a time without a zone, which could mean anything.
    """
    return (moment - _EPOCH) // _TICK


def from_micros(micros: int) -> datetime:
    """The aware UTC time of a number made by `to_micros`."""
    return _EPOCH + micros * _TICK
