"""The bot that is killed: the whole service, and a minimal adapter for the network of the test."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from adapters.wiring import Service, service
from bot.delivery import RetryLater, Unreachable
from bot.limits import Limits
from bot.messages import ConversationId, IncomingMessage
from bot.retry import RetryPolicy
from bot.settings import Settings
from bot.store.outbox import Outgoing

NETWORK = "fake"
CONFIRMS_FIRST = "confirms-first"
REMEMBERS_NOTHING_SEEN = "remembers-nothing-seen"
REMEMBERS_NOTHING_SAID = "remembers-nothing-said"


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


async def forget(service: Service, fault: str) -> None:
    """Plant a mistake: what was handled, or what was said, is not remembered."""
    table = {REMEMBERS_NOTHING_SEEN: "seen", REMEMBERS_NOTHING_SAID: "conversations"}.get(fault)
    if table is not None:
        async with service.store.transaction() as connection:
            await connection.exec_driver_sql(f"DELETE FROM {table}")


async def receive(line: Line, service: Service, fault: str) -> None:
    """Get messages, have each answered, and only then confirm them, by asking for those behind them."""
    offset = 0
    while True:
        batch = await line.ask(get=offset)
        if fault == CONFIRMS_FIRST:
            await line.ask(get=offset + len(batch))
        by_chat: defaultdict[str, list[IncomingMessage]] = defaultdict(list)
        for number, chat, _, text in batch:
            of = ConversationId(network=NETWORK, chat=chat, person=chat)
            by_chat[chat].append(IncomingMessage(conversation=of, id=str(number), text=text))

        async def one_chat(messages: list[IncomingMessage]) -> None:
            for message in messages:
                await forget(service, fault)
                await service.dialogue.respond(message)

        await asyncio.gather(*map(one_chat, by_chat.values()))
        offset = max([offset, *(number + 1 for number, *_ in batch)])


async def live(socket: str, settings: Settings, seed: int, fault: str) -> None:
    async with service(settings, limits=Limits(person=sys.maxsize, group=sys.maxsize)) as served:
        line = Line(*await asyncio.open_unix_connection(socket))
        delivery = served.delivery(NETWORK, line)
        delivery.chance = random.Random(seed).random
        delivery.policy = RetryPolicy(first=timedelta(milliseconds=20), longest=timedelta(milliseconds=200))
        served.dialogue.wake = lambda _: delivery.wake.set()
        await asyncio.gather(line.listen(), receive(line, served, fault), delivery.run())


def main(socket: str, settings: Settings, seed: int, fault: str) -> None:
    """Live until killed."""
    asyncio.run(live(socket, settings, seed, fault))
