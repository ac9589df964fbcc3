"""Receiver: updates of Telegram become messages for the dialogue. It returns when what they led to is kept."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from msgspec.structs import replace
from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest, NetworkError, TelegramError

from adapters.logs import logger, where
from adapters.telegram.elsewhere import Elsewhere
from adapters.telegram.groups import GroupNews
from adapters.telegram.incoming import SAID, Asked, UnreadableError, pressed_under, understood
from adapters.telegram.me import Me
from adapters.telegram.notices import Notices
from adapters.telegram.owners import Owners
from adapters.telegram.passing import Passing
from adapters.telegram.twice import Twice
from adapters.typing import Typing
from bot.background import Background
from bot.dialogue import Dialogue
from bot.feedback import is_feedback
from bot.messages import Attachment, IncomingMessage, Reply
from bot.proposal import MAX_BYTES
from bot.store.errors import StoreUnavailableError
from bot.unasked import apologise, is_too_old

_FETCH_TRIES = 3
_log = logger("telegram")


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Takes updates as JSON. `figures` count what was stepped over."""

    bot: Bot
    me: Me
    dialogue: Dialogue
    notices: Notices
    owners: Owners
    passing: Passing
    typing: Typing
    figures: Counter[str] = field(default_factory=Counter)
    _aside: Background = field(default_factory=Background, init=False)
    _twice: Twice = field(default_factory=Twice, init=False)
    _chats: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary, init=False)
    """A webhook brings updates beside each other: who comes first to a chat is first."""

    async def take(self, updates: Sequence[Any]) -> None:
        """Take updates: chats beside each other, and in order within a chat.

        Raises:
            StoreUnavailableError: not all of them are kept; those that are do no harm when they come again.
        """
        chats: defaultdict[str, list[Asked | GroupNews]] = defaultdict(list)
        aside: list[Elsewhere] = []
        for raw in updates:
            found = self._understood(raw)
            if isinstance(found, Elsewhere):
                aside.append(found)
            elif isinstance(found, Asked):
                self._twice.note(found.message)
                chats[found.message.conversation.chat].append(found)
            elif found is not None:
                chats[found.chat].append(found)
        for asked in aside:
            self._begin_aside(asked)
        outcomes = await asyncio.gather(
            *(self._in_order(chat, held) for chat, held in chats.items()), return_exceptions=True
        )
        for outcome in outcomes:
            if outcome is not None:
                raise outcome
        # Telegram forgets them now, and would not bring them again after a power failure.
        await self.dialogue.store.settle()

    async def close(self) -> None:
        """Finish what was begun aside."""
        await self.typing.close()
        await self.passing.close()
        await self._aside.close()

    def _begin_aside(self, asked: Elsewhere) -> None:
        if self._twice.is_known(asked):
            self.figures["asked twice"] += 1
        else:
            self.passing.begin(asked)

    def _understood(self, raw: Any) -> Asked | GroupNews | Elsewhere | None:
        try:
            return understood(raw, self.me)
        except UnreadableError:
            self.figures["unreadable"] += 1
            _log.warning("an update that cannot be read is stepped over")
            return None

    async def _in_order(self, chat: str, found: Sequence[Asked | GroupNews]) -> None:
        async with self._chats.setdefault(chat, asyncio.Lock()):
            for one in found:
                await self._guarded(one)

    async def _guarded(self, one: Asked | GroupNews) -> None:
        try:
            await (self.notices.of_group(one) if isinstance(one, GroupNews) else self._asked(one))
        except StoreUnavailableError:
            raise
        except Exception as fault:
            # Should it come again it would fail again, and all behind it would wait for ever.
            self.figures["faults"] += 1
            _log.error("an update failed and is stepped over", fault=type(fault).__name__, where=where(fault))

    async def _asked(self, asked: Asked) -> None:
        message = asked.message
        if asked.press:
            self._aside.begin(self._answer_press(asked))
        if is_too_old(self.dialogue, message):
            await apologise(self.dialogue, message)
            return
        of = message.conversation
        await self.typing.until_sent(of.chat, of.thread, self._answered(asked))

    async def _answered(self, asked: Asked) -> Reply | None:
        return await self.dialogue.respond(await self._completed(asked))

    async def _completed(self, asked: Asked) -> IncomingMessage:
        """The message with what has to be asked of Telegram: who owns the group, and what is in a file."""
        message = asked.message
        of = message.conversation
        if asked.may_set_group:
            return replace(message, owner=await self.owners.hold(of.chat, of.person))
        if asked.file and self.dialogue.admins.hold(of):
            return replace(message, attachment=await self._fetched(asked))
        return message

    async def _fetched(self, asked: Asked) -> Attachment | None:
        """The file of an admin. One that is too large is not fetched: its name and size are enough to say so."""
        if asked.file_size > MAX_BYTES:
            return Attachment(name=asked.file_name, data=bytes(MAX_BYTES + 1))
        for _ in range(_FETCH_TRIES):
            try:
                file = await self.bot.get_file(asked.file)
                return Attachment(name=asked.file_name, data=bytes(await file.download_as_bytearray()))
            except BadRequest:
                break
            except NetworkError:
                continue
        return None

    async def _answer_press(self, asked: Asked) -> None:
        """Let the button stop turning; under an answer, take the buttons of feedback away once one was pressed."""
        try:
            await self.bot.answer_callback_query(asked.press)
        except TelegramError:
            # "Query is too old": it was pressed while we were away. The answer comes all the same.
            self.figures["late presses"] += 1
        under = pressed_under(asked.message.id)
        said = asked.message.id.startswith(f"{SAID}:") and is_feedback(asked.message.pressed or "")
        if said and under is not None:
            try:
                await self.bot.edit_message_reply_markup(
                    int(asked.message.conversation.chat), under, reply_markup=without_feedback(asked.keyboard)
                )
            except TelegramError:
                self.figures["late presses"] += 1


def without_feedback(keyboard: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
    """The other buttons under an answer."""
    rows = keyboard.inline_keyboard if keyboard is not None else ()
    kept = [row for row in rows if not any(is_feedback(str(button.callback_data or "")) for button in row)]
    return InlineKeyboardMarkup(kept) if kept else None
