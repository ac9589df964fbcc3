"""A burst of encrypted questions to a real `selis run` that is killed again and again; and what came of them."""

from __future__ import annotations

import asyncio
import itertools
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.adapters.matrix.street import PASSWORD
from tests.bot.reloading import House
from tests.selis_run import selis_run
from tests.servers.resident import Resident
from tests.servers.synapse import Synapse

ASKED = {"policija aa": "+371 65283888", "klientu centrs aa": "+371 65207081", "klientu centrs bē": "+371 65133931"}
LAST = "labdien"
WITHIN = 180.0


@dataclass(slots=True, kw_only=True)
class Burst:
    """Each of the people asks `each` questions, in an encrypted room of their own with Sēlis."""

    server: Synapse
    directory: Path
    house: House
    bot: str
    people: Sequence[Resident]
    each: int = 10
    rooms: dict[str, str] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        """How many have come and could be read."""
        return sum(len(one.messages(self.rooms[one.user_id])) for one in self.people)

    async def run(self, kill_after: Sequence[int]) -> Counter[str]:
        """Ask; kill Sēlis whenever so many answers have come; give what is wrong with the answers at the end."""
        async with asyncio.timeout(WITHIN), asyncio.TaskGroup() as group:
            async with self.selis():
                for one in self.people:
                    self.rooms[one.user_id] = await one.room(self.bot, encrypted=True, direct=True)
                for one in self.people:
                    await one.joined_by(self.bot, self.rooms[one.user_id])
                talks = [group.create_task(self._talks(one)) for one in self.people]
                await self._heard(kill_after[0])
            for answers in kill_after[1:]:
                async with self.selis():
                    await self._heard(answers)
            async with self.selis():
                await asyncio.gather(*talks)
                # Whatever is doubled stands before this, since a room's letters keep their order.
                for one in self.people:
                    await one.says(LAST, self.rooms[one.user_id])
                    await one.until(lambda one=one: self._is_over(one), within=60)  # type: ignore[misc]
        return self.wrong()

    def wrong(self) -> Counter[str]:
        """What is not as it should be; empty when each question has its answer, once, in order, readable."""
        found: Counter[str] = Counter()
        for one in self.people:
            room = self.rooms[one.user_id]
            told = [message.body for message in one.messages(room)][: self.each + 1]
            wanted = [fact for _, fact in self._questions()]
            found["unreadable"] += len(one.unreadable(room))
            found["more than asked"] += max(len(one.messages(room)) - self.each - 1, 0)
            found["lost"] += max(self.each + 1 - len(told), 0)
            found["not in order"] += sum(fact not in body for fact, body in zip(wanted, told, strict=False))
        return +found

    def selis(self) -> AbstractAsyncContextManager[Process]:
        """The process; it is killed when the block ends."""
        return selis_run(
            self.directory,
            SELIS_KNOWLEDGE_DIR=str(self.house.directory),
            SELIS_MATRIX_HOMESERVER=self.server.url,
            SELIS_MATRIX_USER_ID=self.bot,
            SELIS_MATRIX_PASSWORD=PASSWORD,
            SELIS_LIMIT_PERSON="10000",
        )

    def _questions(self) -> list[tuple[str, str]]:
        return list(itertools.islice(itertools.cycle(ASKED.items()), self.each))

    async def _talks(self, one: Resident) -> None:
        room = self.rooms[one.user_id]
        for question, _ in self._questions():
            await one.says(question, room)
            await one.sync()
        await one.until(lambda: len(one.messages(room)) >= self.each, within=WITHIN)

    def _is_over(self, one: Resident) -> bool:
        messages = one.messages(self.rooms[one.user_id])
        return bool(messages) and not any(fact in messages[-1].body for fact in ASKED.values())

    async def _heard(self, answers: int) -> None:
        while self.answers < answers:  # noqa: ASYNC110 - whoever listens tells nobody
            await asyncio.sleep(0.005)
