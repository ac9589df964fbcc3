"""Updates brought to the bot: https://core.telegram.org/bots/api#setwebhook

"Whenever there is an update for the bot, we will send an HTTPS POST request to the specified URL, containing a
JSON-serialized Update. In case of an unsuccessful request (a request with response HTTP status code different from
2XY), we will repeat the request and give up after a reasonable amount of attempts." "If specified, the request will
contain a header 'X-Telegram-Bot-Api-Secret-Token' with the secret token as content."

As in Telegram's open server, updates of one chat come one after another, those of different chats at once, and a
repeated request waits longer each time.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.servers.botapi.clock import Clock
from tests.servers.botapi.parameters import Parameters
from tests.servers.botapi.refusal import bad_request
from tests.servers.botapi.things import Json
from tests.servers.botapi.updates import WEBHOOK_CAME, UpdateQueue

# "1-256 characters. Only characters A-Z, a-z, 0-9, _ and - are allowed."
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Webhook:
    """first_wait: seconds before the second repetition (the first comes at once); it doubles up to longest_wait."""

    def __init__(self, queue: UpdateQueue, clock: Clock) -> None:
        self.queue = queue
        self.clock = clock
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.error: tuple[int, str] | None = None
        self.first_wait, self.longest_wait, self.patience = 0.05, 1.0, 60.0
        # What the bot writes into its answer to a POST is a call as well; the server sets this.
        self.call: Callable[[str, Parameters], Any] = lambda method, parameters: None
        self.running: asyncio.Task[None] | None = None
        self.busy: dict[str, asyncio.Task[None]] = {}

    # ---- methods -----------------------------------------------------------------------------------------------------

    def set(self, parameters: Parameters) -> bool:
        url, secret = parameters.text("url"), parameters.text("secret_token")
        if not url:
            return self.delete(parameters)
        if not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", url):
            # A local Bot API server may "use an HTTP URL for the webhook" and "any local IP address and port".
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self.queue.end_poll(WEBHOOK_CAME)
        self.queue.allow(parameters.parsed("allowed_updates"))
        if parameters.boolean("drop_pending_updates"):
            self.queue.clear()
        self.url, self.secret, self.error = url, secret, None
        self.max_connections = parameters.integer("max_connections", 40)
        self.start()
        return True

    def delete(self, parameters: Parameters) -> bool:
        """ "Use this method to remove webhook integration if you decide to switch back to getUpdates." """
        if parameters.boolean("drop_pending_updates"):
            self.queue.clear()
        self.url = self.secret = ""
        self.cancel()
        return True

    def info(self) -> Json:
        """https://core.telegram.org/bots/api#webhookinfo"""
        shown: Json = {"url": self.url, "has_custom_certificate": False}
        shown["pending_update_count"] = len(self.queue.pending)
        if self.url:
            shown |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
        if self.error:
            shown["last_error_date"], shown["last_error_message"] = self.error
        return shown | ({"allowed_updates": self.queue.allowed} if self.queue.allowed else {})

    # ---- delivering --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        if self.url and self.running is None:
            self.running = asyncio.create_task(self.run())
        self.queue.changed.set()

    def cancel(self) -> None:
        for task in [*self.busy.values(), self.running]:
            if task:
                task.cancel()
        self.running = None
        self.busy.clear()

    async def stop(self) -> None:
        """Ends all deliveries and waits for their ends; start() takes up what was not confirmed."""
        tasks = [task for task in [*self.busy.values(), self.running] if task]
        self.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self.patience)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                self.queue.changed.clear()
                for update in self.queue.pending.values():
                    if len(self.busy) >= self.max_connections:
                        break
                    self.begin(session, update)
                await self.queue.changed.wait()

    def begin(self, session: aiohttp.ClientSession, update: Json) -> None:
        """Unless an earlier update of the same chat is under way or waits for its repetition."""
        place = place_of(update)
        if place not in self.busy:
            self.busy[place] = asyncio.create_task(self.bring(session, update, place))

    async def bring(self, session: aiohttp.ClientSession, update: Json, place: str) -> None:
        number = update["update_id"]
        failed = 0
        while error := await self.post(session, update):
            self.error = int(self.clock.now()), error
            self.queue.notify()
            await asyncio.sleep(min(self.longest_wait, self.first_wait * 2 ** (failed - 1)) if failed else 0)
            failed += 1
        if number in self.queue.pending:
            self.queue.forget(number)
        del self.busy[place]
        self.queue.changed.set()
        self.queue.notify()

    async def post(self, session: aiohttp.ClientSession, update: Json) -> str:
        """What went wrong; "" where the bot took the update."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        try:
            async with session.post(self.url, json=update, headers=headers) as response:
                if not 200 <= response.status <= 299:
                    return f"Wrong response from the webhook: {response.status} {response.reason}"
                if response.content_type == "application/json":
                    self.answered(await response.json())
        except TimeoutError:
            return "Read timeout expired"
        except (aiohttp.ClientError, ValueError):
            return "Connection refused"
        return ""

    def answered(self, body: Any) -> None:
        """https://core.telegram.org/bots/api#making-requests-when-getting-updates: "specify the method to be invoked in
        the 'method' parameter of the request. It's not possible to know that such a request was successful"."""
        if isinstance(body, dict) and body.get("method"):
            values = {name: value for name, value in body.items() if name != "method"}
            self.call(str(body["method"]), Parameters(values))


def place_of(update: Json) -> str:
    """The chat of an update (or the person, where there is none): updates of one place keep their order."""
    [payload] = [value for name, value in update.items() if name != "update_id"]
    message = payload.get("message", payload)
    return str(message.get("chat", payload.get("from", {})).get("id", ""))
