"""Post office: letters of the outbox become messages on Telegram."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError

from adapters.parts import is_picture
from adapters.telegram.incoming import PRESS, pressed_under
from adapters.telegram.me import NETWORK
from adapters.telegram.outgoing import Part, Post, render
from adapters.telegram.pacing import Pacing, is_group
from adapters.telegram.refusals import Manner, cannot_be_edited, is_unchanged, meaning, milder, seconds
from adapters.typing import Typing
from adapters.vcard import as_vcard, file_name
from bot.chats import Chats
from bot.delivery import RetryLater
from bot.live import LiveKnowledge
from bot.messages import Attachment, Card
from bot.store.outbox import Address, Outgoing

_A_LITTLE = 0.05
"""So many seconds are waited for right here; for longer ones the letter goes back, and others are sent meanwhile."""
_LATE = timedelta(seconds=10)
"""After so long an answer in a private chat says which question it answers; in a group it always does."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_MOST_BEGUN = 1000
_MOST_OF_A_NAME = 64
MAX_VCARD = 2048
"""Bytes of a vCard: https://core.telegram.org/bots/api#sendcontact"""


@dataclass(slots=True, kw_only=True)
class PostOffice:
    """The network of `bot.delivery` for Telegram. `clock` gives aware UTC times."""

    bot: Bot
    chats: Chats
    live: LiveKnowledge
    clock: Callable[[], datetime]
    typing: Typing
    pacing: Pacing = field(default_factory=Pacing)
    _begun: dict[str, list[str]] = field(default_factory=dict, init=False)
    """Messages that are sent of letters whose rest was refused: a second try goes on behind them."""

    async def send(self, outgoing: Outgoing) -> Sequence[str]:
        """Send a letter: see `bot.delivery.Network`."""
        address = outgoing.letter.address
        wait = self.pacing.wait(address.chat, outgoing.transaction, time.monotonic())
        if wait > _A_LITTLE:
            raise RetryLater(timedelta(seconds=wait))
        await asyncio.sleep(wait)
        try:
            messages = await _Sending(self, outgoing, self._resumed(outgoing)).run()
        except RetryAfter as refusal:
            self.pacing.close(address.chat, seconds(refusal), time.monotonic())
            raise meaning(refusal) from refusal
        except ChatMigrated as moved:
            await self.chats.moved(NETWORK, address.chat, str(moved.new_chat_id))
            # The row in the outbox has the new address by now.
            raise RetryLater(timedelta(0)) from moved
        except TelegramError as error:
            raise meaning(error) from error
        self.pacing.sent(address.chat, time.monotonic())
        self._begun.pop(outgoing.transaction, None)
        self.typing.end(address.chat, address.thread)
        return messages

    async def paced(self, chat: str, name: str) -> None:
        """Wait until one more message may go to a chat."""
        await asyncio.sleep(self.pacing.wait(chat, name, time.monotonic()))

    async def slot(self) -> None:
        """Wait until one more request may be made at all."""
        await asyncio.sleep(self.pacing.wait_everywhere(time.monotonic()))

    def _resumed(self, outgoing: Outgoing) -> list[str]:
        while len(self._begun) > _MOST_BEGUN:
            del self._begun[next(iter(self._begun))]
        return self._begun.setdefault(outgoing.transaction, [])


class _Sending:
    """One letter on its way. `done` are the ids of its messages that were sent already, and grows."""

    def __init__(self, office: PostOffice, outgoing: Outgoing, done: list[str]) -> None:
        self._office, self._outgoing, self._done = office, outgoing, done
        self._bot = office.bot
        self._address: Address = outgoing.letter.address
        self._chat = int(self._address.chat)
        self._manner = Manner()

    async def run(self) -> list[str]:
        post = render(self._outgoing.letter.reply, self._office.live.current.index.kb)
        targets = self._targets()
        for number, piece in enumerate(post.pieces):
            if number < len(self._done):
                continue
            if number:
                await self._office.paced(self._address.chat, f"{self._outgoing.transaction}/{number}")
            if isinstance(piece, Part):
                message = await self._part(post, number, targets)
            elif isinstance(piece, Attachment):
                message = await self._attachment(piece)
            else:
                message = await self._card(piece, self._quote() if number == 0 else None)
            self._done.append(str(message))
        for surplus in targets[len(post.parts) :]:
            # The answer has become shorter; what cannot be deleted any more stays.
            with suppress(BadRequest):
                await self._bot.delete_message(self._chat, surplus)
        return list(self._done)

    def _targets(self) -> list[int]:
        """The messages that this letter replaces: those of the question that was edited, or those pressed under."""
        under = pressed_under(self._address.reply_to)
        if under is not None:
            is_choice = self._address.reply_to.startswith(f"{PRESS}:")
            return [under] if is_choice and self._outgoing.letter.part == 0 else []
        return [int(message) for message in self._outgoing.edits if message.isdecimal()]

    async def _part(self, post: Post, number: int, targets: Sequence[int]) -> int:
        part, last = post.parts[number], number == len(post.parts) - 1
        keyboard = post.keyboard if last else _no_keyboard
        if number < len(targets):
            try:
                return await self._mildly(lambda manner: self._edit(targets[number], part, keyboard, manner))
            except BadRequest as refusal:
                if is_unchanged(refusal):
                    return targets[number]
                if not cannot_be_edited(refusal):
                    raise
        quote = self._quote() if number == 0 else None
        return await self._mildly(lambda manner: self._send(part, keyboard, quote, manner))

    async def _mildly(self, send: Callable[[Manner], Awaitable[int]]) -> int:
        """Send; where something of it is refused, without that."""
        while True:
            await self._office.slot()
            try:
                return await send(self._manner)
            except BadRequest as refusal:
                manner = milder(refusal, self._manner)
                if manner is None:
                    raise
                self._manner = manner

    async def _send(self, part: Part, keyboard: _Keyboard, quote: ReplyParameters | None, manner: Manner) -> int:
        message = await self._bot.send_message(
            self._chat,
            part.html if manner.html else part.plain,
            parse_mode=ParseMode.HTML if manner.html else None,
            message_thread_id=self._thread(manner),
            # In the topic that took nothing, the question takes nothing either.
            reply_parameters=quote if manner.thread else None,
            reply_markup=keyboard(extras=manner.extras),
            link_preview_options=_NO_PREVIEW,
        )
        return message.message_id

    async def _edit(self, target: int, part: Part, keyboard: _Keyboard, manner: Manner) -> int:
        await self._bot.edit_message_text(
            part.html if manner.html else part.plain,
            chat_id=self._chat,
            message_id=target,
            parse_mode=ParseMode.HTML if manner.html else None,
            reply_markup=keyboard(extras=manner.extras),
            link_preview_options=_NO_PREVIEW,
        )
        return target

    async def _attachment(self, attachment: Attachment) -> int:
        async def send(manner: Manner) -> int:
            thread = self._thread(manner)
            if is_picture(attachment):
                sent = await self._bot.send_photo(
                    self._chat, attachment.data, message_thread_id=thread, filename=attachment.name
                )
            else:
                sent = await self._bot.send_document(
                    self._chat, attachment.data, message_thread_id=thread, filename=attachment.name
                )
            return sent.message_id

        return await self._mildly(send)

    async def _card(self, card: Card, quote: ReplyParameters | None) -> int:
        """A contact that one tap keeps. Telegram knows none without a phone: that is a file."""
        if not card.phones:
            return await self._attachment(Attachment(name=file_name(card), data=as_vcard(card).encode()))

        async def send(manner: Manner) -> int:
            sent = await self._bot.send_contact(
                self._chat,
                phone_number=card.phones[0].replace(" ", ""),
                first_name=card.name[:_MOST_OF_A_NAME],
                vcard=as_vcard(card, most=MAX_VCARD),
                message_thread_id=self._thread(manner),
                reply_parameters=quote if manner.thread else None,
            )
            return sent.message_id

        return await self._mildly(send)

    def _thread(self, manner: Manner) -> int | None:
        return int(self._address.thread) if self._address.thread and manner.thread else None

    def _quote(self) -> ReplyParameters | None:
        """Which message is answered: told in groups, and where it was long ago. It may be deleted by now."""
        number = pressed_under(self._address.reply_to) or self._address.reply_to
        late = self._office.clock() - self._outgoing.enqueued > _LATE
        if not str(number).isdecimal() or not (late or is_group(self._address.chat)):
            return None
        return ReplyParameters(message_id=int(number), allow_sending_without_reply=True)


_Keyboard = Callable[..., InlineKeyboardMarkup | None]


def _no_keyboard(*, extras: bool = True) -> InlineKeyboardMarkup | None:  # noqa: ARG001 - as `Post.keyboard`
    return None
