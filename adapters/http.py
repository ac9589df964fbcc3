"""The web server: health for whoever watches over the process, and the paths that adapters add."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import SettingsError
from bot.health import Health

MOST_BYTES = 1 << 20
"""The largest request that is read; an update of Telegram has some kilobytes."""

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Web:
    """Paths and who answers at them; they may come and go while the server runs."""

    def __init__(self, health: Callable[[], Awaitable[Health]]) -> None:
        self._health = health
        self._answers: dict[str, Answer] = {"/health": self._tell_health}

    def add(self, path: str, answer: Answer) -> None:
        """Let a path be answered."""
        self._answers[path] = answer

    def remove(self, path: str) -> None:
        """Answer a path no longer."""
        self._answers.pop(path, None)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        found = self._answers.get(request.path)
        return await found(request) if found is not None else web.Response(status=404)

    async def _tell_health(self, _: web.Request) -> web.StreamResponse:
        """Whether all is well, without anything of people: 200, or 503."""
        health = await self._health()
        networks = {adapter.name: "late" if adapter.is_late(health.at) else "well" for adapter in health.adapters}
        told = {"well": health.is_well, "networks": networks, "database": health.database.trouble or "well"}
        return web.json_response(told, status=200 if health.is_well else 503)


@asynccontextmanager
async def serving(host: str, port: int, health: Callable[[], Awaitable[Health]]) -> AsyncIterator[Web]:
    """Serve until the block ends.

    Raises:
        SettingsError: the address cannot be listened at.
    """
    pages = Web(health)
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_route("*", "/{path:.*}", pages.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=3)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            problem = f"cannot listen at {host}:{port} ({error.strerror}): set another, or stop who listens there"
            raise SettingsError("SELIS_HTTP_PORT", problem) from error
        yield pages
    finally:
        await runner.cleanup()
