"""A clock and a sleep to hand in: time passes when the test says so, and the test can wait for somebody to sleep."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class HandedTime:
    """`clock` and `sleep` for what is tested; `asleep` and `advance` for the test."""

    def __init__(self, start: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)) -> None:
        self.now = start
        self._sleepers: dict[asyncio.Future[None], datetime] = {}
        self._changed = asyncio.Event()

    @property
    def sleepers(self) -> int:
        """How many sleep now."""
        return len(self._sleepers)

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        self._sleepers[woken] = self.now + timedelta(seconds=seconds)
        self._changed.set()
        try:
            await woken
        finally:
            del self._sleepers[woken]

    async def asleep(self, seconds: float) -> None:
        """Wait until somebody sleeps for so long."""
        async with asyncio.timeout(20):
            while not self.is_asleep(seconds):
                self._changed.clear()
                await self._changed.wait()

    def is_asleep(self, seconds: float) -> bool:
        """Whether somebody sleeps for so long."""
        return any(self._lasts(until, seconds) for until in self._sleepers.values())

    def _lasts(self, until: datetime, seconds: float) -> bool:
        return abs((until - self.now).total_seconds() - seconds) < 1e-6

    def advance(self, seconds: float) -> None:
        """Let time pass, and wake whoever has slept enough."""
        self.now += timedelta(seconds=seconds)
        for woken, until in self._sleepers.items():
            if until <= self.now and not woken.done():
                woken.set_result(None)
