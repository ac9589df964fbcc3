"""Owners: who may set things for a group, by what Telegram says of its members."""

from __future__ import annotations

import time
from collections import OrderedDict

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

KEPT_SECONDS = 300.0
_MOST = 10_000


class Owners:
    """Remembers the answers for some minutes. Where Telegram does not answer, nobody is an owner."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._known: OrderedDict[tuple[str, str], tuple[bool, float]] = OrderedDict()

    async def hold(self, chat: str, person: str) -> bool:
        """Whether a person owns a group or is an administrator of it."""
        known = self._known.get((chat, person))
        if known is not None and time.monotonic() - known[1] < KEPT_SECONDS:
            return known[0]
        try:
            member = await self._bot.get_chat_member(int(chat), int(person))
        except TelegramError:
            return False
        is_owner = member.status in {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}
        self._known[chat, person] = (is_owner, time.monotonic())
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return is_owner
