"""`selis chat`: a conversation in the terminal, carried as on any network: dialogue, outbox, delivery."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import IO
from uuid import uuid4

import typer

from adapters.console import as_text
from adapters.wiring import Service
from bot.hand import no_hand
from bot.messages import ConversationId, IncomingMessage
from bot.store.outbox import Outgoing

NETWORK = "terminal"
PERSON = "me"
"""Who sits at the keyboard, in SELIS_ADMINS, too: terminal:me."""
PROMPT = "> "


@dataclass(slots=True, kw_only=True)
class Terminal:
    """Where replies are shown. `show` prints one."""

    show: Callable[[str], None]
    _owed: int = 0
    _paid: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, outgoing: Outgoing) -> Sequence[str]:
        """Print a reply (a network of `bot.delivery`)."""
        self.show(as_text(outgoing.letter.reply) + "\n")
        # One that was left over from before is owed to nobody.
        self._owed = max(self._owed - 1, 0)
        if not self._owed:
            self._paid.set()
        return (outgoing.transaction,)

    def owe(self) -> None:
        """One more reply is on its way."""
        self._owed += 1
        self._paid.clear()

    async def settled(self) -> None:
        """Wait until all that is on its way is shown."""
        if self._owed > 0:
            await self._paid.wait()


async def talk(service: Service, lines: AsyncIterator[str], show: Callable[[str], None], home: str | None) -> None:
    """Answer lines one after the other until they end."""
    terminal = Terminal(show=show)
    delivery = service.delivery(NETWORK, terminal)

    def wake(_: str) -> None:
        terminal.owe()
        delivery.wake.set()

    # Every reply is to be counted.
    service.dialogue.wake, service.dialogue.hand = wake, no_hand
    sending = asyncio.create_task(delivery.run())
    session, numbers = uuid4().hex, count()
    conversation = ConversationId(network=NETWORK, chat=PERSON, person=PERSON)
    try:
        async for line in lines:
            message = IncomingMessage(
                conversation=conversation,
                id=f"{session}.{next(numbers)}",
                text=line,
                home=home,
            )
            await service.dialogue.respond(message)
            await service.dialogue.idle()
            await terminal.settled()
    finally:
        delivery.stop()
        await sending


async def typed_lines() -> AsyncIterator[str]:
    """Lines from the keyboard, with editing and history for this session (nothing is written to disk)."""
    import readline  # noqa: F401  input() edits lines once it is imported; not every Python has it

    while True:
        try:
            # Asked for in this very thread: Ctrl-C reaches no other. Nothing else has to go on meanwhile.
            line = input(PROMPT)  # noqa: ASYNC250
        except (EOFError, KeyboardInterrupt):
            typer.echo()
            return
        if line.strip():
            yield line


async def piped_lines(source: IO[bytes]) -> AsyncIterator[str]:
    """Lines from a pipe or a file; bytes that are no UTF-8 are shown as such and lose nothing else."""
    while line := await asyncio.to_thread(source.readline):
        if line.strip():
            yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def lines(*, typed: bool) -> AsyncIterator[str]:
    """What is typed, or what comes from elsewhere."""
    return typed_lines() if typed else piped_lines(sys.stdin.buffer)
