"""How much Sēlis is asked, and how it does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from msgspec.structs import replace

from bot.chart import chart
from bot.commands import CommandName
from bot.desk.errand import Errand
from bot.desk.records import Records
from bot.health import Health, health_text
from bot.messages import Attachment, Reply
from bot.report_text import statistics_reply
from bot.statistics import figures
from bot.store import counters
from bot.store.errors import StoreUnavailableError

DAYS = 30
MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Serves statistics and health."""

    records: Records
    health: Callable[[], Awaitable[Health]]
    _drawing: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def serve(self, errand: Errand) -> Reply:
        """What the command asks for."""
        if errand.name is CommandName.STATISTICS:
            return await self._statistics(errand)
        # An ailing database is what health has to tell of.
        with suppress(StoreUnavailableError):
            await self.records.note(errand)
        return errand.plain(health_text(await self.health(), errand.say))

    async def _statistics(self, errand: Errand) -> Reply:
        """The figures of the last 30 days, or of as many as are named; with a picture where one can be drawn."""
        last = errand.now.date()
        first = last - timedelta(days=days_of(errand.named) - 1)
        async with self.records.acting(errand, errand.named) as connection:
            rows = await counters.between(connection, first, last)
        found = figures(rows, first, last)
        reply = statistics_reply(found, errand.say)
        # Its settings are those of the whole process while a picture is drawn.
        async with self._drawing:
            picture = await asyncio.to_thread(chart, found, errand.say)
        if picture is None:
            return reply
        return replace(reply, attachments=(Attachment(name=f"selis-{first}-{last}.png", data=picture),))


def days_of(written: str) -> int:
    """The number of days asked for, 30 where it is none."""
    return min(int(written), MOST_DAYS) if written.isascii() and written.isdecimal() and int(written) else DAYS
