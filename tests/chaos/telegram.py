"""Is anything lost, doubled or out of order on Telegram when `selis run` is killed in the middle of a burst?

    python -m tests.chaos.telegram --kills 10
    python -m tests.chaos.telegram --kills 10 --webhook

The process is the real one, over the shipped knowledge; the Bot API server is on a real socket. 200 questions come in
40 chats, more than half of them at once and the rest while it works. The process is killed with SIGKILL when messages
were just handed to it, or when the server has just taken another answer, and started again. In the end everything must
be answered, in order within a chat.

A doubled answer is inside the documented window when the server had taken it and the process was killed before it could
note that: its row still stood in the outbox after the kill.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bot.store.identity import load_keys
from knowledge.files import DATA
from knowledge.prepare import prepare
from tests.chaos.kill import Books
from tests.selis_run import selis_run
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi
from tests.servers.free_port import free_port

ASKED = {
    "tiesībsarga tālrunis": "+371 67686768",
    "sociālais dienests Krāslavā": "+371 65622528",
    "sociālais dienests Jēkabpilī": "+371 65207081",
    "kur celt trauksmi Krāslavā?": "kraslava.lv/lv/trauksmes-celsana",
    "izglītības pārvalde Višķos": "+371 65476830",
}
"""Questions, and what stands in the answer to each and in no other."""
CHATS = 40
AT_ONCE = 120
PATIENCE_SECONDS = 120.0
CAME, TAKEN = "messages came", "an answer was taken"
"""When the process is killed."""
Question = tuple[int, str]
"""A chat and a text."""


def on_telegram(api: BotApi, *, webhook: bool = False) -> dict[str, str]:
    """What makes `selis run` talk to that server; with `webhook` the server brings the updates."""
    settings = {"SELIS_TELEGRAM_TOKEN": api.token, "SELIS_TELEGRAM_API_URL": api.url}
    if webhook:
        port = str(free_port())
        settings |= {"SELIS_HTTP_PORT": port, "SELIS_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram"}
    return settings


class Burst:
    """200 questions, and the process that answers them, killed again and again. `webhook`: they are brought to it."""

    def __init__(self, api: BotApi, directory: Path, seed: int, *, webhook: bool = False) -> None:
        self.api, self.directory, self.webhook = api, directory, webhook
        self.random = random.Random(seed)
        self.people = [api.person(f"P{number}") for number in range(CHATS)]
        self.unasked = [(person, text) for text in ASKED for person in self.people]
        self.asked: dict[tuple[str, str], Question] = {}
        self.settings = on_telegram(api, webhook=webhook)
        self.books = Books()
        self._left: list[set[Question]] = []
        self._told_before: list[Counter[Question]] = []

    async def run(self, kills: int) -> Books:
        """Kill so often, then let it come to its end."""
        start = time.monotonic()
        self._ask(AT_ONCE)
        for number in range(kills):
            await self._one_kill(more=-(-len(self.unasked) // (kills - number)))
        await self._to_the_end()
        self._compare()
        self.books.seconds = time.monotonic() - start
        return self.books

    def told(self) -> Counter[Question]:
        """How often each question was answered."""
        return Counter((person.id, text) for person in self.people for text in self._told_to(person))

    def _told_to(self, person: Person) -> list[str]:
        """The questions whose answers a person got, in order."""
        answers = [message.text for message in person.private.from_bot(self.api.bot)]
        return [next(text for text, fact in ASKED.items() if fact in answer) for answer in answers]

    def _ask(self, count: int) -> None:
        now, self.unasked = self.unasked[:count], self.unasked[count:]
        for person, text in now:
            self.asked[str(person.id), str(person.sends(text).id)] = (person.id, text)

    async def _one_kill(self, more: int) -> None:
        async with selis_run(self.directory, **self.settings) as process:
            await self._started()
            self._ask(more)
            moment = self.random.choice((CAME, TAKEN, TAKEN))
            await self._reached(moment)
            process.kill()
            await process.wait()
        self.books.moments[moment] += 1
        self.books.kills += 1
        self._left.append(self._outbox())

    async def _started(self) -> None:
        """Wait for the first call of a process: by then the server has read all that the one before it sent."""
        starts = len(self._told_before)
        await self.api.world.until(lambda: len(self.api.log.of("getMe")) > starts, within=PATIENCE_SECONDS)
        self._told_before.append(self.told())

    async def _reached(self, moment: str) -> None:
        before, told = self._brought(), self.told().total()
        if moment == CAME:
            await self.api.world.until(lambda: self._brought() > before, within=PATIENCE_SECONDS)
            await asyncio.sleep(self.random.uniform(0, 0.1))
            return
        enough = min(told + self.random.randint(1, 25), CHATS * len(ASKED) - 1)
        await self.api.world.until(lambda: self.told().total() >= enough, within=PATIENCE_SECONDS)
        # At once it has not heard yet that the answer was taken; a little later it may just be noting it.
        if self.random.random() < 0.5:
            await asyncio.sleep(self.random.uniform(0, 0.01))

    def _brought(self) -> int:
        """Grows when messages come to the process."""
        if self.webhook:
            return len(self.asked) - len(self.api.world.queue.pending)
        return sum(bool(call.result) for call in self.api.log.of("getUpdates"))

    async def _to_the_end(self) -> None:
        async with selis_run(self.directory, **self.settings) as process:
            await self._started()
            world = self.api.world
            await world.until(lambda: len(self.told()) == len(self.asked), within=PATIENCE_SECONDS)
            await world.until(lambda: not world.queue.pending, within=PATIENCE_SECONDS)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while self._outbox():  # noqa: ASYNC110 - the database tells nobody
                    await asyncio.sleep(0.05)
                process.terminate()
                await process.wait()

    def _outbox(self) -> set[Question]:
        """The answers that are still to be sent."""
        keys = load_keys(self.directory)
        events = {keys.event("telegram", chat, number): one for (chat, number), one in self.asked.items()}
        connection = sqlite3.connect(self.directory / "selis.sqlite3", timeout=PATIENCE_SECONDS)
        try:
            return {events[event] for (event,) in connection.execute("SELECT event FROM outbox")}
        finally:
            connection.close()

    def _compare(self) -> None:
        books, found = self.books, self.told()
        books.asked, books.answered = len(self.asked), len(found)
        books.lost = books.asked - books.answered
        told_after = self._told_before[1:]
        windows = [{one for one in left if told[one]} for left, told in zip(self._left, told_after, strict=True)]
        books.window_kills = sum(map(bool, windows))
        for one, times in found.items():
            allowed = sum(one in window for window in windows)
            books.doubled_in_window += min(times - 1, allowed)
            books.doubled_outside += max(0, times - 1 - allowed)
        for person in self.people:
            books.out_of_order += list(dict.fromkeys(self._told_to(person))) != list(ASKED)
        handed = Counter(update["update_id"] for call in self.api.log.of("getUpdates") for update in call.result or ())
        books.handed_out_again = handed.total() - len(handed)


async def burst(kills: int, seed: int, directory: Path, *, webhook: bool = False) -> Books:
    """One burst over a server of its own; the model is learned before."""
    async with BotApi() as api:
        return await Burst(api, directory, seed, webhook=webhook).run(kills)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--bursts", type=int, default=1, help="so many bursts, each with other moments")
    parser.add_argument("--webhook", action="store_true", help="Telegram brings the messages")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--models", type=Path, help="where learned models are kept, to spare learning")
    options = parser.parse_args()
    fine = True
    with tempfile.TemporaryDirectory(prefix="selis-chaos-") as base:
        models = options.models or Path(base) / "models"
        prepare(DATA, models)
        for number in range(options.bursts):
            directory = Path(base) / str(number)
            directory.mkdir()
            (directory / "models").symlink_to(models.absolute())
            seed = options.seed + number
            books = asyncio.run(burst(options.kills, seed, directory, webhook=options.webhook))
            print(f"Telegram, {'webhook' if options.webhook else 'polling'}, seed {seed}\n{books}", flush=True)
            fine = fine and books.fine(takes_transactions=False) and books.asked == CHATS * len(ASKED)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
