"""When to try again what could not be sent. Pure: the time and the chance are handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How long to wait after a failure, and when to give up."""

    first: timedelta = timedelta(seconds=1)
    """The longest wait after the first failure; it doubles with each further one."""
    longest: timedelta = timedelta(minutes=1)
    """No wait is longer: when a network is back after an hour, people get their answers soon."""
    maximum_age: timedelta = timedelta(hours=12)
    """An answer that is older helps nobody; it is as long as a conversation is remembered."""
    most_faults: int = 5
    """So often an answer may fail for a reason nobody foresaw."""

    def wait(self, tries: int, chance: float) -> timedelta:
        """How long to wait after `tries` failures in a row (from 1), with a chance from 0 to below 1.

        Exponential backoff with full jitter: many that failed together do not come back together
        (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
        """
        # Beyond this power nothing changes any more, and a number of weeks does not overflow.
        most = min(self.longest, self.first * (1 << min(max(tries, 1) - 1, 20)))
        return most * chance

    def next_try(self, now: datetime, tries: int, chance: float, after: timedelta | None = None) -> datetime:
        """When to try next; where the network says `after`, then and not earlier."""
        return now + (self.wait(tries, chance) if after is None else after)

    def too_old(self, since: datetime, now: datetime) -> bool:
        """Whether to give up what waits since then."""
        return now - since > self.maximum_age
