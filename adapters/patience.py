"""Patience: asking a network until it answers or the process is to stop, with pauses in between."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from adapters.troubles import Troubles

_T = TypeVar("_T")


@dataclass(slots=True, kw_only=True)
class Patience:
    """`errors` are what the network's library raises when something will be better later."""

    troubles: Troubles
    errors: tuple[type[Exception], ...]
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def insist(self, call: Callable[[], Awaitable[_T]]) -> _T | None:
        """Ask until there is an answer; None when we are to stop. What is under way then is cut off."""
        while not self.stopping.is_set():
            try:
                asked, stopped = asyncio.ensure_future(call()), asyncio.create_task(self.stopping.wait())
                try:
                    await asyncio.wait([asked, stopped], return_when=asyncio.FIRST_COMPLETED)
                    if asked.done():
                        return asked.result()
                finally:
                    for task in (asked, stopped):
                        task.cancel()
                    await asyncio.gather(asked, stopped, return_exceptions=True)
            except self.errors as error:
                await self.pause_after(error)
        return None

    async def pause_after(self, error: Exception) -> None:
        """Wait as long as an error asks for."""
        await self.pause(self.troubles.after(error, random.random()))  # noqa: S311 - nothing secret

    async def pause(self, seconds: float) -> None:
        """Wait, unless we are to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
