"""Typing, as Telegram shows it: for five seconds, or until a message comes."""

from __future__ import annotations

from contextlib import suppress

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from adapters.typing import Typing

_SHOWN_SECONDS = 4.5


def typing_by(bot: Bot) -> Typing:
    """Typing of a bot."""

    async def show(chat: str, thread: str) -> None:
        with suppress(TelegramError):
            number = int(thread) if thread else None
            await bot.send_chat_action(int(chat), ChatAction.TYPING, message_thread_id=number)

    return Typing(show, every=_SHOWN_SECONDS)
