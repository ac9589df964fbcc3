"""Pages for whoever watches over the process: /healthz (it lives), /readyz (it can answer people), /metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from adapters.http import Web
from adapters.metrics import CONTENT_TYPE, Metrics
from bot.health import Health

_PATIENCE_SECONDS = 5.0
_STARTING = "starting: the knowledge is being read"
_STOPPING = "stopping"
_STUCK = f"database: no answer within {_PATIENCE_SECONDS:.0f} s"


class Watch:
    """Answers the three pages: there is a health to examine from `open` to `close`."""

    def __init__(self, pages: Web, metrics: Metrics) -> None:
        self._health: Callable[[], Awaitable[Health]] | None = None
        self._why_not = _STARTING
        self._metrics = metrics
        self._asking: asyncio.Future[Health] | None = None
        for path, answer in (("/healthz", self._lives), ("/readyz", self._ready), ("/metrics", self._figures)):
            pages.add(path, answer)

    def open(self, health: Callable[[], Awaitable[Health]]) -> None:
        """From now on people can be answered, if all is well."""
        self._health = health

    def close(self) -> None:
        """From now on they cannot."""
        self._health, self._why_not = None, _STOPPING

    async def _lives(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text="ok\n")

    async def _ready(self, _: web.Request) -> web.StreamResponse:
        health, trouble = await self._examined()
        told = as_json(health) if health is not None else {"ready": False, "reasons": [trouble]}
        return web.json_response(told, status=200 if told["ready"] else 503)

    async def _figures(self, _: web.Request) -> web.StreamResponse:
        health, _trouble = await self._examined()
        return web.Response(body=self._metrics.page(health), headers={"Content-Type": CONTENT_TYPE})

    async def _examined(self) -> tuple[Health | None, str]:
        """The health, or why there is none. Who asks at once shares one look: asking often must not cost much."""
        if self._health is None:
            return None, self._why_not
        if self._asking is None:
            self._asking = asyncio.ensure_future(self._health())
            self._asking.add_done_callback(self._asked)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await asyncio.shield(self._asking), ""
        except TimeoutError:
            return None, _STUCK

    def _asked(self, _: asyncio.Future[Health]) -> None:
        self._asking = None


def reasons(health: Health) -> tuple[str, ...]:
    """Why people cannot be answered now; nothing where they can."""
    found = [
        f"{adapter.name}: nothing heard yet"
        if adapter.last is None
        else f"{adapter.name}: nothing heard for {(health.at - adapter.last).total_seconds():.0f} s"
        for adapter in health.adapters
        if adapter.is_late(health.at)
    ]
    if not health.adapters:
        found.append("networks: none is carried")
    if health.database.trouble is not None:
        found.append(f"database: {health.database.trouble.value}")
    if not health.entries:
        found.append("knowledge: it has no entries")
    return tuple(found)


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
