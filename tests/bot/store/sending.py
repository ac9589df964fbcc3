"""A delivery to test: a network whose answers are laid down, a clock that is moved by hand, and the real outbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.delivery import Delivery
from bot.dropped import Dropped
from bot.store import outbox
from bot.store.depth import depth
from bot.store.engine import Store
from bot.store.outbox import Address, Letter, Outgoing
from tests.bot.handed_time import HandedTime
from tests.bot.store.samples import letter

type_of_answer = Exception | Callable[[], object] | None


@dataclass
class Phone:
    """A network whose answers a test lays down by person, one for each try; after them it takes everything."""

    answers: dict[str, list[type_of_answer]] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)
    took: list[str] = field(default_factory=list)
    edits: list[tuple[str, ...]] = field(default_factory=list)
    now: int = 0
    most: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.open.set()

    async def send(self, outgoing: Outgoing) -> Sequence[str]:
        to = outgoing.letter.address
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self._note(self.tried, f"{to.chat}/{to.reply_to}")
            await self.open.wait()
            answers = self.answers.get(to.chat, [])
            answer = answers.pop(0) if answers else None
            if isinstance(answer, Exception):
                raise answer
            if answer is not None:
                answer()
            self.edits.append(outgoing.edits)
            await self._note(self.took, f"{to.chat}/{to.reply_to}")
            return [f"m{to.reply_to}"]
        finally:
            self.now -= 1

    async def _note(self, where: list[str], what: str) -> None:
        async with self.changed:
            where.append(what)
            self.changed.notify_all()

    async def until(self, count: int, where: list[str] | None = None) -> None:
        """Wait until so many were taken (or tried)."""
        noted = self.took if where is None else where
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(lambda: len(noted) >= count)


@dataclass
class Rig:
    """A delivery under test."""

    delivery: Delivery
    phone: Phone
    time: HandedTime
    dropped: list[Dropped]
    store: Store

    async def put(self, *letters: Letter) -> None:
        async with self.store.transaction() as connection:
            for one in letters:
                await outbox.enqueue(connection, one, self.time.now)
        self.delivery.wake.set()

    async def empty(self) -> None:
        """Wait until nothing is left to send."""
        async with asyncio.timeout(20):
            while await self.depth():  # noqa: ASYNC110 - the table itself is the event
                await asyncio.sleep(0)

    async def looked(self) -> None:
        """Wake the delivery, and wait until it has looked for what can be sent, and begun with it."""
        for _ in range(3):
            self.delivery.wake.set()
            async with asyncio.timeout(20):
                while self.delivery.wake.is_set():  # noqa: ASYNC110 - that it looks is the event
                    await asyncio.sleep(0)

    async def depth(self) -> int:
        async with self.store.transaction() as connection:
            found = (await depth(connection)).get("telegram")
        return found.letters if found else 0


def to(store: Store, person: str, number: int) -> Letter:
    return letter(store, number, person, address=Address(chat=person, reply_to=str(number)))


@asynccontextmanager
async def running(store: Store, **options: Any) -> AsyncIterator[Rig]:
    time, phone, dropped = HandedTime(), Phone(), []

    async def hear(what: Dropped) -> None:
        dropped.append(what)

    values: dict[str, Any] = {"chance": lambda: 0.5, "dropped": hear, "look": timedelta(seconds=7)}
    delivery = Delivery(
        store=store, name="telegram", network=phone, clock=time.clock, sleep=time.sleep, **(values | options)
    )
    task = asyncio.create_task(delivery.run())
    try:
        yield Rig(delivery=delivery, phone=phone, time=time, dropped=dropped, store=store)
        delivery.stop()
        await asyncio.wait_for(task, 20)
    finally:
        task.cancel()
