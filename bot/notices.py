"""Notices: the admins of a network are told, in private, of what nobody asked for: replies that nobody will get."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.admins import Admins
from bot.commands import CommandName, called
from bot.dropped import Dropped, Why
from bot.live import LiveKnowledge
from bot.messages import Kind, Reply
from bot.phrasebook import Phrasebook
from bot.plural import counted
from bot.store import bookmarks, conversations, outbox
from bot.store.engine import Store
from bot.store.identity import Whose
from bot.store.outbox import Address, Letter

EVERY = timedelta(hours=1)
"""How often admins are told of one reason at most."""
WHYS = {
    Why.TOO_OLD: "dropped-too-old", Why.REFUSED: "dropped-refused",
    Why.FAULT: "dropped-fault", Why.UNREADABLE: "dropped-unreadable",
}  # fmt: skip

# Notices have a queue of their own: they wait for no other letter to the admin, and are known by it.
_QUEUE = "\0notices"

PrivateChat = Callable[[str], Awaitable[str | None]]
"""The network's id of the private chat with a person; None where there is none."""


async def same_as_person(person: str) -> str:
    """For networks where a private chat has the id of the person."""
    return person


@dataclass(slots=True, kw_only=True)
class Notices:
    """Writes to the network's admins through the outbox; listens to a `bot.delivery.Delivery` (as its `dropped`).

    When it told of a reason last is kept in the database, so that neither restarts nor replicas tell it again; what was
    dropped meanwhile is counted into the next notice. `clock` gives aware UTC times, `wake` the sender.
    """

    network: str
    store: Store
    live: LiveKnowledge
    admins: Admins
    clock: Callable[[], datetime]
    private_chat: PrivateChat
    wake: Callable[[], None]
    _untold: Counter[Why] = field(default_factory=Counter, init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def dropped(self, dropped: Dropped) -> None:
        """Tell of letters that were dropped, unless they are notices themselves or it is too soon.

        Raises:
            StoreUnavailableError: nobody is told; they are counted into the next notice.
        """
        if dropped.outgoing is not None and self._is_notice(dropped.outgoing.letter):
            return
        self._untold[dropped.why] += dropped.letters
        async with self._turn:
            await self._tell(dropped)

    async def tell(self, name: str, text: Callable[[Phrasebook], str]) -> bool:
        """Write to all admins, each in their language; False where there is none, or `name` was told within the hour.

        Raises:
            StoreUnavailableError: nobody is told.
        """
        now = self.clock()
        chats = await self.chats()
        if not chats:
            return False
        async with self.store.transaction() as connection:
            if not await self._is_due(connection, name, now):
                return False
            for person, chat in chats:
                await outbox.enqueue(connection, await self._letter(connection, name, text, person, chat), now)
        self.wake()
        return True

    async def chats(self) -> list[tuple[str, str]]:
        """The admins who can be written to, each with their private chat."""
        found = [(person, await self.private_chat(person)) for person in self.admins.of(self.network)]
        return [(person, chat) for person, chat in found if chat]

    async def _tell(self, dropped: Dropped) -> None:
        letters = self._untold[dropped.why]
        if letters and await self.tell(dropped.why, lambda say: notice_text(dropped, letters, say)):
            self._untold[dropped.why] -= letters

    async def _is_due(self, connection: AsyncConnection, what: str, now: datetime) -> bool:
        name = f"notice {self.network} {what}"
        last = await bookmarks.get(connection, name)
        # A clock that was set back must not keep it silent until then.
        if last is not None and abs(now - datetime.fromisoformat(last)) < EVERY:
            return False
        await bookmarks.put(connection, name, now.isoformat())
        return True

    async def _letter(
        self, connection: AsyncConnection, name: str, text: Callable[[Phrasebook], str], person: str, chat: str
    ) -> Letter:
        keys = self.store.keys
        own = keys.whose(network=self.network, chat=chat, person=person)
        kb = self.live.current.index.kb
        language = (await conversations.load(connection, own, kb)).state.language
        told = text(Phrasebook(kb=kb, language=language))
        return Letter(
            network=self.network,
            address=Address(chat=chat),
            whose=Whose(conversation=self._queue(person), chat=own.chat, person=own.person),
            event=keys.event(self.network, chat, f"{_QUEUE} {name} {self.clock().isoformat()}"),
            reply=Reply(kind=Kind.COMMAND, text=told, language=language, confidence=1.0),
            keep=False,
        )

    def _queue(self, person: str) -> bytes:
        return self.store.keys.whose(network=self.network, chat=_QUEUE, person=person).conversation

    def _is_notice(self, letter: Letter) -> bool:
        return letter.whose.conversation in map(self._queue, self.admins.of(self.network))


def notice_text(dropped: Dropped, letters: int, say: Phrasebook) -> str:
    """How many replies were dropped, where, and why."""
    why = say(WHYS[dropped.why]) + (f" ({dropped.detail})" if dropped.detail else "")
    replies = counted(say.forms("count-replies"), letters, say.language)
    health = called(CommandName.HEALTH, say.kb, say.language)
    return say("dropped", replies=replies, network=dropped.network, why=why, health=health)
