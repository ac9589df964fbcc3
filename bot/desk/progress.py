"""told(work): the lines that say what is being done just now, then what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from msgspec.structs import replace

from bot.admin_text import progress_text
from bot.desk.errand import Errand
from bot.messages import Reply
from bot.reload import Tell
from bot.verdict import Progress, Step

MOST = 3
"""Lines of progress at most: a chat is no terminal."""


async def told(
    work: Callable[[Tell], Awaitable[Reply]], errand: Errand, first: Step | Reply, running: set[asyncio.Task[Reply]]
) -> AsyncIterator[Reply]:
    """Begin the work, yield the first line at once and others as steps change, then the reply of the work.

    The work is kept in `running` and goes on to its end when nobody asks for more: half a reload would be worse.
    """
    steps: asyncio.Queue[Progress | None] = asyncio.Queue()
    task = asyncio.create_task(_ended(work, steps))
    running.add(task)
    task.add_done_callback(lambda done: _let_go(done, running))
    shown = {first, Step.READING}
    yield _line(Progress(step=first), errand) if isinstance(first, Step) else replace(first, more=True)
    lines = 1
    while (progress := await steps.get()) is not None:
        if lines < MOST and progress.step not in shown:
            shown.add(progress.step)
            lines += 1
            yield _line(progress, errand)
    yield await task


async def _ended(work: Callable[[Tell], Awaitable[Reply]], steps: asyncio.Queue[Progress | None]) -> Reply:
    try:
        return await work(steps.put_nowait)
    finally:
        steps.put_nowait(None)


def _let_go(task: asyncio.Task[Reply], running: set[asyncio.Task[Reply]]) -> None:
    running.discard(task)
    if not task.cancelled():
        # Whoever still waits gets it all the same; where nobody does, it is no news that it was not fetched.
        task.exception()


def _line(progress: Progress, errand: Errand) -> Reply:
    return replace(errand.plain(progress_text(progress, errand.say)), more=True)
