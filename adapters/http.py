"""The web server: paths, and who answers at them; those of whoever watches over the process are here, too."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from adapters.logs import logger
from adapters.metrics import CONTENT_TYPE, Metrics
from adapters.watch import Watch
from bot.errors import SettingsError

MOST_BYTES = 1 << 20
"""The largest request that is read; an update of Telegram has some kilobytes."""
_THEIR_FAULT = (HttpProcessingError, ConnectionError)
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
async def serving(host: str, port: int) -> AsyncIterator[Web]:
    """Serve until the block ends.

    Raises:
        SettingsError: the address cannot be listened at.
    """
    pages = Web()
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_route("*", "/{path:.*}", pages.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=3, logger=_server_log())
    await runner.setup()
    try:
        await _listen(runner, host, port)
        yield pages
    finally:
        await runner.cleanup()


def _server_log() -> logging.Logger:
    """Aiohttp's log without what is nobody's fault here: nonsense that strangers send, and their hanging up."""
    log = logging.Logger("aiohttp.server")
    log.parent = logging.getLogger("aiohttp")
    log.addFilter(lambda record: not isinstance((record.exc_info or (None, None))[1], _THEIR_FAULT))
    return log


def tell(pages: Web, watch: Watch, metrics: Metrics) -> None:
    """Let /healthz, /readyz and /metrics be answered."""

    async def lives(_: web.Request) -> web.StreamResponse:
        return web.Response(text="ok\n")

    async def ready(_: web.Request) -> web.StreamResponse:
        told = await watch.readiness()
        return web.json_response(told, status=200 if told["ready"] else 503)

    async def figures(_: web.Request) -> web.StreamResponse:
        return web.Response(body=metrics.page(await watch.examined()), headers={"Content-Type": CONTENT_TYPE})

    for path, answer in (("/healthz", lives), ("/readyz", ready), ("/metrics", figures)):
        pages.add(path, answer)


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        problem = f"cannot listen at {host}:{port} ({error.strerror}): set another, or stop who listens there"
        raise SettingsError("SELIS_HTTP_PORT", problem) from error
    _log.info("listening", host=host, port=port)
