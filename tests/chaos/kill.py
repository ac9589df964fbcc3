"""Is anything lost, or answered twice, when the bot is killed at any moment?

    python -m tests.chaos.kill --kills 200 --engine sqlite
    python -m tests.chaos.kill --kills 200 --engine postgres --transactions

The bot is the whole service, over a small knowledge. Under load it is killed with SIGKILL, again and again, at moments
that are counted in steps of its own work, with a random time after them so that a kill also falls into what happens
inside the bot. Then it is left alone until nothing is to be done any more, and the books of the network are compared.

A doubled answer is inside the documented window when the network had taken it and the bot was killed before it could
note that: its row still stood in the outbox after the kill. With `--transactions` the network knows a resend by its
transaction id, as Matrix does, and nothing may be doubled at all.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import multiprocessing
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from adapters.wiring import build_talk
from bot.messages import ConversationId, IncomingMessage
from bot.settings import Settings
from bot.store.identity import load_keys
from tests.bot.reloading import furnish
from tests.chaos import child
from tests.chaos.fake_network import FakeNetwork
from tests.postgres import Cluster

PATIENCE_SECONDS = 60.0
FAULTS = ("", child.CONFIRMS_FIRST, child.REMEMBERS_NOTHING_SEEN, child.REMEMBERS_NOTHING_SAID)


@dataclass(kw_only=True)
class Books:
    """What came of it all."""

    kills: int = 0
    asked: int = 0
    answered: int = 0
    lost: int = 0
    out_of_order: int = 0
    doubled_in_window: int = 0
    doubled_outside: int = 0
    window_kills: int = 0
    """Kills that left a row behind which the network had taken."""
    resent: int = 0
    handed_out_again: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def fine(self, *, takes_transactions: bool) -> bool:
        doubled = self.doubled_outside + (self.doubled_in_window if takes_transactions else 0)
        return not (self.lost or self.out_of_order or doubled) and self.asked == self.answered

    def __str__(self) -> str:
        rows = {
            "kills": self.kills,
            "asked": self.asked,
            "answered": self.answered,
            "lost": self.lost,
            "out of order, or memory wrong": self.out_of_order,
            "doubled inside the window": self.doubled_in_window,
            "doubled outside the window": self.doubled_outside,
            "kills inside the window": self.window_kills,
            "resends known by transaction id": self.resent,
            "messages handed out again": self.handed_out_again,
        }
        lines = [f"{name:<34}{count:>8}" for name, count in rows.items()]
        lines += [f"  killed after: {name:<18}{count:>8}" for name, count in sorted(self.moments.items())]
        return "\n".join([*lines, f"{'seconds':<34}{self.seconds:>8.0f}"])


class Killer:
    """Starts the bot, and kills it after a number of steps that chance lays down."""

    def __init__(
        self, seed: int, directory: Path, url: str | None, *, takes_transactions: bool, fault: str = ""
    ) -> None:
        self.fault = fault
        self.random = random.Random(seed)
        # Its model is learned here, once, so that a start after a kill is quick.
        house = furnish(directory)
        self.data_dir = house.data
        self.settings = Settings(knowledge_dir=house.directory, data_dir=house.data, database_url=url)
        self.url = url
        self.network = FakeNetwork(
            random=random.Random(seed + 1), takes_transactions=takes_transactions, moment=self._moment
        )
        self.books = Books()
        self.socket = str(directory / "network")
        # Every bot is a fork of a process that has imported all of it: a kill costs no second of waiting.
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(["tests.chaos.child"])
        self._countdown = -1
        self._now = asyncio.Event()
        self._reached = ""
        self._windows: list[set[int]] = []

    def _moment(self, name: str) -> None:
        self._countdown -= 1
        if self._countdown == 0:
            self._reached = name
            self._now.set()

    async def run(self, kills: int) -> Books:
        start = time.monotonic()
        server = await self.network.serve(self.socket)
        try:
            for number in range(kills):
                await self._one_kill(number)
            await self._leave_alone(kills)
        finally:
            server.close()
            await self.network.all_gone()
        self._compare()
        self.books.seconds = time.monotonic() - start
        return self.books

    async def _one_kill(self, number: int) -> None:
        # Few steps hit the start and the first answers, many the middle of the work.
        self._countdown = self.random.choice([self.random.randint(1, 6), self.random.randint(1, 120)])
        self._now.clear()
        process = self._start(number)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._now.wait()
        if self.random.random() < 0.6:
            await asyncio.sleep(self.random.random() * 0.01)
        process.kill()
        self.network.kills += 1
        self.books.kills += 1
        self.books.moments[self._reached] += 1
        await asyncio.to_thread(process.join)
        process.close()
        # What it had sent may still be on its way into the network's books.
        await self.network.all_gone()
        await self._look_into_the_outbox()

    def _start(self, number: int) -> ForkServerProcess:
        arguments = (self.socket, self.settings, number, self.fault)
        process = self._forks.Process(target=child.main, args=arguments, daemon=True)
        process.start()
        return process

    async def _look_into_the_outbox(self) -> None:
        """Which answers the network has although the bot's books still say that they are to be sent."""
        left = await (self._left_in_file() if self.url is None else self._left_on_server())
        keys = load_keys(self.data_dir)
        asked = {keys.event(child.NETWORK, one.chat, str(one.id)): one.id for one in self.network.asked}
        window = {asked[event] for event in left} & self.network.answered
        self._windows.append(window)
        self.books.window_kills += bool(window)

    async def _left_in_file(self) -> list[bytes]:
        file = self.data_dir / "selis.sqlite3"
        connection = sqlite3.connect(file)
        try:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").fetchone():
                return []
            return [event for (event,) in connection.execute("SELECT event FROM outbox")]
        finally:
            connection.close()

    async def _left_on_server(self) -> list[bytes]:
        import asyncpg

        connection = await asyncpg.connect(self.url)
        try:
            # The server may still carry out what the dead bot had asked of it last.
            others = (
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            async with asyncio.timeout(PATIENCE_SECONDS):
                while await connection.fetchval(others):  # noqa: ASYNC110 - the server tells nobody
                    await asyncio.sleep(0.005)
            if not await connection.fetchval("SELECT to_regclass('outbox')"):
                return []
            return [row["event"] for row in await connection.fetch("SELECT event FROM outbox")]
        finally:
            await connection.close()

    async def _leave_alone(self, number: int) -> None:
        """No new messages and no kills, until everything is answered and the outbox is empty."""
        self.network.load = False
        process = self._start(number)
        until = time.monotonic() + PATIENCE_SECONDS
        quiet = 0
        try:
            while quiet < 20 and time.monotonic() < until:
                before = len(self.network.told) + self.network.resent
                await asyncio.sleep(0.1)
                done = self.network.confirmed >= len(self.network.asked)
                still = before == len(self.network.told) + self.network.resent
                quiet = quiet + 1 if done and still else 0
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
            process.close()
        if left := await (self._left_in_file() if self.url is None else self._left_on_server()):
            print(f"{len(left)} letters are still in the outbox", file=sys.stderr)

    def _compare(self) -> None:
        network, books = self.network, self.books
        books.asked, books.answered = len(network.asked), len(network.answered)
        books.lost = books.asked - books.answered
        books.resent, books.handed_out_again = network.resent, network.handed_out_again
        told = defaultdict(list)
        for answer in network.told:
            told[answer.question].append(answer)
        for question, answers in told.items():
            for first, second in itertools.pairwise(answers):
                between = self._windows[first.kills : second.kills]
                if any(question in window for window in between):
                    books.doubled_in_window += 1
                else:
                    books.doubled_outside += 1
        self._compare_order()

    def _compare_order(self) -> None:
        """First answers come in the order of the questions of their chat, and each follows from all before it."""
        talk = build_talk(self.settings)
        right = {
            one.id: talk.respond(IncomingMessage(conversation=ConversationId.of_terminal(one.chat), text=one.text)).text
            for one in self.network.asked
        }
        next_place: defaultdict[str, int] = defaultdict(lambda: 1)
        known: set[int] = set()
        for answer in self.network.told:
            question = self.network.asked[answer.question]
            if question.id in known:
                continue
            known.add(question.id)
            if question.place != next_place[question.chat] or answer.text != right[question.id]:
                self.books.out_of_order += 1
            next_place[question.chat] = question.place + 1


@contextmanager
def database(engine: str) -> Iterator[str | None]:
    """The address of an empty database; None is SQLite in the data directory."""
    if engine == "sqlite":
        yield None
        return
    cluster = Cluster()
    try:
        yield cluster.new_database()
    finally:
        cluster.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--transactions", action="store_true", help="the network takes a transaction id")
    parser.add_argument("--fault", choices=FAULTS, default="", help="a mistake to plant, which must be found")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    with database(options.engine) as url, tempfile.TemporaryDirectory(prefix="selis-chaos-") as directory:
        killer = Killer(
            options.seed, Path(directory), url, takes_transactions=options.transactions, fault=options.fault
        )
        books = asyncio.run(killer.run(options.kills))
    print(f"{options.engine}, {'with' if options.transactions else 'without'} transaction ids, seed {options.seed}")
    print(books)
    return 0 if books.fine(takes_transactions=options.transactions) else 1


if __name__ == "__main__":
    sys.exit(main())
