"""Notices: what Sēlis says of itself on Matrix, without having been asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from adapters.matrix.me import NETWORK, Me
from adapters.matrix.news import RoomNews
from bot.commands import CommandName, called
from bot.dialogue import Dialogue
from bot.messages import ConversationId, IncomingMessage, Kind, Reply
from bot.unasked import put_once, say_once
from knowledge.model import Language

CLEAR = "clear"
"""What ids of messages begin with that are answered without encryption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Each is put into the outbox once, however often the server tells of its reason."""

    me: Me
    dialogue: Dialogue

    async def greet(self, news: RoomNews) -> None:
        """Say in a group how to talk to Sēlis.

        Raises:
            StoreUnavailableError: nothing was kept.
        """
        kb, language = self.dialogue.live.current.index.kb, Language.LV
        ask, home = (called(command, kb, language) for command in (CommandName.ASK, CommandName.HOME))
        name = self.me.display_name or self.me.user_id
        await say_once(self.dialogue, self._from_us(news.chat, news.id), "group-added", ask=ask, home=home, name=name)

    async def cannot_read(self, room_id: str, at: datetime) -> None:
        """Say once a day in a room, for everybody to read, that a message there cannot be decrypted.

        Raises:
            StoreUnavailableError: nothing was kept.
        """
        await say_once(self.dialogue, self._from_us(room_id, f"{CLEAR} {at.date()}"), "unreadable")

    async def take_back(self, room_id: str, person: str, of: str, by: str) -> None:
        """Take back what answered a message (`of`) that was taken back with the event `by`.

        Raises:
            StoreUnavailableError: nothing was kept.
        """
        here = ConversationId(network=NETWORK, chat=room_id, person=person)
        message = IncomingMessage(conversation=here, id=by, edits=of, private=False)
        # The outbox keeps the order: an answer that waits is sent first.
        await put_once(self.dialogue, message, Reply(kind=Kind.COMMAND, text=""), keep=False)

    def _from_us(self, room_id: str, identifier: str) -> IncomingMessage:
        here = ConversationId(network=NETWORK, chat=room_id, person=self.me.user_id)
        return IncomingMessage(conversation=here, id=identifier, private=False)
