"""E-mail, an adapter in one file: letters lie in a Maildir, where a mail server puts them (docs/developers.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from adapters.console import as_text
from adapters.logs import logger
from adapters.wiring import Service, now
from bot.health import AdapterHealth
from bot.messages import ConversationId, IncomingMessage
from bot.store.errors import StoreUnavailableError
from bot.store.outbox import Outgoing

NETWORK = "mail"
LOOK_SECONDS = 1.0
_log = logger(NETWORK)


def incoming(raw: bytes, name: str) -> IncomingMessage:
    """A letter as a message; `name` is the file's, for letters without an id. Pure."""
    letter = message_from_bytes(raw, policy=policy.default)
    body = letter.get_body(("plain",))
    lines = str(body.get_content()).splitlines() if body is not None else []
    person = parseaddr(str(letter["From"]))[1]
    return IncomingMessage(
        conversation=ConversationId(network=NETWORK, chat=person, person=person),
        id=str(letter["Message-ID"] or name),
        text=" ".join(line.strip() for line in lines if not line.startswith(">")),
        from_bot=not person or str(letter["Auto-Submitted"] or "no") != "no",
    )


def outgoing_letter(outgoing: Outgoing) -> EmailMessage:
    """A reply as a letter; its choices are numbered, and a number answers them. Pure."""
    letter = EmailMessage(policy=policy.default.clone(cte_type="8bit"))
    letter["To"] = outgoing.letter.address.chat
    letter["Subject"] = "Sēlis"
    letter["In-Reply-To"] = outgoing.letter.address.reply_to
    letter["Auto-Submitted"] = "auto-replied"
    letter.set_content(as_text(outgoing.letter.reply))
    return letter


@dataclass(slots=True, kw_only=True)
class Mail:
    """Carries letters from one Maildir to another until `stop` is called."""

    service: Service
    inbox: Path
    outbox: Path
    last: datetime | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def stop(self) -> None:
        """Take nothing more in, and finish what is under way."""
        self._stopping.set()

    def health(self) -> AdapterHealth:
        """When the inbox was looked through last."""
        return AdapterHealth(name=NETWORK, last=self.last, late_after=timedelta(minutes=1))

    async def run(self) -> None:
        """Take letters in, and send what waits, beside each other."""
        delivery = self.service.delivery(NETWORK, self)
        self.service.watched.append(self.health)
        sending = asyncio.create_task(delivery.run())
        try:
            while not self._stopping.is_set():
                # Letters that were not kept stay where they are, and are taken in when the database is back.
                with suppress(StoreUnavailableError):
                    await self._take()
                    self.last = now()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), LOOK_SECONDS)
        finally:
            delivery.stop()
            await sending
            self.service.watched.remove(self.health)

    async def _take(self) -> None:
        for path in sorted((self.inbox / "new").iterdir()):
            try:
                message = incoming(path.read_bytes(), path.name)
            except (LookupError, ValueError):
                _log.warning("a letter that cannot be read is put aside")
                path.replace(self.inbox / "cur" / path.name)
                continue
            await self.service.dialogue.respond(message)
            # Only now: a process that is killed before this finds the letter again, and answers it once all the same.
            path.unlink()

    async def send(self, outgoing: Outgoing) -> Sequence[str]:
        """Hand a reply over (a network of `bot.delivery`). One that is sent again takes the place of itself."""
        written = self.outbox / "tmp" / outgoing.transaction
        written.write_bytes(outgoing_letter(outgoing).as_bytes())
        written.replace(self.outbox / "new" / outgoing.transaction)
        return (outgoing.transaction,)
