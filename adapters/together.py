"""Together: networks carried side by side. What an operator has to mend on one of them ends that one alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from adapters.logs import logger
from adapters.wiring import Service
from bot.alarms import Alarm
from bot.errors import SelisError
from bot.health import AdapterHealth

_AGAIN_SECONDS = 5.0
"""A network that has not begun yet cannot tell its admins: so soon it is tried again."""
_log = logger("run")


class Adapter(Protocol):
    """One network being carried."""

    async def run(self) -> None:
        """Carry it until `stop` is called."""

    def stop(self) -> None:
        """Take nothing more in, and finish what is under way."""

    def health(self) -> AdapterHealth:
        """How it is."""


async def together(carried: Sequence[Adapter], service: Service) -> None:
    """Run all until they are stopped. One that ends with an operator's error is told of; a fault stops the others.

    Raises:
        SelisError: all have ended so; the last one's.
    """
    running = {asyncio.create_task(adapter.run()): adapter for adapter in carried}
    errors: list[SelisError] = []
    faults: list[BaseException] = []
    telling: list[asyncio.Task[None]] = []
    while running:
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            adapter, error = running.pop(task), task.exception()
            if isinstance(error, SelisError):
                errors.append(error)
                telling.append(asyncio.create_task(_tell(adapter, error, service)))
            elif error is not None:
                faults.append(error)
                for other in carried:
                    other.stop()
    # What ended the last one is not told here: the command says it.
    for each in telling:
        each.cancel()
    await asyncio.gather(*telling, return_exceptions=True)
    if faults:
        raise faults[0]
    if errors and len(errors) == len(carried):
        raise errors[-1]


async def _tell(adapter: Adapter, error: SelisError, service: Service) -> None:
    """Keep telling that a network is carried no longer: in the log once, in the health, and the admins of others."""
    health = adapter.health()
    alarm = health.ails or Alarm.ENDED
    service.watched.append(lambda: replace(adapter.health(), ails=alarm))
    _log.error("a network is carried no longer: mend it and start anew", network=health.name, detail=str(error))
    alarms = service.alarms(health.name)
    try:
        while True:
            alarms.goes_on(alarm, timedelta(0))
            await asyncio.sleep(_AGAIN_SECONDS)
    finally:
        await alarms.idle()
