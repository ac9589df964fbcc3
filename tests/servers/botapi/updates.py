"""The queue of updates and the long poll: https://core.telegram.org/bots/api#getupdates"""

import asyncio
import contextlib
from collections.abc import Callable

from tests.servers.botapi.refusal import conflict
from tests.servers.botapi.things import Json

# "Specify an empty list to receive all update types except chat_member, message_reaction, and message_reaction_count"
ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}
WEBHOOK_IS_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_CAME = "terminated by setWebhook request"


class UpdateQueue:
    """Updates wait here until they are confirmed; a webhook takes from the same queue."""

    def __init__(self, notify: Callable[[], None], first: int = 100_000_001) -> None:
        self.notify = notify
        self.pending: list[Json] = []
        self.allowed: list[str] = []
        self.changed = asyncio.Event()
        self.next_id = first
        self.poll: asyncio.Future[str] | None = None

    def allow(self, kinds: list[str] | None) -> None:
        """ "If not specified, the previous setting will be used." """
        if kinds is not None:
            self.allowed = list(kinds)

    def add(self, kind: str, payload: Json) -> Json | None:
        """None where the bot does not want this kind: "this parameter doesn't affect updates created before the call",
        so it is looked at when an update is born."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_WHEN_ASKED
        if not wanted:
            return None
        update = {"update_id": self.next_id, kind: payload}
        self.next_id += 1
        self.pending.append(update)
        self.changed.set()
        self.notify()
        return update

    def forget_before(self, offset: int) -> None:
        """ "An update is considered confirmed as soon as getUpdates is called with an offset higher than its update_id.
        The negative offset can be specified to retrieve updates starting from -offset update from the end of the
        updates queue. All previous updates will be forgotten." """
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset > 0:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]

    @property
    def polled(self) -> bool:
        """A poll waits now."""
        return self.poll is not None

    def end_poll(self, reason: str) -> None:
        """The poll that waits now is refused with 409; the one that came later goes on."""
        if self.poll and not self.poll.done():
            self.poll.set_result(reason)

    async def get(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Waits at most so many seconds for a first update. "limit: Values between 1-100 are accepted. Defaults to
        100"."""
        self.end_poll(OTHER_POLLER)
        self.forget_before(offset)
        if not self.pending and seconds > 0:
            await self.wait(seconds)
        return self.pending[: limit if 1 <= limit <= 100 else 100]

    async def wait(self, seconds: float) -> None:
        mine = self.poll = asyncio.get_running_loop().create_future()
        self.changed.clear()
        self.notify()
        came = asyncio.ensure_future(self.changed.wait())
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await asyncio.wait({mine, came}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            came.cancel()
            if self.poll is mine:
                self.poll = None
        if mine.done():
            raise conflict(mine.result())
