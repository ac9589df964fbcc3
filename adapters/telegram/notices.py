"""Notices: what Sēlis says or does of itself, without having been asked: in groups, and after it was away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.telegram.elsewhere import language_of
from adapters.telegram.groups import Became, GroupNews
from adapters.telegram.me import NETWORK, Me
from adapters.telegram.menus import menu_name
from bot.chats import Chats
from bot.commands import CommandName
from bot.dialogue import Dialogue
from bot.envelope import Envelope
from bot.limits import Verdict
from bot.messages import ConversationId, IncomingMessage, Kind, Reply
from bot.phrasebook import Phrasebook
from bot.store import outbox, seen
from bot.store.engine import Store
from knowledge.model import Language


@dataclass(slots=True, kw_only=True)
class Notices:
    """Each is put into the outbox once, however often Telegram tells of its reason. `clock` gives aware UTC times."""

    me: Me
    store: Store
    chats: Chats
    dialogue: Dialogue
    clock: Callable[[], datetime]

    async def of_group(self, news: GroupNews) -> None:
        """What follows from news of a group.

        Raises:
            StoreUnavailableError: nothing was kept.
        """
        match news.became:
            case Became.MOVED:
                await self.chats.moved(NETWORK, news.chat, news.to)
            case Became.REMOVED:
                await self.chats.left(NETWORK, news.chat)
            case Became.ADDED | Became.PROMOTED:
                # Who reads everything already learns nothing by being promoted.
                if news.became is Became.ADDED or not self.me.reads_all:
                    await self._greet(news)

    async def apologise(self, message: IncomingMessage) -> None:
        """Say once in a chat that older messages are not answered.

        Raises:
            StoreUnavailableError: nothing was kept.
        """
        day = message.sent_at.date() if message.sent_at is not None else ""
        await self._say(replace(message, id=f"away:{day}", edits=None), "was-away", Language.LV)

    async def _greet(self, news: GroupNews) -> None:
        language = language_of(news.language)
        kb = self.dialogue.live.current.index.kb
        # A command that names Sēlis comes through even where messages do not.
        names = (CommandName.ASK, CommandName.HOME)
        ask, home = (f"/{menu_name(name, kb, language)}@{self.me.username}" for name in names)
        here = ConversationId(network=NETWORK, chat=news.chat, person=str(self.me.id))
        key = "group-added" if self.me.reads_all or news.admin else "group-added-private"
        message = IncomingMessage(conversation=here, id=news.id, private=False)
        await self._say(message, key, language, ask=ask, home=home, name=f"@{self.me.username}")

    async def _say(self, message: IncomingMessage, text: str, language: Language, **values: str) -> None:
        say = Phrasebook(kb=self.dialogue.live.current.index.kb, language=language)
        reply = Reply(kind=Kind.COMMAND, text=say(text, **values), language=language)
        envelope = Envelope.of(message, self.store, Verdict.ALLOWED)
        now = self.clock()
        async with self.store.transaction() as connection:
            if await seen.mark(connection, envelope.event, now):
                await outbox.enqueue(connection, envelope.letter(reply), now)
        self.dialogue.wake(NETWORK)
