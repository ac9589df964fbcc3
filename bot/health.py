"""Health: what is known about the process, and its text for admins. Pure but for `examined`: it asks the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from babel.dates import format_timedelta
from babel.numbers import format_decimal

from bot.admin_text import SHORT
from bot.alarms import Alarm
from bot.live import Snapshot
from bot.phrasebook import Phrasebook
from bot.plural import counted
from bot.statistics import LOCALES
from bot.store import bookmarks
from bot.store.depth import Depth, depth
from bot.store.engine import Store
from bot.store.errors import StoreUnavailableError, Trouble
from bot.store.size import size

WAITED_TOO_LONG = timedelta(minutes=15)
"""A letter that waits longer than this is a sign that something is wrong."""
_TROUBLES = {
    Trouble.LOCKED: "health-database-locked", Trouble.FULL: "health-database-full",
    Trouble.GONE: "health-database-gone", Trouble.OTHER: "health-database-other",
}  # fmt: skip
_AILS = {
    Alarm.CONFLICT: "health-adapter-conflict", Alarm.REFUSED: "health-adapter-refused",
    Alarm.ENDED: "health-adapter-ended",
}  # fmt: skip
"""An outage is told by when the network was heard of last."""
_FIGURES = {
    "sent": "health-sent", "retried": "health-retried", "limited": "health-limited",
    "unreachable": "health-unreachable", "dropped": "health-dropped", "faults": "health-faults",
    "database": "health-database-waits",
}  # fmt: skip
"""What `bot.delivery.Delivery.figures` counts, in the order it is told."""
_MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterHealth:
    """A network: when it was polled or synced successfully last (None: not since the start), and after how long
    without that it is late. `ails` is what is known to be wrong. The rest counts since the start: `figures` of its
    delivery, `stepped_over` what came in and made no sense (a few reasons, never data of people), `undecrypted` what
    could not be decrypted.
    """

    name: str
    last: datetime | None
    late_after: timedelta
    figures: Mapping[str, int] = field(default_factory=dict)
    stepped_over: Mapping[str, int] = field(default_factory=dict)
    undecrypted: int = 0
    ails: Alarm | None = None

    def state(self, now: datetime) -> str:
        """What ails it, "late", or "well"."""
        return self.ails or ("late" if self.is_late(now) else "well")

    def is_late(self, now: datetime) -> bool:
        """Whether nothing was heard of the network for too long."""
        return self.last is None or now - self.last > self.late_after


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseHealth:
    """What ails the database (None: it answers), and its bytes where it answers."""

    trouble: Trouble | None = None
    bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of the process at a time (UTC).

    `version` is the knowledge's (64 hex digits), in use since `taken_at`; `waiting` is the outbox by network, empty
    where the database does not answer.
    """

    at: datetime
    version: str
    taken_at: datetime
    entries: int
    database: DatabaseHealth
    adapters: tuple[AdapterHealth, ...] = ()
    waiting: Mapping[str, Depth] = field(default_factory=dict)

    @property
    def undecrypted(self) -> int:
        """How many messages could not be decrypted when they came, since the start."""
        return sum(adapter.undecrypted for adapter in self.adapters)

    @property
    def is_well(self) -> bool:
        """Whether nobody has to look after anything."""
        waits = any(self.at - depth.oldest > WAITED_TOO_LONG for depth in self.waiting.values())
        carried = all(adapter.state(self.at) == "well" for adapter in self.adapters)
        return self.database.trouble is None and carried and not waits


async def examined(
    store: Store, snapshot: Snapshot, now: datetime, *, adapters: Sequence[AdapterHealth] = ()
) -> Health:
    """The health of a process with these adapters; the database is asked just now, and may be away."""
    waiting: Mapping[str, Depth] = {}
    try:
        # As a message does it: who only reads does not notice that the file is gone or full.
        async with store.transaction() as connection:
            await bookmarks.look_for_room(connection)
            waiting = await depth(connection)
        database = DatabaseHealth(bytes=await size(store))
    except StoreUnavailableError as error:
        database = DatabaseHealth(trouble=error.trouble)
    return Health(
        at=now,
        version=snapshot.version,
        taken_at=snapshot.taken_at,
        entries=len(snapshot.index.kb.entries),
        database=database,
        adapters=tuple(adapters),
        waiting=waiting,
    )


def health_text(health: Health, say: Phrasebook) -> str:
    """The health in words, the verdict first."""
    entries = counted(say.forms("count-facts"), health.entries, say.language)
    age = _ago(health.taken_at, health.at, say)
    lines = [
        say("health-well" if health.is_well else "health-ill"),
        say("health-knowledge", version=health.version[:SHORT], age=age, entries=entries),
        *(line for adapter in health.adapters for line in _adapter(adapter, health, say)),
        *_waiting(health, say),
        _database(health.database, say),
        say("health-undecrypted", count=str(health.undecrypted)),
    ]
    return "\n".join(lines)


def _adapter(adapter: AdapterHealth, health: Health, say: Phrasebook) -> list[str]:
    if adapter.ails in _AILS:
        line = say(_AILS[adapter.ails], name=adapter.name)
    elif adapter.last is None:
        line = say("health-adapter-never", name=adapter.name)
    else:
        key = "health-adapter-late" if adapter.is_late(health.at) else "health-adapter"
        line = say(key, name=adapter.name, age=_ago(adapter.last, health.at, say))
    figures = [
        say(key, count=format_decimal(adapter.figures[figure], locale=LOCALES[say.language]))
        for figure, key in _FIGURES.items()
        if adapter.figures.get(figure)
    ]
    return [line, say("health-figures", name=adapter.name, figures=", ".join(figures))] if figures else [line]


def _waiting(health: Health, say: Phrasebook) -> list[str]:
    if health.database.trouble is not None:
        return []
    return [
        say("health-waiting", name=name, count=str(depth.letters), age=_ago(depth.oldest, health.at, say))
        for name, depth in sorted(health.waiting.items())
    ] or [say("health-waiting-none")]


def _database(database: DatabaseHealth, say: Phrasebook) -> str:
    if database.trouble is not None:
        return say(_TROUBLES[database.trouble])
    megabytes = format_decimal(round(database.bytes / _MB, 1), locale=LOCALES[say.language])
    return say("health-database", size=megabytes)


def _ago(moment: datetime, now: datetime, say: Phrasebook) -> str:
    """How long ago something was; a clock that went back makes it a second, and not the future."""
    passed = max(now - moment, timedelta(seconds=1))
    return str(format_timedelta(-passed, add_direction=True, threshold=1.5, locale=LOCALES[say.language]))
