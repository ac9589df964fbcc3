"""Telegram: everything of the adapter put together, from the first call to a clean end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from telegram.error import Conflict, TelegramError

from adapters.lock import locked
from adapters.logs import logger
from adapters.patience import Patience
from adapters.telegram.line import POLL_SECONDS, Line
from adapters.telegram.me import NETWORK, Me
from adapters.telegram.menus import show
from adapters.telegram.notices import Notices
from adapters.telegram.owners import Owners
from adapters.telegram.pacing import Pacing
from adapters.telegram.passing import Passing
from adapters.telegram.receive import Receiver
from adapters.telegram.send import PostOffice
from adapters.telegram.troubles import troubles
from adapters.telegram.typing import typing_by
from adapters.troubles import Troubles
from adapters.wiring import Service, now
from bot.commands import parse
from bot.delivery import Delivery
from bot.health import AdapterHealth
from bot.settings import Settings
from bot.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from adapters.http import Web

LATE_AFTER = timedelta(seconds=3 * POLL_SECONDS)
"""After so long without an answer to a poll something is wrong."""
_PATIENCE_SECONDS = 3
"""How long letters under way may take when the process stops; they are sent again by the next one."""
_log = logger("telegram")


@dataclass(slots=True, kw_only=True)
class Telegram:
    """The adapter of one bot. `stop` ends it."""

    service: Service
    settings: Settings
    token: str
    poll_seconds: int = POLL_SECONDS
    troubles: Troubles = field(default_factory=troubles)
    pacing: Pacing = field(default_factory=Pacing)
    pages: Web | None = None
    """The web server, where there is one."""
    last: datetime | None = field(default=None, init=False)
    _patience: Patience = field(init=False)
    _delivery: Delivery | None = field(default=None, init=False)
    _receiver: Receiver | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._patience = Patience(troubles=self.troubles, errors=(TelegramError,))

    def stop(self) -> None:
        """Take nothing more in, and finish what is under way."""
        self._patience.stopping.set()

    def health(self) -> AdapterHealth:
        """When Telegram was heard of last, and what came of the letters."""
        figures = dict(self._delivery.figures) if self._delivery is not None else {}
        stepped_over = dict(self._receiver.figures) if self._receiver is not None else {}
        return AdapterHealth(
            name=NETWORK,
            last=self.last,
            late_after=LATE_AFTER,
            figures=figures,
            stepped_over=stepped_over,
            ails=self.troubles.ails,
        )

    async def run(self) -> None:
        """Carry messages until `stop` is called.

        Raises:
            AlreadyRunningError: another process of this machine does so with the same token.
        """
        self.troubles.listener = alarms = self.service.alarms(NETWORK)
        # Before the colon stands the bot's id, which is no secret. Two that poll would take each other's messages away.
        lock = self.settings.data_dir / f"telegram-{self._account}.lock"
        # Those that Telegram brings messages to take none away; PostgreSQL holds them apart.
        together = self._hook_url is not None and not self.service.store.is_sqlite
        with nullcontext() if together else locked(lock, "talks on Telegram with this token"), self._watched():
            line = Line(self.token, self.settings.telegram_api_url, poll_seconds=self.poll_seconds)
            try:
                me = await self._patience.insist(lambda: self._begun(line))
                if me is not None:
                    await self._carry(line, me)
            finally:
                await alarms.idle()
                await line.close()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        self.service.watched.append(self.health)
        try:
            yield
        finally:
            self.service.watched.remove(self.health)

    async def _begun(self, line: Line) -> Me:
        """Who we are."""
        found = await line.bot.get_me()
        # The first poll may be held for long: until then this is when Telegram was heard of.
        self.last = now()
        return Me(
            id=found.id,
            username=found.username or "",
            knows=self._knows,
            reads_all=bool(found.can_read_all_group_messages),
            inline=bool(found.supports_inline_queries),
            guest=bool(found.supports_guest_queries),
        )

    def _knows(self, text: str) -> bool:
        command = parse(text, self.service.live.current.index.kb)
        return command is not None and command.name is not None

    async def _carry(self, line: Line, me: Me) -> None:
        service, typing = self.service, typing_by(line.bot)
        office = PostOffice(
            bot=line.bot, chats=service.chats, live=service.live, clock=now, typing=typing, pacing=self.pacing
        )
        self._delivery = service.delivery(NETWORK, office)
        self._receiver = receiver = Receiver(
            bot=line.bot,
            me=me,
            dialogue=service.dialogue,
            notices=Notices(me=me, chats=service.chats, dialogue=service.dialogue),
            owners=Owners(line.bot),
            passing=Passing(bot=line.bot, lookup=service.lookup()),
            typing=typing,
        )
        sending = asyncio.create_task(self._delivery.run())
        showing = asyncio.create_task(self._show(line))
        _log.info("talking on Telegram", reads_all_in_groups=me.reads_all, inline=me.inline, guest=me.guest)
        try:
            await (self._poll(line, receiver) if self._hook_url is None else self._serve(line, receiver))
        finally:
            showing.cancel()
            self._delivery.stop()
            await receiver.close()
            await asyncio.wait([sending], timeout=_PATIENCE_SECONDS)
            sending.cancel()
            await asyncio.gather(sending, showing, return_exceptions=True)

    async def _poll(self, line: Line, receiver: Receiver) -> None:
        """Take updates in. The offset moves only past those that are kept, so a crash loses none."""
        offset = 0
        while not self._patience.stopping.is_set():
            updates = await self._patience.insist(partial(_updates, line, offset))
            if updates is None:
                return
            self.last = now()
            try:
                await receiver.take(updates)
            except StoreUnavailableError as error:
                await self._patience.pause_after(error)
                continue
            self.troubles.over()
            offset = max([offset, *(_number(update) + 1 for update in updates)])

    @property
    def _account(self) -> str:
        return self.token.partition(":")[0]

    @property
    def _hook_url(self) -> str | None:
        return self.settings.telegram_webhook_url if self.pages is not None else None

    async def _serve(self, line: Line, receiver: Receiver) -> None:
        """Let Telegram bring the updates, and look now and then whether it still does."""
        # The web server costs its library only where there is one.
        from adapters.telegram.webhook import CHECK_SECONDS, Webhook

        given = self.settings.telegram_webhook_secret
        secret = None if given is None else given.get_secret_value()
        hook = Webhook(
            bot=line.bot,
            receiver=receiver,
            url=self._hook_url or "",
            secret=secret or self.service.store.keys.webhook(NETWORK, self._account),
            troubled=lambda error: self.troubles.after(error, 0),
        )
        assert self.pages is not None  # noqa: S101 - there is no address without it
        self.pages.add(hook.path, hook.answer)
        check = hook.set
        try:
            while not self._patience.stopping.is_set():
                await self._patience.insist(check)
                check, self.last = hook.check, now()
                self.troubles.over()
                await self._patience.pause(CHECK_SECONDS)
        finally:
            self.pages.remove(hook.path)

    async def _show(self, line: Line) -> None:
        """Menus and descriptions: nice to have, and nobody waits for them."""
        people = self.settings.parsed_admins.people
        admins = sorted(person for network, person in people if network == NETWORK)
        try:
            await show(line.bot, self.service.live.current.index.kb, admins)
        except TelegramError as error:
            _log.info("the menus could not be set; the next start tries again", detail=error.message)


async def _updates(line: Line, offset: int) -> list[Any]:
    """What waits from `offset` on; a webhook of before, which keeps it from us, is taken away."""
    try:
        return await line.updates(offset)
    except Conflict as conflict:
        if "webhook" not in conflict.message.lower():
            raise
        await line.bot.delete_webhook(drop_pending_updates=False)
        return []


def _number(update: Any) -> int:
    """The number of an update, even of one that cannot be read."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else -1
