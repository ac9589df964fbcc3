"""How long things are kept, and the daily deleting of what is older."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Delete, bindparam, delete, func, select

from bot.store.engine import Store
from bot.store.erase import ASKED_BY_NOBODY
from bot.store.schema import audit, conversations, counters, feedback, seen, sent, unanswered_asked
from bot.store.times import to_micros

_OF_PEOPLE = ("sent", "conversations", "unanswered", "feedback_done", "feedback")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept. The knowledge's history is kept by number, and the outbox by its sender."""

    seen: timedelta = timedelta(days=3)
    """Longer than any network sends a message again (Telegram: one day)."""
    sent: timedelta = timedelta(days=2)
    """As long as Telegram lets anybody edit a message."""
    conversations: timedelta = timedelta(days=180)
    """Since the last message; it is the home place that lives so long."""
    unanswered: timedelta = timedelta(days=30)
    feedback_done: timedelta = timedelta(days=30)
    feedback: timedelta = timedelta(days=180)
    counters: timedelta = timedelta(days=400)
    audit: timedelta = timedelta(days=365)

    def at_most(self, age: timedelta) -> Retention:
        """The same with nothing of people kept longer than `age`. What names nobody, and what admins did, stays."""
        ages = {name: min(getattr(self, name), age) for name in _OF_PEOPLE}
        return replace(self, **ages)


async def prune(store: Store, now: datetime, retention: Retention | None = None) -> dict[str, int]:
    """Delete what is too old, and give the number of deleted rows by table.

    Each table has its own transaction, so that no message waits for all of it.
    """
    deleted: dict[str, int] = {}
    for statement, oldest in _statements(now, retention or Retention()):
        async with store.transaction() as connection:
            result = await connection.execute(statement, {} if oldest is None else {"oldest": oldest})
            name = str(statement.table)
            deleted[name] = deleted.get(name, 0) + result.rowcount
    await store.scrub()
    return deleted


async def rows_by_table(store: Store) -> dict[str, int]:
    """How many rows each table that grows has."""
    tables = (conversations, seen, sent, feedback, unanswered_asked, counters, audit)
    async with store.reading() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in tables
        }


def _statements(now: datetime, retention: Retention) -> list[tuple[Delete, int | None]]:
    oldest: BindParameter[int] = bindparam("oldest")

    def before(age: timedelta) -> int:
        return to_micros(now - age)

    return [
        (delete(seen).where(seen.c.at < oldest), before(retention.seen)),
        (delete(sent).where(sent.c.at < oldest), before(retention.sent)),
        (delete(conversations).where(conversations.c.at < oldest), before(retention.conversations)),
        (delete(unanswered_asked).where(unanswered_asked.c.at < oldest), before(retention.unanswered)),
        (ASKED_BY_NOBODY, None),
        (delete(feedback).where(feedback.c.done < oldest), before(retention.feedback_done)),
        (delete(feedback).where(feedback.c.at < oldest), before(retention.feedback)),
        (delete(counters).where(counters.c.day < oldest), (now - retention.counters).toordinal()),
        (delete(audit).where(audit.c.at < oldest), before(retention.audit)),
    ]
