"""prune_daily: what is too old is deleted once a day, for as long as the process lives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NoReturn

from bot.store.engine import Store
from bot.store.errors import StoreUnavailableError
from bot.store.prune import Retention, prune

DAILY = timedelta(days=1)
SOON = timedelta(minutes=15)
"""After so long it is tried again when the database was away."""


async def prune_daily(
    store: Store,
    clock: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]],
    retention: Retention | None = None,
) -> NoReturn:
    """Prune now and then once a day, until cancelled. `clock` gives aware UTC times, `sleep` waits seconds."""
    while True:
        try:
            await prune(store, clock(), retention)
        except StoreUnavailableError:
            pause = SOON
        else:
            pause = DAILY
        await sleep(pause.total_seconds())
