"""A network on a socket file, with the manners of Telegram or of Matrix, that remembers all it was asked and told.

It hands out messages from the first one that was not confirmed, now and then also some that were (a confirmation may be
lost), refuses a few sends, and takes a transaction id or not. At countable moments it tells the test, which may then
kill the bot. One line of JSON each way: {"id", "get": offset} or {"id", "send": {chat, text, transaction}}.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

BATCH = 12
BACKLOG = 24
"""So many messages wait at any time, while there is load."""
CHATS = 10
TEXTS = ("klientu centrs aa", "policija", "un bē?", "klientu centrs", "un aa?", "klientu centrs bē", "policija aa")
"""Questions to the small knowledge. Most are about the office or the place that was spoken of last."""


class Question(NamedTuple):
    """A message of a person: its number for the network, its place in its chat, from 1, and what it asks."""

    id: int
    chat: str
    place: int
    text: str


class Told(NamedTuple):
    """An answer that the network took, and how many bots had been killed before the one that sent it."""

    question: int
    text: str
    kills: int


@dataclass
class FakeNetwork:
    """What was asked and what was answered. `moment` is called with the name of a step that just happened."""

    random: random.Random
    takes_transactions: bool
    moment: Callable[[str], None]
    load: bool = True
    kills: int = 0
    asked: list[Question] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    by_transaction: dict[str, list[str]] = field(default_factory=dict)
    resent: int = 0
    """Sends that the network knew by their transaction id."""
    handed_out_again: int = 0
    confirmed: int = 0
    _places: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    _seen_by_bot: int = 0
    _lines: set[asyncio.Task[object]] = field(default_factory=set)

    async def serve(self, path: str) -> asyncio.Server:
        return await asyncio.start_unix_server(self._connected, path)

    @property
    def answered(self) -> set[int]:
        return {told.question for told in self.told}

    async def all_gone(self) -> None:
        """Wait until no bot is connected any more."""
        await asyncio.gather(*self._lines)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        task.add_done_callback(self._lines.discard)
        kills = self.kills
        try:
            while line := await reader.readline():
                request = json.loads(line)
                answer = self._get(request["get"]) if "get" in request else self._send(request["send"], kills)
                if not answer:
                    # Nothing new: the network lets the bot wait a little, as long polling does.
                    await asyncio.sleep(0.01)
                writer.write(json.dumps({"id": request["id"], "answer": answer}).encode() + b"\n")
                await writer.drain()
                self.moment("replied")
        except (ConnectionError, ValueError):
            # The bot was killed in the middle of a line, or before it read the answer.
            return
        finally:
            writer.close()

    def _get(self, offset: int) -> list[Question]:
        self.moment("asked for messages")
        self.confirmed = max(self.confirmed, offset)
        while self.load and len(self.asked) - self.confirmed < BACKLOG:
            chat = f"chat {self.random.randrange(CHATS)}"
            self._places[chat] += 1
            text = self.random.choice(TEXTS)
            self.asked.append(Question(len(self.asked), chat, self._places[chat], text))
        start = self.confirmed
        if self.load and self.random.random() < 0.05:
            start = max(0, start - self.random.randrange(BATCH))
        batch = self.asked[start : start + self.random.randint(1, BATCH)]
        self.handed_out_again += sum(question.id < self._seen_by_bot for question in batch)
        self._seen_by_bot = max([self._seen_by_bot, *(question.id + 1 for question in batch)])
        return batch

    def _send(self, message: dict[str, Any], kills: int) -> dict[str, Any]:
        self.moment("asked to send")
        fate = self.random.random()
        if fate < 0.02:
            return {"retry_after": 0.02}
        if fate < 0.04:
            return {"unreachable": True}
        transaction = message["transaction"]
        if self.takes_transactions and transaction in self.by_transaction:
            self.resent += 1
            return {"messages": self.by_transaction[transaction]}
        self.told.append(Told(int(message["question"]), message["text"], kills))
        self.by_transaction[transaction] = [str(len(self.told))]
        self.moment("took the answer")
        return {"messages": [str(len(self.told))]}
