"""Notices: what Sēlis says or does of itself in groups, without having been asked."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.telegram.elsewhere import language_of
from adapters.telegram.groups import Became, GroupNews
from adapters.telegram.me import NETWORK, Me
from adapters.telegram.menus import menu_name
from bot.chats import Chats
from bot.commands import CommandName
from bot.dialogue import Dialogue
from bot.messages import ConversationId, IncomingMessage
from bot.unasked import say_once


@dataclass(slots=True, kw_only=True)
class Notices:
    """Each is put into the outbox once, however often Telegram tells of its reason."""

    me: Me
    chats: Chats
    dialogue: Dialogue

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

    async def _greet(self, news: GroupNews) -> None:
        language = language_of(news.language)
        kb = self.dialogue.live.current.index.kb
        # A command that names Sēlis comes through even where messages do not.
        names = (CommandName.ASK, CommandName.HOME)
        ask, home = (f"/{menu_name(name, kb, language)}@{self.me.username}" for name in names)
        here = ConversationId(network=NETWORK, chat=news.chat, person=str(self.me.id))
        key = "group-added" if self.me.reads_all or news.admin else "group-added-private"
        message = IncomingMessage(conversation=here, id=news.id, private=False)
        await say_once(self.dialogue, message, key, language, ask=ask, home=home, name=f"@{self.me.username}")
