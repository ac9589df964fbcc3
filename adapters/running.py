"""`selis run`: every configured adapter over one service, until a signal or a fault ends it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from adapters import local, logs, wiring
from adapters.together import Adapter, together
from adapters.watch import Watch
from adapters.wiring import Service
from bot.errors import SelisError
from bot.meter import Meter
from bot.settings import Settings

if TYPE_CHECKING:
    from adapters.http import Web

_log = logs.logger("run")


class NothingConfiguredError(SelisError):
    """No network is configured."""

    def __init__(self) -> None:
        super().__init__(
            "no network is configured: set SELIS_TELEGRAM_TOKEN to what @BotFather gave you, or SELIS_MATRIX_USER_ID "
            "and SELIS_MATRIX_PASSWORD to an account's"
        )


def adapters(settings: Settings, service: Service, pages: Web | None) -> Sequence[Adapter]:
    """The adapters of all networks that are configured."""
    found: list[Adapter] = []
    if settings.telegram_token is not None:
        # A network costs its library only where it is used.
        from adapters.telegram.run import Telegram

        token = settings.telegram_token.get_secret_value()
        found.append(Telegram(service=service, settings=settings, token=token, pages=pages))
    if settings.on_matrix:
        from adapters.matrix.run import Matrix

        found.append(Matrix(service=service, settings=settings))
    return found


async def run(settings: Settings) -> None:
    """Carry all networks until SIGTERM or SIGINT.

    Raises:
        NothingConfiguredError: there is none.
        SelisError: no network can be carried (any more); it says what to do.
        KnowledgeError: when the knowledge cannot be used.
        StoreError: when the database cannot be used.
    """
    if settings.telegram_token is None and not settings.on_matrix:
        raise NothingConfiguredError
    async with _watched(settings) as (watch, meter, pages):
        end = _End(watch)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end.begin)
        try:
            async with wiring.service(settings, _say_learning, meter=meter) as service:
                end.carried = adapters(settings, service, pages)
                watch.open(service.health)
                await together(end.carried, service)
                watch.close()
        except asyncio.CancelledError:
            if not end.begun:
                raise
    _log.info("stopped")


@asynccontextmanager
async def _watched(settings: Settings) -> AsyncIterator[tuple[Watch, Meter, Web | None]]:
    """What tells outside how it is, what counts, and the web server where there is a port for it."""
    watch = Watch()
    async with local.listening(settings.data_dir, watch.told):
        if settings.http_port is None:
            yield watch, Meter(), None
            return
        # They cost their libraries only where they are used.
        from prometheus_client import CollectorRegistry

        from adapters.http import serving, tell
        from adapters.metrics import Metrics

        metrics = Metrics(CollectorRegistry())
        async with serving(settings.http_host, settings.http_port) as pages:
            tell(pages, watch, metrics)
            yield watch, metrics, pages


def _say_learning() -> None:
    _log.info("the knowledge has changed: learning its words, about a minute, once")


class _End:
    """What a signal does: adapters that carry are stopped, and a start that is under way is given up."""

    def __init__(self, watch: Watch) -> None:
        self.carried: Sequence[Adapter] = ()
        self.begun = False
        self._watch = watch
        self._task = asyncio.current_task()

    def begin(self) -> None:
        """End; once is enough."""
        if self.begun:
            return
        self.begun = True
        _log.info("stopping")
        self._watch.close()
        for adapter in self.carried:
            adapter.stop()
        if not self.carried and self._task is not None:
            self._task.cancel()
