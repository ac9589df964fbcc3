"""One of several replicas does what must not be done twice at once; where it dies, another goes on.

Whoever does it holds an advisory lock of PostgreSQL for as long as its connection is open. The server lets go of it
when the process ends, however it ends, and within 15 s when its machine is gone (`bot.store.postgres`).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.store.engine import Store
from bot.store.errors import StoreUnavailableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The lead in what `name` names, over one database. With SQLite, which one machine uses, nobody is waited for.

    `look` is how often the waiting one asks, and the leading one makes sure that it still has the lock; `answer` is how
    long the server may take for that. Both in seconds.
    """

    store: Store
    name: str
    look: float = 2.0
    answer: float = 5.0
    told: Callable[[str], None] = field(default=lambda _: None)

    async def carry(self, work: Callable[[], Awaitable[None]], stopping: asyncio.Event) -> None:
        """Wait for the lead, then work. Work whose lead was lost is cancelled, and begun anew once it is had again.

        What the work raises is raised.
        """
        if self.store.is_sqlite:
            await work()
            return
        while not stopping.is_set():
            working: asyncio.Task[None] | None = None
            lost = False
            try:
                async with self.store.apart() as connection:
                    if await self._had(connection, stopping):
                        self.told("leading")
                        working = asyncio.ensure_future(work())
                        await self._while_held(connection, working)
            except StoreUnavailableError:
                lost = True
            # Outside of the block, where an error of the work is not taken for one of the database.
            if working is not None:
                if not working.cancelled():
                    working.result()
                if not lost:
                    return
                self.told("the lead was lost")
            await _pause(stopping, self.look)

    async def _had(self, connection: Any, stopping: asyncio.Event) -> bool:
        """Wait for the lock; false when we are to stop."""
        waiting = False
        while not stopping.is_set():
            if await connection.fetchval("SELECT pg_try_advisory_lock($1)", _number(self.name), timeout=self.answer):
                return True
            if not waiting:
                self.told("another replica leads: standing by")
                waiting = True
            await _pause(stopping, self.look)
        return False

    async def _while_held(self, connection: Any, working: asyncio.Task[None]) -> None:
        try:
            while not working.done():
                await asyncio.wait([working], timeout=self.look)
                await connection.execute("SELECT 1", timeout=self.answer)
        finally:
            working.cancel()
            await asyncio.wait([working])


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8, person=b"lead").digest(), signed=True)


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stopping.wait()
