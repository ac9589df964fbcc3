"""How many messages do 1, 2 and 3 replicas over one PostgreSQL take in, and answer?

    python -m tests.bench.load --messages 600

Each is `selis run` with Telegram's webhook, over the small knowledge of the tests, behind one address. All messages
come at once, each from a person of its own, as fast as 40 requests beside each other are answered. "Taken in" is when
all of them, and the replies to them, are in the database; "answered" is when the Bot API server has all replies.
Server, balancer, PostgreSQL and replicas share the processors of one machine, whose load is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

from tests.chaos.kill import database
from tests.chaos.replicas import ASKED, Replicas
from tests.servers.balancer import Balancer
from tests.servers.botapi.server import BotApi

COUNTS = (1, 2, 3)


async def measured(url: str, directory: Path, count: int, messages: int) -> str:
    """A line of the table."""
    async with BotApi() as api, Balancer(count) as balancer:
        replicas = Replicas(api, url, directory, balancer)
        await asyncio.gather(*map(replicas.start, range(count)))
        try:
            await replicas.ready(at_least=count)
            texts, start = list(ASKED), time.monotonic()
            people = [api.person(f"P{number}") for number in range(messages)]
            for number, person in enumerate(people):
                person.sends(texts[number % len(texts)])
            await api.world.until(lambda: not api.world.queue.pending, within=600)
            taken = time.monotonic() - start
            async with asyncio.timeout(600):
                while not all(person.private.from_bot(api.bot) for person in people):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
            answered = time.monotonic() - start
        finally:
            await replicas.end()
    load = os.getloadavg()[0]
    return f"| {count} | {messages / taken:.0f} | {messages / answered:.0f} | {load:.1f} |"


def main() -> None:
    """Measure all counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=600)
    messages = parser.parse_args().messages
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    print(f"{messages} messages, {os.cpu_count()} processors")
    print("| replicas | taken in a second | answered a second | load of the machine |\n| --- | --- | --- | --- |")
    for count in COUNTS:
        with database("postgres") as url, tempfile.TemporaryDirectory(prefix="selis-bench-") as directory:
            assert url is not None
            print(asyncio.run(measured(url, Path(directory), count, messages)), flush=True)


if __name__ == "__main__":
    main()
