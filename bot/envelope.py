"""A message with the keys that its rows are known by, and the letters that answer it."""

from __future__ import annotations

from msgspec import Struct

from bot.limits import Verdict
from bot.messages import IncomingMessage, Reply
from bot.store.engine import Store
from bot.store.identity import Whose
from bot.store.outbox import Address, Letter


class Envelope(Struct, frozen=True, kw_only=True, gc=False):
    """A message, whose it is, the keys of its event and of the one it edits, and what its pace allows."""

    message: IncomingMessage
    whose: Whose
    event: bytes
    edits: bytes | None
    verdict: Verdict

    @classmethod
    def of(cls, message: IncomingMessage, store: Store, verdict: Verdict) -> Envelope:
        """The envelope of a message, with the keys of a store."""
        of = message.conversation
        whose = store.keys.whose(network=of.network, chat=of.chat, person=of.person, thread=of.thread)
        event = store.keys.event(of.network, of.chat, message.id)
        edits = None if message.edits is None else store.keys.event(of.network, of.chat, message.edits)
        return cls(message=message, whose=whose, event=event, edits=edits, verdict=verdict)

    def letter(self, reply: Reply, *, part: int = 0, keep: bool = True) -> Letter:
        """A reply on its way back; `part` counts them from 0. Without `keep` nothing of it is remembered once sent."""
        of = self.message.conversation
        return Letter(
            network=of.network,
            address=Address(chat=of.chat, thread=of.thread, reply_to=self.message.edits or self.message.id),
            whose=self.whose,
            event=self.event,
            reply=reply,
            part=part,
            edits=self.edits,
            keep=keep,
        )
