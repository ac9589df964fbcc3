"""Troubles on the way to a network: one line when one begins, one when it is over, and how long to wait in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.logs import logger
from bot.retry import RetryPolicy

_LEAST_SECONDS = 0.2
"""With chance alone a wait could be none at all."""


@dataclass(slots=True, kw_only=True)
class Troubles:
    """What is wrong now, if anything, and how often in a row it was.

    `kind` names an error by a key of `said`, which has a line for operators; `asked` gives the seconds for which the
    network itself wants to be left alone, where it says so.
    """

    network: str
    said: Mapping[str, str]
    kind: Callable[[Exception], str]
    asked: Callable[[Exception], float | None]
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    now: str = ""
    times: int = 0

    def after(self, error: Exception, chance: float) -> float:
        """Note an error, and give the seconds to wait; `chance` is 0 to below 1. What goes on is not told again."""
        kind = self.kind(error)
        self.times += 1
        if kind != self.now:
            logger(self.network.lower()).warning(self.said[kind], detail=str(error))
        self.now = kind
        asked = self.asked(error)
        if asked is not None:
            return asked
        return max(self.policy.wait(self.times, chance) / timedelta(seconds=1), _LEAST_SECONDS)

    def over(self) -> None:
        """Note that all went well."""
        if self.now:
            logger(self.network.lower()).info(f"{self.network} answers again", tries=self.times)
        self.now, self.times = "", 0
