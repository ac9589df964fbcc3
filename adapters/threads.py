"""Long work beside the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

_T = TypeVar("_T")


async def in_thread(work: Callable[[], _T]) -> _T:
    """Do work in a thread that the end of the process does not wait for, unlike those of `asyncio.to_thread`."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_T] = loop.create_future()

    def settle(settle_with: Callable[[], None]) -> None:
        if not future.done():
            settle_with()

    def run() -> None:
        try:
            done = work()
        except BaseException as error:
            failed = error
            outcome = lambda: future.set_exception(failed)  # noqa: E731
        else:
            outcome = lambda: future.set_result(done)  # noqa: E731
        # The loop may be closed by now: then nobody waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=run, daemon=True).start()
    return await future
