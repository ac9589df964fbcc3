"""How fast somebody may write, over all replicas: what one process counts in memory, counted in PostgreSQL as well."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.envelope import Envelope
from bot.limits import Limits, Verdict, check, keys_of
from bot.store import paces
from bot.store.engine import Store


async def pace_of_all(
    connection: AsyncConnection, store: Store, limits: Limits, envelope: Envelope, now: datetime
) -> Verdict:
    """The verdict on a message, which then counts, in the transaction that handles it: what is not kept does not count.

    With SQLite, which has one process, its own verdict stands.
    """
    if store.is_sqlite:
        return envelope.verdict
    person, *groups = [store.keys.pace(*key) for key in keys_of(envelope.message)]
    before = await paces.load(connection, person)
    group = await paces.load(connection, groups[0]) if groups else None
    checked = check(limits, before, group, now)
    await paces.save(connection, person, checked.person, now)
    if checked.group is not None:
        await paces.save(connection, groups[0], checked.group, now)
    return checked.verdict
