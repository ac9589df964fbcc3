"""Requests: the library's calls to the Bot API, made with aiohttp.

Its own way over httpx costs four times the processor's time for a call, and a question takes two calls: that was a
third of all that a question cost.
"""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, FormData, TCPConnector
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_CONNECT_SECONDS = 5
_READ_SECONDS = 20
"""How long to wait for each piece of an answer."""
_WAIT_SECONDS = 20
"""How long to wait for a connection while all are in use."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Requests(BaseRequest):
    """Calls to the server of an address, over at most so many connections."""

    def __init__(self, address: str, *, connections: int, trusted: ssl.SSLContext) -> None:
        self._connections, self._trusted = connections, trusted
        self._proxy = _proxy(address)
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds."""
        return _READ_SECONDS

    async def initialize(self) -> None:
        """Nothing is opened before the first call."""

    async def shutdown(self) -> None:
        """Give the connections back."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - whoever sends has a limit for all of it
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """The status and the body of an answer.

        Raises:
            TimedOut: it took too long.
            NetworkError: there was none.
        """
        read = _READ_SECONDS if read_timeout is self.DEFAULT_NONE else read_timeout
        limits = ClientTimeout(connect=_WAIT_SECONDS, sock_connect=_CONNECT_SECONDS, sock_read=read)
        body, headers = _written(request_data)
        if self._session is None:
            self._session = self._opened()
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=limits, proxy=self._proxy, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from error
        except (ClientError, OSError) as error:
            # Its words may hold the address, and that the token.
            raise NetworkError(type(error).__name__) from error

    def _opened(self) -> ClientSession:
        """The session, opened while the loop runs, as aiohttp wants it."""
        return ClientSession(
            connector=TCPConnector(limit=self._connections, ssl=self._trusted),
            cookie_jar=DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )


def _proxy(address: str) -> str | None:
    """The proxy that the environment names for an address. aiohttp would look for it at each call, in a thread."""
    parts, known = urlsplit(address), getproxies()
    return None if proxy_bypass(parts.hostname or "") else known.get(parts.scheme) or known.get("all")


def _written(data: RequestData | None) -> tuple[bytes | FormData | None, dict[str, str] | None]:
    """What a call hands over, and what is to be said of it."""
    if data is None:
        return None, None
    if not data.contains_files:
        return data.url_encoded_parameters().encode(), _FORM
    # Telegram shows names of files as they come.
    form = FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=kind)
    return form, None
