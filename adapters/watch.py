"""Whether people can be answered, for whoever watches over the process: `selis health`, /readyz, /metrics."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.alarms import Alarm
from bot.health import AdapterHealth, Health

_PATIENCE_SECONDS = 5.0
_STARTING = "starting: the knowledge is being read"
_STOPPING = "stopping"
_STUCK = f"database: no answer within {_PATIENCE_SECONDS:.0f} s"
_AILS = {
    Alarm.CONFLICT: "another process takes its messages: stop it",
    Alarm.REFUSED: "not let in: set a valid token",
    Alarm.ENDED: "carried no longer: the log says what to mend",
}


class Watch:
    """Looks at the health, which there is from `open` to `close`."""

    def __init__(self) -> None:
        self._health: Callable[[], Awaitable[Health]] | None = None
        self._why_not = _STARTING
        self._asking: asyncio.Future[Health] | None = None

    def open(self, health: Callable[[], Awaitable[Health]]) -> None:
        """From now on people can be answered, if all is well."""
        self._health = health

    def close(self) -> None:
        """From now on they cannot."""
        self._health, self._why_not = None, _STOPPING

    async def examined(self) -> Health | None:
        """The health, if it can be had. Who asks at once shares one look: asking often must not cost much."""
        if self._health is None:
            return None
        if self._asking is None:
            self._asking = asyncio.ensure_future(self._health())
            self._asking.add_done_callback(self._asked)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await asyncio.shield(self._asking)
        except TimeoutError:
            return None

    async def readiness(self) -> dict[str, Any]:
        """Whether people can be answered, why not, and what that was told from."""
        health = await self.examined()
        if health is not None:
            return as_json(health)
        return {"ready": False, "reasons": [self._why_not if self._health is None else _STUCK]}

    async def told(self) -> str:
        """The same as JSON."""
        return json.dumps(await self.readiness(), ensure_ascii=False)

    def _asked(self, _: asyncio.Future[Health]) -> None:
        self._asking = None


def reasons(health: Health) -> tuple[str, ...]:
    """Why people cannot be answered now; nothing where they can."""
    found = [
        f"{adapter.name}: {_why(adapter, health.at)}"
        for adapter in health.adapters
        if adapter.ails is not None or adapter.is_late(health.at)
    ]
    if not health.adapters:
        found.append("networks: none is carried")
    if health.database.trouble is not None:
        found.append(f"database: {health.database.trouble.value}")
    if not health.entries:
        found.append("knowledge: it has no entries")
    return tuple(found)


def _why(adapter: AdapterHealth, now: datetime) -> str:
    if adapter.ails in _AILS:
        return _AILS[adapter.ails]
    if adapter.last is None:
        return "nothing heard yet"
    return f"nothing heard for {(now - adapter.last).total_seconds():.0f} s"


def as_json(health: Health) -> dict[str, Any]:
    """What /readyz tells: whether people can be answered, why not, and what that was told from."""
    why = reasons(health)
    return {
        "ready": not why,
        "reasons": why,
        "networks": {
            adapter.name: {
                "last": adapter.last.isoformat() if adapter.last is not None else None,
                "late_after_seconds": adapter.late_after.total_seconds(),
            }
            for adapter in health.adapters
        },
        "database": health.database.trouble.value if health.database.trouble is not None else "well",
        "knowledge": {
            "version": health.version,
            "since": health.taken_at.isoformat(),
            "entries": health.entries,
        },
    }
