"""The path that every message takes, in two trips to the database: seen and state before, state and reply after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import conversations, counters, outbox, seen
from bot.store.conversations import Remembered
from bot.store.counters import Count
from bot.store.identity import Whose
from bot.store.outbox import Letter
from bot.store.steps import run
from knowledge.model import KnowledgeBase


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What was there before a message. `fresh` is False when it was handled before: do nothing more for it."""

    fresh: bool
    remembered: Remembered


async def begin(
    connection: AsyncConnection, event: bytes, whose: Whose, now: datetime, kb: KnowledgeBase | None = None
) -> Begun:
    """Note a message as handled and load its conversation; until this transaction ends, no other process changes it."""
    lock = outbox.locking(connection, whose)
    *_, marked, rows = await run(connection, *lock, seen.marking(event, now), conversations.loading(whose))
    return Begun(fresh=bool(marked), remembered=conversations.remembered(rows, kb))


async def finish(
    connection: AsyncConnection,
    whose: Whose,
    now: datetime,
    *,
    remembered: Remembered | None,
    letters: Iterable[Letter] = (),
    counts: Iterable[Count] = (),
) -> None:
    """Save the conversation (None leaves it as it is), put its replies into the outbox and count.

    Letters to other conversations go through `outbox.enqueue`, which holds their lock.
    """
    steps = [] if remembered is None else [conversations.saving(whose, remembered, now)]
    steps += [outbox.enqueuing(letter, now) for letter in letters]
    await run(connection, *steps, *counters.adding(counts))
