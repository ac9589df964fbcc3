"""Is anything lost, or answered twice, when `selis run` is killed in the middle of 50 encrypted questions on Matrix?

    python -m tests.chaos.matrix --bursts 10

A real Synapse, real clients with keys of their own, and the real process over a small knowledge. In each burst it is
killed with SIGKILL twice. Once while people ask and are answered: when so many answers have come, and a random time
after that, so that the kill also falls between receiving keys, keeping what came of a message, and sending. And once
while it takes in what was asked meanwhile, which one sync tells: when the outcome of some of it is in its database and
that of the rest is not. Then each question must have its answer: once, in order, and readable.

At last one that has a fault must be found out: it keeps the token of a sync before it has taken in what the sync told.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import sqlite3
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.adapters.matrix.street import PASSWORD
from tests.bot.reloading import House, furnish
from tests.selis_run import selis_run
from tests.servers.resident import Resident
from tests.servers.synapse import Synapse

ASKED = {"policija aa": "+371 65283888", "klientu centrs aa": "+371 65207081", "klientu centrs bē": "+371 65133931"}
LAST = "labdien"
WITHIN = 180.0
SELIS, CONFIRMS_FIRST = "adapters.cli", "tests.chaos.confirms_first"
"""What is run: Sēlis, or one with a fault on purpose."""


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
    """So many seconds at most pass between the answers and the first kill."""
    random: random.Random = field(default_factory=lambda: random.Random(2026))
    module: str = SELIS
    rooms: dict[str, str] = field(default_factory=dict)
    handed_out_again: int = field(default=0, init=False)
    """How many questions the second kill kept from being taken in, though the server had told them."""

    @property
    def answers(self) -> int:
        """How many have come and could be read."""
        return sum(len(one.messages(self.rooms[one.user_id])) for one in self.people)

    async def run(self, answers: int, outcomes: int) -> Counter[str]:
        """Ask; kill Sēlis when so many answers have come; ask the rest; kill it when so many outcomes of that are kept.

        What is wrong with the answers at the end.
        """
        now, later = self._questions()[: self.each // 2], self._questions()[self.each // 2 :]
        async with asyncio.timeout(WITHIN), asyncio.TaskGroup() as group:
            async with self.selis():
                for one in self.people:
                    self.rooms[one.user_id] = await one.room(self.bot, encrypted=True, direct=True)
                for one in self.people:
                    await one.joined_by(self.bot, self.rooms[one.user_id])
                asking = [group.create_task(self._asks(one, now, until=answers)) for one in self.people]
                await self._heard(answers)
            await asyncio.gather(*asking)
            await asyncio.gather(*(self._asks(one, later) for one in self.people))
            kept = self._kept()
            async with self.selis():
                while self._kept() < kept + outcomes:  # noqa: ASYNC110 - the database tells nobody
                    await asyncio.sleep(0.002)
            self.handed_out_again = len(later) * len(self.people) - (self._kept() - kept)
            async with self.selis():
                await asyncio.gather(*(self._hears_all(one) for one in self.people))
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
            self.module,
            SELIS_KNOWLEDGE_DIR=str(self.house.directory),
            SELIS_MATRIX_HOMESERVER=self.server.url,
            SELIS_MATRIX_USER_ID=self.bot,
            SELIS_MATRIX_PASSWORD=PASSWORD,
            SELIS_LIMIT_PERSON="10000",
        )

    def _questions(self) -> list[tuple[str, str]]:
        return list(itertools.islice(itertools.cycle(ASKED.items()), self.each))

    async def _asks(self, one: Resident, questions: Sequence[tuple[str, str]], *, until: int = 0) -> None:
        """Ask, and listen until all together have heard so many answers."""
        for question, _ in questions:
            await one.says(question, self.rooms[one.user_id])
            await one.sync()
        await one.until(lambda: self.answers >= until, WITHIN)

    async def _hears_all(self, one: Resident) -> None:
        """Hear all answers, or at least the one to the last thing said: a room's letters keep their order."""
        room = self.rooms[one.user_id]
        # Whatever is lost or doubled stands before this.
        await one.says(LAST, room)
        await one.until(lambda: self._is_over(one), within=60)

    def _kept(self) -> int:
        """Of how many messages the outcome is in the database."""
        connection = sqlite3.connect(self.directory / "selis.sqlite3", timeout=WITHIN)
        try:
            return int(connection.execute("SELECT count(*) FROM seen").fetchone()[0])
        finally:
            connection.close()

    def _is_over(self, one: Resident) -> bool:
        messages = one.messages(self.rooms[one.user_id])
        return bool(messages) and not any(fact in messages[-1].body for fact in ASKED.values())

    async def _heard(self, answers: int) -> None:
        while self.answers < answers:  # noqa: ASYNC110 - whoever listens tells nobody
            await asyncio.sleep(0.005)
        await asyncio.sleep(self.random.random() * self.moment)


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bursts", type=int, default=10, help="each of 50 questions and two kills")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    chance, start, wrong, answers, again = random.Random(options.seed), time.monotonic(), Counter[str](), 0, 0
    server = await asyncio.to_thread(Synapse)
    try:
        with tempfile.TemporaryDirectory(prefix="selis-chaos-") as directory:
            place = Path(directory)
            house = await asyncio.to_thread(furnish, place / "house")
            (place / "selis").mkdir()
            (place / "selis" / "models").symlink_to(house.data / "models")
            bot = server.register("selis", PASSWORD)
            people = [await Resident.of(server, place / f"resident{number}") for number in range(5)]
            burst = partial(Burst, server=server, directory=place / "selis", house=house, bot=bot, people=people)
            for _ in range(options.bursts):
                one = burst(moment=0.1, random=chance)
                wrong += await one.run(answers=chance.randint(0, 20), outcomes=chance.randint(1, 20))
                answers += one.answers
                again += one.handed_out_again
            faulty = await burst(module=CONFIRMS_FIRST).run(answers=5, outcomes=1)
            for resident in people:
                await resident.close()
    finally:
        await asyncio.to_thread(server.close)
    asked = options.bursts * 55
    print(f"{2 * options.bursts} kills, seed {options.seed}, {time.monotonic() - start:.0f} s")
    print(f"asked {asked}, answered {answers}, told again {again}, wrong: {dict(wrong) or 'nothing'}")
    print(f"one that keeps the token first: lost {faulty['lost']} of 55")
    return 1 if wrong or answers != asked or not faulty["lost"] else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
