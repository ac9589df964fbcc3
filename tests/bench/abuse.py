"""Does one person who sends 1,000 messages a minute slow others down?

    python -m tests.bench.abuse --models MODELS
    python -m tests.bench.abuse --webhook --burst 100

`selis run` as a process over the shipped knowledge, against the Bot API server of the tests. Others ask at a steady
rate, each a person of their own, and from each message to its answer is measured. Minutes in which they are alone and
minutes in which one person sends 1,000 messages besides follow each other, so that other programs of the machine slow
both down. With `--burst` the messages come so many at once, as from a program, and in steady order otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from knowledge.files import DATA
from knowledge.prepare import prepare
from tests.bench.telegram import questions
from tests.chaos.telegram import on_telegram
from tests.selis_run import selis_run
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi

A_MINUTE = 1000
MOST = 1.5
"""So many times slower may others be at most, by the issue."""


class Minutes:
    """The people of one process, and how long each waited. `alone` and `beside` are milliseconds."""

    def __init__(self, api: BotApi, rate: float, seconds: float, burst: int) -> None:
        self.api, self.rate, self.seconds, self.burst = api, rate, seconds, burst
        self.texts = questions()
        self.abuser = api.person("Abuser")
        self.sent = 0
        self.asked = 0
        self.alone: list[float] = []
        self.beside: list[float] = []

    async def quiet(self, into: list[float]) -> None:
        """Others ask, and all are answered."""
        people: list[tuple[Person, float]] = []

        async def ask(_: int) -> None:
            person = self.api.person(f"P{self.asked}")
            person.sends(self.texts[self.asked % len(self.texts)])
            people.append((person, self.api.world.clock.now()))
            self.asked += 1

        await _steadily(self.rate, self.seconds, ask)
        bot = self.api.bot
        await self.api.world.until(lambda: all(person.private.from_bot(bot) for person, _ in people), within=120)
        taken = _first_answers(self.api)
        into.extend(1000 * (taken[person.user.id] - at) for person, at in people)

    async def abused(self) -> None:
        """The same, beside one who sends too much."""

        async def send(_: int) -> None:
            for _ in range(self.burst):
                self.abuser.sends(self.texts[self.sent % len(self.texts)])
                self.sent += 1

        await asyncio.gather(_steadily(A_MINUTE / 60 / self.burst, self.seconds, send), self.quiet(self.beside))
        await self.api.world.until(lambda: not self.api.world.queue.pending, within=120)


async def _steadily(rate: float, seconds: float, act: Callable[[int], Awaitable[None]]) -> None:
    """Do something at a steady rate, whatever becomes of it."""
    start = time.monotonic()
    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, start + number / rate - time.monotonic()))
        await act(number)


def _first_answers(api: BotApi) -> dict[int, float]:
    """When the server was sent the first answer to each private chat."""
    first: dict[int, float] = {}
    for call in api.log.of("sendMessage"):
        if call.code == 200:
            first.setdefault(int(call["chat_id"]), call.at)
    return first


def _line(name: str, spent: list[float]) -> str:
    return f"| {name} | {len(spent)} | {statistics.median(spent):.1f} | {_late(spent):.1f} | {max(spent):.1f} |"


def _late(spent: list[float]) -> float:
    """The time within which 99 of 100 are answered."""
    return statistics.quantiles(spent, n=100, method="inclusive")[98]


async def measure(directory: Path, options: argparse.Namespace) -> bool:
    """Print the table; whether others were no more than MOST times slower."""
    async with BotApi() as api, selis_run(directory, **on_telegram(api, webhook=options.webhook)):
        await api.world.until(lambda: api.log.of("setWebhook" if options.webhook else "getUpdates"), within=120)
        minutes = Minutes(api, options.rate, options.seconds, options.burst)
        warming: list[float] = []
        await minutes.quiet(warming)
        for _ in range(options.rounds):
            await minutes.quiet(minutes.alone)
            await minutes.abused()
        answers = len(minutes.abuser.private.from_bot(api.bot))
    alone, beside = minutes.alone, minutes.beside
    print("| ms from message to answer | people | median | 99th | worst |\n| --- | --- | --- | --- | --- |")
    print(_line("alone", alone), _line("beside the abuser", beside), sep="\n")
    median, late = statistics.median(beside) / statistics.median(alone), _late(beside) / _late(alone)
    print(f"times slower: median {median:.2f}, 99th {late:.2f}; the abuser sent {minutes.sent}, got {answers} answers")
    print(f"{'webhook' if options.webhook else 'polling'}, load of the machine {os.getloadavg()[0]:.1f}")
    return max(median, late) <= MOST


def main() -> None:
    """Measure, and fail where others were held up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, help="where learned models are kept")
    parser.add_argument("--webhook", action="store_true", help="updates are brought, not fetched")
    parser.add_argument("--burst", type=int, default=1, help="messages of the abuser that come at once")
    parser.add_argument("--rate", type=float, default=3, help="questions of others a second")
    parser.add_argument("--seconds", type=float, default=60, help="how long a minute is")
    parser.add_argument("--rounds", type=int, default=3, help="how many minutes of each kind")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="selis-bench-") as directory:
        models = (options.models or Path(directory) / "models").absolute()
        prepare(DATA, models)
        home = Path(directory) / "home"
        home.mkdir()
        (home / "models").symlink_to(models)
        held = asyncio.run(measure(home, options))
    raise SystemExit(0 if held else 1)


if __name__ == "__main__":
    main()
