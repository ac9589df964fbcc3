"""What the transactions of messages reach by themselves, without anything being understood.

    python tests/bench/store.py                      5,000 messages of 1,000 conversations, SQLite
    python tests/bench/store.py --engine postgres
    python tests/bench/store.py --messages 20000 --profile

Each message is one transaction: seen, load, save, outbox, three counters. Then the outbox is drained, and the figures
are taken again for what a message leaves behind, before and after pruning. The durations are of the wall clock.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import pstats
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.messages import Choice, Kind, Reply
from bot.question import Question
from bot.state import ConversationState
from bot.store import conversations as conversations_kept
from bot.store import exchange, outbox, seen
from bot.store.conversations import Remembered
from bot.store.counters import Count, adding
from bot.store.engine import Store, open_store
from bot.store.identity import Keys
from bot.store.outbox import Address, Letter
from bot.store.prune import prune
from tests.bench.stock import transact
from tests.postgres import Cluster

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUESTION = Question(topics=("police",), places=("a-place",), place_named=True, confidence=0.93)
REPLY = Reply(
    kind=Kind.ANSWER,
    text="Pašvaldības policija, dežūrdaļa: +371 65 000 000, policija@example.org. " * 5,
    choices=tuple(Choice(key=f"police:a-place-{n}::", label=f"Vieta {n}") for n in range(4)),
    entries=("contact/a-place/police",),
    topic="police",
    place="a-place",
    confidence=0.93,
)


STATE = ConversationState(home="a-place", last=QUESTION, options=(QUESTION, QUESTION), at=NOW)
COUNTS = [Count(NOW.date(), kind, "x") for kind in ("outcome", "topic", "place")]


def letter_of(keys: Keys, number: int, conversations: int) -> Letter:
    """The reply to a message, with the keys of both."""
    chat = str(10_000_000 + number % conversations)
    whose = keys.whose(network="telegram", chat=chat, person=chat)
    event = keys.event("telegram", chat, str(number))
    return Letter(network="telegram", address=Address(chat=chat), whose=whose, event=event, reply=REPLY)


async def one_message(store: Store, number: int, conversations: int) -> None:
    """What the dialogue does to the store for a message."""
    letter = letter_of(store.keys, number, conversations)
    async with store.transaction() as connection:
        begun = await exchange.begin(connection, letter.event, letter.whose, NOW)
        if not begun.fresh:
            return
        kept = Remembered(state=STATE)
        await exchange.finish(connection, letter.whose, NOW, remembered=kept, letter=letter, counts=COUNTS)


async def one_as_it_comes(stock: AsyncEngine, keys: Keys, number: int, conversations: int) -> None:
    """The same statements as SQLAlchemy and aiosqlite run them by themselves."""
    letter = letter_of(keys, number, conversations)
    begin = [seen.marking(letter.event, NOW), conversations_kept.loading(letter.whose)]
    saved = conversations_kept.saving(letter.whose, Remembered(state=STATE), NOW)
    await transact(stock, begin, [outbox.enqueuing(letter, NOW, None), saved, *adding(COUNTS)])


async def drain(store: Store) -> None:
    """What the sender does to the store for all letters, with a network that takes no time."""
    while True:
        async with store.transaction() as connection:
            claimed, _ = await outbox.claim(connection, "telegram", NOW, lease=timedelta(minutes=1), most=100)
        if not claimed:
            return
        for letter in claimed:
            async with store.transaction() as connection:
                await outbox.mark_sent(connection, letter, ["123456"], NOW)


async def measure(url: str | None, directory: Path, messages: int, conversations: int) -> None:
    store = await open_store(url, directory)
    print(f"{'part':<28}{'a second':>10}{'median ms':>11}{'99 % ms':>9}{'longest ms':>12}{'CPU ms':>9}")
    each = []
    start, cpu = time.perf_counter(), time.process_time()
    for number in range(messages):
        before = time.perf_counter()
        await one_message(store, number, conversations)
        each.append(time.perf_counter() - before)
    row("message", messages, start, cpu, each)
    start, cpu = time.perf_counter(), time.process_time()
    for number in range(messages):
        await one_message(store, number, conversations)
    row("message sent again", messages, start, cpu)
    start, cpu = time.perf_counter(), time.process_time()
    await drain(store)
    row("letter sent", messages, start, cpu)
    await store.scrub()
    print(f"\nbytes a message: {size(directory) / messages:.0f}", end="")
    await prune(store, NOW + timedelta(days=8))
    print(f", after a week and pruning {size(directory) / messages:.0f} (SQLite's files alone)")
    await store.close()


def row(name: str, times: int, start: float, cpu: float, each: Sequence[float] = ()) -> None:
    """One line; the processor's time is ours alone and tells more than the clock where others use the machine."""
    seconds, used = time.perf_counter() - start, time.process_time() - cpu
    cells = [statistics.median(each), statistics.quantiles(each, n=100)[98], max(each)] if each else []
    shown = (
        "".join(f"{cell * 1000:>{width}.2f}" for cell, width in zip(cells, (11, 9, 12), strict=True))
        if cells
        else " " * 32
    )
    print(f"{name:<28}{times / seconds:>10.0f}{shown}{used / times * 1000:>9.2f}")


def size(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.glob("selis.sqlite3*"))


def engines(name: str) -> Iterator[str | None]:
    if name == "sqlite":
        yield None
        return
    cluster = Cluster()
    try:
        yield cluster.new_database()
    finally:
        cluster.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    profile = cProfile.Profile()
    for url in engines(options.engine):
        with tempfile.TemporaryDirectory() as directory:
            if options.profile:
                profile.enable()
            asyncio.run(measure(url, Path(directory), options.messages, options.conversations))
            profile.disable()
    if options.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)


if __name__ == "__main__":
    main()
