"""Is anything lost, or answered twice, when `selis run` is killed in the middle of 50 encrypted questions on Matrix?

    python -m tests.chaos.matrix --kills 10

A real Synapse, real clients with keys of their own, and the real process over a small knowledge. It is killed with
SIGKILL when so many answers have come, and a random time after that, so that a kill also falls between receiving keys,
keeping what came of a message, and sending. Then each question must have its answer: once, in order, and readable.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.adapters.matrix.street import PASSWORD
from tests.bot.reloading import House, furnish
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
    moment: float = 0.0
    """So many seconds at most pass between the answers and the kill."""
    random: random.Random = field(default_factory=lambda: random.Random(2026))
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
        await asyncio.sleep(self.random.random() * self.moment)


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10, help="each in a burst of 50 questions of its own")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    chance, start, wrong, answers = random.Random(options.seed), time.monotonic(), Counter[str](), 0
    server = await asyncio.to_thread(Synapse)
    try:
        with tempfile.TemporaryDirectory(prefix="selis-chaos-") as directory:
            place = Path(directory)
            house = await asyncio.to_thread(furnish, place / "house")
            (place / "selis").mkdir()
            (place / "selis" / "models").symlink_to(house.data / "models")
            bot = server.register("selis", PASSWORD)
            people = [await Resident.of(server, place / f"resident{number}") for number in range(5)]
            for _ in range(options.kills):
                burst = Burst(
                    server=server, directory=place / "selis", house=house, bot=bot, people=people, moment=0.1,
                    random=chance,
                )  # fmt: skip
                wrong += await burst.run(kill_after=[chance.randint(0, 45)])
                answers += burst.answers
            for one in people:
                await one.close()
    finally:
        await asyncio.to_thread(server.close)
    print(f"{options.kills} kills, seed {options.seed}, {time.monotonic() - start:.0f} s")
    print(f"asked {options.kills * 55}, answered {answers}, wrong: {dict(wrong) or 'nothing'}")
    return 1 if wrong or answers != options.kills * 55 else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
