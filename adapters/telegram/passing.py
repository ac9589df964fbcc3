"""Passing: answers to what is asked from chats where Sēlis is not.

They are given aside and at once or not at all: who is typing has typed on by the time a second try would come, and
nothing of it is worth keeping. So they neither hold up messages nor stand in the outbox.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from telegram import Bot, InlineQueryResultsButton
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from adapters.telegram.elsewhere import NO_PREVIEW, Elsewhere, Way, keyboard, result, results
from adapters.telegram.outgoing import render
from adapters.telegram.refusals import Manner, is_unchanged, milder
from bot.lookup import Lookup
from bot.phrasebook import Phrasebook
from knowledge.text import normalise

LEAST = 3
"""Fewer letters are the beginning of a question."""
CACHED_SECONDS, CACHED_PERSONAL_SECONDS = 300, 60
"""How long Telegram may show the same answers for the same words: a home is changed more often than the knowledge."""
MOST_AT_ONCE = 64
_START = "help"
"""With this "/start" the private chat opens, and shows what can be asked."""


@dataclass(slots=True, kw_only=True)
class Passing:
    """`figures` count what was asked and what was left unanswered."""

    bot: Bot
    lookup: Lookup
    figures: Counter[str] = field(default_factory=Counter)
    _under_way: dict[tuple[Way, str], asyncio.Task[None]] = field(default_factory=dict, init=False)

    def begin(self, asked: Elsewhere) -> None:
        """Answer, beside all else. Who types on is answered to the newest words alone."""
        self.figures[asked.way] += 1
        who = (asked.way, asked.person if asked.way is Way.INLINE else asked.query)
        before = self._under_way.pop(who, None)
        if before is not None:
            before.cancel()
        if len(self._under_way) >= MOST_AT_ONCE or not self.lookup.may(asked.conversation):
            self.figures["unanswered"] += 1
            return
        task = self._under_way[who] = asyncio.create_task(self._answer(asked))
        task.add_done_callback(lambda done: self._ended(who, done))

    async def close(self) -> None:
        """Leave all the rest unanswered."""
        under_way = list(self._under_way.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    def _ended(self, who: tuple[Way, str], done: asyncio.Task[None]) -> None:
        if self._under_way.get(who) is done:
            del self._under_way[who]
        if done.cancelled():
            self.figures["unanswered"] += 1
        elif done.exception() is not None:
            self.figures["faults"] += 1

    async def _answer(self, asked: Elsewhere) -> None:
        answer = {Way.INLINE: self._inline, Way.GUEST: self._guest, Way.PRESS: self._press}[asked.way]
        try:
            await answer(asked)
        except TelegramError:
            self.figures["unanswered"] += 1

    async def _inline(self, asked: Elsewhere) -> None:
        kb = self.lookup.live.current.index.kb
        say = Phrasebook(kb=kb, language=asked.language)
        if len(normalise(asked.text)) < LEAST:
            await self._offer(asked, say("inline-hint"))
            return
        found = await self.lookup.find(asked.conversation, asked.text, asked.language)
        if not found.answers:
            await self._offer(asked, say("inline-nothing"))
            return

        async def send(manner: Manner) -> object:
            return await self.bot.answer_inline_query(
                asked.query,
                results(found.answers, kb, manner),
                cache_time=CACHED_PERSONAL_SECONDS if found.personal else CACHED_SECONDS,
                is_personal=found.personal,
            )

        await _mildly(send)

    async def _offer(self, asked: Elsewhere, words: str) -> None:
        """No answers, but a button that leads to the private chat, in the language of the person."""
        await self.bot.answer_inline_query(
            asked.query,
            [],
            cache_time=CACHED_SECONDS,
            is_personal=True,
            button=InlineQueryResultsButton(words, start_parameter=_START),
        )

    async def _guest(self, asked: Elsewhere) -> None:
        reply = await self.lookup.reply(asked.conversation, asked.text, asked.language)
        kb = self.lookup.live.current.index.kb
        await _mildly(lambda manner: self.bot.answer_guest_query(asked.query, result(reply, kb, manner)))

    async def _press(self, asked: Elsewhere) -> None:
        reply = self.lookup.press(asked.text, asked.language)
        kb = self.lookup.live.current.index.kb
        post = render(reply, kb)

        async def edit(manner: Manner) -> object:
            return await self.bot.edit_message_text(
                post.parts[0].html if manner.html else post.parts[0].plain,
                inline_message_id=asked.under,
                parse_mode=ParseMode.HTML if manner.html else None,
                reply_markup=keyboard(post, manner),
                link_preview_options=NO_PREVIEW,
            )

        pressed = self.bot.answer_callback_query(asked.query)
        for outcome in await asyncio.gather(pressed, _mildly(edit), return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome


async def _mildly(send: Callable[[Manner], Awaitable[object]]) -> None:
    """Send; where something of it is refused, without that."""
    manner = Manner(thread=False)
    while True:
        try:
            await send(manner)
        except BadRequest as refusal:
            next_manner = milder(refusal, manner)
            if is_unchanged(refusal):
                return
            if next_manner is None:
                raise
            manner = next_manner
        else:
            return
