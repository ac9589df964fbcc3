"""`selis run`: every configured adapter over one service, until a signal or a fault ends it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from adapters import logs, wiring
from adapters.wiring import Service
from bot.errors import SelisError
from bot.settings import Settings
from bot.store.errors import StoreUnavailableError
from bot.store.prune import prune

if TYPE_CHECKING:
    from adapters.http import Web

_DAY = 86_400
_log = logs.logger("run")


class NothingConfiguredError(SelisError):
    """No network is configured."""

    def __init__(self) -> None:
        super().__init__("no network is configured: set SELIS_TELEGRAM_TOKEN to what @BotFather gave you")


class Adapter(Protocol):
    """One network being carried."""

    async def run(self) -> None:
        """Carry it until `stop` is called."""

    def stop(self) -> None:
        """Take nothing more in, and finish what is under way."""


def secrets(settings: Settings) -> tuple[str, ...]:
    """What must never be read in a log."""
    held = (settings.telegram_token, settings.telegram_webhook_secret)
    return tuple(secret.get_secret_value() for secret in held if secret is not None)


def adapters(settings: Settings, service: Service, pages: Web | None) -> Sequence[Adapter]:
    """The adapters of all networks that are configured."""
    found: list[Adapter] = []
    if settings.telegram_token is not None:
        # A network costs its library only where it is used.
        from adapters.telegram.run import Telegram

        token = settings.telegram_token.get_secret_value()
        found.append(Telegram(service=service, settings=settings, token=token, pages=pages))
    return found


async def run(settings: Settings, before_training: Callable[[], None]) -> None:
    """Carry all networks until SIGTERM or SIGINT.

    Raises:
        NothingConfiguredError: there is none.
        KnowledgeError: when the knowledge cannot be used.
        StoreError: when the database cannot be used.
    """
    if settings.telegram_token is None:
        raise NothingConfiguredError
    async with (
        wiring.service(settings, before_training) as service,
        _serving(settings, service) as pages,
    ):
        carried = adapters(settings, service, pages)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _stop, carried)
        pruning = asyncio.create_task(_prune_daily(service))
        try:
            await _together(carried)
        finally:
            pruning.cancel()
    _log.info("stopped")


@asynccontextmanager
async def _serving(settings: Settings, service: Service) -> AsyncIterator[Web | None]:
    """The web server, where there is a port for it."""
    if settings.http_port is None:
        yield None
        return
    # It costs its library only where it is used.
    from adapters.http import serving

    async with serving(settings.http_host, settings.http_port, service.health) as pages:
        yield pages


def _stop(carried: Sequence[Adapter]) -> None:
    _log.info("stopping")
    for adapter in carried:
        adapter.stop()


async def _together(carried: Sequence[Adapter]) -> None:
    """Run all; when one ends with an error the others stop as well, and the error is told."""
    tasks = [asyncio.create_task(adapter.run()) for adapter in carried]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for adapter in carried:
        adapter.stop()
    await asyncio.wait(tasks)
    for task in done:
        task.result()


async def _prune_daily(service: Service) -> None:
    """The start has just done so."""
    while True:
        await asyncio.sleep(_DAY)
        with suppress(StoreUnavailableError):
            await prune(service.store, wiring.now())
