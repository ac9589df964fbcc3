"""Work that goes on beside a message: begun, kept hold of, and waited for at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Background:
    """What was begun and has not ended. The loop itself holds tasks only loosely; here none gets lost."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin it; nobody waits for it meanwhile."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        """Wait until all has ended, what was begun meanwhile too; the first that fails is raised."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Wait until what was begun has ended, well or not."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
