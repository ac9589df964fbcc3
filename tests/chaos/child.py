"""The bot that is killed: a minimal adapter over the real store and the real delivery."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.delivery import Delivery, RetryLater, Unreachable
from bot.messages import Kind, Reply
from bot.retry import RetryPolicy
from bot.state import ConversationState
from bot.store import exchange
from bot.store.conversations import Remembered
from bot.store.counters import Count
from bot.store.engine import Store, open_store
from bot.store.outbox import Address, Letter, Outgoing

NETWORK = "fake"
CONFIRMS_FIRST = "confirms-first"
REMEMBERS_NOTHING_SEEN = "remembers-nothing-seen"


def now() -> datetime:
    return datetime.now(UTC)


class Line:
    """The connection to the network: any number of requests under way."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._numbers = itertools.count()
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    async def ask(self, **request: Any) -> Any:
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._writer.write(json.dumps({"id": number} | request).encode() + b"\n")
        await self._writer.drain()
        return await answer

    async def listen(self) -> None:
        while line := await self._reader.readline():
            answer = json.loads(line)
            self._waiting.pop(answer["id"]).set_result(answer["answer"])

    async def send(self, outgoing: Outgoing) -> Sequence[str]:
        address = outgoing.letter.address
        message = {"chat": address.chat, "question": address.reply_to, "text": outgoing.letter.reply.text}
        answer = await self.ask(send=message | {"transaction": outgoing.transaction})
        if "retry_after" in answer:
            raise RetryLater(timedelta(seconds=answer["retry_after"]))
        if "unreachable" in answer:
            raise Unreachable
        messages: list[str] = answer["messages"]
        return messages


async def respond(store: Store, question: int, chat: str, fault: str) -> None:
    """What the dialogue does, in its order: seen, load, save, outbox, commit. The answer tells how many came before."""
    whose = store.keys.whose(network=NETWORK, chat=chat, person=chat)
    event = store.keys.event(NETWORK, chat, str(question))
    async with store.transaction() as connection:
        begun = await exchange.begin(connection, event, whose, now())
        if not begun.fresh and fault != REMEMBERS_NOTHING_SEEN:
            return
        place = int(begun.remembered.state.home or 0) + 1
        reply = Reply(kind=Kind.ANSWER, text=str(place))
        address = Address(chat=chat, reply_to=str(question))
        await exchange.finish(
            connection,
            whose,
            now(),
            remembered=Remembered(state=ConversationState(home=str(place))),
            letters=[Letter(network=NETWORK, address=address, whose=whose, event=event, reply=reply)],
            counts=[Count(now().date(), "outcome", "answer")],
        )


async def receive(line: Line, store: Store, delivery: Delivery, fault: str) -> None:
    """Get messages, commit each, and only then confirm them, by asking for those behind them."""
    offset = 0
    while True:
        batch = await line.ask(get=offset)
        if fault == CONFIRMS_FIRST:
            await line.ask(get=offset + len(batch))
        by_chat: defaultdict[str, list[int]] = defaultdict(list)
        for question, chat, _ in batch:
            by_chat[chat].append(question)

        async def one_chat(chat: str, questions: list[int]) -> None:
            for question in questions:
                await respond(store, question, chat, fault)
                delivery.wake.set()

        await asyncio.gather(*(one_chat(chat, questions) for chat, questions in by_chat.items()))
        offset = max([offset, *(question + 1 for question, _, _ in batch)])


async def live(socket: str, url: str | None, data_dir: Path, seed: int, fault: str) -> None:
    store = await open_store(url, data_dir)
    line = Line(*await asyncio.open_unix_connection(socket))
    delivery = Delivery(
        store=store,
        name=NETWORK,
        network=line,
        clock=now,
        chance=random.Random(seed).random,
        # What the one before had claimed is due again soon.
        lease=timedelta(seconds=1),
        policy=RetryPolicy(first=timedelta(milliseconds=20), longest=timedelta(milliseconds=200)),
    )
    await asyncio.gather(line.listen(), receive(line, store, delivery, fault), delivery.run())


def main(socket: str, url: str | None, data_dir: str, seed: int, fault: str) -> None:
    """Live until killed."""
    asyncio.run(live(socket, url, Path(data_dir), seed, fault))
