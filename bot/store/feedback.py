"""What residents said of an answer: useful, or wrong or outdated. One say for each conversation and entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.identity import Whose
from bot.store.schema import feedback
from bot.store.steps import Inserting, Step, run
from bot.store.times import from_micros, to_micros

_COLUMNS = ("conversation", "chat", "person", "entry", "verdict", "reason", "version", "at")
_is_open = (feedback.c.verdict == bindparam("of_verdict"), feedback.c.done.is_(None))
_OPEN = (
    select(feedback.c.entry, feedback.c.reason, func.count(), func.min(feedback.c.at), func.max(feedback.c.at))
    .where(*_is_open)
    .group_by(feedback.c.entry, feedback.c.reason)
    .order_by(func.count().desc(), feedback.c.entry, feedback.c.reason)
)
_CLOSE = (
    update(feedback)
    .where(*_is_open, feedback.c.entry == bindparam("of_entry"), feedback.c.at <= bindparam("until"))
    .values(done=bindparam("now"))
    .returning(feedback.c.id)
)
_FIGURES = (
    select(feedback.c.verdict, func.count())
    .where(feedback.c.at >= bindparam("since"))
    .group_by(feedback.c.verdict)
    .order_by(feedback.c.verdict)
)


def _give(insert: Inserting) -> Insert:
    new = insert(feedback).values({name: bindparam(name) for name in _COLUMNS})
    return new.on_conflict_do_update(
        index_elements=[feedback.c.conversation, feedback.c.entry],
        set_={name: new.excluded[name] for name in ("verdict", "reason", "version", "at", "done")},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How many said the same of an entry, and when first and last."""

    entry: str
    reason: str | None
    times: int
    first: datetime
    last: datetime


async def give(
    connection: AsyncConnection,
    whose: Whose,
    entry: str,
    now: datetime,
    *,
    verdict: str,
    version: str,
    reason: str | None = None,
) -> None:
    """Keep what a conversation says of an entry; what it said of it before is replaced, and the report open again.

    `version` is that of the knowledge which answered.
    """
    values = {"conversation": whose.conversation, "chat": whose.chat, "person": whose.person, "at": to_micros(now)}
    values |= {"entry": entry, "verdict": verdict, "reason": reason, "version": version}
    await run(connection, Step(_give, values))


async def open_reports(connection: AsyncConnection, verdict: str) -> Sequence[Report]:
    """What was said with a verdict and not closed yet, the most frequent first."""
    (rows,) = await run(connection, Step(_OPEN, {"of_verdict": verdict}))
    return [
        Report(entry=entry, reason=reason, times=times, first=from_micros(first), last=from_micros(last))
        for entry, reason, times, first, last in rows
    ]


async def close(
    connection: AsyncConnection, verdict: str, entry: str, now: datetime, *, until: datetime | None = None
) -> int:
    """Close the open reports of an entry that were given until a time, or all; how many there were."""
    values = {"of_verdict": verdict, "of_entry": entry, "now": to_micros(now), "until": to_micros(until or now)}
    (rows,) = await run(connection, Step(_CLOSE, values))
    return len(rows)


async def figures(connection: AsyncConnection, since: datetime) -> dict[str, int]:
    """How often each verdict was given since a time."""
    (rows,) = await run(connection, Step(_FIGURES, {"since": to_micros(since)}))
    return {str(verdict): int(count) for verdict, count in rows}
