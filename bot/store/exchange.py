"""The path that every message takes, in two trips to the database: seen and state before, state and reply after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import conversations, counters, outbox, seen
from bot.store.conversations import Remembered
from bot.store.counters import Count
from bot.store.identity import Whose
from bot.store.outbox import Claim, Letter, Outgoing
from bot.store.steps import run
from knowledge.model import KnowledgeBase


class Begun(Struct, frozen=True, kw_only=True, gc=False):
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
    remembered: Remembered | None,
    *,
    letter: Letter | None = None,
    claim: Claim | None = None,
    counts: Iterable[Count] = (),
) -> Outgoing | None:
    """Save the conversation (None leaves it as it is), put its reply into the outbox and count.

    With `claim` the reply is claimed at once, and given back, if it may be sent once this transaction is kept: none is
    before it, and it edits none. A letter to another conversation goes through `outbox.enqueue`, which holds its lock.
    """
    claim = None if letter is None or letter.edits is not None else claim
    steps = [] if letter is None else [outbox.enqueuing(letter, now, claim)]
    steps += [] if remembered is None else [conversations.saving(whose, remembered, now)]
    rows, *_ = await run(connection, *steps, *counters.adding(counts)) or [()]
    return None if letter is None or claim is None else outbox.in_hand(rows, letter, now)
