"""The whole path of a message: read, decided, kept and put into the outbox, beside the transactions alone.

    python tests/bench/dialogue.py                    5,000 messages of 1,000 conversations, SQLite
    python tests/bench/dialogue.py --messages 20000

Asked are the project's own questions, each conversation several in turn. The last line is our rate as a share of what
the same transactions reach by themselves in this run: as the store runs them (`tests/bench/store.py`), and as
SQLAlchemy and aiosqlite run the same statements by themselves (`tests/bench/stock.py`).
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bot.dialogue import Dialogue
from bot.limits import Limits, Pace
from bot.live import LiveKnowledge, Snapshot
from bot.messages import ConversationId, IncomingMessage
from bot.store.engine import open_store
from bot.unanswered import Notebook
from knowledge.files import DATA
from knowledge.prepare import prepare
from tests.bench import data
from tests.bench.stock import engine as stock_engine
from tests.bench.store import one_as_it_comes, one_message, row

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
UNLIMITED = 1_000_000


async def alone(directory: Path, messages: int, conversations: int) -> float:
    """Seconds of the processor for the transactions by themselves."""
    store = await open_store(None, directory)
    start, cpu, each = time.perf_counter(), time.process_time(), []
    for number in range(messages):
        before = time.perf_counter()
        await one_message(store, number, conversations)
        each.append(time.perf_counter() - before)
    row("transactions alone", messages, start, cpu, each)
    used = time.process_time() - cpu
    await store.close()
    return used


async def as_they_come(directory: Path, messages: int, conversations: int) -> float:
    """Seconds of the processor for the same transactions as SQLAlchemy and aiosqlite run them by themselves."""
    store = await open_store(None, directory)
    await store.close()
    stock, start, cpu, each = stock_engine(directory / "selis.sqlite3"), time.perf_counter(), time.process_time(), []
    for number in range(messages):
        before = time.perf_counter()
        await one_as_it_comes(stock, store.keys, number, conversations)
        each.append(time.perf_counter() - before)
    row("the same, as libraries come", messages, start, cpu, each)
    used = time.process_time() - cpu
    await stock.dispose()
    return used


async def whole(directory: Path, models: Path, messages: int, conversations: int) -> float:
    """Seconds of the processor for messages through the dialogue."""
    texts = [question.text for question in data.load().questions if question]
    texts = random.Random(1).choices(texts, k=messages)
    # Prepared last: what the measurement itself holds is then not looked through for garbage with every message.
    index = prepare(DATA, models).index
    store = await open_store(None, directory)
    dialogue = Dialogue(
        store=store,
        live=LiveKnowledge(Snapshot(index=index, taken_at=NOW)),
        clock=lambda: NOW,
        pace=Pace(limits=Limits(person=UNLIMITED, group=UNLIMITED)),
        notebook=Notebook(),
    )
    start, cpu, each = time.perf_counter(), time.process_time(), []
    for number, text in enumerate(texts):
        before = time.perf_counter()
        person = str(10_000_000 + number % conversations)
        of = ConversationId(network="telegram", chat=person, person=person)
        await dialogue.respond(IncomingMessage(conversation=of, id=str(number), text=text))
        each.append(time.perf_counter() - before)
    row("Dialogue.respond", messages, start, cpu, each)
    used = time.process_time() - cpu
    await dialogue.idle()
    await store.close()
    return used


async def main(messages: int, conversations: int, models: Path) -> None:
    """Print both, and the share."""
    with ExitStack() as stack:
        first, second, third = (Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(3))
        print(f"{'part':<28}{'a second':>10}{'median ms':>11}{'99 % ms':>9}{'longest ms':>12}{'CPU ms':>9}")
        store = await alone(first, messages, conversations)
        stock = await as_they_come(second, messages, conversations)
        every = await whole(third, models, messages, conversations)
    print(f"\nour rate as a share of theirs (processor): {store / every:.0%} and {stock / every:.0%}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--models", type=Path, default=Path(tempfile.gettempdir()) / "selis-bench-models")
    options = parser.parse_args()
    asyncio.run(main(options.messages, options.conversations, options.models))
