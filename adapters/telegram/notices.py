"""Notices: what Sēlis says or does of itself in groups, without having been asked."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.telegram.groups import Became, GroupNews
from adapters.telegram.me import NETWORK, Me
from adapters.telegram.menus import menu_name
from bot.commands import CommandName
from bot.dialogue import Dialogue
from bot.messages import ConversationId, IncomingMessage
from bot.store import groups
from bot.store.engine import Store
from bot.unasked import say_once
from knowledge.model import Language


@dataclass(slots=True, kw_only=True)
class Notices:
    """Each is put into the outbox once, however often Telegram tells of its reason."""

    me: Me
    store: Store
    dialogue: Dialogue

    async def of_group(self, news: GroupNews) -> None:
        """What follows from news of a group.

        Raises:
            StoreUnavailableError: nothing was kept.
        """
        keys = self.store.keys
        match news.became:
            case Became.MOVED:
                async with self.store.transaction() as connection:
                    old, new = keys.chat(NETWORK, news.chat), keys.chat(NETWORK, news.to)
                    await groups.move(connection, old, new, news.to)
            case Became.REMOVED:
                async with self.store.transaction() as connection:
                    await groups.leave(connection, keys.chat(NETWORK, news.chat))
                await self.store.scrub()
            case Became.ADDED | Became.PROMOTED:
                # Who reads everything already learns nothing by being promoted.
                if news.became is Became.ADDED or not self.me.reads_all:
                    await self._greet(news)

    async def _greet(self, news: GroupNews) -> None:
        language = next((one for one in Language if news.language.startswith(one.value)), Language.LV)
        kb = self.dialogue.live.current.index.kb
        # A command that names Sēlis comes through even where messages do not.
        names = (CommandName.ASK, CommandName.HOME)
        ask, home = (f"/{menu_name(name, kb, language)}@{self.me.username}" for name in names)
        here = ConversationId(network=NETWORK, chat=news.chat, person=str(self.me.id))
        key = "group-added" if self.me.reads_all or news.admin else "group-added-private"
        message = IncomingMessage(conversation=here, id=news.id, private=False)
        await say_once(self.dialogue, message, key, language, ask=ask, home=home, name=f"@{self.me.username}")
