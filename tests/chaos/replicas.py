"""Is anything lost, doubled or out of order when one of three replicas is killed every second?

    python -m tests.chaos.replicas --seconds 60

Three times `selis run`, each with a data directory of its own, over one PostgreSQL and a small knowledge, behind one
address where a Bot API server on a real socket brings the messages. Every second one that chance picks among those
that are ready is killed with SIGKILL and started again, while questions come at a steady rate; where none is ready the
kill waits. In the end all must be answered, in order in each chat.

A doubled answer is inside the documented window when the server had taken it and the process that had it in hand was
killed before it could note that: its row still stood in the outbox, in the name of the killed one, after the kill.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from pathlib import Path

import asyncpg

from bot.store.holder import take_name
from bot.store.identity import KEY_FILE, load_keys
from tests.bot.reloading import furnish
from tests.chaos.kill import Books, database
from tests.selis_run import surroundings
from tests.servers.balancer import Balancer
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi

ASKED = {
    "policija aa": "+371 65283888",
    "klientu centrs bē": "+371 65133931",
    "ceļu vietnieks aa": "+371 65221152",
    "partnerība aa": "+371 29487108",
    "klientu centrs aa": "+371 65207081",
}
"""Questions to the small knowledge, in the order that each person asks them, and what stands in no other answer."""
PEOPLE_AT_ONCE = 30
PATIENCE_SECONDS = 120.0
Question = tuple[int, str]
"""A chat and a text."""


class Replicas:
    """Processes over one database, behind one address."""

    def __init__(self, api: BotApi, url: str, directory: Path, balancer: Balancer, **more: str) -> None:
        self.directory, self.url, self.balancer = directory, url, balancer
        house = furnish(directory)
        self.settings = {
            "SELIS_TELEGRAM_TOKEN": api.token, "SELIS_TELEGRAM_API_URL": api.url,
            "SELIS_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{balancer.port}/telegram",
            "SELIS_DATABASE_URL": url, "SELIS_KNOWLEDGE_DIR": str(house.directory), "SELIS_LIMIT_PERSON": "1000000",
        } | more  # fmt: skip
        self.homes = [directory / str(number) for number in range(len(balancer.behind))]
        keys = load_keys(directory)
        for home in self.homes:
            home.mkdir()
            (home / "models").symlink_to(house.data / "models")
            (home / KEY_FILE).write_bytes((directory / KEY_FILE).read_bytes())
        self.keys = keys
        self.processes: dict[int, Process] = {}

    async def start(self, number: int) -> None:
        """Start one; it is not waited for."""
        self.processes[number] = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "adapters.cli", "run", stdout=DEVNULL, stderr=DEVNULL,
            env=surroundings(self.homes[number], self.settings) | {
                "SELIS_HTTP_PORT": str(self.balancer.behind[number])
            },
        )  # fmt: skip

    async def kill(self, number: int) -> str:
        """Kill one, and give the name that it held letters in."""
        process = self.processes.pop(number)
        process.kill()
        await process.wait()
        holder = take_name(self.homes[number])
        holder.close()
        return holder.name

    async def ready(self, at_least: int = 1) -> list[int]:
        """Those that are ready, once there are so many."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                ready = [number for number in sorted(self.processes) if await _is_ready(self.balancer.behind[number])]
                if len(ready) >= at_least:
                    return ready
                await asyncio.sleep(0.05)

    async def end(self) -> None:
        """Stop all, in good order."""
        for process in self.processes.values():
            process.terminate()
        await asyncio.gather(*(process.wait() for process in self.processes.values()))


class Minute:
    """Questions at a steady rate, and a kill every second."""

    def __init__(self, api: BotApi, replicas: Replicas, seed: int, rate: float) -> None:
        self.api, self.replicas, self.rate = api, replicas, rate
        self.random = random.Random(seed)
        self.books = Books()
        self.people: list[Person] = []
        self.asking: list[tuple[Person, list[str]]] = []
        self.asked: dict[bytes, Question] = {}
        self._windows: list[set[Question]] = []

    async def run(self, seconds: float, kills: int) -> Books:
        """So many kills, spread over that time."""
        start = time.monotonic()
        numbers = range(len(self.replicas.homes))
        await asyncio.gather(*map(self.replicas.start, numbers))
        await self.replicas.ready(at_least=len(numbers))
        asking = asyncio.create_task(self._ask_on())
        for _ in range(kills):
            await asyncio.sleep(seconds / kills)
            await self._kill(self.random.choice(await self.replicas.ready()))
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await self._all_answered()
        await self.replicas.end()
        self._compare()
        self.books.seconds = time.monotonic() - start
        return self.books

    async def _ask_on(self) -> None:
        start = time.monotonic()
        for number in itertools.count(1):
            self._ask()
            await asyncio.sleep(max(0.0, start + number / self.rate - time.monotonic()))

    def _ask(self) -> None:
        while len(self.asking) < PEOPLE_AT_ONCE:
            person = self.api.person(f"P{len(self.people)}")
            self.people.append(person)
            self.asking.append((person, list(ASKED)))
        place = self.random.randrange(len(self.asking))
        person, texts = self.asking[place]
        text = texts.pop(0)
        if not texts:
            del self.asking[place]
        event = self.replicas.keys.event("telegram", str(person.id), str(person.sends(text).id))
        self.asked[event] = (person.id, text)

    async def _kill(self, number: int) -> None:
        name = await self.replicas.kill(number)
        held = await self._outbox(name)
        self.books.kills += 1
        self.books.moments[f"replica {number}"] += 1
        await self.replicas.start(number)
        # What it had sent may still be on its way into the server's books; its successor takes longer to begin.
        await asyncio.sleep(0.2)
        told = self._told()
        self._windows.append({one for one in held if told[one]})
        self.books.window_kills += bool(self._windows[-1])

    async def _outbox(self, holder: str | None = None) -> set[Question]:
        connection = await asyncpg.connect(self.replicas.url)
        try:
            rows = await connection.fetch("SELECT event, holder FROM outbox")
        finally:
            await connection.close()
        return {self.asked[row["event"]] for row in rows if holder in (None, row["holder"])}

    async def _all_answered(self) -> None:
        world = self.api.world
        await world.until(lambda: not world.queue.pending, within=PATIENCE_SECONDS)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._outbox():  # noqa: ASYNC110 - the database tells nobody
                await asyncio.sleep(0.1)

    def _told(self) -> Counter[Question]:
        return Counter((person.id, text) for person in self.people for text in self._told_to(person))

    def _told_to(self, person: Person) -> list[str]:
        answers = [message.text for message in person.private.from_bot(self.api.bot)]
        return [next(text for text, fact in ASKED.items() if fact in answer) for answer in answers]

    def _compare(self) -> None:
        books, found = self.books, self._told()
        books.asked, books.answered = len(self.asked), len(found)
        books.lost = books.asked - books.answered
        for one, times in found.items():
            allowed = sum(one in window for window in self._windows)
            books.doubled_in_window += min(times - 1, allowed)
            books.doubled_outside += max(0, times - 1 - allowed)
        for person in self.people:
            asked = [text for of, text in self.asked.values() if of == person.id]
            books.out_of_order += list(dict.fromkeys(self._told_to(person))) != asked


async def _is_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /readyz HTTP/1.0\r\n\r\n")
        answer = await reader.read(16)
    except OSError:
        return False
    writer.close()
    return b" 200" in answer


async def minute(url: str, directory: Path, *, seconds: float, kills: int, seed: int, rate: float) -> Books:
    """The whole of it over a database that is there."""
    async with BotApi() as api, Balancer(3) as balancer:
        replicas = Replicas(api, url, directory, balancer)
        try:
            return await Minute(api, replicas, seed, rate).run(seconds, kills)
        finally:
            for process in replicas.processes.values():
                if process.returncode is None:
                    process.kill()
                    await process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kills", type=int, help="one a second by default")
    parser.add_argument("--rate", type=float, default=10, help="questions a second")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    with database("postgres") as url, tempfile.TemporaryDirectory(prefix="selis-chaos-") as directory:
        assert url is not None
        kills = options.kills if options.kills is not None else int(options.seconds)
        books = asyncio.run(
            minute(url, Path(directory), seconds=options.seconds, kills=kills, seed=options.seed, rate=options.rate)
        )
    print(f"three replicas on one PostgreSQL, {options.rate:g} questions a second, seed {options.seed}\n{books}")
    return 0 if books.fine(takes_transactions=False) and books.asked else 1


if __name__ == "__main__":
    sys.exit(main())
