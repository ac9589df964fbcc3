"""Webhook: Telegram brings the updates to us. It brings one again until we say 200, which we do once it is kept."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot

from adapters.telegram.incoming import ALLOWED
from adapters.telegram.receive import Receiver
from bot.store.errors import StoreUnavailableError

CHECK_SECONDS = 30.0
"""How often Telegram is asked whether it still brings updates here."""
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(slots=True, kw_only=True)
class Webhook:
    """The receiving end. `url` is where Telegram goes, `secret` what it says there; `troubled` is told of errors."""

    bot: Bot
    receiver: Receiver
    url: str
    secret: str = field(repr=False)
    troubled: Callable[[StoreUnavailableError], object]

    @property
    def path(self) -> str:
        """Where requests arrive."""
        return urlsplit(self.url).path

    async def answer(self, request: web.Request) -> web.Response:
        """Take an update in: 200 once it is kept, 403 for strangers, 503 when it is to be brought again."""
        given = request.headers.get(_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", errors="replace"), self.secret.encode()):
            return web.Response(status=403)
        if request.method != "POST":
            return web.Response(status=405)
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            # The second is what comes of thousands of brackets.
            return web.Response(status=400)
        try:
            # What was begun is finished even where Telegram hangs up meanwhile.
            await asyncio.shield(self.receiver.take([update]))
        except StoreUnavailableError as error:
            self.troubled(error)
            return web.Response(status=503)
        return web.Response()

    async def check(self) -> None:
        """Make Telegram bring the updates here, unless it does so already.

        Raises:
            TelegramError: as the library's.
        """
        if (await self.bot.get_webhook_info()).url != self.url:
            await self.set()

    async def set(self) -> None:
        """Tell Telegram address and secret; updates that wait are kept.

        Raises:
            TelegramError: as the library's.
        """
        await self.bot.set_webhook(
            self.url, secret_token=self.secret, allowed_updates=list(ALLOWED), drop_pending_updates=False
        )
