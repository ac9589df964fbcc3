"""What admins did, written down: the audit, and the history of the knowledge."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.admin_text import SHORT
from bot.desk.errand import Errand
from bot.reload_outcomes import (
    Applied,
    Failed,
    NoProposal,
    NotPlaced,
    NoVersion,
    Outcome,
    Passed,
    Refused,
    RefusedByQuestions,
    Unchanged,
)
from bot.store import archives, audit, history
from bot.store.engine import Store
from bot.store.history import Version

FILE = "file"
"""What sending a file is called in the audit; the other acts are called as their commands."""
BEGUN = "begun"
_ENDS: dict[type, str] = {
    Applied: "applied", Unchanged: "unchanged", Passed: "passed", Failed: "failed", NoVersion: "no such version",
    Refused: "refused", RefusedByQuestions: "refused by questions", NotPlaced: "not placed", NoProposal: "no proposal",
}  # fmt: skip
Publish = Callable[[AsyncConnection, str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Writes down what is done, in the transaction that does it."""

    store: Store
    publish: Publish | None = None
    """Hands a version to the other replicas, where there may be any."""

    async def note(self, errand: Errand, detail: str = "") -> None:
        """Write an act down by itself."""
        async with self.acting(errand, detail):
            pass

    @asynccontextmanager
    async def acting(self, errand: Errand, detail: str = "") -> AsyncIterator[AsyncConnection]:
        """A transaction in which the act is written down; all of it is kept, or nothing."""
        async with self.store.transaction() as connection:
            await audit.note(connection, errand.who, errand.name or FILE, errand.now, detail)
            yield connection

    async def change(self, errand: Errand, what: str = "") -> ChangeRecord:
        """The record of a change that begins; `what` says more than the command does, and no more than it may."""
        await self.note(errand, " ".join(filter(None, (BEGUN, what))))
        return ChangeRecord(records=self, errand=errand)


@dataclass(slots=True, kw_only=True)
class ChangeRecord:
    """One change of the knowledge. It is in the history before it is made, and taken back where it was not made then.

    So a database that is away stops a change, and never leaves one that nobody wrote down.
    """

    records: Records
    errand: Errand
    _admitted: Applied | None = field(default=None, init=False)
    _before: Version | None = field(default=None, init=False)

    async def admit(self, applied: Applied) -> None:
        """Write a change down that is about to be made."""
        errand = self.errand
        detail = f"applied {applied.version[:SHORT]} after {applied.before[:SHORT]}"
        detail += " by force" if applied.forced else ""
        after = applied.verdict.after
        async with self.records.acting(errand, detail) as connection:
            before = await history.active(connection)
            await history.enter(
                connection,
                applied.version,
                errand.now,
                who=errand.who,
                accuracy=None if after is None else after.accuracy,
                note=errand.name or FILE,
            )
            for old in (await history.latest(connection, 2 * history.MOST))[history.MOST :]:
                await history.drop(connection, old.version)
            if self.records.publish is not None:
                await self.records.publish(connection, applied.version)
        self._admitted, self._before = applied, before

    async def settle(self, outcome: Outcome) -> None:
        """Write down what came of it, unless `admit` has."""
        if isinstance(outcome, Applied):
            return
        async with self.records.acting(self.errand, _ENDS[type(outcome)]) as connection:
            if self._admitted is not None:
                await self._take_back(connection, self._admitted)

    async def _take_back(self, connection: AsyncConnection, admitted: Applied) -> None:
        await history.drop(connection, admitted.version)
        before = self._before
        if before is not None:
            await history.enter(
                connection, before.version, before.at, who=before.who, accuracy=before.accuracy, note=before.note
            )
            if self.records.publish is not None:
                await archives.announce(connection, before.version)
