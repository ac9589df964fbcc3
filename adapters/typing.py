"""Typing: people see that an answer is on its way when it takes longer than a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

A_MOMENT = 0.7
MOST_CHATS = 16
"""Shown in so many chats at once: where more wait, showing it would only keep the network from the answers."""
_MOST_TIMES = 6
_PATIENCE_SECONDS = 2.0

Answer = TypeVar("Answer")
Show = Callable[[str, str], Awaitable[None]]
"""Tells the network so for a chat and a thread. It raises nothing: the answer tells more than this nicety."""


async def _fades_by_itself(_chat: str, _thread: str) -> None:
    return


class Typing:
    """Shows it in chats whose answer is awaited. A chat where nothing comes of it is left alone after a while.

    It is shown again every `every` seconds, and `hide` ends it where a network does not do so by itself.
    """

    def __init__(self, show: Show, *, every: float, hide: Show = _fades_by_itself, moment: float = A_MOMENT) -> None:
        self._show_in, self._hide_in = show, hide
        self._every, self._moment = every, moment
        self._shown: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._visible: set[tuple[str, str]] = set()
        self._hiding: set[asyncio.Task[None]] = set()

    def begin(self, chat: str, thread: str) -> None:
        """An answer is awaited."""
        if (chat, thread) not in self._shown and len(self._shown) < MOST_CHATS:
            self._shown[chat, thread] = asyncio.create_task(self._show(chat, thread))

    def end(self, chat: str, thread: str) -> None:
        """It was sent, or there is none."""
        task = self._shown.pop((chat, thread), None)
        if task is not None:
            task.cancel()
        if (chat, thread) in self._visible:
            self._visible.discard((chat, thread))
            hiding = asyncio.create_task(self._hide(chat, thread))
            self._hiding.add(hiding)
            hiding.add_done_callback(self._hiding.discard)

    async def until_sent(self, chat: str, thread: str, answer: Awaitable[Answer | None]) -> Answer | None:
        """Show it while an answer is made, and until whoever sends it calls `end`. Where there is none it ends here."""
        self.begin(chat, thread)
        try:
            found = await answer
        except BaseException:
            self.end(chat, thread)
            raise
        if found is None:
            self.end(chat, thread)
        return found

    async def close(self) -> None:
        """Stop everywhere, before whoever shows it is closed; a network that does not answer is not waited for long."""
        for chat, thread in list(self._shown):
            self.end(chat, thread)
        if self._hiding:
            _, late = await asyncio.wait(self._hiding, timeout=_PATIENCE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _hide(self, chat: str, thread: str) -> None:
        await self._hide_in(chat, thread)

    async def _show(self, chat: str, thread: str) -> None:
        pause = self._moment
        try:
            for _ in range(_MOST_TIMES):
                await asyncio.sleep(pause)
                pause = self._every
                self._visible.add((chat, thread))
                await self._show_in(chat, thread)
        finally:
            if self._shown.get((chat, thread)) is asyncio.current_task():
                del self._shown[chat, thread]
                self._visible.discard((chat, thread))
