"""Sending what waits in the outbox: in order within a conversation, conversations beside each other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dropped import Dropped, Why
from bot.hand import Hand
from bot.meter import Meter
from bot.retry import RetryPolicy
from bot.store import counters, outbox
from bot.store.counters import Count
from bot.store.engine import Store
from bot.store.errors import StoreUnavailableError
from bot.store.outbox import Claim, Outgoing


class RetryLater(Exception):  # noqa: N818 - an answer of the network, and nothing wrong with us
    """The network wants it later: after exactly `after`, where it says so.

    With `everywhere` that goes for all conversations of the network, and otherwise for this one.
    """

    def __init__(self, after: timedelta | None = None, *, everywhere: bool = False) -> None:
        self.after = after
        self.everywhere = everywhere
        super().__init__(f"the network wants it later, after {after}")


class Refused(Exception):  # noqa: N818
    """The network will never take this: the person blocked the bot, the group is gone. `reason` is a short name."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"the network refused it: {reason}")


class Unreachable(Exception):  # noqa: N818
    """The network did not answer; it may have taken the message or not."""


class Network(Protocol):
    """A network to send to."""

    async def send(self, outgoing: Outgoing) -> Sequence[str]:
        """Send a reply, and give the network's ids of the messages it became.

        Where the network takes a transaction id, hand it `outgoing.transaction` (with more behind it for the parts of
        one reply): then a letter that is sent twice is shown once.

        Raises:
            RetryLater: not now.
            Refused: never.
            Unreachable: no answer.
        """


async def _nobody_asks(_: Dropped) -> None:
    return


@dataclass(slots=True, kw_only=True)
class Delivery:
    """Drains the outbox of one network. `clock` gives aware UTC times, `sleep` waits seconds, `chance` is 0 to below 1.

    `wake` is set by whoever put something into the outbox. `dropped` is told of each letter that nobody will get; a
    notice that it sends may be dropped as well, so it had better not tell of those.
    """

    store: Store
    name: str
    network: Network
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    dropped: Callable[[Dropped], Awaitable[None]] = _nobody_asks
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    meter: Meter = field(default_factory=Meter)
    at_once: int = 16
    """How many letters are under way at most."""
    lease: timedelta = timedelta(minutes=2)
    """Another process may send a letter when this one has not settled it for so long; half of it is a send's time. The
    successor of this process does not wait for it."""
    alone: bool = False
    """No other process sends for this network now: what any had in hand before is sent at once."""
    idle: timedelta = timedelta(seconds=5)
    """After so long without anything to send, what was deleted is made unreadable in SQLite's files, too."""
    look: timedelta = timedelta(seconds=5)
    """How often to look for letters of other processes, with PostgreSQL."""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    figures: Counter[str] = field(default_factory=Counter, init=False)
    """What happened since the start: sent, retried, limited, unreachable, faults, dropped, database."""
    _in_hand: dict[int, asyncio.Task[None]] = field(default_factory=dict, init=False)
    _held_out: int = field(default=0, init=False)
    _not_before: datetime | None = field(default=None, init=False)
    _begun: bool = field(default=False, init=False)
    _stopping: bool = field(default=False, init=False)
    _unscrubbed: bool = field(default=True, init=False)

    async def run(self) -> None:
        """Send until `stop` is called; what is under way then is finished first."""
        failures = 0
        await self._note(self._take_over)
        self._begun = True
        try:
            while not self._stopping:
                self.wake.clear()
                try:
                    pause = await self._round()
                except StoreUnavailableError:
                    failures += 1
                    self.figures["database"] += 1
                    pause = self.policy.wait(failures, self.chance())
                else:
                    failures = 0
                if pause is None or pause > timedelta(0):
                    await self._pause(pause)
            while self._in_hand or self._held_out:
                self.wake.clear()
                await self.wake.wait()
        finally:
            for task in self._in_hand.values():
                task.cancel()

    async def _take_over(self, connection: AsyncConnection) -> None:
        await outbox.mend(connection, self.clock())
        holder = None if self.alone else self.store.holder.name
        await outbox.take_over(connection, self.name, holder, self.clock())

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        self.wake.set()

    @contextmanager
    def hand(self, now: datetime) -> Iterator[Hand]:
        """Hold a hand out to a reply, where one is free: see `bot.hand`."""
        can = self._begun and not self._stopping and self._free > 0
        if not can or (self._not_before is not None and now < self._not_before):
            yield Hand()
            return
        hand = Hand(claim=Claim(holder=self.store.holder.name, until=now + self.lease))
        self._held_out += 1
        try:
            yield hand
        finally:
            self._held_out -= 1
            if hand.takes is not None:
                self._begin(hand.takes)
            else:
                self.wake.set()

    @property
    def _free(self) -> int:
        return self.at_once - len(self._in_hand) - self._held_out

    def _begin(self, outgoing: Outgoing) -> None:
        self._in_hand[outgoing.id] = asyncio.create_task(self._deliver(outgoing))

    async def _round(self) -> timedelta | None:
        """Set going what can go, and tell how long there is nothing more to do; None: until woken."""
        now = self.clock()
        if self._not_before is not None and now < self._not_before:
            return self._not_before - now
        free = self._free
        if free <= 0:
            # Each one that ends wakes us.
            return None
        async with self.store.transaction() as connection:
            claimed, unreadable = await outbox.claim(
                connection, self.name, now, lease=self.lease, most=free, holder=self.store.holder.name
            )
            if unreadable:
                await counters.add(connection, [Count(now.date(), "dropped", Why.UNREADABLE, unreadable)])
            due = await outbox.next_due(connection, self.name)
        if unreadable:
            await self._tell(Dropped(network=self.name, why=Why.UNREADABLE, letters=unreadable))
        for outgoing in claimed:
            # One whose outcome could not be noted so far comes due again: it is still in hand, and not for sending.
            if outgoing.id not in self._in_hand:
                self._begin(outgoing)
        return self._until(due, now)

    def _until(self, due: datetime | None, now: datetime) -> timedelta | None:
        if self._free <= 0:
            return None
        wait = None if due is None else max(due - now, timedelta(0))
        if not self.store.is_sqlite:
            return self.look if wait is None else min(wait, self.look)
        if wait is None and self._unscrubbed:
            return self.idle
        return wait

    async def _pause(self, time: timedelta | None) -> None:
        """Wait until woken, or for a time."""
        woken = asyncio.ensure_future(self.wake.wait())
        timer = None if time is None else asyncio.ensure_future(self.sleep(time.total_seconds()))
        try:
            await asyncio.wait([woken, timer] if timer else [woken], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (woken, timer):
                if task is not None:
                    task.cancel()
        if time == self.idle and self._unscrubbed and not self.wake.is_set() and not self._in_hand:
            await self._scrub()

    async def _scrub(self) -> None:
        """Ids of chats stood in rows that are deleted by now."""
        try:
            await self.store.scrub()
        except StoreUnavailableError:
            return
        self._unscrubbed = False

    async def _deliver(self, outgoing: Outgoing) -> None:
        try:
            await self._try(outgoing)
        finally:
            self._unscrubbed = True
            del self._in_hand[outgoing.id]
            self.wake.set()

    async def _try(self, outgoing: Outgoing) -> None:
        """Send a letter, and note what came of it."""
        if self.policy.too_old(outgoing.enqueued, self.clock()):
            await self._drop(outgoing, Why.TOO_OLD)
            return
        try:
            async with asyncio.timeout(self.lease.total_seconds() / 2):
                messages = await self.network.send(outgoing)
        except RetryLater as later:
            self.figures["limited"] += 1
            if later.everywhere and later.after is not None:
                self._not_before = self.clock() + later.after
            await self._postpone(outgoing, later.after)
        except Refused as refused:
            await self._drop(outgoing, Why.REFUSED, refused.reason)
        except (Unreachable, TimeoutError):
            self.figures["unreachable"] += 1
            await self._postpone(outgoing)
        except Exception as fault:
            self.figures["faults"] += 1
            if outgoing.tries >= self.policy.most_faults:
                await self._drop(outgoing, Why.FAULT, type(fault).__name__)
            else:
                await self._postpone(outgoing)
        else:
            self.figures["sent"] += 1
            self.meter.sent(self.name, (self.clock() - outgoing.enqueued).total_seconds())
            await self._note(lambda connection: outbox.mark_sent(connection, outgoing, messages, self.clock()))

    async def _postpone(self, outgoing: Outgoing, after: timedelta | None = None) -> None:
        self.figures["retried"] += 1
        due = self.policy.next_try(self.clock(), outgoing.tries, self.chance(), after)
        await self._note(lambda connection: outbox.postpone(connection, outgoing, due))

    async def _drop(self, outgoing: Outgoing, why: Why, detail: str = "") -> None:
        async def drop(connection: AsyncConnection) -> None:
            await outbox.drop(connection, outgoing, self.clock())
            await counters.add(connection, [Count(self.clock().date(), "dropped", why)])

        await self._note(drop)
        await self._tell(Dropped(network=self.name, why=why, detail=detail, outgoing=outgoing))

    async def _note(self, write: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        """Write down an outcome, however long the database is away: forgetting it would send the letter again."""
        failures = 0
        while True:
            try:
                async with self.store.transaction() as connection:
                    await write(connection)
            except StoreUnavailableError:
                failures += 1
                self.figures["database"] += 1
                await self.sleep(self.policy.wait(failures, self.chance()).total_seconds())
            else:
                return

    async def _tell(self, dropped: Dropped) -> None:
        self.figures["dropped"] += dropped.letters
        try:
            await self.dropped(dropped)
        except Exception:
            self.figures["faults"] += 1
