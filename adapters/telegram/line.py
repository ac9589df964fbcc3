"""The line to the Bot API: the library's Bot with our time limits, and updates as they come."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from httpx import create_ssl_context
from telegram import Bot

from adapters.telegram.incoming import ALLOWED
from adapters.telegram.requests import Requests

POLL_SECONDS = 25
"""How long Telegram may hold a poll when there is nothing."""
_LATE_SECONDS = 10
"""A poll that comes so much later hangs."""
_CONNECTIONS = 32


class Line:
    """Two ways to Telegram: one for the poll, one for all else, so that neither waits for the other."""

    def __init__(self, token: str, api_url: str, *, poll_seconds: int = POLL_SECONDS) -> None:
        api = api_url.rstrip("/")
        # Each would read the certificates of the authorities, 1.5 MB.
        trusted = create_ssl_context()
        self._polls = Requests(api, connections=1, trusted=trusted)
        self._calls = Requests(api, connections=_CONNECTIONS, trusted=trusted)
        self._poll_seconds = poll_seconds
        self._address = f"{api}/bot{token}/getUpdates"
        self.bot = Bot(
            token=token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._calls,
            get_updates_request=self._polls,
        )

    async def updates(self, offset: int) -> list[Any]:
        """What waits from `offset` on, as JSON: the library would stop at the first update that it does not know.

        Asking confirms all updates before `offset`.

        Raises:
            TelegramError: as the library's.
        """
        asked = {"offset": offset, "timeout": self._poll_seconds, "allowed_updates": json.dumps(ALLOWED)}
        found: Any = await self._polls.post(
            f"{self._address}?{urlencode(asked)}", read_timeout=self._poll_seconds + _LATE_SECONDS
        )
        return found if isinstance(found, list) else []

    async def close(self) -> None:
        """Give the connections back."""
        await self._polls.shutdown()
        await self._calls.shutdown()
