"""Typing: people see that an answer is on its way when it takes longer than a moment."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

A_MOMENT = 0.7
_SHOWN_SECONDS = 4.5
"""Telegram shows it for five seconds."""
_MOST_TIMES = 6


class Typing:
    """Shows it in chats whose answer is awaited. A chat where nothing comes of it is left alone after a while."""

    def __init__(self, bot: Bot, *, moment: float = A_MOMENT) -> None:
        self._bot = bot
        self._moment = moment
        self._shown: dict[tuple[str, str], asyncio.Task[None]] = {}

    def begin(self, chat: str, thread: str) -> None:
        """An answer is awaited."""
        if (chat, thread) not in self._shown:
            self._shown[chat, thread] = asyncio.create_task(self._show(chat, thread))

    def end(self, chat: str, thread: str) -> None:
        """It was sent, or there is none."""
        task = self._shown.pop((chat, thread), None)
        if task is not None:
            task.cancel()

    def close(self) -> None:
        """Stop everywhere."""
        for chat, thread in list(self._shown):
            self.end(chat, thread)

    async def _show(self, chat: str, thread: str) -> None:
        pause = self._moment
        try:
            for _ in range(_MOST_TIMES):
                await asyncio.sleep(pause)
                pause = _SHOWN_SECONDS
                # A nicety: whatever goes wrong with it, the answer tells more.
                with suppress(TelegramError):
                    number = int(thread) if thread else None
                    await self._bot.send_chat_action(int(chat), ChatAction.TYPING, message_thread_id=number)
        finally:
            if self._shown.get((chat, thread)) is asyncio.current_task():
                del self._shown[chat, thread]
