"""The web server: paths, and who answers at them. Pages that tell how Sēlis is are `adapters.watch`'s."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from adapters import local
from adapters.logs import logger
from bot.errors import SettingsError

MOST_BYTES = 1 << 20
"""The largest request that is read; an update of Telegram has some kilobytes."""
_log = logger("http")

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Web:
    """Paths and who answers at them; they may come and go while the server runs."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}

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


@asynccontextmanager
async def serving(host: str, port: int | None, data_dir: Path | None = None) -> AsyncIterator[Web]:
    """Serve until the block ends: at the port if there is one, and for this machine alone in the data directory.

    Raises:
        SettingsError: the address cannot be listened at.
    """
    pages = Web()
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_route("*", "/{path:.*}", pages.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=3)
    with local.listening(data_dir) as door:
        await runner.setup()
        try:
            if port is not None:
                await _listen(runner, host, port)
            if door is not None:
                await web.SockSite(runner, door).start()
            yield pages
        finally:
            await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        problem = f"cannot listen at {host}:{port} ({error.strerror}): set another, or stop who listens there"
        raise SettingsError("SELIS_HTTP_PORT", problem) from error
    _log.info("listening", host=host, port=port)
