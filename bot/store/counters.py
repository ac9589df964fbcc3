"""What is counted, by day: questions by topic, place and outcome, sends, drops. No label names a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Insert, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import counters
from bot.store.steps import Inserting, Step, run

_BETWEEN = (
    select(counters.c.day, counters.c.kind, counters.c.label, counters.c.n)
    .where(counters.c.day >= bindparam("first"), counters.c.day <= bindparam("last"))
    .order_by(counters.c.day, counters.c.kind, counters.c.label)
)


def _add(insert: Inserting) -> Insert:
    new = insert(counters).values({name: bindparam(name) for name in ("day", "kind", "label", "n")})
    return new.on_conflict_do_update(
        index_elements=[counters.c.day, counters.c.kind, counters.c.label],
        set_={"n": counters.c.n + new.excluded.n},
    )


class Count(NamedTuple):
    """How often something happened on a day: kind "outcome", label "answer", n 3."""

    day: date
    kind: str
    label: str
    n: int = 1


class Tally:
    """Counts of this process that are not in the database yet.

    Rows that every message counts up are a queue at the door where several processes write. Gather them here and let
    one transaction in many take them along; a kill loses the counts since then, and nothing else.
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[date, str, str]] = Counter()

    def add(self, *counts: Count) -> None:
        for count in counts:
            self._counts[count[:3]] += count.n

    def take(self) -> list[Count]:
        """All that was gathered; the tally is empty then. Give it back with `add` when the transaction failed."""
        taken, self._counts = self._counts, Counter()
        return [Count(*what, n) for what, n in taken.items()]


async def add(connection: AsyncConnection, counts: Iterable[Count]) -> None:
    """Count up."""
    await run(connection, *adding(counts))


def adding(counts: Iterable[Count]) -> list[Step]:
    """`add` as steps, in one order for all: two processes that count the same cannot wait for each other."""
    return [
        Step(_add, {"day": count.day.toordinal(), "kind": count.kind, "label": count.label, "n": count.n})
        for count in sorted(counts)
    ]


async def between(connection: AsyncConnection, first: date, last: date) -> Sequence[Count]:
    """All counts of the days from first to last, both included."""
    (rows,) = await run(connection, Step(_BETWEEN, {"first": first.toordinal(), "last": last.toordinal()}))
    return [Count(date.fromordinal(day), kind, label, n) for day, kind, label, n in rows]
