"""Our web server, whole: whatever is sent to it, it answers as it should and goes on, and so does all behind it."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import tempfile
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry

from adapters import wiring
from adapters.http import serving, tell
from adapters.metrics import Metrics
from adapters.telegram.run import Telegram
from adapters.watch import Watch
from bot.limits import Limits
from bot.secret import Secret
from bot.settings import Settings
from bot.store.depth import depth
from tests.adapters.telegram.conftest import hurried
from tests.bot.reloading import furnish
from tests.fuzz.target import Target, as_json, json_seeds
from tests.fuzz.telegram import UPDATES
from tests.servers.botapi.server import BotApi
from tests.servers.free_port import free_port

SECRET = "the-secret-of-the-webhook"
RAW, BODY, UPDATE = 0, 1, 2
"""What the first byte says: the rest is a whole request, the body of one from Telegram, or choices of an update."""
PATIENCE_SECONDS = 10
LOUD = ("aiohttp", "asyncio", "selis.http")
Result = TypeVar("Result")
LOOK_EVERY = 64
LIMITLESS = Limits(person=10**9, group=10**9)
FINE = {b"200", b"400", b"403", b"404", b"405", b"408", b"413", b"414", b"417", b"431"}
REQUESTS = (
    b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /readyz HTTP/1.1\r\nHost: a\r\n\r\nGET /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
    b"HEAD /metrics HTTP/1.0\r\n\r\n",
    b"POST /telegram HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /telegram HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    b"GET /telegram HTTP/1.1\r\nHost: a\r\nX-Telegram-Bot-Api-Secret-Token: \xff\xfe\r\n\r\n",
    b"GET /../%00%ff//healthz?x=%zz HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"POST /telegram HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
)
BODIES = (b"", b"{}", b"[]", b"null", b"\xff", b'"', b"[" * 5000, b'{"update_id": 1e999}', b'{"update_id": NaN}')


def seeds() -> Iterator[bytes]:
    """Requests of strangers, bodies of Telegram's, and updates."""
    yield from (bytes([RAW]) + request for request in REQUESTS)
    yield from (bytes([BODY]) + body for body in BODIES)
    yield from (bytes([UPDATE]) + choices for choices in json_seeds(UPDATES))


class Alarm(logging.Handler):
    """Hears what aiohttp and asyncio log: a request that made us fail, a task whose exception nobody took."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.getMessage()} {record.exc_info[1] if record.exc_info else None!r}")


class House:
    """A whole Sēlis on Telegram by webhook, and what is sent to it."""

    def __init__(self, telegram: Telegram, port: int) -> None:
        self.telegram, self.port, self.alarm, self.sent = telegram, port, Alarm(), 0

    async def send(self, data: bytes) -> None:
        """Send one thing, and look whether all is as it should be."""
        self.sent += 1
        kind, rest = data[0] % 3, data[1:]
        if kind == RAW:
            statuses = await self._raw(rest)
            assert statuses <= FINE | {b"501", b"505"}, statuses
        else:
            statuses = await self._brought(rest if kind == BODY else _update(rest))
            assert statuses in ({b"200"}, {b"400"}, {b"413"}), statuses
        if self.sent % LOOK_EVERY == 0:
            await self._look()
        assert not self.alarm.heard, self.alarm.heard
        figures = self.telegram.health().stepped_over
        assert not figures.get("faults"), "an update made us fail"

    async def _raw(self, request: bytes, *, ends: bool = True) -> set[bytes]:
        """The statuses of all that is answered until the server ends: where this end has said that it `ends`, soon."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(request)
                if ends:
                    writer.write_eof()
                answer = await reader.read()
            except ConnectionError:
                return set()
            finally:
                writer.close()
        return set(re.findall(rb"^HTTP/1\.[01] (\d+)", answer))

    async def _brought(self, body: bytes) -> set[bytes]:
        head = f"POST /telegram HTTP/1.0\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}"
        return await self._raw(f"{head}\r\n\r\n".encode() + body, ends=False)

    async def _look(self) -> None:
        """It lives, and what it has to say is said in the end."""
        lives = await self._raw(b"GET /healthz HTTP/1.0\r\n\r\n", ends=False)
        assert lives == {b"200"}, lives
        # What nobody foresaw is tried again, a few times and later each time.
        try:
            async with asyncio.timeout(3 * PATIENCE_SECONDS):
                while await self._waits():  # noqa: ASYNC110 - the table itself is the event
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"letters are not sent: {self.telegram.health().figures}") from None

    async def _waits(self) -> bool:
        async with self.telegram.service.store.reading() as connection:
            return bool(await depth(connection))


def _update(data: bytes) -> bytes:
    try:
        return json.dumps(as_json(data, UPDATES)).encode()
    except ValueError:
        return data


@asynccontextmanager
async def carried(directory: Path) -> AsyncIterator[House]:
    """Over the small knowledge, with a Bot API server that refuses what is nobody's chat."""
    house, port = furnish(directory), free_port()
    metrics, watch = Metrics(CollectorRegistry()), Watch()
    async with BotApi() as api, serving("127.0.0.1", port) as pages:
        settings = Settings(
            knowledge_dir=house.directory, data_dir=house.data, http_port=port, telegram_api_url=api.url,
            telegram_token=Secret(api.token), telegram_webhook_secret=Secret(SECRET),
            telegram_webhook_url=f"http://127.0.0.1:{port}/telegram",
        )  # fmt: skip
        async with wiring.service(settings, limits=LIMITLESS, meter=metrics) as service:
            tell(pages, watch, metrics)
            watch.open(service.health)
            telegram = Telegram(service=service, settings=settings, token=api.token, pacing=hurried(), pages=pages)
            running = asyncio.create_task(telegram.run())
            try:
                await api.world.until(lambda: api.log.of("setWebhook"), within=20)
                yield House(telegram, port)
            finally:
                telegram.stop()
                await running


@contextmanager
def opened() -> Iterator[Target]:
    """The target. Its loop runs in a thread: stood it still between inputs, what waits for an answer would give up."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def done(what: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(what, loop).result()

    with tempfile.TemporaryDirectory(prefix="selis-fuzz-") as directory:
        entered = carried(Path(directory))
        house = done(entered.__aenter__())
        for name in LOUD:
            logging.getLogger(name).addHandler(house.alarm)
        try:
            yield lambda data: done(house.send(data)) if data else None
        finally:
            for name in LOUD:
                logging.getLogger(name).removeHandler(house.alarm)
            done(entered.__aexit__(None, None, None))
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
